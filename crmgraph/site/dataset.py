"""The pages of the dataset as a whole, and of its named graphs."""

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.site.base.citation import catalog
from crmgraph.site.base.graphs import graph_names, summary, told, whole_graph
from crmgraph.site.base.links import address_of, language_of
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import HTML, NothingKnownError, asked, statements_as
from crmgraph.site.base.schema_org import dataset_said
from crmgraph.site.base.site import Site
from crmgraph.site.plans import guests, links_from, plans

__all__ = ["catalog_page", "graph_page"]

_COMPUTED = ("inferred", "findings", "catalog")


def graph_page(request: Request, site: Site, path: str) -> Response:
    """What a named graph holds, as a page, or the graph itself."""
    path, form = asked(request, path)
    iri = site.names.graph(path)
    names = graph_names(site)
    if iri not in names:
        raise NothingKnownError(iri)
    if form != HTML:
        return statements_as(site, whole_graph(iri), form)
    held = summary(site, iri)
    others = {guest.iri: guest for guest in guests(site, plans(site))}
    said, is_all = told(site, iri) if iri in others else ((), True)
    linked, are_all = links_from(site, iri) if iri in others else ((), True)
    used = {each for thing in said for each, _, _ in thing.texts}
    used |= {each for link in linked for each in (link.thing, link.property, link.other)}
    titles = {name: guest.titles for name, guest in others.items() if guest.titles}
    context = {
        "name": path,
        "iri": iri,
        "told": said,
        "is_all": is_all,
        "linked": linked,
        "are_all": are_all,
        "total": held.total,
        "classes": held.classes,
        "labels": {**site.labels({*(name for name, _ in held.classes), *used, *names}), **titles},
        "graphs": names,
        "is_computed": path in _COMPUTED,
        **offers(request, site, f"/graph/{path}"),
    }
    return render(request, site, "graph.html", context=context)


def catalog_page(request: Request, site: Site) -> Response:
    """What the dataset is, as a page or as the graph that says so."""
    _, form = asked(request)
    if form != HTML:
        return statements_as(site, whole_graph(site.names.graph("catalog")), form)
    found = catalog(site, language_of(request))
    if found is None:
        raise NothingKnownError(site.names.graph("catalog"))
    context = {
        "catalog": found,
        "said": dataset_said(found, address_of(request, site, "/void")),
        **offers(request, site, "/void"),
    }
    return render(request, site, "catalog.html", context=context)
