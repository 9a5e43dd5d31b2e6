"""How often intervals hold the truth and tests cry wolf, at the sizes of the survey."""
