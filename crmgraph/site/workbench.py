"""The workbench, where visitors write queries, and the completions that its editor proposes."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from crmgraph.errors import CrmgraphError, shortened
from crmgraph.http.errors import Problem, problem_of
from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import PREFIXES
from crmgraph.site.base import (
    GRAPHS,
    JSON,
    PROPERTY_NAMES,
    TABLES,
    Links,
    Site,
    Visit,
    data_response,
    distinct_by,
    in_language,
    query_in,
    questions_by_group,
    texts_by,
)
from crmgraph.site.questions.answers import Result, evaluate, forms_of
from crmgraph.sparql import Question

_LONGEST_LABEL = 120
_CONCEPT = PREFIXES["skos"] + "Concept"

# Others point to these with labels of their own, and nobody would look for them by a name.
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
_OTHERS = "SELECT DISTINCT ?x ?kind { ?x skos:altLabel ?kind FILTER (ISIRI(?x)) }"
_BROADER = "SELECT DISTINCT ?x ?kind { ?x rdfs:subClassOf+ ?kind FILTER (?x != ?kind && ISIRI(?kind)) }"
_GRAPHS = "SELECT ?x { GRAPH ?x {} }"

_DATASET_PARAMETERS = ("default-graph-uri", "named-graph-uri", "timeout")
_FIRST_PREFIXES = ("cg", "dcterms", "rdfs", "id")
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
"""The sentences of the editor's scripts."""


def completions(visit: Visit) -> Response:
    """Answer with the completions as JSON, in the visitor's language."""
    found = completions_of(visit.site, visit.language)
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return data_response(body, JSON.media_type, speaks=True)


def completions_of(site: Site, language: str) -> dict[str, object]:
    """Return what a query can name, short, with labels in this language where there are any.

    `kinds` are classes and concept schemes, of which the others tell by their places. Then lists of `[name, label,
    …]`: `classes` with how many things they have; `properties` with how often they are used, and the kinds of their
    subjects and of their objects; `things` with their most special kinds and their other names in any language, such
    as acronyms; `graphs`.
    """

    def sets(query: str) -> dict[str, list[str]]:
        return distinct_by(site.recall(query), "x", "kind")

    links, say = Links(site.names), translations(language).gettext
    labels = texts_by(site.recall(_LABELS), "x", "label")
    classes, properties = (
        {row["x"].value: int(row["count"].value) for row in site.recall(query)} for query in (_CLASSES, _PROPERTIES)
    )
    graphs = [row["x"].value for row in site.recall(_GRAPHS)]
    subjects, objects, others, broader = map(sets, (_SUBJECTS, _OBJECTS, _OTHERS, _BROADER))
    elsewhere = {*classes, *properties, *graphs}
    things = {iri: _special(kinds, broader) for iri, kinds in sets(_THINGS).items() if iri not in elsewhere}
    kinds = sorted({kind for of in (things, subjects, objects) for each in of.values() for kind in each})
    places = {kind: place for place, kind in enumerate(kinds)}

    def label(iri: str) -> str:
        found = in_language(labels.get(iri, {}), language)[0] or say(PROPERTY_NAMES.get(iri, ""))
        return shortened(found, _LONGEST_LABEL)

    def kinds_in(of: Mapping[str, Collection[str]]) -> Callable[[str], list[int]]:
        return lambda iri: sorted(places[kind] for kind in of.get(iri, ()))

    def other_names(iri: str) -> list[str]:
        return sorted(name for name in others.get(iri, ()) if len(name) <= _LONGEST_LABEL)

    def listed(iris: Iterable[str], *more: Callable[[str], object]) -> list[Sequence[object]]:
        return [(links.short(iri), label(iri), *(each(iri) for each in more)) for iri in sorted(iris)]

    return {
        "prefixes": site.names.prefixes(),
        "kinds": [links.short(kind) for kind in kinds],
        "classes": listed(classes, classes.__getitem__),
        "properties": listed(properties, properties.__getitem__, kinds_in(subjects), kinds_in(objects)),
        "things": listed(things, kinds_in(things), other_names),
        "graphs": listed(graphs),
    }


def _special(kinds: Collection[str], broader: Mapping[str, Collection[str]]) -> Collection[str]:
    """Return the kinds of a thing without those that another of them is a special case of; of a concept, its scheme."""
    return set(kinds) - {_CONCEPT}.union(*(broader.get(kind, ()) for kind in kinds)) or kinds


def workbench_page(visit: Visit) -> Response:
    """Answer with the workbench: `?query=` fills and asks it, `?question=` fills it with a question of the library.

    The dataset and the time limit may be given as to the endpoint. `?part=results` gives the answer alone, always as
    200, for the page to put in its place; `?format=` leads to the endpoint, so that the form works without a script. A
    visitor who asks nothing is told to write a query first, with 400 where it is a page.
    """
    site, links, language, asked = visit.site, visit.links, visit.language, visit.request.query_params
    text = asked.get("query", "")
    kept = [("query", text), *((name, value) for name in _DATASET_PARAMETERS for value in asked.getlist(name))]
    if text.strip() and asked.get("format"):
        return RedirectResponse(links.data(f"/sparql?{urlencode([*kept, ('format', asked['format'])])}"), 303)
    messages = translations(language)
    is_part = asked.get("part") == "results"
    result: Result | None = None
    problem: Problem | None = None
    if text.strip():
        question = Question(
            text,
            default_graphs=tuple(asked.getlist("default-graph-uri")) or None,
            named_graphs=tuple(asked.getlist("named-graph-uri")) or None,
            prefixes=site.names.prefixes(),
        )
        try:
            result = evaluate(site, question, visit.seconds)
        except CrmgraphError as error:
            problem = problem_of(error, language)
    elif "query" in asked or is_part:
        problem = Problem(400, "about:blank", messages.gettext("Write a query first."))
    # The name of a file with the answer.
    stem = messages.gettext("answer")
    answer = {
        "result": result,
        "problem": problem,
        "address": "/sparql?" + urlencode(kept),
        "title": messages.gettext("Answer to a query in SPARQL"),
        "downloads": [
            (
                form.label,
                links.data("/sparql?" + urlencode([*kept, ("format", form.short)])),
                f"{stem}.{form.extension}",
            )
            for form in forms_of(result)
        ],
    }
    if is_part:
        return visit.render("results.html", answer)
    picked = site.library.get(asked.get("question", ""))
    prefixes = site.names.prefixes()
    if "query" not in asked and picked:
        text = query_in(picked, language)
    elif "query" not in asked:
        prologue = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in _FIRST_PREFIXES)
        text = prologue + "\n" + _FIRST_QUERY.format(theme=site.names.id("plan", "crm", "pgm"), language=language)
    context = {
        **answer,
        "kept": kept[1:],
        "groups": questions_by_group(site),
        "picked": picked.name if picked else "",
        "text": text,
        "texts": {name: query_in(question, language) for name, question in site.library.items()},
        "phrases": {phrase: messages.gettext(phrase) for phrase in _PHRASES},
        "prefixes": prefixes,
        "given": bool(asked.get("query") or picked),
        "table_formats": [(form.label, form.short) for form in TABLES],
        "graph_formats": [(form.label, form.short) for form in GRAPHS],
    }
    status = problem.status if problem else 200
    return visit.render("workbench.html", context, status, editor=True, has_data=False)
