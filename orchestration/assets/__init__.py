"""The assets of the warehouse, from the inbox to the release."""
