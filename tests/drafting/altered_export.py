"""The example export of 2025, changed as a next wave changes."""

from __future__ import annotations

from pathlib import Path

import pyreadstat

from barometer.settings import PROJECT_ROOT

EXAMPLE = PROJECT_ROOT / "examples" / "ibo" / "IBO2025_synthetic_export.sav"

RENAMED = ("v11_evaluatie", "v11_getoetst")
RENAMED_LABEL = "Is uw laatste innovatie getoetst of geëvalueerd?"
RECODED = ("v06_technologie", "q6")
GONE = "v14_budget"
NEW = "v17_netwerk"
NEW_LABEL = "Neemt uw organisatie deel aan een regionaal netwerk voor innovatie?"
NEW_BOX = "v04_13"
NEW_BOX_LABEL = (
    "Wie of wat gaf de aanleiding tot uw laatste innovatie (hoogstens drie antwoorden)? "
    "De energietransitie"
)
NEW_OPTION = "Samen met anderen ontwikkeld"


def write_altered_export(path: Path) -> Path:
    frame, meta = pyreadstat.read_sav(str(EXAMPLE), user_missing=True)
    labels = dict(meta.column_names_to_labels)
    values = {name: dict(given) for name, given in meta.variable_value_labels.items()}
    formats = dict(meta.original_variable_types)
    frame = frame.drop(columns=[GONE])
    values.pop(GONE, None)
    for old, new in (RENAMED, RECODED):
        frame = frame.rename(columns={old: new})
        labels[new] = labels.pop(old)
        values[new] = values.pop(old)
        formats[new] = formats.pop(old)
    labels[RENAMED[1]] = RENAMED_LABEL
    values["v03_nieuwheid"][4.0] = NEW_OPTION
    frame.loc[frame.index[5:12], "v03_nieuwheid"] = 4.0
    frame[NEW] = [1.0, 2.0, 8.0, 1.0] * (len(frame) // 4) + [1.0] * (len(frame) % 4)
    labels[NEW] = NEW_LABEL
    values[NEW] = {1.0: "Ja", 2.0: "Nee", 8.0: "Weet niet"}
    frame[NEW_BOX] = [0.0, 1.0] * (len(frame) // 2) + [0.0] * (len(frame) % 2)
    labels[NEW_BOX] = NEW_BOX_LABEL
    values[NEW_BOX] = {0.0: "Niet gekozen", 1.0: "Gekozen"}
    formats[NEW] = formats[NEW_BOX] = "F8.0"
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[labels[name] or "" for name in frame.columns],
        variable_value_labels=values,
        variable_format={n: formats[n] for n in frame.columns if formats[n].startswith("F")},
    )
    return path
