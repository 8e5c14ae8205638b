"""The workbench, a page with a SPARQL editor, and the completions that the editor proposes."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from crmgraph.errors import CrmgraphError, shortened
from crmgraph.http.languages import marked, translations
from crmgraph.http.messages import Problem, problem_of
from crmgraph.namespaces import PREFIXES
from crmgraph.site.base import (
    GRAPHS,
    JSON,
    PROPERTY_NAMES,
    TABLES,
    Links,
    PageRequest,
    Record,
    Site,
    data_response,
    distinct_values_by,
    in_language,
    query_in_language,
    questions_by_group,
    texts_by,
)
from crmgraph.site.questions.answers import download_forms, evaluate_question
from crmgraph.sparql import Question

_LONGEST_LABEL = 120
_CONCEPT = PREFIXES["skos"] + "Concept"

# Nobody looks for instances of these by name: they have generated labels.
_CLASSES_WITHOUT_NAMES = "cg:Membership cg:Participation cg:InstrumentUse cg:Passage cg:Statement sh:PropertyGroup"
_CLASSES = """
SELECT ?x (COUNT(DISTINCT ?one) AS ?count) { ?x a owl:Class OPTIONAL { ?one a ?x } FILTER (ISIRI(?x)) } GROUP BY ?x"""
_PROPERTIES = """
SELECT ?x (SUM(?times) AS ?count) {
  { SELECT ?x (COUNT(*) AS ?times) { ?s ?x ?o } GROUP BY ?x }
  UNION { VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?x a ?kind BIND (0 AS ?times) }
} GROUP BY ?x"""
_SUBJECT_KINDS = "SELECT DISTINCT ?x ?kind { ?s a ?kind ; ?x ?o FILTER (STRSTARTS(STR(?kind), STR(cg:))) }"
_OBJECT_KINDS = """
SELECT DISTINCT ?x ?kind {
  { ?s ?x ?o . ?o a ?kind FILTER (STRSTARTS(STR(?kind), STR(cg:))) }
  UNION { ?s ?x ?o . ?o skos:inScheme ?kind FILTER (?x != skos:hasTopConcept) }
}"""
_THINGS = f"""
SELECT DISTINCT ?x ?kind {{
  ?x rdfs:label|skos:prefLabel ?label ; a|skos:inScheme ?kind
  FILTER (ISIRI(?x))
  FILTER NOT EXISTS {{ VALUES ?unnamed {{ {_CLASSES_WITHOUT_NAMES} }} ?x a ?unnamed }}
}}"""
_LABELS = "SELECT DISTINCT ?x ?label { ?x rdfs:label|skos:prefLabel ?label FILTER (ISIRI(?x)) }"
_OTHER_NAMES = "SELECT DISTINCT ?x ?kind { ?x skos:altLabel ?kind FILTER (ISIRI(?x)) }"
_SUPERCLASSES = "SELECT DISTINCT ?x ?kind { ?x rdfs:subClassOf+ ?kind FILTER (?x != ?kind && ISIRI(?kind)) }"
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
_EDITOR_MESSAGES = (
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
"""The messages of the editor's scripts, in English and marked for translation."""


def completions_response(visit: PageRequest) -> Response:
    """Return the completions of the editor as JSON, with labels in the visitor's language."""
    body = json.dumps(read_completions(visit.site, visit.language), ensure_ascii=False, separators=(",", ":"))
    return data_response(body, JSON.media_type, is_language_dependent=True)


def read_completions(site: Site, language: str) -> dict[str, object]:
    """Return all names that a query can use, as prefixed names, with labels in this language if there are any.

    Kinds are classes of our ontology and concept schemes. Other entries refer to a kind by its index in `kinds`.

    Keys:
        prefixes: The namespaces by prefix.
        kinds: The names of the kinds.
        classes: `[name, label, number of instances]` for each class.
        properties: `[name, label, number of uses, kinds of subjects, kinds of objects]` for each property.
        things: `[name, label, most specific kinds, other names]` for each named thing; other names, such as acronyms,
            are in any language.
        graphs: `[name, label]` for each named graph.
    """

    def values_by_thing(query: str) -> dict[str, list[str]]:
        return distinct_values_by(site.select_cached(query), "x", "kind")

    links, say = Links(site.names), translations(language).gettext
    labels = texts_by(site.select_cached(_LABELS), "x", "label")
    classes, properties = (
        {row["x"].value: int(row["count"].value) for row in site.select_cached(query)}
        for query in (_CLASSES, _PROPERTIES)
    )
    graphs = [row["x"].value for row in site.select_cached(_GRAPHS)]
    subjects, objects, others, superclasses = map(
        values_by_thing, (_SUBJECT_KINDS, _OBJECT_KINDS, _OTHER_NAMES, _SUPERCLASSES)
    )
    elsewhere = {*classes, *properties, *graphs}
    things = {
        iri: _most_specific_classes(kinds, superclasses)
        for iri, kinds in values_by_thing(_THINGS).items()
        if iri not in elsewhere
    }
    kinds = sorted({kind for of in (things, subjects, objects) for each in of.values() for kind in each})
    index = {kind: position for position, kind in enumerate(kinds)}

    def label(iri: str) -> str:
        found = in_language(labels.get(iri, {}), language)[0] or say(PROPERTY_NAMES.get(iri, ""))
        return shortened(found, _LONGEST_LABEL)

    def kind_indexes(kinds_of: Mapping[str, Collection[str]]) -> Callable[[str], list[int]]:
        return lambda iri: sorted(index[kind] for kind in kinds_of.get(iri, ()))

    def other_names(iri: str) -> list[str]:
        return sorted(name for name in others.get(iri, ()) if len(name) <= _LONGEST_LABEL)

    def entries(iris: Iterable[str], *more: Callable[[str], object]) -> list[Sequence[object]]:
        return [(links.prefixed_name(iri), label(iri), *(each(iri) for each in more)) for iri in sorted(iris)]

    return {
        "prefixes": site.names.prefixes(),
        "kinds": [links.prefixed_name(kind) for kind in kinds],
        "classes": entries(classes, classes.__getitem__),
        "properties": entries(properties, properties.__getitem__, kind_indexes(subjects), kind_indexes(objects)),
        "things": entries(things, kind_indexes(things), other_names),
        "graphs": entries(graphs),
    }


