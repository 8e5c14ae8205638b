"""What a query can name: classes, properties and things, each with its label, for an editor to propose."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.errors import CrmgraphError
from crmgraph.http.caching import headers_of, matches, not_modified, tag_of
from crmgraph.http.errors import Problem, problem_of
from crmgraph.http.languages import marked, translations
from crmgraph.library import LibraryQuestion
from crmgraph.site.base.labels import PROPERTY_NAMES
from crmgraph.site.base.links import Links, language_of, links_of
from crmgraph.site.base.parameters import groups, seconds_for, spoken, text_in
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import GRAPHS, JSON, TABLES, data
from crmgraph.site.base.site import Site, in_language
from crmgraph.site.questions.answers import Result, evaluate, forms_of
from crmgraph.sparql import Question

__all__ = ["Completions", "completions_of", "workbench_page"]

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


_KEPT = ("default-graph-uri", "named-graph-uri", "timeout")
_FIRST_QUERY = """SELECT ?number ?objective ?label ?passage
WHERE {{
  ?objective a cg:Objective ;
    dcterms:isPartOf <{theme}> ;
    cg:number ?number ;
    cg:order ?order ;
    cg:passage ?passage ;
    rdfs:label ?label .
  FILTER (lang(?label) = "{language}")
}}
ORDER BY ?order
"""
_FIRST_PREFIXES = ("cg", "dcterms", "rdfs", "id")
_PHRASES = (
    marked("Find"),
    marked("Replace"),
    marked("next"),
    marked("previous"),
    marked("all"),
    marked("match case"),
    marked("by word"),
    marked("regexp"),
    marked("replace"),
    marked("replace all"),
    marked("close"),
    marked("Go to line"),
    marked("go"),
    marked("Control character"),
    marked("Diagnostics"),
    marked("No diagnostics"),
    marked("Completions"),
    marked("SPARQL query"),
    marked("The server cannot be reached."),
    marked("The server could not answer."),
    marked("This is not valid SPARQL at this point."),
    marked("The prefix is not declared."),
    marked("Declare it"),
    marked("Running …"),
    marked("Cancelled after %(seconds)s s. The server stops working on it."),
    marked("Query %(number)s"),
    marked("Copied"),
)


def workbench_page(request: Request, site: Site) -> Response:
    """The workbench: `?query=` fills and asks it, `?question=` fills it with a question of the library.

    The dataset and the time limit may be given as to the endpoint. `?part=results` gives the answer alone, always as
    200, for the page to put in its place; `?format=` leads to the endpoint, so that the form works without a script.
    Whoever asks nothing is told to write a query first, with 400 where it is a page.
    """
    links, language, asked = links_of(request, site), language_of(request), request.query_params
    text = asked.get("query", "")
    kept = [(name, value) for name in _KEPT for value in asked.getlist(name)]
    if text.strip() and asked.get("format"):
        target = urlencode([("query", text), *kept, ("format", asked["format"])])
        return RedirectResponse(links.data(f"/sparql?{target}"), 303)
    messages = translations(language)
    is_part = asked.get("part") == "results"
    result: Result | None = None
    problem: Problem | None = None
    if text.strip():
        result, problem = _answer(request, site, text)
    elif "query" in asked or is_part:
        problem = Problem(400, "about:blank", messages.gettext("Write a query first."))
    # What a file with the answer is called.
    stem = messages.gettext("answer")
    answer = {
        "result": result,
        "problem": problem,
        **_cited(site, text, kept, language),
        "downloads": [
            (
                form.label,
                links.data("/sparql?" + urlencode([("query", text), *kept, ("format", form.short)])),
                f"{stem}.{form.extension}",
            )
            for form in forms_of(result)
        ],
    }
    if is_part:
        return render(request, site, "results.html", context=answer)
    picked = site.library.get(asked.get("question", ""))
    context = {
        **answer,
        "kept": kept,
        "groups": groups(site),
        "picked": picked.name if picked else "",
        "text": text if "query" in asked else _begun(site, picked, language),
        "texts": {name: text_in(question, language) for name, question in site.library.items()},
        "phrases": {phrase: messages.gettext(phrase) for phrase in _PHRASES},
        "prefixes": site.names.prefixes(),
        "given": bool(text or picked),
        "table_formats": [(form.label, form.short) for form in TABLES],
        "graph_formats": [(form.label, form.short) for form in GRAPHS],
    }
    return render(
        request, site, "workbench.html", problem.status if problem else 200, context, editor=True, has_data=False
    )


def _answer(request: Request, site: Site, text: str) -> tuple[Result | None, Problem | None]:
    asked = request.query_params
    question = Question(
        text,
        default_graphs=tuple(asked.getlist("default-graph-uri")) or None,
        named_graphs=tuple(asked.getlist("named-graph-uri")) or None,
        prefixes=site.names.prefixes(),
    )
    try:
        return evaluate(site, question, seconds_for(request, site)), None
    except CrmgraphError as error:
        return None, problem_of(error, language_of(request))


def _begun(site: Site, picked: LibraryQuestion | None, language: str) -> str:
    return text_in(picked, language) if picked else _first_query(site, language)


def _first_query(site: Site, language: str) -> str:
    prefixes = site.names.prefixes()
    prologue = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in _FIRST_PREFIXES)
    return prologue + "\n" + _FIRST_QUERY.format(theme=site.names.id("plan", "crm", "pgm"), language=language)


def _cited(site: Site, text: str, kept: Sequence[tuple[str, str]], language: str) -> dict[str, str]:
    """The address and the title by which the answer is cited: those of a question of the library, if it is one."""
    for question in site.library.values():
        values = spoken(question, language)
        if not kept and text.strip() == question.with_values(values).strip():
            address = f"/queries/{question.name}" + (f"?{urlencode(values)}" if values else "")
            return {"address": address, "title": question.title[language]}
    title = translations(language).gettext("Answer to a query in SPARQL")
    return {"address": "/sparql?" + urlencode([("query", text), *kept]), "title": title}
