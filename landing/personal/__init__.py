"""Personal data: kept out of the warehouse, out of plain sight in the archive, and forgotten."""
