"""The questions of the research software engineer survey as they were printed.

Columns are found by their wording and options by the text of the answer. The registries find them
by code, so that a question mapped to the wrong column there does not pass unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Responses in each file, by wave and part.
FILES: dict[tuple[str, str], tuple[str, int]] = {
    ("2016", "uk"): ("2016_uk.csv", 273),
    ("2017", "uk"): ("2017_uk.csv", 253),
    ("2017", "nl"): ("2017_nl.csv", 77),
    ("2017", "de"): ("2017_de.csv", 325),
    ("2017", "us"): ("2017_us.csv", 164),
    ("2018", "all_countries"): ("2018.csv", 997),
}

YES_NO = {"yes": "yes", "no": "no"}
AGREEMENT = {
    "strongly disagree": "strongly_disagree",
    "disagree": "disagree",
    "neither agree or disagree": "neither",
    "agree": "agree",
    "strongly agree": "strongly_agree",
}
FREQUENCY = {
    "never": "never",
    "sometimes": "sometimes",
    "often": "often",
    "very often": "very_often",
    "always": "always",
}


def _points(low: int, high: int, *lowest: str, highest: tuple[str, ...]) -> dict[str, str]:
    return (
        {str(number): f"point_{number}" for number in range(low, high + 1)}
        | {f"{low}{text}": f"point_{low}" for text in lowest}
        | {f"{high}{text}": f"point_{high}" for text in highest}
    )


TEN = _points(
    *(1, 10, " (none at all)", " (never)"),
    highest=(" (all my time)", " (always)", " (all the time)"),
)
SATISFIED = _points(0, 10, " - not at all satisfied", highest=(" - completely satisfied",))
USERS = _points(0, 5, " - mostly me", highest=(" - mostly other people",))
SMALL = ("one", "two", "three", "four")
LANGUAGES = (
    *("assembly", "c", "clojure", "coffeescript", "common lisp", "cuda", "dart", "elixir"),
    *("erlang", "fortran", "go", "groovy", "hack", "haskell", "java", "javascript", "julia"),
    *("lua", "matlab", "objective-c", "perl", "php", "python", "r", "ruby", "rust", "scala"),
    *("smalltalk", "sql", "swift", "typescript", "vba", "visual basic"),
)


@dataclass(frozen=True)
class Asked:
    """A question as it is printed above its columns.

    Attributes:
        wording: pattern of the wording, lower case; a statement of a grid stands in brackets.
        where: the files that have it comparably: two digits of the wave, two letters of the part.
        answers: option per answer; where several can be ticked, option per text in brackets.
        largest: for a number, the largest that can be meant.
        in_versions: the files where it stands in several columns with the same wording, of which
            everybody saw one; a column with answers in one's own words is none of them.
    """

    wording: str
    where: str
    answers: Mapping[str, str]
    is_multiple: bool = False
    largest: float | None = None
    in_versions: tuple[str, ...] = ()

    @property
    def places(self) -> list[tuple[str, str]]:
        """Waves and parts that have the question."""
        short = {f"{wave[2:]}{part[:2]}": (wave, part) for wave, part in FILES}
        return [short[name] for name in self.where.split()]

    def is_in_versions(self, place: tuple[str, str]) -> bool:
        """Whether a file has a column for each version."""
        return f"{place[0][2:]}{place[1][:2]}" in self.in_versions

    @property
    def options(self) -> list[str]:
        """Options that can be counted; a number has none."""
        return sorted(set(self.answers.values()))


ALL = "16uk 17uk 17nl 17de 17us 18al"
ALL_BUT_NL = "16uk 17uk 17de 17us 18al"
ALL_BUT_UK = "16uk 17nl 17de 17us 18al"
EARLY = "16uk 17uk 17nl 17de 17us"
EARLY_BUT_NL = "16uk 17uk 17de 17us"
IN_WORDS = "16uk 17uk 17nl 17us"
LATE = "17uk 17nl 17de 17us 18al"
LATE_BUT_NL = "17uk 17de 17us 18al"
LATE_BUT_UK = "17nl 17de 17us 18al"
SPENT = r"(time do you spend on:? \[?|of your time is spent (on )?)"

BACKGROUND = {
    "education": Asked(
        "^what is the highest (degree/|level of )?(qualification|education)",
        ALL,
        {
            "doctorate": "doctorate",
            "phd": "doctorate",
            "masters degree": "masters",
            "master degree": "masters",
            "wo (wetenschappelijk onderwijs) master": "masters",
            "hbo (hoger beroepsonderwijs) master": "masters",
            "undergraduate degree": "undergraduate",
            "wo (wetenschappelijk onderwijs) bachelor": "undergraduate",
            "hbo (hoger beroepsonderwijs) bachelor": "undergraduate",
            "associate degree": "further_education",
            "further education (nvq a-level ...)": "further_education",
            "gsces": "secondary_school",
            "high school graduate or ged": "secondary_school",
            "final secondary-school examinations, general qualification for university entrance": (
                "secondary_school"
            ),
            "aqf 10 - doctoral degree": "doctorate",
            "aqf 9 - masters degree": "masters",
            "aqf 8 - bachelor honours degree / graduate certificate / graduate diploma": (
                "undergraduate"
            ),
            "aqf 7 - bachelor degree": "undergraduate",
            "further education (nvq a-level, ...)": "further_education",
            "none": "none",
            "other": "other",
        },
        in_versions=("18al",),
    ),
    "gender": Asked(
        "^please select your gender",
        "16uk 17uk 17de",
        {"male": "male", "female": "female", "other": "other"},
    ),
    "age_class": Asked(
        "^please select your age",
        "16uk 17uk 17de",
        {
            f"{low} to {high} years": f"age_{low}_{high}"
            for low, high in ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64))
        },
    ),
}

WORK = {
    "writes_code": Asked("^do you write (code as part|software for academic)", LATE, YES_NO),
    "professional_developer": Asked("yourself a professional software developer", LATE, YES_NO),
    "years_experience": Asked("^how many years of software development", LATE, {}),
    "code_users": Asked("^who uses the code that you write", LATE, USERS),
    "time_development": Asked(f"{SPENT}(software development|developing)", LATE, TEN),
    "time_research": Asked(f"{SPENT}research", LATE, TEN),
    "time_management": Asked(f"{SPENT}management", LATE_BUT_UK, TEN),
    "time_teaching": Asked(f"{SPENT}teaching", LATE, TEN),
    "time_other": Asked(f"{SPENT}other activities", LATE, TEN),
    "full_time": Asked(
        "^do you work full time",
        ALL,
        {"full time": "full_time", "part time": "part_time", "part-time": "part_time"},
    ),
    "contract_type": Asked(
        "^what (type of contract are you|type of employment do you|is the nature of your current)",
        ALL,
        {
            "permanent": "permanent",
            "permanent -- funded by university core funding": "permanent",
            "permanent -- funded by institution core funding": "permanent",
            "permanent -- funded by institutional core funding": "permanent",
            "permanent -- as long as funding is available": "permanent",
            "permanent -- funded by project funds": "permanent",
            "fixed term": "fixed_term",
            "fixed term -- as long as funding is available": "fixed_term",
            "fixed term -- funded by institution core funding": "fixed_term",
            "fixed term -- funded by project funds": "fixed_term",
            "freelance": "freelance",
            "freelancer consultant contractor": "freelance",
            "freelancer consultant contractors": "freelance",
            "freelancer, consultant, contractor": "freelance",
            "agency staff": "agency",
            "research/student assistant": "student_assistant",
            "zero hours contract": "zero_hours",
            "other": "other",
            "other/not listed": "other",
        },
    ),
    "same_researchers": Asked(
        "^do you always work with the same researcher",
        LATE_BUT_NL,
        {
            "same researcher(s)": "same",
            "regularly change researcher(s)": "changing",
            "different researchers, same research group": "same_group",
        },
    ),
    "software_group": Asked(
        "(within a group that provides software|for a research software group"
        "|of a dedicated research software group)",
        ALL_BUT_NL,
        YES_NO,
    ),
    "software_in_paper": Asked("^has your software (ever )?contributed", EARLY, YES_NO),
    "acknowledged": Asked(
        "are you acknowledged in that paper|were you acknowledged in the paper",
        ALL,
        {
            **YES_NO,
            "not mentioned at all": "no",
            "named as co-author": "yes",
            "named as main author": "yes",
            "acknowledged in acknowledgements section": "yes",
            "acknowledged in the main text": "yes",
        },
    ),
    "co_author": Asked("^(were you|are you generally) named as a co-author", EARLY, YES_NO),
    "presented": Asked("^have you (ever )?presented your software", LATE, YES_NO),
    "project_count": Asked("^how many software projects are you", LATE, {}),
    "bus_factor": Asked(
        "^what is the bus factor",
        ALL,
        {"0.0": "zero", "5+": "five_or_more"}
        | {f"{n}{tail}": name for n, name in enumerate(SMALL, 1) for tail in ("", ".0")}
        | {f"{n}.0": "five_or_more" for n in range(5, 1000)},
    ),
    "handover_plan": Asked(
        "technical hand-?over plan|plan to cope with developers leaving", ALL, YES_NO
    ),
    "trainings_per_year": Asked("^on average, how many times a year", LATE, {}, largest=365),
    "open_source": Asked(
        "^how often do you (release the software projects|use an open-source)", LATE_BUT_UK, TEN
    ),
    "software_doi": Asked("how often do you associate your software", LATE_BUT_UK, TEN),
}

SEVERAL = {
    "testing": Asked(
        "^(in general, what sort of testing|how are your projects typically tested)",
        LATE,
        {
            "no formal testing": "no_formal_testing",
            "developers conduct testing": "developers",
            "the developers do their own testing": "developers",
            "test engineers conduct testing": "test_engineers",
            "users conduct testing": "users",
            "no formal testing but users provide feedback": "user_feedback",
        },
        is_multiple=True,
    ),
    "funding": Asked(
        "^which of the following sources are used to pay for your effort",
        LATE_BUT_NL,
        {
            "i volunteer my time": "volunteer",
            "grants": "grants",
            "industry support": "industry",
            "consulting & services": "consulting",
            "institutional support": "institution",
            "funding by institution": "institution",
            "foundations & consortiums": "foundations",
            "foundations and conveyors (public and private, e.g. volkswagenstiftung, robert bosch "
            "stiftung, klaus tschira stiftung, stiftung mercator)": "foundations",
            "membership": "membership",
            "crowdfunding (one-time)": "crowdfunding_once",
            "crowdfunding (recurring)": "crowdfunding_recurring",
            "donation button": "donations",
            "books & merchandise": "merchandise",
            "advertising & sponsorships": "advertising",
            "saas": "saas",
            "dual license": "dual_licence",
            "open core": "open_core",
            "venture capital": "venture_capital",
            "trademark licensing & franchising": "trademark",
            "re-charge or charge-back": "recharge",
            "european union (e.g. h2020, cost, eureka)": "european_union",
            "federal and state governments (bmbf, bmwi, bmvg and other sections)": "government",
            "dfg, german research foundation": "research_council",
            "stifterverband": "donors_association",
            "associations and chambers": "associations",
        },
        is_multiple=True,
    ),
    "languages": Asked(
        "^what programming languages do you use",
        LATE_BUT_NL,
        {name: name.replace(" ", "_").replace("-", "_") for name in LANGUAGES}
        | {
            "c#": "c_sharp",
            "c++": "c_plus_plus",
            "f#": "f_sharp",
            "vb.net": "vb_net",
            "markup languages (html, markdown,...)": "markup",
            "unix shell scripting": "unix_shell",
        },
        is_multiple=True,
    ),
}

OPINIONS = {
    question: Asked(wording, where, answers)
    for answers, questions in (
        (
            FREQUENCY,
            {
                "feedback_results": ("information on the results of your work", IN_WORDS),
                "feedback_check": ("opportunity to check on how well", IN_WORDS),
                "feedback_purpose": ("information on the purpose of your work", IN_WORDS),
                "feedback_direct": ("direct feedback on how well", IN_WORDS),
                "feedback_manager": ("manager inform you about how well", IN_WORDS),
                "feedback_colleagues": ("colleagues inform you about how well", IN_WORDS),
                "frustrated": ("how often do you feel frustrated", "16uk 17uk 17us"),
                "looks_forward": ("how often do you look forward", IN_WORDS),
                "considers_leaving": ("how often do you consider leaving", "16uk 17uk 17us"),
                "dreams_of_other_job": ("how often do (you )?dream about", IN_WORDS),
            },
        ),
        (
            AGREEMENT,
            {
                "job_meets_needs": ("my current job satisfies my personal", EARLY_BUT_NL),
                "would_accept_other_job": ("i would accept another job", ALL_BUT_NL),
                "manager_confidence": ("manager's confidence in me", EARLY),
                "manager_thanks": ("satisfied with a word of thanks", EARLY_BUT_NL),
                "manager_recognition": ("satisfied with the recognition i receive", EARLY),
                "manager_compliments": ("satisfied with the compliments", EARLY_BUT_NL),
                "manager_encouragement": ("satisfied with the encouragement", EARLY_BUT_NL),
                "equivalent_job": ("very difficult for me to get an equivalent job", ALL),
                "organisations_would_hire": ("i can think of a number of organi", EARLY),
                "experience_in_demand": ("my experience is in demand", ALL),
                "job_enjoyment": ("i find real enjoyment in my job", EARLY),
                "job_enthusiasm": ("i am enthusiastic about my job", EARLY),
                "job_satisfied": ("i feel (fairly well )?satisfied with my job", EARLY_BUT_NL),
                "likes_job_more": ("i like my job (better|more)", EARLY_BUT_NL),
                "promotion_likely": ("i will gain a promotion", ALL_BUT_UK),
                "promotion_clear": ("have to complete to gain a promotion", ALL_BUT_UK),
                "career_opportunities": ("many opportunities within my chosen", ALL_BUT_UK),
                "career_plan": ("an integral part of my career plan", "16uk 17nl 17de 17us"),
                "next_position_rse": ("likely that my next position will be", ALL_BUT_UK),
            },
        ),
        (
            SATISFIED,
            {
                "satisfaction_position": ("satisfied are you with:? \\[?your current", LATE),
                "satisfaction_career": ("satisfied are you with:? \\[?your career", LATE),
            },
        ),
        (
            YES_NO,
            {
                "association_member": (
                    "^are you a member of (the (uk|nl-?|de-?) ?rse|an association of)",
                    ALL,
                ),
                "wants_conference": ("^would you like to (visit|attend) a conf", "17de 18al"),
            },
        ),
    )
    for question, (wording, where) in questions.items()
}

QUESTIONS: dict[str, Asked] = {
    **BACKGROUND,
    **WORK,
    **SEVERAL,
    **OPINIONS,
    "operating_system": Asked(
        "^(what is your|what|which) operating system",
        ALL_BUT_NL,
        {
            "gnu/linux": "gnu_linux",
            "windows": "windows",
            "os x": "os_x",
            "other": "other",
            "android": "other",
            "ios": "other",
        },
    ),
}
