"""Accuracy: what is known of sampling, coverage, non-response, measurement and processing."""

from __future__ import annotations

from collections.abc import Iterator

from publication.quality.facts import Facts
from publication.quality.words import (
    Block,
    Heading,
    Text,
    between,
    day,
    number,
    percent,
    same,
    table,
)

WAVE = ("Meting", "Wave")
NOT_HERE = Text(
    "Deze uitgave heeft hierover geen cijfers.", "This edition has no figures about this."
)


def accuracy(facts: Facts) -> Iterator[Block]:
    """Yield what is said of accuracy, by source of error."""
    for part in (
        *(_sampling, _coverage, _measurement),
        *(_unit_nonresponse, _item_nonresponse, _processing),
    ):
        yield from part(facts)


def _sampling(facts: Facts) -> Iterator[Block]:
    yield Heading("13.2", Text("Steekproeffout", "Sampling error"))
    yield Text(
        "Alle organisaties van het kader zijn benaderd; de intervallen (95 %)"
        " beschrijven het toeval in wie er antwoordde, als antwoorden binnen een stratum"
        " willekeurig was. Ze zeggen niets over vertekening.",
        "All organisations of the frame were approached; the intervals (95 %)"
        " describe chance in who answered, as if answering were random within a stratum. They say"
        " nothing of bias.",
    )
    if facts.figures:
        yield Text(
            "Een cijfer is van lage precisie als het op weinig antwoorden rust of zijn interval"
            " breed is (regels van het register); die cijfers zijn gemarkeerd.",
            "A figure is of low precision where it rests on few answers or its interval is wide"
            " (rules of the registry); such figures are marked.",
        )
    yield from table(
        Text("Cijfers en hun precisie", "Figures and their precision"),
        (
            WAVE,
            ("cijfers", "figures"),
            ("onderdrukt", "suppressed"),
            ("lage precisie", "low precision"),
            (
                "middelste breedte van het interval van een aandeel",
                "median width of the interval of a share",
            ),
        ),
        [
            (
                same(row["wave"]),
                number(row["n_figures"]),
                number(row["n_blank"]),
                number(row["n_low"]),
                percent(row["width"]),
            )
            for row in facts.figures
        ],
    )


def _coverage(facts: Facts) -> Iterator[Block]:
    yield Heading("13.3.1", Text("Dekkingsfout", "Coverage error"))
    yield Text(
        "De populatie van een meting is haar kader. Wat in het kader ontbreekt of er"
        " ten onrechte in staat, is niet gemeten. Organisaties in strata waar niemand antwoordde,"
        " tellen in gewogen cijfers niet mee.",
        "The population of a wave is its frame. What the frame misses, or holds in"
        " error, was not measured. Organisations in strata where nobody answered do not count in"
        " weighted figures.",
    )
    yield from table(
        Text("Strata", "Strata"),
        (
            WAVE,
            ("organisaties", "organisations"),
            ("strata", "strata"),
            ("samengevoegd", "collapsed"),
            ("zonder antwoord", "without response"),
            ("organisaties daarin", "organisations in these"),
        ),
        [
            (
                same(row["wave"]),
                number(row["n_population"]),
                number(row["n_strata"]),
                number(row["n_collapsed_strata"]),
                number(row["n_uncovered_strata"]),
                number(row["n_uncovered"]),
            )
            for row in facts.weighting
        ],
    )


def _unit_nonresponse(facts: Facts) -> Iterator[Block]:
    yield Heading("13.3.3.1", Text("Non-respons van organisaties", "Unit non-response"))
    yield Text(
        "Weging corrigeert voor ongelijke respons tussen strata en voor niets anders.",
        "Weighting corrects for unequal response between strata and for nothing else.",
    )
    yield from table(
        Text("Respons", "Response"),
        (
            WAVE,
            ("organisaties", "organisations"),
            ("respons", "responses"),
            ("responspercentage", "response rate"),
        ),
        [
            (
                same(row["wave"]),
                number(row["n_population"]),
                number(row["n_responses"]),
                percent(row["n_responses"] / row["n_population"] if row["n_population"] else None),
            )
            for row in facts.response
        ],
    )
    yield from _representativeness(facts)
    yield from _early_late(facts)
    yield from table(
        Text(
            "Grenzen zonder aanname (laatste meting): wat het aandeel onder alle organisaties kan"
            " zijn, wat er ook geldt voor wie niet antwoordde (Manski 1989)",
            "Bounds without assumption (latest wave): what the share among all organisations can"
            " be, whatever holds for those that did not answer (Manski 1989)",
        ),
        (
            ("Indicator", "Indicator"),
            ("antwoorden", "answers"),
            ("gewogen", "weighted"),
            ("interval", "interval"),
            ("grenzen", "bounds"),
        ),
        [
            (
                Text(row["label_nl"], row["label_en"]),
                number(row["n_answered"]),
                percent(row["estimate"]),
                between(percent(row["estimate_lower"]), percent(row["estimate_upper"])),
                between(percent(row["bound_lower"]), percent(row["bound_upper"])),
            )
            for row in facts.headlines
        ],
    )


