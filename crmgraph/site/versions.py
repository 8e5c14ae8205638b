"""Earlier versions of plans: which there are, and what became of each part of one in the next."""

from collections import Counter
from collections.abc import Sequence

from starlette.responses import Response

from crmgraph import errors
from crmgraph.comparing.changes import CHANGES
from crmgraph.comparing.reporting import pieces_of
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    Record,
    Row,
    Site,
    Visit,
    in_language,
    reference,
    rows_by,
    texts_in,
    whole_graph,
)

_VERSIONS = """
SELECT DISTINCT ?iri ?plan ?following ?headings {
  ?iri dcterms:isVersionOf ?plan .
  ?following prov:wasRevisionOf ?iri .
  OPTIONAL { ?revision prov:used ?iri ; prov:generated ?following ; skos:note ?headings }
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


def versions_of(site: Site, plan: str) -> list[Record]:
    """Return the earlier versions of a plan, the last first: the `iri` of each, and that of the version `following`."""
    found = site.records(_VERSIONS % f"FILTER (?plan = {reference(plan)})", "iri")
    return sorted(found, key=lambda each: each.iri, reverse=True)


def version(site: Site, iri: str, language: str) -> Record | None:
    """Return the earlier version with this IRI, and its `revisions` until the next; None if there is none.

    It has the `plan`, the version `following`, and the number of parts that stayed `unchanged`. `headings` say what
    stood above the table and stands there, if that changed. What changed stands in the order of the later text, and
    behind it in that of its own what was dropped.
    """
    found = next(iter(site.records(_VERSIONS % f"FILTER (?iri = {reference(iri)})", "iri")), None)
    if found is not None:
        graph = reference(site.names.graph("versions", iri.removeprefix(site.names.id("plan", ""))))
        told = rows_by(site.select(_REVISIONS % {"graph": graph}), "old", "new")
        revisions = (_revision(old, new, each, language) for (old, new), each in told.items())
        # The new version itself is generated too.
        changed = (each for each in revisions if each.kinds)
        found.revisions = sorted(changed, key=lambda each: (not each.new, each.start))
        found.unchanged = int(site.select(_UNCHANGED % graph)[0]["n"].value)
    return found


def _revision(old: str, new: str, rows: Sequence[Row], language: str) -> Record:
    """Return the change of one part: its `kinds` (keys of CHANGES), the words before and after, and other `notes`.

    `old` and `new` are the IRIs of what it was and is, empty where it is not there, and `part` that of its class, now
    or else then; `source` is the passage as it was, and `start` its first character, as it is or else as it was.
    """

    def first(*names: str) -> str:
        return next((row[name].value for name in names for row in rows if name in row), "")

    was = texts_in(rows, "oldLabel")
    # What was written stands beside what is written, not beside a translation.
    after = in_language(texts_in(rows, "newLabel"), next(iter(was), language))[0]
    # The IRI of a passage ends in its first character and that after its last.
    start = first("place", "source").rpartition("/")[2].partition("-")[0]
    return Record(
        old=old,
        new=new,
        part=first("newPart", "oldPart"),
        kinds=sorted({row["kind"].value for row in rows if "kind" in row}),
        number=first("newNumber", "oldNumber"),
        pieces=list(pieces_of(in_language(was, language)[0], after)),
        notes=sorted({row["note"].value for row in rows if "note" in row and row["note"].language in ("", language)}),
        source=first("source"),
        start=int(start) if start.isdecimal() else 0,
    )


def version_page(visit: Visit, name: str) -> Response:
    """Return what became of each part of an earlier version of a plan in the next."""
    site, language = visit.site, visit.language
    found = version(site, visit.links.thing(f"plan/{name}"), language)
    if found is None:
        raise NothingKnownError(f"/versions/{name}")
    if visit.form != HTML:
        return visit.data(whole_graph(site.names.graph("versions", name)), map(_row, found.revisions))
    context = {
        "version": found,
        "counts": Counter(kind for each in found.revisions for kind in each.kinds),
        "changes": {name: errors.in_language(said, language) for name, said in CHANGES.items()},
        "labels": site.labels({found.plan, found.following, *(each.part for each in found.revisions)} - {""}),
    }
    return visit.render("version.html", context, offers=(*GRAPHS, JSON))


def _row(revision: Record) -> dict[str, object]:
    """Return what became of a part as JSON has it."""
    return {
        "earlier": revision.old or None,
        "later": revision.new or None,
        "number": revision.number or None,
        "kind": revision.part or None,
        "changes": revision.kinds,
        "earlier_words": " ".join(words for words, kind in revision.pieces if kind != "new") or None,
        "later_words": " ".join(words for words, kind in revision.pieces if kind != "old") or None,
        "notes": revision.notes,
        "earlier_passage": revision.source or None,
    }
