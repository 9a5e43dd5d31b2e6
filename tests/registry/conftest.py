"""A minimal survey that uses every registry, written to a temporary folder and then spoilt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from barometer.settings import PROJECT_ROOT
from registry import TABLES

ROWS = {
    "surveys": """\
mini,Kleine enquete,Mini survey,organisaties,organisations,error,nobody,CC0
""",
    "waves": """\
2021,Meting 2021,Wave 2021,2019-01-01,2020-12-31,2021-03-01,2021-05-31,1,10,2021-11-01,file,3
2023,Meting 2023,Wave 2023,2021-01-01,2022-12-31,2023-03-01,2023-05-31,1,10,,registry,
2025,Meting 2025,Wave 2025,2023-01-01,2024-12-31,,,1,10,,export,
""",
    "deliveries": """\
2021,export,main,*2021*export*,csv,limesurvey,,,,,,,,true,plain
2021,frame,main,*2021*frame*,auto,,,,,,,,,true,plain
2023,export,main,*2023*,xlsx,,answers,,,,,,,true,plain
2025,export,main,*2025*,sav,,,,,,,,,true,plain
""",
    "columns": """\
2021,export,id,response_id,,,,,,
2021,export,org,organisation_key,,,,,,
2021,export,lastpage,last_page,,,,,,
2021,export,q1,answer,introduced,,,,,
2021,export,q2[1],answer,partners,citizens,,,,
2021,export,q2[2],answer,partners,nobody,,,,
2021,export,q3,answer,safe,,,,,
2021,export,q4,answer,staff,,,,,
2021,frame,key,organisation_key,,,,,,
2021,frame,type,attribute,,,organisation_type,,,
2021,frame,size,attribute,,,fte,,,
2023,export,id,response_id,,,,,,
2023,export,org,organisation_key,,,,,,
2023,export,intro,answer,introduced,,,,,
2023,export,partners,answer,partners,,,"; ",,
2025,export,id,response_id,,,,,,
2025,export,id,organisation_key,,,,,,
2025,export,intro,answer,introduced,,,,,
2025,export,type,attribute,,,organisation_type,,,
2025,export,budget,answer,budget,,,,,
2025,export,remark,personal,,,,,,drop
""",
    "questions": """\
introduced,core,1,single,Ingevoerd?,"Introduced, or not?",2021,,,,,false,false,,,
partners,core,2,multiple,Met wie?,With whom?,2021,2023,,,,false,false,,,
safe,climate,3,scale,Veilig?,Safe?,2021,2021,,,,false,true,,,
staff,size,4,number,Personeel?,Staff?,2021,2021,0,100000,,false,false,,,
budget,size,5,number,Begroting?,Budget?,2025,,,,,false,false,,,
stage,core,6,single,Fase?,Stage?,2021,,,,,false,false,,,
tested,core,7,single,Beproefd?,Tested?,2021,,,,,false,false,,,
spread,core,8,single,Verspreid?,Spread?,2021,,,,,false,false,,,
""",
    "options": """\
introduced,yes,1,ja,yes,,false,,false,,
introduced,no,2,nee,no,,false,,false,,
introduced,dont_know,3,weet niet,don't know,,true,dont_know,false,,
partners,citizens,1,burgers,citizens,,false,,false,,
partners,nobody,2,niemand,nobody,,false,,true,,
partners,firms,3,bedrijven,firms,,false,,false,2023,
safe,agree,1,eens,agree,5,false,,false,,
safe,disagree,2,oneens,disagree,1,false,,false,,
safe,unknown,3,weet niet,don't know,,true,dont_know,false,,
stage,idea,1,idee,idea,,false,,false,,
tested,yes,1,ja,yes,,false,,false,,
spread,yes,1,ja,yes,,false,,false,,
""",
    "routing": """\
partners,any_of,introduced,yes
stage,none_of,partners,nobody
tested,any_of,stage,idea
""",
    "comparability_breaks": """\
introduced,2023,andere vraag,other wording
partners,2023,meer antwoorden,more answers
""",
    "comparability_bridges": """\
partners,2023,breadth,zelfde telling,same count
""",
    "codes": """\
introduced,,Y,yes,
introduced,,N,no,
introduced,2025,1,yes,
partners,2021,Y,selected,
partners,2021,N,,not_selected
safe,2021,5,agree,
,,-9,,no_answer
,2025,oui,yes,
""",
    "classifications": """\
kind,Soort,Kind,1,true,
size,Omvang,Size,2,false,agencies
""",
    "organisation_groups": """\
kind,agencies,,Diensten,Agencies,1,true
kind,courts,,Rechtspraak,Courts,2,true
kind,small_agencies,agencies,Kleine diensten,Small agencies,3,false
size,small,,Klein,Small,1,false
size,large,,Groot,Large,2,false
""",
    "organisation_membership": """\
kind,agencies,organisation_type,agency,,,,2022-12-31,10,
kind,small_agencies,organisation_type,agency,,,2023-01-01,,10,
kind,courts,organisation_type,court,,,,,10,
kind,courts,organisation_key,O1,,,,,1,
size,small,fte,,,100,,,10,
size,large,fte,,100,,,,10,
""",
    "organisation_succession": """\
