"""What changed between an export, the registry and the export of the wave before it."""
