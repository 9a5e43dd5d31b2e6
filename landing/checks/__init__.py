"""The checks of one delivered file, by subject."""
