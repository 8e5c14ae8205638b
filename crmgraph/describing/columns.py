"""The columns of the curated tables in `data/reference`: for each its name, its columns and its key."""

from crmgraph.describing.tables import Column

__all__ = [
    "ACTORS",
    "INSTRUMENTS",
    "LAYOUTS",
    "MEETINGS",
    "MEMBERSHIPS",
    "NETWORKS",
    "ORGANISATIONS",
    "PLACES",
    "PLANS",
    "PRESIDENCIES",
    "PROCESSES",
    "SDGS",
    "SOURCES",
    "STATEMENTS",
    "STATES",
    "Layout",
]

Layout = tuple[str, tuple[Column, ...], tuple[str, ...]]

_WEB = r"https?://[^\s<>\"{}|\\^`]+"
_ID = Column("id", required=True, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="lower-case letters, digits and hyphens")
_SOURCE = Column(
    "source_url",
    required=True,
    many=True,
    pattern=rf"{_WEB}|source/[a-z0-9-]+",
    hint="a web address or source/ and an id",
)
_PAGE = Column("page_url", pattern=_WEB, hint="a web address")
_YEAR = Column("since_year", pattern=r"\d{4}", hint="a year of four digits")
_LABELS = (
    Column("label_es", required=True),
    Column("label_en", required=True),
)
_ALTERNATIVES = (
    Column("alt_es", many=True),
    Column("alt_en", many=True),
)
_ACRONYMS = (Column("acronym_es"), Column("acronym_en"))
_DESCRIPTION = (
    Column("hidden_es", many=True),
    Column("what_es", required=True),
    Column("what_en", required=True),
)
_NAMES = (*_LABELS, *_ACRONYMS, *_ALTERNATIVES, *_DESCRIPTION)
_NOTES = (Column("note_es", many=True), Column("note_en", many=True))
_ISO3 = "three capital letters (ISO 3166-1)"


def _one_of(name: str, *words: str, required: bool = True) -> Column:
    return Column(name, required, pattern="|".join(words), hint="one of " + ", ".join(words))


def _path(name: str, required: bool = False, many: bool = False, kinds: str = "[a-z]+") -> Column:
    return Column(name, required, many, pattern=rf"({kinds})/[A-Za-z0-9-]+", hint="a path such as actor/oim")


def _state(name: str, required: bool = False, many: bool = False) -> Column:
    return Column(name, required, many, pattern="[A-Z]{3}", hint=_ISO3)


def _ours(name: str, *others: str) -> Column:
    words = ("crmgraph", *others)
    return Column(name, pattern="|".join(words), hint=f"{' or '.join(words)}, or empty where a source has the title")


_BY = _ours("label_en_by")
"""Who put the English name so, where no source has one."""


def _day(name: str) -> Column:
    pattern = r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?"
    return Column(name, pattern=pattern, hint="a year, a month (2006-05) or a day (2006-05-31)")


def _confidence(*words: str) -> Column:
    return _one_of("confidence", "high", "medium", "low", *words)


SOURCES: Layout = (
    "sources",
    (
        _ID,
        *_LABELS,
        Column("url", pattern=_WEB, hint=_PAGE.hint),
        Column("source_of", many=True, pattern=r"label|alt-label|iso2|iso3|m49|notation|same-as", hint="a property"),
    ),
    ("id",),
)
"""Sources that a web address alone does not cite. Other tables name them `source/…`, and the plan `source/crm`.

One that tells of some properties only is no source for the others of a thing that names several sources.
"""

STATES: Layout = (
    "states",
    (
        _state("iso3", required=True),
        Column("iso2", required=True, pattern="[A-Z]{2}", hint="two capital letters (ISO 3166-1)"),
        Column("m49", required=True, pattern=r"\d{3}", hint="three digits (UN M49)"),
        Column("name_es", required=True),
        Column("name_en", required=True),
        *_ALTERNATIVES,
        Column("alt_fr", many=True),
        Column("alt_pt", many=True),
        Column("wikidata", required=True, pattern=r"Q[1-9]\d*", hint="a Wikidata id such as Q96"),
        Column("geonames", required=True, pattern=r"[1-9]\d*", hint="a GeoNames number"),
        Column("eu_authority", required=True, pattern=_WEB, hint=_PAGE.hint),
        _SOURCE,
    ),
    ("iso3",),
)
"""States. What French and Portuguese call one stands here where it is none of its Spanish and English names."""

PLACES: Layout = (
    "places",
    (_ID, _one_of("kind", "city", "region"), *_LABELS, _BY, *_ALTERNATIVES, _state("state"), *_NOTES, _SOURCE),
    ("id",),
)
"""Places that are no States: cities, each with the State that it is in, and regions, which are in none."""

ACTORS: Layout = (
    "actors",
    (
        _ID,
        _one_of("kind", "organ", "organisation", "group"),
        *(*_LABELS, _BY, *_ACRONYMS, *_ALTERNATIVES, *_DESCRIPTION),
        Column("process"),
        _PAGE,
        _SOURCE,
    ),
    ("id",),
)
"""An organ is a body of a process; a group is a class of persons or institutions that nobody names one by one."""

ORGANISATIONS: Layout = ("organisations", (_ID, _one_of("kind", "organisation"), *_NAMES, _PAGE, _SOURCE), ("id",))
"""Organisations that take part in processes or are cited by sources, beside those among the actors."""

