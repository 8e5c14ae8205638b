"""The columns of the curated tables in `data/reference`: for each its name, its columns and its key."""

from crmgraph.describing.tables import Column

__all__ = ["ACTORS", "INSTRUMENTS", "MEMBERSHIPS", "NETWORKS", "PROCESSES", "SOURCES", "STATES"]

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
_NAMES = (
    Column("label_es", required=True),
    Column("label_en", required=True),
    Column("acronym_es"),
    Column("acronym_en"),
    Column("alt_es", many=True),
    Column("alt_en", many=True),
    Column("hidden_es", many=True),
    Column("what_es", required=True),
    Column("what_en", required=True),
)


def _one_of(name: str, *words: str) -> Column:
    return Column(name, required=True, pattern="|".join(words), hint="one of " + ", ".join(words))


def _path(name: str, required: bool = False, many: bool = False) -> Column:
    return Column(name, required, many, pattern=r"[a-z]+/[A-Za-z0-9-]+", hint="a path such as actor/oim")


SOURCES: Layout = (
    "sources",
    (
        _ID,
        Column("label_es", required=True),
        Column("label_en", required=True),
        Column("url", pattern=_WEB, hint=_PAGE.hint),
    ),
    ("id",),
)
"""Sources that a web address alone does not cite. Other tables name them `source/…`, and the plan `source/crm`."""

STATES: Layout = (
    "states",
    (
        Column("iso3", required=True, pattern="[A-Z]{3}", hint="three capital letters (ISO 3166-1)"),
        Column("iso2", required=True, pattern="[A-Z]{2}", hint="two capital letters (ISO 3166-1)"),
        Column("m49", required=True, pattern=r"\d{3}", hint="three digits (UN M49)"),
        Column("name_es", required=True),
        Column("name_en", required=True),
        Column("alt_es", many=True),
        Column("alt_en", many=True),
        Column("wikidata", required=True, pattern=r"Q[1-9]\d*", hint="a Wikidata id such as Q96"),
        Column("geonames", required=True, pattern=r"[1-9]\d*", hint="a GeoNames number"),
        Column("eu_authority", required=True, pattern=_WEB, hint=_PAGE.hint),
        _SOURCE,
    ),
    ("iso3",),
)

ACTORS: Layout = (
    "actors",
    (_ID, _one_of("kind", "organ", "organisation", "group"), *_NAMES, Column("process"), _PAGE, _SOURCE),
    ("id",),
)
"""An organ is a body of a process; a group is a class of persons or institutions that nobody names one by one."""

NETWORKS: Layout = (
    "networks",
    (_ID, *_NAMES, _path("members", many=True), Column("process"), _PAGE, _SOURCE),
    ("id",),
)
"""Networks; one that is several networks together names these as its members."""

PROCESSES: Layout = ("processes", (_ID, *_NAMES, _YEAR, _PAGE, _SOURCE), ("id",))

INSTRUMENTS: Layout = (
    "instruments",
    (
        _ID,
        _one_of(
            "kind",
            "agreement",
            "charter",
            "communique",
            "declaration",
            "fund",
            "guidelines",
            "manual",
            "memorandum-of-understanding",
            "plan",
            "programme",
            "resolution",
        ),
        Column("title_es", required=True),
        Column("title_es_by", pattern="crmgraph", hint="crmgraph, or empty where a source has the title"),
        Column("title_en", required=True),
        Column("title_en_by", pattern="crmgraph", hint="crmgraph, or empty where a source has the title"),
        Column("alt_es", many=True),
        Column(
            "date", pattern=r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", hint="a year, a month (2006-05) or a day (2006-05-31)"
        ),
        Column("parties", many=True, pattern="[A-Z]{3}", hint="three capital letters (ISO 3166-1)"),
        _path("adopted_by"),
        Column("note_es"),
        Column("note_en"),
        _one_of("confidence", "high", "medium", "low"),
        _SOURCE,
    ),
    ("id",),
)
"""`confidence` is how sure it is that the row is right; a party is a State, an adopter any agent."""

MEMBERSHIPS: Layout = (
    "memberships",
    (
        Column("process", required=True),
        _path("agent", required=True),
        _one_of("role", "member", "participant", "observer", "partner", "secretariat"),
        _YEAR,
        _SOURCE,
    ),
    ("process", "agent", "role"),
)
"""Who takes part in a process, as what, since when; a row is a statement with its own source."""