O1,O2,2022-01-01,merger
O2,O3,2023-01-01,merger
""",
    "strata_design": """\
2021,1,kind
2021,2,size
2023,1,kind
2025,1,kind
""",
    "strata": """\
2023,agencies,12
""",
    "topics": """\
innovation,1,Innovatie,Innovation
climate,2,Klimaat,Climate
size,3,Omvang,Size
""",
    "units": """\
%,procent,per cent
fte,voltijdsbanen,full-time equivalents
euro,euro,euros
""",
    "indicators": """\
innovated,innovation,1,share,Innoveerde,Innovated,,,1,higher_is_better,%,,,,,false
breadth,innovation,2,count,Breedte,Breadth,,,1,neutral,,,,,,false
climate,climate,3,mean,Klimaat,Climate,,,1,higher_is_better,,,,,,false
staff_total,size,4,total,Personeel,Staff,,,1,neutral,fte,,,,,false
budget_per_staff,size,5,ratio,Begroting per fte,Budget per fte,,,1,neutral,euro,,,,,false
""",
    "weighting_margins": """\
2021,kind,agencies,
2021,kind,courts,
2023,kind,agencies,12
""",
    "weight_sources": """\
2023,design
""",
    "cluster_counts": "",
    "crossings": """\
kind,size
""",
    "indicator_items": """\
innovated,numerator,introduced,yes
breadth,numerator,partners,citizens
breadth,numerator,partners,firms
climate,numerator,safe,
staff_total,numerator,staff,
budget_per_staff,numerator,budget,
budget_per_staff,denominator,staff,
climate,numerator,staff,
""",
    "test_families": """\
pairs,Paren,Pairs,true,false,family_wise
changes,Veranderingen,Changes,true,true,family_wise
said,Beweringen,Claims,false,false,family_wise
""",
    "comparisons": """\
agencies_courts,kind,agencies,courts,,pairs,,true
small_rest,kind,small_agencies,,agencies,pairs,climate,false
""",
    "trend_rules": """\
kind,changes,previous
kind,changes,first
""",
    "claims": """\
agencies_more,Diensten vaker.,More often.,study,kind,agencies,courts,innovated,,a_higher,,said
climate_helps,Klimaat helpt.,Climate helps.,study,kind,agencies,,climate,innovated,positive,,said
""",
    "scales": """\
climate,Klimaat,Climate
""",
    "scale_bands": """\
climate,weak,1,Zwak,Weak,,3
climate,strong,2,Sterk,Strong,3,
""",
    "scale_outcomes": """\
climate,innovated,kind,agencies,,size
""",
    "topic_marts": """\
frequency,innovation,1,Hoe vaak,How often,false
""",
    "topic_mart_indicators": """\
frequency,innovated,1
""",
    "publication_rules": """\
minimum_base,10,Smallest base.
minimum_stratum_responses,2,Smallest stratum.
minimum_answered_questions,1,Fewest answers.
minimum_scale_responses,10,Fewest answers of a scale.
minimum_quartile_responses,30,Fewest answers of a quartile.
public_edition,1,Made.
public_method,bands,Strict.
""",
    "disclosure_rules": """\
innovated,,true,,,kind,size,fine,agencies,,,,
,climate,false,,,,,,,,,,Too few answers.
""",
    "frame_rules": """\
unknown_date,1900-01-01,Nobody knows.
duplicate_key,review,Looked at by hand.
not_ended,O3,The register is wrong.
""",
    "accepted_findings": """\
2021,export,,response_change,,warning,somebody,A reminder was sent.
""",
    "organisation_matches": """\
2021,X1,Agentschap Een,O2,somebody,telephone
2021,,Niemand,,somebody,not a public organisation
""",
    # Thresholds differ per survey in their values only.
    "drift_rules": (PROJECT_ROOT / "seeds" / "drift_rules.csv")
    .read_text(encoding="utf-8")
    .partition("\n")[2],
}


@dataclass(frozen=True)
class SurveyFolder:
    """A folder with the registries of the minimal survey, and ways to spoil it."""

    path: Path

    def file(self, table: str) -> Path:
        return self.path / f"{table}.csv"

    def replace(self, table: str, old: str, new: str) -> None:
        text = self.file(table).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {table}"
        self.file(table).write_text(text.replace(old, new), encoding="utf-8", newline="")

    def append(self, table: str, row: str) -> int:
        text = self.file(table).read_text(encoding="utf-8")
        self.file(table).write_text(text + row + "\n", encoding="utf-8", newline="")
        return text.count("\n") + 1


@pytest.fixture
def survey(tmp_path: Path) -> SurveyFolder:
    folder = SurveyFolder(tmp_path / "mini")
    folder.path.mkdir()
    for name, schema in TABLES.items():
        text = ",".join(schema.header) + "\n" + ROWS[name]
        folder.file(name).write_text(text, encoding="utf-8", newline="")
    return folder
