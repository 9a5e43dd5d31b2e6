"""Small register exports, written as the register writes them."""

from __future__ import annotations

from pathlib import Path

FAMILY = "https://organisaties.overheid.nl/static/schema/oo/export/"
NAMESPACE = FAMILY + "2.6.9"


def organisation(system_id: str, *fields: str, attributes: str = "", units: str = "") -> str:
    inner = "".join(fields)
    if units:
        inner += f"<p:organisaties>{units}</p:organisaties>"
    return f'<p:organisatie p:systeemId="{system_id}"{attributes}>\n  {inner}\n</p:organisatie>\n'


def field(name: str, text: str) -> str:
    return f"<p:{name}>{text}</p:{name}>"


def export(*organisations: str, namespace: str = NAMESPACE, doctype: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}'
        f'<p:overheidsorganisaties xmlns:p="{namespace}">\n<p:organisaties>\n'
        + "".join(organisations)
        + "</p:organisaties>\n</p:overheidsorganisaties>\n"
    )


def write(folder: Path, text: str, name: str = "exportOO.xml", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path
