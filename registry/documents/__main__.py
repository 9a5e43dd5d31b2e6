"""Writes the generated files: `python -m registry.documents`."""

from __future__ import annotations

from registry.documents import documents

for path, text in documents().items():
    path.write_text(text, encoding="utf-8")