NETWORKS: Layout = (
    "networks",
    (
        _ID,
        *_LABELS,
        _BY,
        *_ACRONYMS,
        *_ALTERNATIVES,
        *_DESCRIPTION,
        _path("members", many=True),
        Column("process"),
        _PAGE,
        _SOURCE,
    ),
    ("id",),
)
"""Networks; one that is several networks together names these as its members."""

PROCESSES: Layout = (
    "processes",
    (
        _ID,
        Column("label_es", required=True),
        _ours("label_es_by"),
        Column("label_en", required=True),
        *_ACRONYMS,
        *_ALTERNATIVES,
        *_DESCRIPTION,
        _one_of("level", "regional", "interregional", "global"),
        _one_of("status", "active", "dormant", required=False),
        _YEAR,
        *_NOTES,
        _PAGE,
        _SOURCE,
    ),
    ("id",),
)

INSTRUMENTS: Layout = (
    "instruments",
    (
        _ID,
        _one_of(
            "kind",
            *("agreement", "charter", "communique", "declaration", "fund", "guidelines", "international-instrument"),
            *("law", "manual", "mechanism", "memorandum-of-understanding", "plan", "policy", "programme"),
            *("resolution", "standard"),
        ),
        Column("title_es", required=True),
        _ours("title_es_by", "description", "plan"),
        Column("title_en", required=True),
        _ours("title_en_by", "description"),
        Column("alt_es", many=True),
        Column("alt_en", many=True),
        _day("date"),
        _state("parties", many=True),
        _path("adopted_by"),
        *_NOTES,
        _confidence(),
        _SOURCE,
    ),
    ("id",),
)
"""`confidence` is how sure it is that the row is right; a party is a State, an adopter any agent.

What a plan relies on without naming it has no title, but a description in its place.
"""

PLANS: Layout = (
    "plans",
    (
        _ID,
        _path("of", required=True, kinds="process|actor"),
        _one_of("extent", "whole", "titles"),
        Column("name_es", required=True),
        Column("name_en", required=True),
        *_ALTERNATIVES,
        _day("date"),
        *_NOTES,
        _SOURCE,
    ),
    ("id",),
)
"""Plans, each with whose it is, whether its text was read whole or only the titles of its themes and objectives.

`name_…` is what we call it for short, in the manner of the others.
"""

SDGS: Layout = (
    "sdg",
    (
        Column(
            "code", required=True, pattern=r"[1-9]\d?(\.([1-9]\d?|[a-d]))?", hint="a goal, as 10, or a target, as 10.7"
        ),
        *_LABELS,
        _one_of("basis", "names", "bears", required=False),
        Column("why_es"),
        Column("why_en"),
        _SOURCE,
    ),
    ("code",),
)
"""Goals and targets of the 2030 Agenda that concern migration: the words of a target name it, or it bears on it."""

MEMBERSHIPS: Layout = (
    "memberships",
    (
        Column("process", required=True),
        _path("agent", required=True),
        _one_of("role", "member", "participant", "observer", "partner", "secretariat"),
        _YEAR,
        *_NOTES,
        _confidence(),
        _SOURCE,
    ),
    ("process", "agent", "role"),
)
"""Who takes part in a process, as what, since when; a row is a statement with its own source."""

PRESIDENCIES: Layout = (
    "presidencies",
    (
        Column("process", required=True),
        Column("year", required=True, pattern=_YEAR.pattern, hint=_YEAR.hint),
        _state("state", required=True),
        *_NOTES,
        _confidence(),
        _SOURCE,
    ),
    ("process", "year"),
)
"""Which State presides over a process in which year."""

MEETINGS: Layout = (
    "meetings",
    (
        _ID,
        _path("body", kinds="actor|network"),
        Column("processes", many=True),
        Column("ordinal", pattern="[IVXLC]+", hint="a Roman numeral"),
        *_LABELS,
        _BY,
        *_ALTERNATIVES,
        _day("start"),
        _day("end"),
        _path("places", many=True, kinds="place|country"),
        _state("chair"),
        _one_of("chair_basis", "sourced", "host", required=False),
        *_NOTES,
        _confidence("none"),
        _SOURCE,
    ),
    ("id",),
)
"""Meetings; one of no process has a note that says so. The chair is sourced, or taken to be the State that is host."""

STATEMENTS: Layout = (
    "statements",
    (
        _path("subject", required=True),
        _one_of(
            "property",
            *("label-es", "label-en", "alt-es", "alt-en", "alt-fr", "alt-pt", "hidden-es", "hidden-en", "title-es"),
            *("since", "start-date", "end-date", "level", "role"),
            *("member", "member-count", "observer-organisation-count", "same-as"),
        ),
        Column("value", required=True),
        _one_of("rank", "preferred", "alternative", required=False),
        Column("note_es", required=True),
        Column("note_en", required=True),
        _confidence(),
        _SOURCE,
    ),
    ("subject", "property", "value"),
)
"""What is said on a ground of its own; where sources disagree, one value is preferred, the others are alternatives."""

LAYOUTS = (
    *(SOURCES, STATES, PLACES, ACTORS, ORGANISATIONS, NETWORKS, PROCESSES, INSTRUMENTS, PLANS, SDGS),
    *(MEMBERSHIPS, PRESIDENCIES, MEETINGS, STATEMENTS),
)
"""All of them, in the order in which they are read."""
