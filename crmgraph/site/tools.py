"""The pages for those who write queries and statements: the workbench with a SPARQL editor, and explanations."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Triple, parse_query_results
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from crmgraph.errors import Bilingual, CrmgraphError, UsageError, shortened
from crmgraph.errors import in_language as message_in
from crmgraph.http.languages import marked, translations
from crmgraph.http.messages import Problem, problem_of
from crmgraph.inference.explanation import Explanation, StatementLookup, as_json, explain
from crmgraph.inference.rules import abbreviate_term, read_term, rows
from crmgraph.namespaces import PREFIXES
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    JSON,
    JSON_RESULTS,
    PROPERTY_NAMES,
    TABLES,
    Links,
    PageRequest,
    Record,
    Site,
    bad_request,
    data_response,
    distinct_values_by,
    graph_names,
    in_language,
    json_response,
    query_in_language,
    questions_by_group,
    serialize_triples,
    term_of,
    texts_by,
)
from crmgraph.site.questions.answers import download_forms, evaluate_question
from crmgraph.site.source import Quotation
from crmgraph.sparql.engine import Question
from crmgraph.sparql.notices import PARAMETERS, message_of, query_of

_LONGEST_LABEL = 120

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
  ?x rdfs:label ?label ; a|skos:inScheme ?kind
  FILTER (ISIRI(?x))
  FILTER NOT EXISTS {{ VALUES ?unnamed {{ {_CLASSES_WITHOUT_NAMES} }} ?x a ?unnamed }}
}}"""
_LABELS = "SELECT DISTINCT ?x ?label { ?x rdfs:label ?label FILTER (ISIRI(?x)) }"
_OTHER_NAMES = "SELECT DISTINCT ?x ?kind { ?x skos:altLabel ?kind FILTER (ISIRI(?x)) }"
_SUPERCLASSES = "SELECT DISTINCT ?x ?kind { ?x rdfs:subClassOf+ ?kind FILTER (?x != ?kind && ISIRI(?kind)) }"

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
        return distinct_values_by(site.select(query, is_cached=True), "x", "kind")

    links, say = Links(site.names), translations(language).gettext
    labels = texts_by(site.select(_LABELS, is_cached=True), "x", "label")
    classes, properties = (
        {row["x"].value: int(row["count"].value) for row in site.select(query, is_cached=True)}
        for query in (_CLASSES, _PROPERTIES)
    )
    graphs = graph_names(site)
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
    return set(kinds) - {PREFIXES["skos"] + "Concept"}.union(*(superclasses.get(kind, ()) for kind in kinds)) or kinds


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
    is_part = asked.get("part") == "results"
    result: Record | None = None
    problem: Problem | None = None
    if text.strip():
        question = Question(
            text,
            default_graphs=tuple(asked.getlist("default-graph-uri")) or None,
            named_graphs=tuple(asked.getlist("named-graph-uri")) or None,
            prefixes=site.names.prefixes(),
            with_notices=True,
        )
        try:
            result = evaluate_question(site, question, visit.time_limit)
        except CrmgraphError as error:
            problem = problem_of(error, language)
    elif "query" in asked or is_part:
        problem = Problem(400, "about:blank", visit.gettext("Write a query first."))
    # The name of a download, without extension.
    stem = visit.gettext("answer")
    answer = {
        "result": result,
        "problem": problem,
        "address": "/sparql?" + urlencode(kept),
        "title": visit.gettext("Answer to a query in SPARQL"),
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
        "phrases": {phrase: visit.gettext(phrase) for phrase in _EDITOR_MESSAGES},
        "prefixes": prefixes,
        "given": bool(asked.get("query") or picked),
        "table_formats": [(form.label, form.short) for form in TABLES],
        "graph_formats": [(form.label, form.short) for form in GRAPHS],
    }
    return visit.render("workbench.html", context, problem.status if problem else 200, editor=True, has_data=False)


NOTICES_PARAMETERS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }
    for name, description, example in zip(
        PARAMETERS,
        (
            "Names of classes, as prefixed names or IRIs, with spaces between them",
            "Names of properties, likewise",
            "Names of other things and of graphs, likewise",
            "IRIs of namespaces, likewise",
            "all, if the query takes the parts of all plans together",
        ),
        ("cg:Activty", "cg:nope", "id:country/MXE", "http://schema.org/", "all"),
        strict=True,
    )
)
"""The parameters of the page of notices, as OpenAPI describes them."""


def notices_page(visit: PageRequest) -> Response:
    """Return the notices for the names in the parameters, as a page or as JSON.

    Names that are in the data by now have none. Raises HTTPException 400 if a name is not an IRI.
    """
    site, prefixes = visit.site, visit.site.names.prefixes()
    try:
        query = query_of(visit.parameters, prefixes)
    except ValueError:
        raise bad_request(
            "Each name is a prefixed name, such as cg:Activity, or an absolute IRI.",
            "Cada nombre es un nombre con prefijo, como cg:Activity, o un IRI absoluto.",
        ) from None
    question = Question(query, result_type=JSON_RESULTS, prefixes=prefixes, with_notices=True)
    notices = [
        (each, message_of(each, prefixes))
        for each in site.ask(question, site.seconds).notices
        if each.code != "plans" or visit.parameters.get("plans")
    ]
    if visit.form == HTML:
        return visit.render("notices.html", {"notices": [message for _, message in notices]}, offers=(JSON,))
    listed = [
        {name: value for name, value in asdict(each).items() if value}
        | {"message": {"es": text.spanish, "en": str(text)}}
        for each, text in notices
    ]
    return json_response({"notices": listed})


