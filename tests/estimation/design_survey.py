"""Samples by other designs than a stratified one of responses, as a survey of this project.

Clusters (districts of schools), weights that are delivered, and both: the samples, and the figures
that they are held to, come from the R package `survey` through `designs.R`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from api_survey import CLASSIFICATIONS, GROUPS, MEMBERSHIP, RULES
from built_survey import build_survey
from r_scripts import run_r
from registry_folder import drift_rules_of_shared_files, write_registries

from barometer.settings import PROJECT_ROOT, Settings

SCRIPT = Path(__file__).with_name("designs.R")
FIGURES = "figures.csv"
CLUSTERED = ("a_clusters", "b_weighted", "c_areas", "d_frame", "e_partial")
LISTED = ("d_frame", "e_partial")
DELIVERED = ("b_weighted", "f_unequal", "g_strata")
WAVES = (*CLUSTERED, "f_unequal", "g_strata")
ATTRIBUTES = {"stype": "stype", "comp.imp": "improved", "awards": "awards", "area": "area"}
STRATA_DESIGN = {"c_areas": "area", "g_strata": "school_type"}
STRATA = """
a_clusters,all_schools,6194
b_weighted,all_schools,6194
c_areas,north,3000
c_areas,south,3194
f_unequal,all_schools,6194
g_strata,type_e,4421
g_strata,type_m,1018
g_strata,type_h,755
"""
CLUSTER_COUNTS = """
a_clusters,all_schools,757
b_weighted,all_schools,757
c_areas,north,400
c_areas,south,357
"""


def _columns(wave: str) -> list[str]:
    rows = [
        f"{wave},export,cds,response_id,,,,,,",
        f"{wave},export,cds,organisation_key,,,,,,",
        *(f"{wave},export,{name},answer,{name},,,,," for name in ("api00", "api99", "enroll")),
        f"{wave},export,awards,answer,awarded,,,,,",
        f"{wave},export,stype,answer,school_kind,,,,,",
    ]
    kind = "frame" if wave in LISTED else "export"
    if kind == "frame":
        rows.append(f"{wave},frame,cds,organisation_key,,,,,,")
    rows += [
        f"{wave},{kind},{name},attribute,,,{attribute},,,"
        for name, attribute in ATTRIBUTES.items()
        if name != "area" or wave == "c_areas"
    ]
    if wave in CLUSTERED:
        rows.append(f"{wave},{kind},dnum,cluster,,,,,,")
    if wave in DELIVERED:
        rows.append(f"{wave},export,pw,weight,,,,,,")
    return rows


def _options(question: str, options: Mapping[str, str]) -> list[str]:
    return [
        f"{question},{option},{place},{option},{option},,false,,false,,"
        for place, option in enumerate(options.values(), start=1)
    ]


ANSWERS = {
    "awarded": {"Yes": "yes", "No": "no"},
    "school_kind": {"E": "elementary", "M": "middle", "H": "high"},
}
REGISTRIES = {
    "surveys": "designs,Scholen,Schools,scholen,schools,report,R survey package,GPL",
    "waves": "\n".join(
        f"{wave},{wave},{wave},2000-0{month}-01,2000-0{month}-28,,,100,400,,"
        f"{'file' if wave in LISTED else 'registry'},"
        for month, wave in enumerate(WAVES, start=1)
    ),
    "drift_rules": drift_rules_of_shared_files(),
    "deliveries": "\n".join(
        f"{wave},{kind},main,{name}.csv,csv,,,,,,,,,false,plain"
        for wave in WAVES
        for kind, name in (("export", wave), ("frame", f"{wave}_list"))
        if kind == "export" or wave in LISTED
    ),
    "columns": "\n".join(row for wave in WAVES for row in _columns(wave)),
    "questions": "\n".join(
        [
            *(
                f"{name},all,{position},number,{name},{name},a_clusters,,0,,,false,false,,,"
                for position, name in enumerate(("api00", "api99", "enroll"), start=1)
            ),
            "awarded,all,5,single,awarded,awarded,a_clusters,,,,,false,false,,,",
            "school_kind,all,6,single,kind,kind,a_clusters,,,,,false,false,,,",
        ]
    ),
    "options": "\n".join(
        row for name, options in ANSWERS.items() for row in _options(name, options)
    ),
    "codes": "\n".join(
        [
            ",,NA,,no_answer",
            *(
                f"{question},,{raw},{option},"
                for question, options in ANSWERS.items()
                for raw, option in options.items()
            ),
        ]
    ),
    "classifications": CLASSIFICATIONS
    + """\
area,Gebied,Area,4,false,all_schools
award,Prijs,Award,5,true,
""",
    "organisation_groups": GROUPS
    + """\
area,north,,Noord,North,1,false
area,south,,Zuid,South,2,false
award,with_award,,Ja,Yes,1,false
award,without_award,,Nee,No,2,false
""",
    "organisation_membership": MEMBERSHIP
    + """\
area,north,area,north,,,,,10,
area,south,area,south,,,,,10,
award,with_award,awards,Yes,,,,,10,
award,without_award,awards,No,,,,,10,
""",
    "strata_design": "\n".join(f"{w},1,{STRATA_DESIGN.get(w, 'everything')}" for w in WAVES),
    "strata": STRATA,
    "cluster_counts": CLUSTER_COUNTS,
    "weight_sources": "\n".join(f"{wave},delivered" for wave in DELIVERED),
    "indicators": """
api00_mean,api,1,mean,api00,api00,,,1,higher_is_better,points,,,,,false
enroll_total,api,2,total,enroll,enroll,,,1,neutral,pupils,,,,,false
growth,api,3,ratio,growth,growth,,,1,neutral,,,,,,false
awarded,api,4,share,awarded,awarded,,,1,neutral,,,,,,false
elementary,api,5,share,elementary,elementary,,,1,neutral,,,,,,false
""",
    "indicator_items": """
api00_mean,numerator,api00,
enroll_total,numerator,enroll,
growth,numerator,api00,
growth,denominator,api99,
awarded,numerator,awarded,yes
elementary,numerator,school_kind,elementary
""",
    "publication_rules": RULES,
}


def design_settings(folder: Path) -> Settings:
    """Return the settings of the survey built in a folder."""
    return Settings(
        survey="designs",
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=folder / "inbox",
        registries=folder / "registries",
    )


def build(folder: Path) -> None:
    """Draw the samples, land them and build what is estimated, in a folder."""
    settings = design_settings(folder)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    run_r(SCRIPT, settings.inbox, folder / FIGURES)
    write_registries(folder / "registries", REGISTRIES)
    build_survey(settings, "fct_estimates", "mart_weighting")


def figures(folder: Path) -> list[dict[str, str]]:
    """Return the figures of R, one row per wave, group and indicator."""
    with (folder / FIGURES).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
