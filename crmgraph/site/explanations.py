"""The page that says how a statement is known: by which rule and from what, down to the words of the source."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, Store, Triple, parse_query_results
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.errors import UsageError
from crmgraph.http.errors import Problem, problem_of
from crmgraph.inference.explanation import Explanation, Passage, Records, as_json, explain
from crmgraph.inference.terms import Row, Term, read_term, rows, select_from, short
from crmgraph.namespaces import PREFIXES
from crmgraph.site.base.addresses import check_parameters, language_of
from crmgraph.site.base.rendering import data_links, render
from crmgraph.site.base.representations import GRAPHS, HTML, JSON, data_response, requested_form, triples_as
from crmgraph.site.base.site import Site
from crmgraph.site.base.site import Term as SiteTerm
from crmgraph.site.source import Quotation
from crmgraph.sparql.engine import Question
from crmgraph.wording import Bilingual, in_language

__all__ = ["EXPLANATION_PARAMETERS", "explanation_page"]

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
"""What the page can be asked, as OpenAPI describes it."""


@lru_cache(maxsize=1)
def _store(folder: Path) -> Store:
    return Store.read_only(str(folder))


def explanation_page(request: Request, site: Site) -> Response:
    """How the statement with the subject `s`, the property `p` and the value `o` is known; a form where none is named.

    Each is written as for `crmgraph explain`; `all` asks for each last step that leads to it. A term that
    is none, and a statement that the graph does not have, are told above the form that keeps them; where data were
    asked for, UsageError is raised for the one and HTTPException 404 for the other. HTTPException 400 is raised for a
    parameter that there is not, or that is there twice. As a graph it is all the statements that it speaks of.
    """
    _, form = requested_form(request)
    check_parameters(request, (*_PLACES, "all"))
    words = {place: request.query_params.get(place, "").strip() for place in _PLACES}
    every = request.query_params.get("all", "") not in ("", "0", "false")
    if not any(words.values()):
        words = dict(zip(_PLACES, _EXAMPLE, strict=True))
    try:
        found = _explained(site, words, every)
    except (UsageError, HTTPException) as error:
        if form != HTML:
            raise
        problem = problem_of(error, language_of(request))
        return _page(request, site, words, every, status=problem.status, problem=problem)
    if form == JSON:
        return data_response(as_json(found) + "\n", JSON.media_type)
    if form != HTML:
        triples = dict.fromkeys(triple for each in found for triple in _triples(each))
        return data_response(triples_as(triples, form, site.names.prefixes()), form.media_type)
    return _page(request, site, words, every, found)


def _triples(found: Explanation) -> Iterator[Triple]:
    """The statement, and each that it follows from; rules may speak of more than statements can say."""
    subject, predicate, value = found.triple
    if isinstance(predicate, NamedNode) and not isinstance(subject, Literal):
        yield Triple(subject, predicate, value)
    for premise in found.premises:
        yield from _triples(premise)


def _explained(site: Site, written: Mapping[str, str], every: bool) -> tuple[Explanation, ...]:
    subject, predicate, value = (read_term(text, site.names) for text in written.values())
    triple = (subject, predicate, value)
    place = site.pool.store_path
    select = select_from(_store(place)) if place is not None else lambda query: _asked(query, site)
    records = Records(select, site.names.graph("inferred"))
    found = explain(records, triple, every)
    if not found:
        words = " ".join(short(term, site.names.prefixes()) for term in triple)
        raise HTTPException(404, _lost(words) if any(records.graphs(triple)) else _not_said(words))
    return found


def _asked(query: str, site: Site) -> list[Row]:
    """Return the solutions that the engine behind the site has for a query."""
    prologue = "".join(f"PREFIX {prefix}: <{space}> " for prefix, space in PREFIXES.items())
    answer = site.ask(Question(prologue + query), site.seconds)
    return rows(parse_query_results(answer.body, QueryResultsFormat.JSON))


def _not_said(words: str) -> Bilingual:
    return Bilingual(f"The graph does not say {words}.", f"El grafo no dice {words}.")


def _lost(words: str) -> Bilingual:
    """Of what was inferred in a build and follows from nothing that is there now."""
    return Bilingual(
        f"The graph has {words}, which was inferred when the dataset was built; in the data as they are now, nothing "
        "leads to it.",
        f"El grafo contiene {words}, que se infirió al construir el conjunto de datos; en los datos, tal como están "
        "ahora, nada lleva a ello.",
    )


def _page(
    request: Request,
    site: Site,
    words: Mapping[str, str],
    every: bool,
    found: tuple[Explanation, ...] = (),
    status: int = 200,
    problem: Problem | None = None,
) -> Response:
    query = urlencode({**words, **({"all": "1"} if every else {})})
    context = {
        "found": found,
        "problem": problem,
        "every": every,
        "written": words,
        "worked": dict(zip(_PLACES, _WORKED, strict=True)),
        "labels": _labels(site, found),
        "shown": _shown,
        "shortened": lambda text: shorten(text, _LONGEST_LABEL, placeholder="…"),
        "quotation": _quotation,
        "meaning": lambda each: in_language(each.meaning, language_of(request)),
        **(data_links(request, site, "/explain", (*GRAPHS, JSON), f"?{query}") if found else {}),
    }
    page = render(request, site, "explanation.html", status, context)
    if problem:
        page.headers["Cache-Control"] = "no-store"
    return page


def _labels(site: Site, found: Iterable[Explanation]) -> dict[str, dict[str, str]]:
    """The labels of all that is spoken of, each cut to a length at which a statement can still be taken in."""
    named = {term.value for each in found for term in _terms(each) if isinstance(term, NamedNode)}
    return {
        iri: {language: shorten(label, _LONGEST_LABEL, placeholder="…") for language, label in labels.items()}
        for iri, labels in site.labels(named).items()
    }


def _terms(found: Explanation) -> Iterator[Term]:
    yield from found.triple
    yield from found.members
    for premise in found.premises:
        yield from _terms(premise)
    if found.basis:
        basis = found.basis
        named = (*basis.sources, *basis.said_by, *basis.confidence, *basis.rank, *basis.nodes)
        yield from (NamedNode(iri) for iri in named)


def _shown(term: Term) -> SiteTerm:
    """The term as templates write it."""
    if isinstance(term, Literal):
        return SiteTerm("literal", term.value, term.language or "", "" if term.language else term.datatype.value)
    return SiteTerm("bnode" if isinstance(term, BlankNode) else "uri", term.value)


def _quotation(passage: Passage) -> Quotation:
    return Quotation(passage.source, passage.start, passage.end, passage.exact, passage.iri)