_PARAMETERS_OF_TERMS = ("s", "p", "o")
_EXAMPLE = ("plan/crm/pgm/7", "cg:topicWithin", "topic:return-by-land")
_SECOND_EXAMPLE = ("plan/crm/pgm/7.3.1", "cg:place", "place/vancouver")
"""The terms of a second example, which the page links to beside its form."""

EXPLANATION_PARAMETERS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name,
        "in": "query",
        "required": name in _PARAMETERS_OF_TERMS,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }
    for name, description, example in (
        ("s", "The subject: a prefixed name, an IRI or what follows …/id/", _EXAMPLE[0]),
        ("p", "The property, in the same way", _EXAMPLE[1]),
        ("o", "The value, in the same way or as a literal in Turtle", _EXAMPLE[2]),
        ("all", "Each last step that leads to the statement instead of the shortest way", "1"),
    )
)
"""The parameters of the page, as OpenAPI describes them."""

_NOT_IN_GRAPH = ("The graph does not say %s.", "El grafo no dice %s.")
_NO_LONGER_INFERRED = (
    "The graph has %s, which was inferred when the dataset was built; in the data as they are now, nothing leads to "
    "it.",
    "El grafo contiene %s, que se infirió al construir el conjunto de datos; en los datos, tal como están ahora, nada "
    "lleva a ello.",
)


def explanation_page(visit: PageRequest) -> Response:
    """Return the explanation of the statement with the subject `s`, the property `p` and the value `o`, above a form.

    Terms are written as for `crmgraph explain`. With `all`, every last inference step that leads to the statement is
    explained. As RDF, the response contains the statement and all its premises.

    An invalid term (UsageError) and a statement that is not in the graph (HTTPException 404) are shown on the page,
    where the form keeps the terms. If data were requested, the error is raised instead.
    """
    site, form, language = visit.site, visit.form, visit.language
    words = {place: visit.parameters.get(place, "").strip() for place in _PARAMETERS_OF_TERMS}
    every = visit.parameters.get("all", "") not in ("", "0", "false")
    if not any(words.values()):
        words = dict(zip(_PARAMETERS_OF_TERMS, _EXAMPLE, strict=True))
    found: tuple[Explanation, ...] = ()
    problem = None
    try:
        found = _find_explanations(site, words, every)
    except (UsageError, HTTPException) as error:
        if form != HTML:
            raise
        problem = problem_of(error, language)
    steps = [step for each in found for step in _all_steps(each)]
    if form == JSON:
        return data_response(as_json(found) + "\n", JSON.media_type)
    if form != HTML:
        triples = dict.fromkeys(triple for step in steps for triple in _triple_of_step(step))
        return data_response(serialize_triples(triples, form, site.names.prefixes()), form.media_type)
    context = {
        "found": found,
        "problem": problem,
        "every": every,
        "written": words,
        "worked": dict(zip(_PARAMETERS_OF_TERMS, _SECOND_EXAMPLE, strict=True)),
        "labels": _short_labels(site, steps),
        "shown": term_of,
        "shortened": _shorten_label,
        "quotation": lambda it: Quotation(it["source"], it["start"], it["end"], it["exact"], it["passage"]),
        "meaning": lambda each: message_in(each.meaning, language),
        **visit.data_links((*GRAPHS, JSON), query=f"?{urlencode({**words, **({'all': '1'} if every else {})})}"),
    }
    return visit.render("explanation.html", context, problem.status if problem else 200)


def _find_explanations(site: Site, written: Mapping[str, str], every: bool) -> tuple[Explanation, ...]:
    subject, predicate, value = (read_term(text, site.names) for text in written.values())
    triple = (subject, predicate, value)
    records = StatementLookup(
        lambda query: rows(parse_query_results(site.answer(query, JSON_RESULTS), QueryResultsFormat.JSON)),
        site.names.graph("inferred"),
    )
    if found := explain(records, triple, every):
        return found
    words = " ".join(abbreviate_term(term, site.names.prefixes()) for term in triple)
    # The data may have changed since the build that inferred the statement.
    is_lost = any(records.graphs(triple))
    raise HTTPException(404, Bilingual(*(text % words for text in (_NO_LONGER_INFERRED if is_lost else _NOT_IN_GRAPH))))


def _all_steps(found: Explanation) -> Iterator[Explanation]:
    """Yield an explanation, and those of its premises, recursively."""
    yield found
    for premise in found.premises:
        yield from _all_steps(premise)


def _triple_of_step(step: Explanation) -> Iterator[Triple]:
    """Yield the statement that a step explains, unless it is no RDF triple because its subject is a literal."""
    subject, predicate, value = step.triple
    if isinstance(predicate, NamedNode) and not isinstance(subject, Literal):
        yield Triple(subject, predicate, value)


def _short_labels(site: Site, steps: Iterable[Explanation]) -> dict[str, dict[str, str]]:
    """Return the labels of all IRIs in these steps, by IRI and language, shortened for the page."""
    terms = (term for step in steps for term in (*step.triple, *step.members))
    lists = ("sources", "attributed_to", "confidence", "statements")
    named = {term.value for term in terms if isinstance(term, NamedNode)}
    named.update(iri for step in steps if step.basis for name in lists for iri in step.basis[name])
    return {
        iri: {language: _shorten_label(label) for language, label in labels.items()}
        for iri, labels in site.labels(named).items()
    }


def _shorten_label(text: str) -> str:
    return shorten(text, 90, placeholder="…")