def _representativeness(facts: Facts) -> Iterator[Block]:
    if not facts.representativeness:
        return
    yield Text(
        "De R-indicator is 1 als respondenten en non-respondenten gelijk zijn naar wat het kader"
        " van hen zegt, en lager naarmate ze verschillen (Schouten, Cobben & Bethlehem 2009).",
        "The R-indicator is 1 where respondents and non-respondents are alike by what the frame"
        " says of them, and lower the more they differ (Schouten, Cobben & Bethlehem 2009).",
    )
    yield from table(
        Text("Representativiteit", "Representativeness"),
        (
            WAVE,
            ("R-indicator", "R-indicator"),
            ("interval", "interval"),
            ("variatiecoëfficiënt", "coefficient of variation"),
        ),
        [
            (
                same(row["wave"]),
                number(row["r_indicator"], 3),
                between(number(row["r_lower"], 3), number(row["r_upper"], 3)),
                number(row["coefficient_of_variation"], 3),
            )
            for row in facts.representativeness
        ],
    )
    yield from table(
        Text("Partiële R-indicatoren", "Partial R-indicators"),
        (
            ("Variabele", "Variable"),
            WAVE,
            ("onconditioneel", "unconditional"),
            ("conditioneel", "conditional"),
        ),
        [
            (
                Text(row["classification_label_nl"], row["classification_label_en"]),
                same(row["wave"]),
                number(row["unconditional_partial"], 3),
                number(row["conditional_partial"], 3),
            )
            for row in facts.variables
        ],
    )


def _early_late(facts: Facts) -> Iterator[Block]:
    dated = [row for row in facts.early_late if not row["is_undated"]]
    if not facts.early_late:
        return
    if not dated:
        yield Text(
            "Vroege en late respondenten zijn niet vergeleken: de dag van inzending is niet"
            " vastgelegd.",
            "Early and late respondents were not compared: the day of submission was not recorded.",
        )
        return
    yield from table(
        Text(
            "Late respondenten, die het meest op non-respondenten lijken, tegenover vroege",
            "Late respondents, who are the most like non-respondents, against early ones",
        ),
        (
            WAVE,
            ("vroeg tot en met", "early until"),
            ("toetsen", "tests"),
            ("aantoonbaar verschil", "demonstrable difference"),
            ("kleinste aangepaste p", "smallest adjusted p"),
        ),
        [
            (
                same(row["wave"]),
                day(row["early_until"]),
                number(row["n_tests"]),
                number(row["n_different"]),
                number(row["least"], 3),
            )
            for row in dated
        ],
    )


def _item_nonresponse(facts: Facts) -> Iterator[Block]:
    yield Heading("13.3.3.2", Text("Non-respons op vragen", "Item non-response"))
    yield Text(
        "Wie een vraag niet beantwoordt of het niet weet, valt buiten"
        " de basis van het cijfer en wordt geteld; er wordt niets geïmputeerd.",
        "Who does not answer a question, or does not know, is outside the"
        " base of the figure and is counted; nothing is imputed.",
    )
    if not facts.item_nonresponse:
        yield NOT_HERE
    yield from table(
        Text(
            "De tien indicatoren met de meeste non-respons (laatste meting)",
            "The ten indicators with the most item non-response (latest wave)",
        ),
        (
            ("Indicator", "Indicator"),
            ("gevraagd", "asked"),
            ("beantwoord", "answered"),
            ("weet niet", "don't know"),
            ("niet van toepassing", "not applicable"),
            ("geen antwoord", "no answer"),
            ("non-respons", "non-response"),
        ),
        [
            (
                Text(row["label_nl"], row["label_en"]),
                number(row["n_asked"]),
                number(row["n_answered"]),
                number(row["n_dont_know"]),
                number(row["n_not_applicable"]),
                number(row["n_no_answer"]),
                percent(row["rate"]),
            )
            for row in facts.item_nonresponse
        ],
    )


def _measurement(facts: Facts) -> Iterator[Block]:
    del facts
    yield Heading("13.3.2", Text("Meetfout", "Measurement error"))
    yield Text(
        "Antwoorden zijn wat respondenten over hun organisatie zeggen; ze zijn niet"
        " nagegaan bij een andere bron. De vraagteksten staan in dim_questions.",
        "Answers are what respondents say of their organisation; they were"
        " not checked against another source. The wording of the questions is in dim_questions.",
    )


def _processing(facts: Facts) -> Iterator[Block]:
    yield Heading("13.3.4", Text("Verwerkingsfout", "Processing error"))
    yield Text(
        "Van elke inzending en elk antwoord dat niet meetelt, is de reden vastgelegd.",
        "Of every submission and every answer that does not count the reason was recorded.",
    )
    yield from table(
        Text("Wat niet meetelt", "What does not count"),
        (
            WAVE,
            ("respons die telt", "kept responses"),
            ("uitgesloten inzendingen", "excluded submissions"),
            ("afgewezen antwoorden", "rejected answers"),
        ),
        [
            (
                same(row["wave"]),
                number(row["n_responses"]),
                number(row["n_excluded_responses"]),
                number(row["n_rejected_answers"]),
            )
            for row in facts.weighting
        ],
    )
