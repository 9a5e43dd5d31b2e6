"""The California school samples of the R `survey` package as a survey of this project.

Four waves: apisrs and apistrat as they were drawn, apisrs post-stratified by the type of school,
and apisrs raked to type and school-wide growth target; the margins are those of the population of
6,194 schools that the examples of the package use (Lumley 2010).
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from built_survey import build_survey
from registry_folder import drift_rules_of_shared_files, write_registries

from barometer.settings import PROJECT_ROOT, Settings

WAVES = ("srs", "srs_post", "srs_raked", "strat")
POPULATION = 6194
TYPES = {"E": 4421, "M": 1018, "H": 755}
TARGETS = {"No": 1072, "Yes": 5122}

ROLES = """cds,response_id,,,
cds,organisation_key,,,
stype,attribute,,,stype
comp.imp,attribute,,,improved
sch.wide,attribute,,,target
api00,answer,api00,,
api99,answer,api99,,
enroll,answer,enroll,,
api.stu,answer,tested,,
awards,answer,awarded,,"""

# What both surveys of these schools divide them by, and publish.
RULES = """
minimum_base,1,Public data.
minimum_stratum_responses,1,The design as it was drawn.
minimum_answered_questions,0,Every school counts.
minimum_scale_responses,1,Public data.
minimum_quartile_responses,1,Public data.
"""
CLASSIFICATIONS = """
everything,Alle,All,1,true,
school_type,Soort,Type,2,true,
improvement,Verbeterd,Improved,3,true,
"""
GROUPS = """
everything,all_schools,,Alle,All,1,false
school_type,type_e,,Basis,Elementary,1,false
school_type,type_m,,Midden,Middle,2,false
school_type,type_h,,Hoog,High,3,false
improvement,improved,,Ja,Yes,1,false
improvement,not_improved,,Nee,No,2,false
"""
MEMBERSHIP = """
everything,all_schools,stype,E,,,,,10,
everything,all_schools,stype,M,,,,,10,
everything,all_schools,stype,H,,,,,10,
school_type,type_e,stype,E,,,,,10,
school_type,type_m,stype,M,,,,,10,
school_type,type_h,stype,H,,,,,10,
improvement,improved,improved,Yes,,,,,10,
improvement,not_improved,improved,No,,,,,10,
"""

REGISTRIES = {
    "surveys": "api,Scholen,Schools,scholen,schools,report,R survey package,GPL",
    "waves": "\n".join(
        f"{wave},{wave},{wave},2000-0{month}-01,2000-0{month}-28,,,200,200,,registry,"
        for month, wave in enumerate(WAVES, start=1)
    ),
    "drift_rules": drift_rules_of_shared_files(),
    "deliveries": "\n".join(
        f"{wave},export,main,{wave}.csv,csv,,,,,,,,,false,plain" for wave in WAVES
    ),
    "columns": "\n".join(
        f"{wave},export,{column},{role},{question},{option},{attribute},,,"
        for wave in WAVES
        for column, role, question, option, attribute in (
            line.split(",") for line in ROLES.splitlines()
        )
    ),
    "questions": "\n".join(
        [
            *(
                f"{name},all,{position},number,{name},{name},srs,,0,,,false,false,,,"
                for position, name in enumerate(("api00", "api99", "enroll", "tested"), start=1)
            ),
            "awarded,all,5,single,awarded,awarded,srs,,,,,false,false,,,",
        ]
    ),
    "options": "awarded,yes,1,Ja,Yes,,false,,false,,\nawarded,no,2,Nee,No,,false,,false,,",
    "codes": ",,NA,,no_answer\nawarded,,Yes,yes,\nawarded,,No,no,",
    "classifications": CLASSIFICATIONS
    + """\
target,Streefcijfer,Target,4,true,
""",
    "organisation_groups": GROUPS
    + """\
target,target_yes,,Ja,Yes,1,false
target,target_no,,Nee,No,2,false
""",
    "organisation_membership": MEMBERSHIP
    + """\
target,target_yes,target,Yes,,,,,10,
target,target_no,target,No,,,,,10,
""",
    "crossings": "school_type,improvement",
    "test_families": "groups,Groepen,Groups,false,false,family_wise",
    "comparisons": "improved_or_not,improvement,improved,not_improved,,groups,,true",
    "strata_design": "\n".join(
        f"{wave},1,{'school_type' if wave == 'strat' else 'everything'}" for wave in WAVES
    ),
    "strata": "\n".join(
        [
            *(f"{wave},all_schools,{POPULATION}" for wave in WAVES if wave != "strat"),
            *(f"strat,type_{stype.lower()},{size}" for stype, size in TYPES.items()),
        ]
    ),
    "weighting_margins": "\n".join(
        [
            *(
                f"{wave},school_type,type_{stype.lower()},{size}"
                for wave in ("srs_post", "srs_raked")
                for stype, size in TYPES.items()
            ),
            *(f"srs_raked,target,target_{met.lower()},{size}" for met, size in TARGETS.items()),
        ]
    ),
    "indicators": """
api00_mean,api,1,mean,api00,api00,,,1,higher_is_better,points,,,,,false
api99_mean,api,2,mean,api99,api99,,,1,higher_is_better,points,,,,,false
enroll_mean,api,3,mean,enroll,enroll,,,1,neutral,pupils,,,,,false
enroll_total,api,4,total,enroll,enroll,,,1,neutral,pupils,,,,,false
tested_part,api,5,ratio,tested,tested,,,1,neutral,,,,,,false
awarded,api,6,share,awarded,awarded,,,1,neutral,,,,,,false
""",
    "indicator_items": """
api00_mean,numerator,api00,
api99_mean,numerator,api99,
enroll_mean,numerator,enroll,
enroll_total,numerator,enroll,
tested_part,numerator,tested,
tested_part,denominator,enroll,
awarded,numerator,awarded,yes
""",
    "publication_rules": RULES,
}


def build(data: Path, folder: Path) -> None:
    """Land the samples and build what is estimated, in a folder."""
    settings = api_settings(folder)
    settings.inbox.mkdir(parents=True)
    for wave in WAVES:
        sample = "apistrat.csv" if wave == "strat" else "apisrs.csv"
        shutil.copy(data / "stats" / sample, settings.inbox / f"{wave}.csv")
    write_registries(folder / "registries", REGISTRIES)
    build_survey(settings, "fct_estimates", "est_contrast_tests", "mart_weighting")


def api_settings(folder: Path) -> Settings:
    """Return the settings of the survey built in a folder."""
    return Settings(
        survey="api",
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=folder / "inbox",
        registries=folder / "registries",
    )


def schools(data: Path, sample: str) -> list[dict[str, str]]:
    """Return the rows of a sample as they are delivered."""
    with (data / "stats" / f"{sample}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
