"""The pages of the indexes, and their addresses."""

from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.library import LibraryQuestion
from crmgraph.site.base.links import Links, language_of, links_of
from crmgraph.site.base.parameters import check_parameters, spoken
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import CSV, EVERY, GRAPHS, JSON, asked, data, statements_as
from crmgraph.site.base.routing import Page
from crmgraph.site.base.site import Site
from crmgraph.site.indexes.kinds import KINDS, PROCESSES, Asked, Kind, address_of_concept
from crmgraph.site.things.thing_page import concept_page
from crmgraph.sparql.formats import by_short

__all__ = ["index_page", "index_pages"]

_FORMS = (*EVERY, CSV)
_DOWNLOADS = ("csv", "json")
_GRAPH = "CONSTRUCT {{ ?x ?property ?value }} WHERE {{ {things} ?x ?property ?value }}"


def index_pages() -> Iterator[Page]:
    """The page of each index, and those of each topic and population group."""
    for kind in KINDS:
        yield Page(kind.path, kind.summary, partial(index_page, kind=kind), _FORMS)
        if kind.scheme:
            yield Page(
                f"{kind.path}/{{name}}",
                "Everything that the graph says about one of them",
                partial(concept_page, scheme=kind.scheme, folder=kind.path),
                examples={"name": [kind.example]},
            )


def index_page(request: Request, site: Site, kind: Kind) -> Response:
    """All things of a kind, as a page, as JSON or CSV, or as a graph."""
    check_parameters(request, ())
    _, form = asked(request, forms=_FORMS)
    if form in GRAPHS:
        return statements_as(site, _GRAPH.format(things=kind.things), form)
    language = language_of(request)
    index = kind.read(site, language)
    if form == JSON:
        return data(index.as_json(), form.media_type)
    if form == CSV:
        return data(index.as_csv(language), form.media_type, speaks=True)
    links = links_of(request, site)
    context = {
        "kind": kind,
        "kinds": [*((each.path, each.title) for each in KINDS), PROCESSES],
        "index": index,
        "total": len(list(index.listed)),
        "address_of_concept": address_of_concept,
        "questions": [_question(site, links, asked, language) for asked in kind.asked],
        **offers(request, site, kind.path, _FORMS[1:]),
    }
    return render(request, site, "index.html", context=context)


def _question(
    site: Site, links: Links, asked: Asked, language: str
) -> tuple[LibraryQuestion, str, Sequence[tuple[str, str]]]:
    """A question, the path of its page with these values, and where its answer is to be had."""
    question = site.library[asked.question]
    given = {**spoken(question, language), **asked.values}
    query = "?" + urlencode(given) if given else ""
    forms = [form for short in _DOWNLOADS if (form := by_short(short))]
    downloads = [(form.label, links.data(f"/queries/{question.name}.{form.extension}{query}")) for form in forms]
    return question, f"/queries/{question.name}{query}", downloads
