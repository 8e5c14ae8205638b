"""The page that says how a statement is known: by which rule and from what, down to the words of the source."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Triple, parse_query_results
from starlette.exceptions import HTTPException
from starlette.responses import Response

from crmgraph.errors import Bilingual, UsageError, in_language
from crmgraph.http.errors import problem_of
from crmgraph.inference.explanation import Explanation, StatementLookup, as_json, explain
from crmgraph.inference.terms import abbreviate_term, read_term, rows
from crmgraph.site.base import GRAPHS, HTML, JSON, JSON_RESULTS, Site, Visit, data_response, term_of, triples_as
from crmgraph.site.source import Quotation

_PLACES = ("s", "p", "o")
_LONGEST_LABEL = 90
_EXAMPLE = ("country/HND", "cg:memberOf", "process/rcm")
_WORKED = ("plan/crm/pgm/7", "cg:involvesAgent", "actor/oim")
"""Another statement, for a link beside the form."""

EXPLANATION_PARAMETERS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name,
        "in": "query",
        "required": name in _PLACES,
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

_NOT_SAID = ("The graph does not say %s.", "El grafo no dice %s.")
_LOST = (
    "The graph has %s, which was inferred when the dataset was built; in the data as they are now, nothing leads to "
    "it.",
    "El grafo contiene %s, que se infirió al construir el conjunto de datos; en los datos, tal como están ahora, nada "
    "lleva a ello.",
)


def explanation_page(visit: Visit) -> Response:
    """Return how the statement with the subject `s`, the property `p` and the value `o` is known, and a form.

    Each is written as for `crmgraph explain`; `all` asks for each last step that leads to it. A term that
    is none, and a statement that the graph does not have, are told above the form that keeps them; where data were
    asked for, UsageError is raised for the one and HTTPException 404 for the other. HTTPException 400 is raised for a
    parameter that there is not, or that is there twice. As a graph it is all the statements that it speaks of.
    """
    site, form, language = visit.site, visit.form, visit.language
    words = {place: visit.query.get(place, "").strip() for place in _PLACES}
    every = visit.query.get("all", "") not in ("", "0", "false")
    if not any(words.values()):
        words = dict(zip(_PLACES, _EXAMPLE, strict=True))
    found: tuple[Explanation, ...] = ()
    problem = None
    try:
        found = _explained(site, words, every)
    except (UsageError, HTTPException) as error:
        if form != HTML:
            raise
        problem = problem_of(error, language)
    steps = [step for each in found for step in _steps(each)]
    if form == JSON:
        return data_response(as_json(found) + "\n", JSON.media_type)
    if form != HTML:
        triples = dict.fromkeys(triple for step in steps for triple in _triples(step))
        return data_response(triples_as(triples, form, site.names.prefixes()), form.media_type)
    query = urlencode({**words, **({"all": "1"} if every else {})})
    context = {
        "found": found,
        "problem": problem,
        "every": every,
        "written": words,
        "worked": dict(zip(_PLACES, _WORKED, strict=True)),
        "labels": _labels(site, steps),
        "shown": term_of,
        "shortened": _shortened,
        "quotation": lambda it: Quotation(it["source"], it["start"], it["end"], it["exact"], it["passage"]),
        "meaning": lambda each: in_language(each.meaning, language),
        **(visit.data_links((*GRAPHS, JSON), query=f"?{query}") if found else {}),
    }
    page = visit.render("explanation.html", context, problem.status if problem else 200)
    if problem:
        page.headers["Cache-Control"] = "no-store"
    return page


def _explained(site: Site, written: Mapping[str, str], every: bool) -> tuple[Explanation, ...]:
    subject, predicate, value = (read_term(text, site.names) for text in written.values())
    triple = (subject, predicate, value)
    records = StatementLookup(
        lambda query: rows(parse_query_results(site.answer(query, JSON_RESULTS), QueryResultsFormat.JSON)),
        site.names.graph("inferred"),
    )
    if found := explain(records, triple, every):
        return found
    words = " ".join(abbreviate_term(term, site.names.prefixes()) for term in triple)
    # What was inferred in a build may follow from nothing that is there now.
    is_lost = any(records.graphs(triple))
    raise HTTPException(404, Bilingual(*(text % words for text in (_LOST if is_lost else _NOT_SAID))))


def _steps(found: Explanation) -> Iterator[Explanation]:
    """Yield an explanation and those of all that it follows from."""
    yield found
    for premise in found.premises:
        yield from _steps(premise)


def _triples(step: Explanation) -> Iterator[Triple]:
    """Yield the statement that is explained; rules may speak of more than statements can say."""
    subject, predicate, value = step.triple
    if isinstance(predicate, NamedNode) and not isinstance(subject, Literal):
        yield Triple(subject, predicate, value)


def _labels(site: Site, steps: Iterable[Explanation]) -> dict[str, dict[str, str]]:
    """Return the labels of all that is spoken of, each cut to a length at which a statement can still be taken in."""
    named = set()
    for step in steps:
        named |= {term.value for term in (*step.triple, *step.members) if isinstance(term, NamedNode)}
        if basis := step.basis:
            named.update(*(basis[name] for name in ("sources", "attributed_to", "confidence", "rank", "statements")))
    labels = site.labels(named).items()
    return {iri: {language: _shortened(label) for language, label in each.items()} for iri, each in labels}


def _shortened(text: str) -> str:
    return shorten(text, _LONGEST_LABEL, placeholder="…")