def _most_specific_classes(kinds: Collection[str], superclasses: Mapping[str, Collection[str]]) -> Collection[str]:
    """Return the kinds of a thing without the superclasses of its other kinds.

    skos:Concept is left out too, so that the concept scheme remains as the kind of a concept.
    """
    return set(kinds) - {_CONCEPT}.union(*(superclasses.get(kind, ()) for kind in kinds)) or kinds


def workbench_page(visit: PageRequest) -> Response:
    """Return the workbench page, or its results.

    If the request has a `query`, the editor contains it and the page shows its results or its error. Without one, the
    editor contains the library question named by `question`, or an example. The parameters of the dataset
    (`default-graph-uri`, `named-graph-uri`) and `timeout` work as at the SPARQL endpoint.

    `part=results` returns only the results, for a script to insert into the page; the status is then always 200.
    `format` redirects to the endpoint, so that downloads work without scripts. An empty query is an error: status 400
    on the page.
    """
    site, links, language, asked = visit.site, visit.links, visit.language, visit.request.query_params
    text = asked.get("query", "")
    kept = [("query", text), *((name, value) for name in _DATASET_PARAMETERS for value in asked.getlist(name))]
    if text.strip() and asked.get("format"):
        return RedirectResponse(links.data_address(f"/sparql?{urlencode([*kept, ('format', asked['format'])])}"), 303)
    messages = translations(language)
    is_part = asked.get("part") == "results"
    result: Record | None = None
    problem: Problem | None = None
    if text.strip():
        question = Question(
            text,
            default_graphs=tuple(asked.getlist("default-graph-uri")) or None,
            named_graphs=tuple(asked.getlist("named-graph-uri")) or None,
            prefixes=site.names.prefixes(),
        )
        try:
            result = evaluate_question(site, question, visit.time_limit)
        except CrmgraphError as error:
            problem = problem_of(error, language)
    elif "query" in asked or is_part:
        problem = Problem(400, "about:blank", messages.gettext("Write a query first."))
    # The name of a download, without extension.
    stem = messages.gettext("answer")
    answer = {
        "result": result,
        "problem": problem,
        "address": "/sparql?" + urlencode(kept),
        "title": messages.gettext("Answer to a query in SPARQL"),
        "downloads": [
            (
                form.label,
                links.data_address("/sparql?" + urlencode([*kept, ("format", form.short)])),
                f"{stem}.{form.extension}",
            )
            for form in download_forms(result)
        ],
    }
    if is_part:
        return visit.render("results.html", answer)
    picked = site.library.get(asked.get("question", ""))
    prefixes = site.names.prefixes()
    if "query" not in asked and picked:
        text = query_in_language(picked, language)
    elif "query" not in asked:
        prologue = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in _FIRST_PREFIXES)
        text = prologue + "\n" + _FIRST_QUERY.format(theme=site.names.id("plan", "crm", "pgm"), language=language)
    context = {
        **answer,
        "kept": kept[1:],
        "groups": questions_by_group(site),
        "picked": picked.name if picked else "",
        "text": text,
        "texts": {name: query_in_language(question, language) for name, question in site.library.items()},
        "phrases": {phrase: messages.gettext(phrase) for phrase in _EDITOR_MESSAGES},
        "prefixes": prefixes,
        "given": bool(asked.get("query") or picked),
        "table_formats": [(form.label, form.short) for form in TABLES],
        "graph_formats": [(form.label, form.short) for form in GRAPHS],
    }
    status = problem.status if problem else 200
    return visit.render("workbench.html", context, status, editor=True, has_data=False)
