"""The pages of the ontology and of its concept schemes."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.links import address_to, language_of, links_of
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import GRAPHS, HTML, NothingKnownError, asked, data, statements_as
from crmgraph.site.base.site import Site
from crmgraph.site.charts.ontology import draw
from crmgraph.site.crawlers.schema_org import terms_said
from crmgraph.site.dataset.graphs import about_vocabulary, is_ontology_version
from crmgraph.site.findings.page import shapes_page
from crmgraph.site.indexes.kinds import address_of_concept
from crmgraph.site.vocabulary.ontology_files import SHAPES, kept_version, present_version, written
from crmgraph.site.vocabulary.terms import schemes, vocabulary
from crmgraph.sparql import Format

__all__ = ["ontology_page", "scheme_page"]


def ontology_page(request: Request, site: Site) -> Response:
    """The ontology's terms, as a page or as a graph."""
    _, form = asked(request)
    return _ontology_page(request, site, form)


def _ontology_page(request: Request, site: Site, form: Format) -> Response:
    if form != HTML:
        return _ontology(form, present_version())
    language = language_of(request)
    terms = vocabulary(site, language)
    context = {
        "vocabulary": terms,
        "drawing": draw({term.iri: term.label for term in terms.all}),
        "schemes": schemes(site, language),
        "iri": ONTOLOGY,
        "said": terms_said(None, terms.all, ONTOLOGY, terms.label, address_to(request, site, ONTOLOGY)),
        **offers(request, site, "/ontology"),
    }
    return render(request, site, "ontology.html", context=context)


def scheme_page(request: Request, site: Site, name: str) -> Response:
    """A concept scheme below the ontology, the shapes, or the ontology itself by the IRI of one of its versions."""
    name, form = asked(request, name)
    iri = links_of(request, site).vocabulary(name)
    if iri == SHAPES:
        return shapes_page(request, site, form)
    found = next((scheme for scheme in schemes(site, language_of(request)) if scheme.iri == iri), None)
    if found is None and is_ontology_version(site, iri):
        return _ontology_page(request, site, form)
    if found is None:
        kept = kept_version(name)
        # A version that was kept is data and has no page; whoever wants a page gets it in Turtle.
        if kept is None:
            raise NothingKnownError(iri)
        return _ontology(GRAPHS[0] if form == HTML else form, kept)
    if form != HTML:
        return statements_as(site, about_vocabulary(site, iri), form)
    statements = [said for concept in found.concepts for said in concept.statements]
    named = {name for name, _ in statements} | {x.value for _, values in statements for x in values if x.is_iri}
    address = address_to(request, site, iri)
    context = {
        "scheme": found,
        "said": terms_said(found, found.concepts, iri, found.label or found.name, address),
        "labels": site.labels(named),
        "address_of_concept": address_of_concept,
        **offers(request, site, f"/ontology/{name}"),
    }
    return render(request, site, "scheme.html", context=context)


def _ontology(form: Format, version: Path) -> Response:
    return data(written(version, form), form.media_type)
