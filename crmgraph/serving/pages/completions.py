"""What a query can name: classes, properties and things, each with its label, for an editor to propose."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.serving.i18n import translations
from crmgraph.serving.pages.links import Links
from crmgraph.serving.pages.property_names import PROPERTY_NAMES
from crmgraph.serving.pages.rendering import language_of
from crmgraph.serving.pages.representations import JSON, data
from crmgraph.serving.pages.site import Site, in_language
from crmgraph.serving.validators import headers_of, matches, not_modified, tag_of

__all__ = ["completions_handler", "completions_of"]

_LONGEST_LABEL = 120
_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"

# What others point to with a label of its own, and nobody would look for by it.
_UNNAMED = "cg:Membership cg:Participation cg:InstrumentUse cg:Passage cg:Statement sh:PropertyGroup"
_OF_CLASSES = """
SELECT ?x (COUNT(DISTINCT ?one) AS ?count) { ?x a owl:Class OPTIONAL { ?one a ?x } FILTER (ISIRI(?x)) } GROUP BY ?x"""
_PROPERTIES = """
SELECT ?x (SUM(?times) AS ?count) {
  { SELECT ?x (COUNT(*) AS ?times) { ?s ?x ?o } GROUP BY ?x }
  UNION { VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?x a ?kind BIND (0 AS ?times) }
} GROUP BY ?x"""
_SUBJECTS = "SELECT DISTINCT ?x ?kind { ?s a ?kind ; ?x ?o FILTER (STRSTARTS(STR(?kind), STR(cg:))) }"
_OBJECTS = """
SELECT DISTINCT ?x ?kind {
  { ?s ?x ?o . ?o a ?kind FILTER (STRSTARTS(STR(?kind), STR(cg:))) }
  UNION { ?s ?x ?o . ?o skos:inScheme ?kind FILTER (?x != skos:hasTopConcept) }
}"""
_THINGS = f"""
SELECT DISTINCT ?x ?kind {{
  ?x rdfs:label|skos:prefLabel ?label ; a|skos:inScheme ?kind
  FILTER (ISIRI(?x))
  FILTER NOT EXISTS {{ VALUES ?unnamed {{ {_UNNAMED} }} ?x a ?unnamed }}
}}"""
_LABELS = "SELECT DISTINCT ?x ?label { ?x rdfs:label|skos:prefLabel ?label FILTER (ISIRI(?x)) }"
_BROADER = "SELECT DISTINCT ?x ?kind { ?x rdfs:subClassOf+ ?kind FILTER (?x != ?kind && ISIRI(?kind)) }"
_GRAPHS = "SELECT ?x { GRAPH ?x {} }"

_Kinds = Mapping[str, set[str]]


def completions_handler() -> Callable[[Request, Site], Response]:
    """What answers at `/completions.json`: the completions in the visitor's language, worked out once for the data."""
    kept: dict[str, str] = {}
    kept_of = ""
    lock = Lock()

    def answer(request: Request, site: Site) -> Response:
        nonlocal kept_of
        language, state = language_of(request), site.state
        tag = tag_of("completions", state, language)
        if matches(request, tag):
            return not_modified(tag)
        with lock:
            if state != kept_of:
                kept.clear()
                kept_of = state
            if language not in kept:
                kept[language] = json.dumps(completions_of(site, language), ensure_ascii=False, separators=(",", ":"))
            body = kept[language]
        response = data(body, JSON.media_type)
        response.headers.update({**headers_of(tag), "Content-Language": language, "Vary": "Accept-Language"})
        return response

    return answer


def completions_of(site: Site, language: str) -> dict[str, object]:
    """What a query can name, short, with labels in this language where there are any.

    `kinds` are classes and concept schemes, of which the others tell by their places. Then lists of `[name, label,
    …]`: `classes` with how many things they have; `properties` with how often they are used, and the kinds of their
    subjects and of their objects; `things` with their most special kinds; `graphs`.
    """
    links = Links(site.names)
    say = translations(language).gettext
    labels: dict[str, dict[str, str]] = {}
    for row in site.select(_LABELS):
        labels.setdefault(row["x"].value, {})[row["label"].language] = row["label"].value

    def label(iri: str) -> str:
        found = in_language(labels.get(iri, {}), language)[0] or say(PROPERTY_NAMES.get(iri, ""))
        return found if len(found) <= _LONGEST_LABEL else found[: _LONGEST_LABEL - 1].rstrip() + "…"

    things = _special(_kinds(site, _THINGS), _kinds(site, _BROADER))
    subjects, objects = _kinds(site, _SUBJECTS), _kinds(site, _OBJECTS)
    counts = {name: _counts(site, query) for name, query in (("classes", _OF_CLASSES), ("properties", _PROPERTIES))}
    terms = counts["classes"].keys() | counts["properties"].keys()
    graphs = sorted(row["x"].value for row in site.select(_GRAPHS))
    kinds = sorted({kind for of in (things, subjects, objects) for each in of.values() for kind in each})
    places = {kind: place for place, kind in enumerate(kinds)}

    def placed(iri: str, of: _Kinds) -> list[int]:
        return sorted(places[kind] for kind in of.get(iri, ()))

    def listed(iris: Iterable[str], *more: Callable[[str], object]) -> list[Sequence[object]]:
        return [(links.short(iri), label(iri), *(each(iri) for each in more)) for iri in sorted(iris)]

    return {
        "prefixes": site.names.prefixes(),
        "kinds": [links.short(kind) for kind in kinds],
        "classes": listed(counts["classes"], counts["classes"].__getitem__),
        "properties": listed(
            counts["properties"],
            counts["properties"].__getitem__,
            lambda iri: placed(iri, subjects),
            lambda iri: placed(iri, objects),
        ),
        "things": listed(things.keys() - terms - set(graphs), lambda iri: placed(iri, things)),
        "graphs": listed(graphs),
    }


def _kinds(site: Site, query: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in site.select(query):
        found.setdefault(row["x"].value, set()).add(row["kind"].value)
    return found


def _counts(site: Site, query: str) -> dict[str, int]:
    return {row["x"].value: int(row["count"].value) for row in site.select(query)}


def _special(things: _Kinds, broader: _Kinds) -> dict[str, set[str]]:
    """The kinds without those that another kind of the same thing is a special case of; a concept is of its scheme."""
    special = {}
    for iri, kinds in things.items():
        wide = {_CONCEPT}.union(*(broader.get(kind, ()) for kind in kinds))
        special[iri] = (kinds - wide) or set(kinds)
    return special
