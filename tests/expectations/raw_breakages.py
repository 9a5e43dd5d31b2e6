"""What breaks each expectation on the rows of the raw layer, in the small warehouse."""

from __future__ import annotations

RAW: dict[str, dict[str, str]] = {
    "raw.exports": {
        "content_sha256 is a SHA-256 hash in lower-case hexadecimal": """
            update raw.exports set content_sha256 = repeat('0A', 32) where kind = 'frame'
        """,
        "every wave, kind and part is a delivery that the registry lists": """
            update raw.exports set part = 'extra' where kind = 'frame'
        """,
        "one row per wave, kind, part (where superseded_by is null)": """
            update raw.exports set superseded_by = null, superseded_at = null
        """,
        "a superseded file points at another file of the same delivery, and says when": """
            update raw.exports set superseded_by = '2024-frame-main-b'
            where superseded_by is not null
        """,
        "the current exports of a wave hold as many responses as the registry expects": """
            update raw.exports set row_count = 9 where export_id = '2024-export-main-a'
        """,
        "a wave with an export has its sampling frame, where that is a file": """
            delete from raw.exports where kind = 'frame'
        """,
        "the current files of a wave are all synthetic or all real": """
            update raw.exports set is_synthetic = false where kind = 'frame'
        """,
    },
    "raw.export_columns": {
        "one row per export_id, column_position": """
            update raw.export_columns set column_position = 2 where column_position = 3
        """,
        "a column name occurs once in a file": """
            update raw.export_columns set column_name = 'inn' where column_name = 'why'
        """,
        "every export_id exists in raw.exports": """
            insert into raw.export_columns values ('nowhere', 1, 'key', null, 'text')
        """,
        "the columns of a file are numbered from 1 to its column count": """
            delete from raw.export_columns where column_position = 6
        """,
        "a current file has the column with the organisation's key": """
            update raw.export_columns set column_name = 'code' where column_name = 'id'
        """,
    },
    "raw.value_labels": {
        "a value of a column is labelled once": """
            insert into raw.value_labels select * from raw.value_labels
        """,
        "every export_id, column_position exists in raw.export_columns": """
            update raw.value_labels set column_position = 99
        """,
    },
    "raw.cells": {
        "every cell belongs to a landed file, of the same wave": """
            update raw.cells set wave = '2023' where row_number = 1
        """,
        "a current file has a cell for every row and column": """
            delete from raw.cells where row_number = 2 and column_position = 2
        """,
        "the rows of a current file are numbered from 1 to its row count": """
            update raw.cells set row_number = 7 where row_number = 3
        """,
        "every row of a current file has each column once": """
            update raw.cells set column_position = 1 where row_number = 2 and column_position = 2
        """,
        "a column that is dropped or pseudonymised holds nothing in clear": """
            update raw.cells set value = 'a@b.nl' where row_number = 2 and column_position = 6
        """,
    },
    "raw.frame": {
        "organisation_key is not blank": """
            update raw.frame set organisation_key = ' ' where row_number = 1
        """,
        "one row per export_id, row_number": """
            update raw.frame set row_number = 2 where row_number = 1
        """,
        "every row belongs to a landed file, of the same wave": """
            update raw.frame set export_id = 'nowhere' where row_number = 1
        """,
        "every row of a current frame is an organisation, and no other file is a frame": """
            delete from raw.frame where row_number = 1
        """,
    },
}
