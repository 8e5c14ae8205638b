"""What a query can name: classes, properties and things, each with its label, for an editor to propose."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.caching import headers_of, matches, not_modified, tag_of
from crmgraph.http.languages import translations
from crmgraph.site.base.labels import PROPERTY_NAMES
from crmgraph.site.base.links import Links, language_of
from crmgraph.site.base.representations import JSON, data
from crmgraph.site.base.site import Site, in_language

__all__ = ["Completions", "completions_of"]

_LONGEST_LABEL = 120
_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"

# What others point to with a label of its own, and nobody would look for by it.
_UNNAMED = "cg:Membership cg:Participation cg:InstrumentUse cg:Passage cg:Statement sh:PropertyGroup"
_CLASSES = """
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
_OTHERS = "SELECT DISTINCT ?x ?label { ?x skos:altLabel ?label FILTER (ISIRI(?x)) }"
_BROADER = "SELECT DISTINCT ?x ?kind { ?x rdfs:subClassOf+ ?kind FILTER (?x != ?kind && ISIRI(?kind)) }"
_GRAPHS = "SELECT ?x { GRAPH ?x {} }"

_Kinds = Mapping[str, set[str]]


@dataclass(frozen=True)
class _Facts:
    """What there is to name, by IRI, in no language yet."""

    labels: Mapping[str, Mapping[str, str]]
    others: Mapping[str, set[str]]
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    subjects: _Kinds
    objects: _Kinds
    things: _Kinds
    graphs: tuple[str, ...]


class Completions:
    """What answers at `/completions.json`: the completions in the visitor's language, worked out once for the data."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state = ""
        self._facts: _Facts | None = None
        self._kept: dict[str, str] = {}

    def answer(self, request: Request, site: Site) -> Response:
        """The completions as JSON; 304 to whoever has them already."""
        language, state = language_of(request), site.state
        tag = tag_of("completions", state, language)
        if matches(request, tag):
            return not_modified(tag)
        response = data(self._written(site, state, language), JSON.media_type)
        response.headers.update({**headers_of(tag), "Content-Language": language, "Vary": "Accept-Language"})
        return response

    def _written(self, site: Site, state: str, language: str) -> str:
        with self._lock:
            if self._facts is None or state != self._state:
                self._facts, self._state = _facts(site), state
                self._kept.clear()
            if language not in self._kept:
                told = _told(self._facts, Links(site.names), language)
                self._kept[language] = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            return self._kept[language]


def completions_of(site: Site, language: str) -> dict[str, object]:
    """What a query can name, short, with labels in this language where there are any.

    `kinds` are classes and concept schemes, of which the others tell by their places. Then lists of `[name, label,
    …]`: `classes` with how many things they have; `properties` with how often they are used, and the kinds of their
    subjects and of their objects; `things` with their most special kinds and their other names in any language, such
    as acronyms; `graphs`.
    """
    return _told(_facts(site), Links(site.names), language)


def _facts(site: Site) -> _Facts:
    labels: dict[str, dict[str, str]] = {}
    for row in site.select(_LABELS):
        labels.setdefault(row["x"].value, {})[row["label"].language] = row["label"].value
    others: dict[str, set[str]] = {}
    for row in site.select(_OTHERS):
        if len(row["label"].value) <= _LONGEST_LABEL:
            others.setdefault(row["x"].value, set()).add(row["label"].value)
    classes, properties = _counts(site, _CLASSES), _counts(site, _PROPERTIES)
    graphs = tuple(row["x"].value for row in site.select(_GRAPHS))
    things = _special(_kinds(site, _THINGS), _kinds(site, _BROADER))
    for other in {*classes, *properties, *graphs} & things.keys():
        del things[other]
    return _Facts(labels, others, classes, properties, _kinds(site, _SUBJECTS), _kinds(site, _OBJECTS), things, graphs)


def _told(facts: _Facts, links: Links, language: str) -> dict[str, object]:
    say = translations(language).gettext
    pointed = (facts.things, facts.subjects, facts.objects)
    kinds = sorted({kind for of in pointed for each in of.values() for kind in each})
    places = {kind: place for place, kind in enumerate(kinds)}

    def label(iri: str) -> str:
        found = in_language(facts.labels.get(iri, {}), language)[0] or say(PROPERTY_NAMES.get(iri, ""))
        return found if len(found) <= _LONGEST_LABEL else found[: _LONGEST_LABEL - 1].rstrip() + "…"

    def placed(of: _Kinds) -> Callable[[str], list[int]]:
        return lambda iri: sorted(places[kind] for kind in of.get(iri, ()))

    def listed(iris: Iterable[str], *more: Callable[[str], object]) -> list[Sequence[object]]:
        return [(links.short(iri), label(iri), *(each(iri) for each in more)) for iri in sorted(iris)]

    counts = facts.properties.__getitem__
    return {
        "prefixes": links.names.prefixes(),
        "kinds": [links.short(kind) for kind in kinds],
        "classes": listed(facts.classes, facts.classes.__getitem__),
        "properties": listed(facts.properties, counts, placed(facts.subjects), placed(facts.objects)),
        "things": listed(facts.things, placed(facts.things), lambda iri: sorted(facts.others.get(iri, ()))),
        "graphs": listed(facts.graphs),
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
