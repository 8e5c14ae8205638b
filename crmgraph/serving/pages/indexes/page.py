"""The pages of the indexes, and their addresses."""

from collections.abc import Callable, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.answering.formats import by_short
from crmgraph.library import LibraryQuestion
from crmgraph.serving.pages import views
from crmgraph.serving.pages.addresses import Addresses
from crmgraph.serving.pages.asking import check_parameters, spoken
from crmgraph.serving.pages.indexes.kinds import KINDS, PROCESSES, Asked, Kind, address_of_concept
from crmgraph.serving.pages.links import Links
from crmgraph.serving.pages.page_schema import PAGE_OR_GRAPH, suffixes
from crmgraph.serving.pages.refusals import nothing
from crmgraph.serving.pages.rendering import language_of, links_of, render
from crmgraph.serving.pages.representations import GRAPHS, HTML, JSON, TABLES, by_suffix, chosen, data
from crmgraph.serving.pages.site import Site

__all__ = ["add_indexes", "index_page"]

_CSV = next(form for form in TABLES if form.short == "csv")
_FORMS = (HTML, JSON, _CSV, *GRAPHS)
_DOWNLOADS = ("csv", "json")
_GRAPH = "CONSTRUCT {{ ?x ?property ?value }} WHERE {{ {things} ?x ?property ?value }}"

_Suffix = Annotated[str, Path(json_schema_extra=suffixes(_FORMS))]


def add_indexes(addresses: Addresses, here: Callable[[Request], Site]) -> None:
    """Give each index its addresses, and each topic and population group its page; `here` is the site of a request."""
    for kind in KINDS:
        _add(addresses, here, kind)


def _add(addresses: Addresses, here: Callable[[Request], Site], kind: Kind) -> None:
    def page(request: Request) -> Response:
        return index_page(request, here(request), kind)

    def as_data(request: Request, suffix: _Suffix) -> Response:
        return index_page(request, here(request), kind, "." + suffix)

    def concept(request: Request, name: Annotated[str, Path(examples=[kind.example])]) -> Response:
        return views.concept_page(request, here(request), kind.scheme, name, kind.path)

    addresses.add(kind.path, kind.summary, page, _FORMS, is_strict=True)
    addresses.add(f"{kind.path}.{{suffix}}", f"{kind.summary}, as data", as_data, _FORMS)
    if kind.scheme:
        addresses.add(
            f"{kind.path}/{{name}}", "Everything that the graph says about one of them", concept, PAGE_OR_GRAPH
        )


def index_page(request: Request, site: Site, kind: Kind, suffix: str = "") -> Response:
    """All things of a kind, as a page, as JSON or CSV, or as a graph; a suffix such as `.json` asks for one form."""
    check_parameters(request, ())
    unknown, suffixed = by_suffix(suffix, _FORMS)
    form = suffixed or chosen(request, _FORMS)
    if unknown:
        return nothing(request, site, form, kind.path + unknown)
    if form in GRAPHS or form.media_type in {graph.media_type for graph in GRAPHS}:
        return data(site.construct(_GRAPH.format(things=kind.things), form.media_type), form.media_type)
    language = language_of(request)
    index = kind.read(site, language)
    if form.media_type == JSON.media_type:
        return data(index.as_json(), form.media_type)
    if form.media_type == _CSV.media_type:
        return data(index.as_csv(language), form.media_type)
    links = links_of(request, site)
    context = {
        "kind": kind,
        "kinds": [*((each.path, each.title) for each in KINDS), PROCESSES],
        "index": index,
        "total": len(list(index.listed)),
        "address_of_concept": address_of_concept,
        "questions": [_question(site, links, asked, language) for asked in kind.asked],
        **views.offers(request, site, kind.path, _FORMS[1:]),
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
