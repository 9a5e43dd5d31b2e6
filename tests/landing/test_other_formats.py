"""Files of programs that landing does not read are called by their name, with what to deliver."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from landing.findings.errors import LandingError
from landing.readers import read_table


def refusal(path: Path) -> LandingError:
    with pytest.raises(LandingError) as caught:
        read_table(path)
    return caught.value


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_stata(tmp_path: Path, version: int) -> None:
    path = tmp_path / "export.dta"
    pyreadstat.write_dta(pd.DataFrame({"a": [1.0]}), str(path), version=version)

    error = refusal(path)

    assert "a Stata file (.dta)" in error.what
    assert "CSV" in error.remedy


@pytest.mark.parametrize("version", [5, 8])
def test_sas_transport(tmp_path: Path, version: int) -> None:
    path = tmp_path / "export.xpt"
    pyreadstat.write_xport(pd.DataFrame({"a": [1.0]}), str(path), file_format_version=version)

    assert "a SAS transport file (.xpt)" in refusal(path).what


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        (
            bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(200),
            "a SAS file (.sas7bdat)",
            "CSV",
        ),
        (
            b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV\x15\0\0\0" + bytes(range(256)),
            "an SPSS file with a password",
            "without a password",
        ),
        (b'{"responses": [{"id": 1}]}', "a JSON document", "CSV"),
        (b' \n[\n  {"id": 1}]', "a JSON document", "CSV"),
        (b'\xef\xbb\xbf[{"id": "\xc3\xa9"}]', "a JSON document", "CSV"),
        ('{"id": 1}'.encode("utf-16"), "a JSON document", "CSV"),
        (b'{"id":1}\n{"id":2}\n', "a JSON document", "CSV"),
        (b"[]", "a JSON document", "CSV"),
        (b"ARROW1\0\0", "an Arrow or Feather file", "CSV"),
    ],
)
def test_others_by_their_first_bytes(
    tmp_path: Path, content: bytes, what: str, remedy: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)

    error = refusal(path)

    assert what in error.what
    assert remedy in error.remedy


@pytest.mark.parametrize("text", ["[id],[a]\n1,2\n", "{id},{a}\n1,2\n", "if,a\n1,2\n"])
def test_headings_in_brackets_are_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")

    assert read_table(path).rows == (("1", "2"),)
