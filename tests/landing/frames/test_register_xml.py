"""The register export as XML: read whole, or refused with the reason."""

from __future__ import annotations

import csv
import random
import resource
from pathlib import Path

import pytest
from register_xml import FAMILY, export, field, organisation, write

from landing.findings.errors import LandingError
from landing.readers import SourceTable, read_table

TOOI = "https://identifier.overheid.nl/tooi/id/ministerie/mnre1018"


def records(table: SourceTable) -> list[dict[str, str | None]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def refusal(path: Path, format: str = "auto") -> str:
    with pytest.raises(LandingError) as caught:
        read_table(path, format=format)
    return caught.value.render()


def test_every_field_is_taken_verbatim(tmp_path: Path) -> None:
    text = export(
        organisation(
            "9632",
            field("naam", "  Rijksdienst A &amp; B\u00a0(proef) "),
            field("afkorting", "RAB"),
            "<p:types>" + field("type", "Agentschap") + field("type", "Inspectie") + "</p:types>",
            field("startDatum", "1900-01-01"),
            field("eindDatum", "2024-06-30"),
            f'<p:relatieMetMinisterie p:systeemId="4958" p:resourceIdentifierTOOI="{TOOI}">'
            "Defensie</p:relatieMetMinisterie>",
            field("rechtsvorm", "Publiekrechtelijk"),
            field("soortZbo", "Afzonderlijke zbo"),
            "<p:personeelsomvang>" + field("aantalFte", "1.234,5") + "</p:personeelsomvang>",
            attributes=f' p:resourceIdentifierTOOI="{TOOI}"',
        )
    )
    table = read_table(write(tmp_path, text))
    assert table.format == "roo_xml"
    assert records(table) == [
        {
            "systeemId": "9632",
            "resourceIdentifierTOOI": TOOI,
            "naam": "  Rijksdienst A & B\u00a0(proef) ",
            "afkorting": "RAB",
            "type": "Agentschap|Inspectie",
            "startDatum": "1900-01-01",
            "eindDatum": "2024-06-30",
            "relatieMetMinisterie": "Defensie",
            "rechtsvorm": "Publiekrechtelijk",
            "soortZbo": "Afzonderlijke zbo",
            "aantalFte": "1.234,5",
            "onderdeelVan": None,
        }
    ]


def test_what_is_not_there_is_absent_and_what_is_blank_is_empty(tmp_path: Path) -> None:
    text = export(organisation("1", field("naam", "A"), "<p:eindDatum/>", "<p:types>\n</p:types>"))
    (record,) = records(read_table(write(tmp_path, text)))
    assert record["eindDatum"] == ""
    assert record["startDatum"] is None
    assert record["type"] is None


def test_units_are_rows_of_their_own_in_document_order(tmp_path: Path) -> None:
    unit = organisation("2", field("naam", "Unit"), units=organisation("3", field("naam", "Team")))
    text = export(
        organisation("1", field("naam", "Top"), units=unit), organisation("4", field("naam", "Z"))
    )
    found = [
        (r["systeemId"], r["naam"], r["onderdeelVan"])
        for r in records(read_table(write(tmp_path, text)))
    ]
    assert found == [
        ("1", "Top", None),
        ("2", "Unit", "1"),
        ("3", "Team", "2"),
        ("4", "Z", None),
    ]


def test_people_addresses_and_references_stay_out(tmp_path: Path) -> None:
    text = export(
        organisation(
            "1",
            field("naam", "Top"),
            "<p:functies><p:functie><p:naam>Directeur</p:naam><p:medewerkers><p:medewerker>"
            "<p:naam>J. Jansen</p:naam></p:medewerker></p:medewerkers></p:functie></p:functies>",
            '<p:deelnemendeOrganisaties><p:organisatie p:systeemId="77"><p:naam>Deelnemer</p:naam>'
            "</p:organisatie></p:deelnemendeOrganisaties>",
            "<p:classificaties><p:classificatie><p:eindDatum>2001-01-01</p:eindDatum>"
            "</p:classificatie></p:classificaties>",
            "<p:relatieMetMinisterie>\n  <p:naam>Defensie</p:naam>\n</p:relatieMetMinisterie>",
        )
    )
    (record,) = records(read_table(write(tmp_path, text)))
    assert record["naam"] == "Top"
    assert record["eindDatum"] is None
    assert record["relatieMetMinisterie"] == "Defensie"
    assert "Jansen" not in str(record)


@pytest.mark.parametrize("version", ["2.4.5", "2.6.9", "2.6.13", "3", "0.0.3"])
def test_any_version_of_the_namespace_is_read(tmp_path: Path, version: str) -> None:
    text = export(organisation("1", field("naam", "A")), namespace=FAMILY + version)
    assert len(read_table(write(tmp_path, text)).rows) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_any_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-sig").upper()
    text = export(organisation("1", field("naam", "Fryslân"))).replace("UTF-8", declared)
    (record,) = records(read_table(write(tmp_path, text, encoding=encoding)))
    assert record["naam"] == "Fryslân"


@pytest.mark.parametrize("prefix", ["", "q:"])
def test_the_prefix_does_not_matter(tmp_path: Path, prefix: str) -> None:
    text = export(organisation("1", field("naam", "A")))
    text = text.replace("xmlns:p", f"xmlns:{prefix[:-1]}" if prefix else "xmlns")
    text = text.replace("p:", prefix)
    (record,) = records(read_table(write(tmp_path, text)))
    assert (record["systeemId"], record["naam"]) == ("1", "A")


@pytest.mark.parametrize(
    "namespace",
    [
        "https://organisaties.overheid.nl/static/schema/oo/export/",
        "https://organisaties.overheid.nl/static/schema/oo/export/2.6.9/beta",
        "https://organisaties.overheid.nl/static/schema/oo/import/2.6.9",
        "https://example.org/static/schema/oo/export/2.6.9",
        "https://organisaties.overheid.nl.example.org/static/schema/oo/export/2.6.9",
        "urn:unknown",
    ],
)
def test_an_unknown_namespace_is_an_error_and_not_an_empty_frame(
    tmp_path: Path, namespace: str
) -> None:
    path = write(tmp_path, export(organisation("1", field("naam", "A")), namespace=namespace))
    message = refusal(path)
    assert namespace in message
    assert "NAMESPACE_FAMILY" in message


def test_xml_without_a_namespace_is_an_error(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "<overheidsorganisaties><organisaties><organisatie><naam>A</naam></organisatie>"
        "</organisaties></overheidsorganisaties>",
    )
    assert "no namespace" in refusal(path)


def test_elements_of_a_second_namespace_are_an_error(tmp_path: Path) -> None:
    text = export(organisation("1", '<naam xmlns="urn:other">A</naam>'))
    assert "more than one namespace" in refusal(write(tmp_path, text))


def test_another_export_of_the_register_is_an_error(tmp_path: Path) -> None:
    text = export(organisation("1", field("naam", "A"))).replace(
        "p:overheidsorganisaties", "p:domeinen"
    )
    assert "another export" in refusal(write(tmp_path, text))


def test_a_register_without_organisations_is_an_error(tmp_path: Path) -> None:
    assert "holds no organisations" in refusal(write(tmp_path, export()))


def test_a_register_without_names_is_an_error(tmp_path: Path) -> None:
    text = export(organisation("1", field("officieleNaam", "A")), organisation("2"))
    assert "no name for any organisation" in refusal(write(tmp_path, text))


def test_an_ambiguous_separator_is_an_error(tmp_path: Path) -> None:
    types = "<p:types>" + field("type", "A|B") + field("type", "C") + "</p:types>"
    assert "holds '|'" in refusal(write(tmp_path, export(organisation("1", types))))
    (record,) = records(
        read_table(write(tmp_path, export(organisation("1", field("naam", "A|B")))))
    )
    assert record["naam"] == "A|B"


@pytest.mark.parametrize(
    ("doctype", "value"),
    [
        ("<!DOCTYPE overheidsorganisaties>", "A"),
        ('<!DOCTYPE overheidsorganisaties [<!ENTITY a "b">]>', "&a;"),
        (
            '<!DOCTYPE overheidsorganisaties [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
            "&a;",
        ),
        (
            '<!DOCTYPE overheidsorganisaties SYSTEM "http://example.org/register.dtd">',
            "A",
        ),
        (
            '<!DOCTYPE overheidsorganisaties [<!ENTITY % p SYSTEM "http://example.org/x"> %p;]>',
            "A",
        ),
        (
            "<!DOCTYPE overheidsorganisaties ["
            + '<!ENTITY l0 "lol">'
            + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
            + "]>",
            "&l9;",
        ),
        (
            f'<!DOCTYPE overheidsorganisaties [<!ENTITY q "{"x" * 50_000}">]>',
            "&q;" * 1000,
        ),
    ],
    ids=["doctype", "entity", "file", "dtd", "parameter", "billion laughs", "quadratic"],
)
def test_entity_tricks_are_refused(tmp_path: Path, doctype: str, value: str) -> None:
    text = export(organisation("1", field("naam", value)), doctype=doctype)
    path = write(tmp_path, text)
    assert "entities" in refusal(path)
    assert "entities" in refusal(path, "roo_xml")


def test_entity_tricks_in_another_encoding_are_refused(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE overheidsorganisaties [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    text = export(organisation("1", field("naam", "&a;")), doctype=doctype)
    path = write(tmp_path, text.replace("UTF-8", "UTF-16"), encoding="utf-16")
    assert "entities" in refusal(path)


def test_an_undeclared_entity_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, export(organisation("1", field("naam", "&secret;"))))
    assert "not well-formed" in refusal(path)


def test_elements_without_end_are_refused(tmp_path: Path) -> None:
    deep = "<p:x>" * 100_000
    assert "levels deep" in refusal(write(tmp_path, export(organisation("1", deep))))


def test_one_text_without_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, export(organisation("1", field("naam", "x" * 40_000_000))))
    assert "16 MiB" in refusal(path)


def test_a_web_page_about_the_register_is_not_the_register(tmp_path: Path) -> None:
    path = tmp_path / "exportOO.xml"
    path.write_text("<html><title>Register van Overheidsorganisaties</title></html>")
    assert "HTML" in refusal(path)


def test_every_cut_off_file_is_refused(tmp_path: Path) -> None:
    whole = export(organisation("1", field("naam", "A")), organisation("2", field("naam", "B")))
    data = whole.rstrip().encode()
    for length in range(120, len(data), 7):
        path = tmp_path / "cut.xml"
        path.write_bytes(data[:length])
        with pytest.raises(LandingError):
            read_table(path, format="roo_xml")


def test_damaged_bytes_give_a_table_or_a_clean_error(tmp_path: Path) -> None:
    whole = export(
        *(organisation(str(n), field("naam", f"Organisatie {n} é")) for n in range(20))
    ).encode()
    chance = random.Random(20260101)
    path = tmp_path / "damaged.xml"
    refused = 0
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            assert read_table(path, format="roo_xml").rows
        except LandingError:
            refused += 1
    assert refused > 100


def test_a_large_register_is_streamed(tmp_path: Path) -> None:
    padding = "<p:adressen>" + "<p:adres><p:straat>Weg</p:straat></p:adres>" * 200 + "</p:adressen>"
    path = tmp_path / "exportOO.xml"
    with path.open("w", encoding="utf-8") as stream:
        head, tail = export("\0").split("\0")
        stream.write(head)
        for number in range(6_000):
            stream.write(organisation(str(number), field("naam", f"Organisatie {number}"), padding))
        stream.write(tail)
    assert path.stat().st_size > 50_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read_table(path).rows) == 6_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40_000  # KiB; a whole tree would take several hundred MiB


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_same_fields_as_csv_give_the_same_table(tmp_path: Path, delimiter: str) -> None:
    text = export(
        organisation(
            "1",
            field("naam", "Agentschap; A, B"),
            field("aantalFte", "12,5"),
            field("eindDatum", "2024-06-30"),
        ),
        organisation("2", field("naam", 'Dienst "X"'), units=organisation("3", field("naam", "Y"))),
    )
    from_xml = read_table(write(tmp_path, text))
    path = tmp_path / "exportOO.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow([column.name for column in from_xml.columns])
        writer.writerows([cell or "" for cell in row] for row in from_xml.rows)
    from_csv = read_table(path)
    assert [c.name for c in from_csv.columns] == [c.name for c in from_xml.columns]
    assert [list(row) for row in from_csv.rows] == [
        [cell or "" for cell in row] for row in from_xml.rows
    ]
