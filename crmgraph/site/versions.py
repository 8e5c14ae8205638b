"""Earlier versions of plans, and how each part of an earlier version changed in the next."""

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
    PageRequest,
    Record,
    Row,
    Site,
    in_language,
    iri_ref,
    rows_by,
    texts_by_language,
    whole_graph_query,
)

_VERSIONS = """
SELECT DISTINCT ?iri ?plan ?following ?headings {
  ?iri dcterms:isVersionOf ?plan .
  ?following prov:wasRevisionOf ?iri .
  OPTIONAL { ?revision prov:used ?iri ; prov:generated ?following ; skos:note ?headings }
  %s
}"""
_EARLIER_PART = """OPTIONAL { ?old rdfs:label ?oldLabel ; dcterms:source ?source ; dcterms:type ?oldPart
      OPTIONAL { ?old skos:notation ?oldNumber } }"""
_LATER_PART = """OPTIONAL { ?new cg:text|rdfs:label ?newLabel OPTIONAL { ?new cg:number|skos:notation ?newNumber } }
      OPTIONAL { ?new a|dcterms:type ?newPart
        FILTER (?newPart IN (cg:Theme, cg:Objective, cg:Action, cg:Activity, cg:Note)) }
      OPTIONAL { ?new dcterms:source ?place }"""
# An added part has no ?old, and a dropped part no ?new: an OPTIONAL with an unbound subject would match everything.
_REVISIONS = f"""
SELECT DISTINCT ?old ?new ?kind ?note ?oldLabel ?newLabel ?oldPart ?newPart ?oldNumber ?newNumber ?source ?place {{
  {{ GRAPH %(graph)s {{
      ?new prov:qualifiedRevision ?said . ?said prov:entity ?old . OPTIONAL {{ ?said dcterms:type ?kind }}
      OPTIONAL {{ ?said skos:note ?note }} }}
    {_EARLIER_PART} {_LATER_PART} }}
  UNION {{ GRAPH %(graph)s {{ ?old prov:wasInvalidatedBy ?any BIND ("dropped" AS ?kind) }} {_EARLIER_PART} }}
  UNION {{ GRAPH %(graph)s {{ ?new prov:wasGeneratedBy ?any BIND ("added" AS ?kind) }} {_LATER_PART} }}
}}"""
_UNCHANGED = "SELECT (COUNT(*) AS ?n) { GRAPH %s { ?new prov:wasDerivedFrom ?old } }"


def read_earlier_versions(site: Site, plan: str) -> list[Record]:
    """Return the earlier versions of the plan with this IRI, the last first.

    Each has its `iri` and, as `following`, the IRI of the version that replaced it.
    """
    found = site.records(_VERSIONS % f"FILTER (?plan = {iri_ref(plan)})", "iri")
    return sorted(found, key=lambda each: each.iri, reverse=True)


def read_version(site: Site, iri: str, language: str) -> Record | None:
    """Return the earlier version with this IRI and its changes, or None if there is no such version.

    Attributes of the result:
        iri: The IRI of the earlier version.
        plan: The IRI of the plan.
        following: The IRI of the version that replaced it.
        headings: How the text above the table changed; empty if it did not.
        revisions: One record for each part that changed (see `_revision_of_part`), in the order of the later text;
            dropped parts come last, in the order of the earlier text.
        unchanged: The number of parts that did not change.
    """
    found = next(iter(site.records(_VERSIONS % f"FILTER (?iri = {iri_ref(iri)})", "iri")), None)
    if found is not None:
        graph = iri_ref(site.names.graph("versions", iri.removeprefix(site.names.id("plan", ""))))
        told = rows_by(site.select(_REVISIONS % {"graph": graph}), "old", "new")
        revisions = (_revision_of_part(old, new, each, language) for (old, new), each in told.items())
        # The later version itself is in the rows too, without a kind of change.
        changed = (each for each in revisions if each.kinds)
        found.revisions = sorted(changed, key=lambda each: (not each.new, each.start))
        found.unchanged = int(site.select(_UNCHANGED % graph)[0]["n"].value)
    return found


def _revision_of_part(old: str, new: str, rows: Sequence[Row], language: str) -> Record:
    """Return the change of one part of a plan between two versions.

    `old` and `new` are the IRIs of the part in the earlier and in the later version. `old` is empty for an added part,
    `new` for a dropped part.

    Attributes of the result:
        old: The IRI in the earlier version.
        new: The IRI in the later version.
        part: The IRI of the class of the part, in the later version if it is there.
        kinds: The kinds of change: keys of CHANGES.
        number: The number of the part, in the later version if it has one there.
        pieces: The words before and after the change, in pieces (see `pieces_of`).
        notes: Remarks on the change, in this language or without a language tag.
        source: The IRI of the passage in the earlier version; empty for an added part.
        start: The code point offset of the part in the later text; of a dropped part, in the earlier text.
    """

    def first_value(*names: str) -> str:
        return next((row[name].value for name in names for row in rows if name in row), "")

    was = texts_by_language(rows, "oldLabel")
    # Compare the earlier text with the later text in the same language, not with a translation.
    after = in_language(texts_by_language(rows, "newLabel"), next(iter(was), language))[0]
    # The IRI of a passage ends in its start and end offsets, as in `…/13011-13115`.
    start = first_value("place", "source").rpartition("/")[2].partition("-")[0]
    return Record(
        old=old,
        new=new,
        part=first_value("newPart", "oldPart"),
        kinds=sorted({row["kind"].value for row in rows if "kind" in row}),
        number=first_value("newNumber", "oldNumber"),
        pieces=list(pieces_of(in_language(was, language)[0], after)),
        notes=sorted({row["note"].value for row in rows if "note" in row and row["note"].language in ("", language)}),
        source=first_value("source"),
        start=int(start) if start.isdecimal() else 0,
    )


def version_page(visit: PageRequest, name: str) -> Response:
    """Return the page or the data that show how each part of an earlier version changed in the next."""
    site, language = visit.site, visit.language
    found = read_version(site, visit.links.thing_iri(f"plan/{name}"), language)
    if found is None:
        raise NothingKnownError(f"/versions/{name}")
    if visit.form != HTML:
        return visit.respond_with_data(
            whole_graph_query(site.names.graph("versions", name)), map(_revision_as_json, found.revisions)
        )
    context = {
        "version": found,
        "counts": Counter(kind for each in found.revisions for kind in each.kinds),
        "changes": {name: errors.in_language(said, language) for name, said in CHANGES.items()},
        "labels": site.labels({found.plan, found.following, *(each.part for each in found.revisions)} - {""}),
    }
    return visit.render("version.html", context, offers=(*GRAPHS, JSON))


def _revision_as_json(revision: Record) -> dict[str, object]:
    """Return the JSON object for the change of one part."""
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
