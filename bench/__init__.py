"""Measurements: how fast landing is, how much memory it takes, and whether it can be broken."""
