"""Measurements: what it costs, whether two releases are the same, how landing can be broken."""
