"""A dashboard as code for Apache Superset."""
