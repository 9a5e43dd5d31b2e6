"""The sections of the quality report, under the headings of SIMS.

The Single Integrated Metadata Structure of the European Statistical System (Eurostat): its
nineteen concepts, in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from publication.quality.accuracy import NOT_HERE, WAVE, accuracy
from publication.quality.facts import Facts
from publication.quality.verdicts import verdicts
from publication.quality.words import (
    Block,
    Heading,
    Section,
    Text,
    day,
    listed,
    number,
    period,
    same,
    table,
)

Blocks = Iterator[Block]
_COMPARABILITY = {
    "comparable": Text("vergelijkbaar", "comparable"),
    "bridged": Text("vergelijkbaar via een brug", "comparable by a bridge"),
    "broken": Text("niet vergelijkbaar (breuk)", "not comparable (break)"),
}


def headings(facts: Facts) -> dict[str, Text]:
    """Return the title of the report and the line below it."""
    label = Text(facts.survey.label_nl, facts.survey.label_en)
    edition = Text("publieke", "public") if facts.is_public else Text("interne", "internal")
    return {
        "title": Text("Kwaliteitsrapport: {label}", "Quality report: {label}").with_values(
            label=label
        ),
        "subtitle": Text(
            "Release {release}, {edition} uitgave. {note}",
            "Release {release}, {edition} edition. {note}",
        ).with_values(
            release=facts.about["release_id"], edition=edition, note=facts.about["label"]
        ),
    }


def sections(facts: Facts) -> list[Section]:
    """Return every section in the order of SIMS."""
    return [Section(place, Text(*title), tuple(write(facts))) for place, title, write in _CONCEPTS]


def _contact(facts: Facts) -> Blocks:
    yield Text("Houder en bron: {source}", "Holder and source: {source}").with_values(
        source=facts.survey.source or Text("niet vastgelegd in het register.", "not recorded.")
    )
    yield Text(
        "Een contactpersoon is niet vastgelegd in het register van de survey.",
        "No contact person is recorded in the registry of the survey.",
    )


def _update(facts: Facts) -> Blocks:
    yield Text(
        "Dit rapport is gemaakt met release {release}, uit haar eigen tabellen.",
        "This report was made with release {release}, from its own tables.",
    ).with_values(release=facts.about["release_id"])


def _presentation(facts: Facts) -> Blocks:
    yield Text(
        "Cijfers per meting, indicator en groep van {units}: {indicators} indicatoren, {questions}"
        " vragen, {groups} groepen.",
        "Figures per wave, indicator and group of {units}: {indicators} indicators, {questions}"
        " questions, {groups} groups.",
    ).with_values(
        units=Text(facts.survey.organisation_term_nl, facts.survey.organisation_term_en),
        indicators=number(facts.sizes.get("dim_indicators")),
        questions=number(facts.sizes.get("dim_questions")),
        groups=number(facts.sizes.get("dim_organisation_groups")),
    )
    yield Text("Indelingen: {names}.", "Classifications: {names}.").with_values(
        names=listed([Text(row["label_nl"], row["label_en"]) for row in facts.classifications])
    )
    yield Text(
        "De populatie van een meting is de lijst van organisaties die konden antwoorden.",
        "The population of a wave is the list of organisations that could have answered.",
    )


def _unit(facts: Facts) -> Blocks:
    del facts
    yield Text(
        "Aandelen van organisaties (0 tot 1), gemiddelden in de eenheid van de schaal, aantallen,"
        " totalen en verhoudingen; de eenheid staat per indicator in dim_indicators.",
        "Shares of organisations (0 to 1), means in the unit of the scale, counts, totals and"
        " ratios; the unit of each indicator is in dim_indicators.",
    )


def _reference(facts: Facts) -> Blocks:
    yield from table(
        Text("Verslagperiode", "Reference period"),
        (WAVE, ("naam", "name"), ("periode", "period")),
        [
            (
                same(row["wave"]),
                Text(row["label_nl"], row["label_en"]),
                period(row["reference_start"], row["reference_end"]),
            )
            for row in facts.waves
        ],
    )


def _mandate(facts: Facts) -> Blocks:
    yield Text(
        "Een wettelijke grondslag is niet vastgelegd in het register. Gebruik van de gegevens:"
        " {licence}.",
        "No legal mandate is recorded in the registry. Use of the data: {licence}.",
    ).with_values(licence=facts.survey.licence or Text("niet vastgelegd", "not recorded"))


def _confidentiality(facts: Facts) -> Blocks:
    if not facts.is_public:
        yield Text(
            "Vertrouwelijk: alleen voor bevoegde analisten. Alleen groepen; kleine bases zijn leeg"
            " en blijven dat bij aftrekken.",
            "Confidential: for authorised analysts only. Groups only; small bases are blank and"
            " stay so under subtraction.",
        )
        return
    yield Text(
        "Openbaar. Cijfers zijn klassen of afgeronde waarden die vooraf vastlagen; een controle"
        " heeft de uitgave als aanvaller doorzocht, samen met alle eerdere.",
        "Public. Figures are ranges or rounded values fixed in advance; an audit searched the"
        " edition as an attacker would, with all earlier ones.",
    )
    yield from table(
        Text("Bescherming van cijfers", "Protection of figures"),
        (WAVE, ("bescherming", "protection"), ("cijfers", "figures")),
        [
            (same(row["wave"]), same(row["protection"]), number(row["n_figures"]))
            for row in facts.protection
        ],
    )


def _release_policy(facts: Facts) -> Blocks:
    del facts
    yield Text(
        "Een release wordt in één stap vervangen nadat alle controles slaagden; eerdere releases"
        " blijven bewaard. Wie er eerder toegang toe had, is niet vastgelegd.",
        "A release replaces the one before in one step, once all checks passed; earlier releases"
        " are kept. Who had access before is not recorded.",
    )


def _frequency(facts: Facts) -> Blocks:
    yield Text("Metingen in deze release: {waves}.", "Waves in this release: {waves}.").with_values(
        waves=listed([same(row["wave"]) for row in facts.waves])
    )


def _accessibility(facts: Facts) -> Blocks:
    del facts
    yield Text(
        "Eén DuckDB-bestand, dezelfde tabellen als Parquet, een codeboek (codebook.csv) en een"
        " beschrijving (datapackage.json) staan naast dit rapport.",
        "One DuckDB file, the same tables as Parquet, a codebook (codebook.csv) and a descriptor"
        " (datapackage.json) stand beside this report.",
    )


def _quality_management(facts: Facts) -> Blocks:
    del facts
    yield Text(
        "Voor publicatie zijn de regels van elke laag getoetst (contracten, datatests,"
        " verwachtingen) en is de release gecontroleerd; wat niet voldoet, wordt niet"
        " gepubliceerd.",
        "Before publication the rules of every layer were tested (contracts, data tests,"
        " expectations) and the release was audited; what does not hold is not published.",
    )


def _relevance(facts: Facts) -> Blocks:
    yield Text(
        "De indicatoren volgen de vragen die rapporten vergelijken. Wat gebruikers ervan vinden,"
        " is niet gemeten.",
        "The indicators follow the questions that reports compare. What users think of them was not"
        " measured.",
    )
    if facts.figures:
        blank = sum(row["n_blank"] for row in facts.figures)
        whole = sum(row["n_figures"] for row in facts.figures)
        yield Text(
            "Volledigheid: {shown} van {whole} cijfers zijn te zien.",
            "Completeness: {shown} of {whole} figures are shown.",
        ).with_values(shown=number(whole - blank), whole=number(whole))


def _timeliness(facts: Facts) -> Blocks:
    def days(row: dict[str, object]) -> Text:
        end, published = row["fieldwork_end"], row["publication_date"]
        return number((published - end).days if end and published else None)  # type: ignore[operator]

    yield from table(
        Text("Van veldwerk tot publicatie", "From fieldwork to publication"),
        (
            WAVE,
            ("veldwerk", "fieldwork"),
            ("publicatie", "publication"),
            ("dagen na het veldwerk", "days after fieldwork"),
        ),
        [
            (
                same(row["wave"]),
                period(row["fieldwork_start"], row["fieldwork_end"]),
                day(row["publication_date"]),
                days(row),
            )
            for row in facts.waves
        ],
    )


def _comparability(facts: Facts) -> Blocks:
    yield Heading("15.2", Text("Vergelijkbaarheid in de tijd", "Comparability over time"))
    yield Text(
        "Een breuk is per vraag vastgelegd; over een breuk heen is er geen oordeel, tenzij een"
        " brug beide vraagstellingen verbindt.",
        "A break is recorded per question; across one there is no verdict, unless a bridge joins"
        " both wordings.",
    )
    if not facts.comparability:
        yield NOT_HERE
    yield from table(
        Text("Vergelijkbaarheid in de tijd", "Comparability over time"),
        (
            ("Metingen", "Waves"),
            ("vergelijkbaarheid", "comparability"),
            ("indicatoren", "indicators"),
        ),
        [
            (
                same(f"{row['wave_from']} – {row['wave']}"),
                _COMPARABILITY.get(row["comparability"], same(row["comparability"])),
                number(row["n_indicators"]),
            )
            for row in facts.comparability
        ],
    )
    yield Heading("15.3", Text("Interne coherentie", "Internal coherence"))
    yield Text(
        "Groepen tellen op tot de groep waar ze in vallen; elke bouw toetst dat.",
        "Groups add up to the group they are part of; every build tests it.",
    )


def _burden(facts: Facts) -> Blocks:
    del facts
    yield Text(
        "Kosten en invultijd zijn niet vastgelegd.", "Costs and response time are not recorded."
    )


def _revision(facts: Facts) -> Blocks:
    if not facts.earlier:
        yield Text(
            "Dit is de eerste release van deze uitgave.",
            "This is the first release of this edition.",
        )
        return
    yield Text(
        "Eerdere releases van deze uitgave, voor zover bewaard: {earlier}. Wat een release"
        " verandert, toont een vergelijking met de vorige.",
        "Earlier releases of this edition, as far as kept: {earlier}. A comparison with the one"
        " before shows what a release changes.",
    ).with_values(earlier=", ".join(facts.earlier))


def _statistical_processing(facts: Facts) -> Blocks:
    yield Text(
        "Gewicht: organisaties gedeeld door respons per stratum, waar marges zijn opgegeven"
        " gekalibreerd. Intervallen: Blaker, Wilson op de effectieve omvang of bèta voor aandelen,"
        " t voor gemiddelden. Toetsen zijn gecorrigeerd voor hun aantal.",
        "Weight: organisations over responses per stratum, calibrated where margins are given."
        " Intervals: Blaker, Wilson on the effective size or beta for shares, t for means. Tests"
        " are adjusted for their number.",
    )
    yield from table(
        Text("Gewichten", "Weights"),
        (
            WAVE,
            ("kalibratie", "calibration"),
            ("kleinste", "smallest"),
            ("grootste", "largest"),
            ("effectieve respons", "effective responses"),
            ("effect van weging", "weighting effect"),
        ),
        [
            (
                same(row["wave"]),
                same(row["calibration_method"]),
                number(row["smallest_weight"], 2),
                number(row["largest_weight"], 2),
                number(row["n_effective"], 1),
                number(row["weighting_effect"], 3),
            )
            for row in facts.weighting
        ],
    )
    yield from table(
        Text("Methode van het interval", "Method of the interval"),
        (("Methode", "Method"), ("cijfers", "figures")),
        [(same(row["interval_method"]), number(row["n_figures"])) for row in facts.methods],
    )
    yield from verdicts(facts)


def _comment(facts: Facts) -> Blocks:
    yield Text("{label}", "{label}").with_values(label=facts.about["label"])


_CONCEPTS: tuple[tuple[str, tuple[str, str], Callable[[Facts], Blocks]], ...] = (
    ("1", ("Contact", "Contact"), _contact),
    ("2", ("Actualisering van de metadata", "Metadata update"), _update),
    ("3", ("Statistische presentatie", "Statistical presentation"), _presentation),
    ("4", ("Meeteenheid", "Unit of measure"), _unit),
    ("5", ("Verslagperiode", "Reference period"), _reference),
    ("6", ("Institutioneel mandaat", "Institutional mandate"), _mandate),
    ("7", ("Vertrouwelijkheid", "Confidentiality"), _confidentiality),
    ("8", ("Publicatiebeleid", "Release policy"), _release_policy),
    ("9", ("Frequentie van verspreiding", "Frequency of dissemination"), _frequency),
    ("10", ("Toegankelijkheid en duidelijkheid", "Accessibility and clarity"), _accessibility),
    ("11", ("Kwaliteitsbeheer", "Quality management"), _quality_management),
    ("12", ("Relevantie", "Relevance"), _relevance),
    ("13", ("Nauwkeurigheid en betrouwbaarheid", "Accuracy and reliability"), accuracy),
    ("14", ("Tijdigheid en punctualiteit", "Timeliness and punctuality"), _timeliness),
    ("15", ("Coherentie en vergelijkbaarheid", "Coherence and comparability"), _comparability),
    ("16", ("Kosten en lasten", "Cost and burden"), _burden),
    ("17", ("Herziening van gegevens", "Data revision"), _revision),
    ("18", ("Statistische verwerking", "Statistical processing"), _statistical_processing),
    ("19", ("Opmerking", "Comment"), _comment),
)
