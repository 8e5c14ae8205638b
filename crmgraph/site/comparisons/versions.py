"""Earlier versions of plans: which there are, and what became of each part of one in the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmgraph.comparing.reporting import Piece, pieces_of
from crmgraph.site.base.site import Row, Site, in_language, reference

__all__ = ["Revision", "Version", "version", "versions_of"]

_VERSIONS = """
SELECT DISTINCT ?old ?label ?plan ?new ?headings {
  ?old dcterms:isVersionOf ?plan ; rdfs:label ?label .
  ?new prov:wasRevisionOf ?old .
  OPTIONAL { ?revision prov:used ?old ; prov:generated ?new ; skos:note ?headings }
  %s
}"""
_WAS = """OPTIONAL { ?old rdfs:label ?oldLabel ; dcterms:source ?source ; dcterms:type ?oldPart
      OPTIONAL { ?old skos:notation ?oldNumber } }"""
_IS = """OPTIONAL { ?new cg:text|rdfs:label ?newLabel OPTIONAL { ?new cg:number|skos:notation ?newNumber } }
      OPTIONAL { ?new a|dcterms:type ?newPart
        FILTER (?newPart IN (cg:Theme, cg:Objective, cg:Action, cg:Activity, cg:Note)) }
      OPTIONAL { ?new dcterms:source ?place }"""
# What is not there must not be looked up: it would be anything.
_REVISIONS = f"""
SELECT DISTINCT ?old ?new ?kind ?note ?oldLabel ?newLabel ?oldPart ?newPart ?oldNumber ?newNumber ?source ?place {{
  {{ GRAPH %(graph)s {{
      ?new prov:qualifiedRevision ?said . ?said prov:entity ?old . OPTIONAL {{ ?said dcterms:type ?kind }}
      OPTIONAL {{ ?said skos:note ?note }} }}
    {_WAS} {_IS} }}
  UNION {{ GRAPH %(graph)s {{ ?old prov:wasInvalidatedBy ?any BIND ("dropped" AS ?kind) }} {_WAS} }}
  UNION {{ GRAPH %(graph)s {{ ?new prov:wasGeneratedBy ?any BIND ("added" AS ?kind) }} {_IS} }}
}}"""
_UNCHANGED = "SELECT (COUNT(*) AS ?n) { GRAPH %s { ?new prov:wasDerivedFrom ?old } }"


@dataclass(frozen=True)
class Revision:
    """What became of one part: in which ways it changed (keys of CHANGES), its words, and what else is noted.

    `old` and `new` are the IRIs of what it was and is, empty where it is not there, and `part` that of its class, now
    or else then; `source` is the passage as it was, and `start` where it begins in its text, as it is or else
    as it was.
    """

    old: str
    new: str
    part: str
    kinds: tuple[str, ...]
    number: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...]
    source: str
    start: int


@dataclass(frozen=True)
class Version:
    """An earlier version of a plan: its IRI and title, the IRI of the plan, that of the version after it, what changed
    until then, and how many parts did not. `headings` say what stood above its table and stands there, if that changed.

    What changed stands in the order of the later text, and behind it in that of its own what was dropped, as in a
    Comparison of the two.
    """

    iri: str
    label: str
    plan: str
    following: str
    revisions: tuple[Revision, ...]
    unchanged: int
    headings: str = ""


def versions_of(site: Site, plan: str) -> tuple[Version, ...]:
    """The earlier versions of a plan, the last first, without what changed."""
    rows = site.select(_VERSIONS % f"FILTER (?plan = {reference(plan)})")
    found = {
        row["old"].value: Version(row["old"].value, row["label"].value, plan, row["new"].value, (), 0) for row in rows
    }
    return tuple(sorted(found.values(), key=lambda each: each.iri, reverse=True))


def version(site: Site, iri: str, language: str) -> Version | None:
    """The earlier version with this IRI, and what changed until the next; None if there is none."""
    rows = site.select(_VERSIONS % f"FILTER (?old = {reference(iri)})")
    if not rows:
        return None
    graph = reference(site.names.graph("versions", iri.removeprefix(site.names.id("plan", ""))))
    told: dict[tuple[str, str], list[Row]] = {}
    for row in site.select(_REVISIONS % {"graph": graph}):
        pair = tuple(row[key].value if key in row else "" for key in ("old", "new"))
        told.setdefault((pair[0], pair[1]), []).append(row)
    unchanged = site.select(_UNCHANGED % graph)
    revisions = [_revision(*pair, each, language) for pair, each in told.items()]
    # The new version itself is generated too.
    parts = [each for each in revisions if each.kinds]
    first = rows[0]
    return Version(
        iri,
        first["label"].value,
        first["plan"].value,
        first["new"].value,
        tuple(sorted(parts, key=lambda each: (not each.new, each.start))),
        int(unchanged[0]["n"].value),
        first["headings"].value if "headings" in first else "",
    )


def _revision(old: str, new: str, rows: Sequence[Row], language: str) -> Revision:
    before = in_language(_texts(rows, "oldLabel"), language)[0]
    # What was written stands beside what is written, not beside a translation.
    spoken = next((row["oldLabel"].language for row in rows if "oldLabel" in row), language)
    after = in_language(_texts(rows, "newLabel"), spoken)[0]
    number = next((row[key].value for key in ("newNumber", "oldNumber") for row in rows if key in row), "")
    source = next((row["source"].value for row in rows if "source" in row), "")
    place = next((row["place"].value for row in rows if "place" in row), source)
    return Revision(
        old,
        new,
        next((row[key].value for key in ("newPart", "oldPart") for row in rows if key in row), ""),
        tuple(sorted({row["kind"].value for row in rows if "kind" in row})),
        number,
        tuple(pieces_of(before, after)),
        tuple(sorted({row["note"].value for row in rows if "note" in row and row["note"].language in ("", language)})),
        source,
        _start(place),
    )


def _texts(rows: Sequence[Row], name: str) -> Mapping[str, str]:
    return {row[name].language: row[name].value for row in rows if name in row}


def _start(passage: str) -> int:
    """Where a passage begins, as its IRI tells: it ends in its first character and that after its last."""
    start = passage.rpartition("/")[2].partition("-")[0]
    return int(start) if start.isdecimal() else 0
