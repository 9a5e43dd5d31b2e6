"""What other tools show a release with."""
