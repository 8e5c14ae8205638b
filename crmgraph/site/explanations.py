"""The page that explains a statement: its rule and premises, down to the words of the source."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Triple, parse_query_results
from starlette.exceptions import HTTPException
from starlette.responses import Response

from crmgraph.errors import Bilingual, in_language
from crmgraph.inference.explanation import Explanation, StatementLookup, as_json, explain
from crmgraph.inference.rules import abbreviate_term, read_term, rows
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    JSON,
    JSON_RESULTS,
    PageRequest,
    Site,
    data_response,
    serialize_triples,
    term_of,
)
from crmgraph.site.source import Quotation

_PARAMETERS_OF_TERMS = ("s", "p", "o")
_LONGEST_LABEL = 90
_EXAMPLE = ("country/HND", "cg:memberOf", "process/rcm")
_SECOND_EXAMPLE = ("plan/crm/pgm/7", "cg:involvesAgent", "actor/oim")
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

    Raises UsageError for an invalid term, and HTTPException 404 for a statement that is not in the graph.
    """
    site, form, language = visit.site, visit.form, visit.language
    words = {place: visit.parameters.get(place, "").strip() for place in _PARAMETERS_OF_TERMS}
    every = visit.parameters.get("all", "") not in ("", "0", "false")
    if not any(words.values()):
        words = dict(zip(_PARAMETERS_OF_TERMS, _EXAMPLE, strict=True))
    found = _find_explanations(site, words, every)
    steps = [step for each in found for step in _all_steps(each)]
    if form == JSON:
        return data_response(as_json(found) + "\n", JSON.media_type)
    if form != HTML:
        triples = dict.fromkeys(triple for step in steps for triple in _triple_of_step(step))
        return data_response(serialize_triples(triples, form, site.names.prefixes()), form.media_type)
    context = {
        "found": found,
        "every": every,
        "written": words,
        "worked": dict(zip(_PARAMETERS_OF_TERMS, _SECOND_EXAMPLE, strict=True)),
        "labels": _short_labels(site, steps),
        "shown": term_of,
        "shortened": _shorten_label,
        "quotation": lambda it: Quotation(it["source"], it["start"], it["end"], it["exact"], it["passage"]),
        "meaning": lambda each: in_language(each.meaning, language),
        **visit.data_links((*GRAPHS, JSON), query=f"?{urlencode({**words, **({'all': '1'} if every else {})})}"),
    }
    return visit.render("explanation.html", context)


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
    """Return the labels of all IRIs in these steps, by IRI and language, shortened to _LONGEST_LABEL characters."""
    named = set()
    for step in steps:
        named |= {term.value for term in (*step.triple, *step.members) if isinstance(term, NamedNode)}
        if basis := step.basis:
            named.update(*(basis[name] for name in ("sources", "attributed_to", "confidence", "rank", "statements")))
    labels = site.labels(named).items()
    return {iri: {language: _shorten_label(label) for language, label in each.items()} for iri, each in labels}


def _shorten_label(text: str) -> str:
    return shorten(text, _LONGEST_LABEL, placeholder="…")
