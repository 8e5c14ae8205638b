"""The page of a thing, and that of a source, which is its document."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.links import address_to, language_of, links_of
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import HTML, NothingKnownError, asked, statements_as
from crmgraph.site.base.site import Site
from crmgraph.site.comparisons.crosswalk import comparison_of, matches_of, numbers
from crmgraph.site.comparisons.versions import versions_of
from crmgraph.site.crawlers.schema_org import thing_said
from crmgraph.site.dataset.graphs import about_thing, graph_names
from crmgraph.site.dataset.page import graph_page
from crmgraph.site.findings.checks import SEVERITIES, checks
from crmgraph.site.findings.findings import the_finding
from crmgraph.site.indexes.kinds import address_of_concept, index_of
from crmgraph.site.plans.known import known, plan_names, plan_read_in
from crmgraph.site.plans.outline import outline, theme_place
from crmgraph.site.profiles import narrower_read, profile
from crmgraph.site.source.excerpt import Document, anchors, document
from crmgraph.site.source.marginalia import marginalia
from crmgraph.site.things.asking import questions_about
from crmgraph.site.things.cited import cited_in_vain
from crmgraph.site.things.disputes import disputes
from crmgraph.site.things.tables import tables
from crmgraph.site.things.things import Thing, thing

__all__ = ["concept_page", "thing_page"]

_PLANS = "plan/"
_MOST_SHOWN = 12
"""How many values of one kind a profile shows at once; the others are folded."""


def thing_page(request: Request, site: Site, path: str) -> Response:
    """Everything about the thing whose IRI ends in this path, as a page or as a graph.

    A plan that others have in RDF is its graph, which says nothing of the plan by the name that it has here.
    """
    wanted = path
    path, form = asked(request, path)
    iri = links_of(request, site).thing(path)
    found = thing(site, iri, language_of(request))
    if found is None and path.startswith(_PLANS) and site.names.graph(path) in graph_names(site):
        return graph_page(request, site, wanted)
    if found is None:
        raise NothingKnownError(iri, cited_in_vain(site, iri, language_of(request)))
    if form != HTML:
        return statements_as(site, about_thing(iri), form)
    context = {
        "thing": found,
        "said": thing_said(found, lambda iri: address_to(request, site, iri)),
        **offers(request, site, f"/id/{path}"),
    }
    if found.is_a("Source"):
        whole = document(site, iri)
        if whole:
            context |= {"document": whole, "anchors": anchors(site, whole), "read": plan_read_in(site, iri)}
            context["labels"] = site.labels(found.types)
            context |= _notes(site, whole, language_of(request))
            return render(request, site, "source.html", context=context)
    return _thing_page(request, site, found, context)


def _notes(site: Site, whole: Document, language: str) -> dict[str, object]:
    """What stands beside the words of a document."""
    notes = marginalia(site, whole, language)
    kinds = {part.kind for note in notes.values() for part in note.parts}
    labels = site.labels(f"{ONTOLOGY}#{kind}" for kind in kinds)
    return {
        "notes": notes,
        "kinds": {kind: labels.get(f"{ONTOLOGY}#{kind}", {}) for kind in kinds},
        "severities": SEVERITIES,
    }


def concept_page(request: Request, site: Site, scheme: str, name: str, folder: str) -> Response:
    """Everything about a concept of one of our schemes, whose page is at the path `folder` and its name."""
    name, form = asked(request, name)
    iri = f"{links_of(request, site).vocabulary(scheme)}#{quote(name, safe='')}"
    found = thing(site, iri, language_of(request))
    if found is None:
        raise NothingKnownError(iri)
    if form != HTML:
        return statements_as(site, about_thing(iri), form)
    return _thing_page(request, site, found, {"thing": found, **offers(request, site, f"{folder}/{name}")})


def _thing_page(request: Request, site: Site, found: Thing, context: dict[str, object]) -> Response:
    quoted = []
    for source in dict.fromkeys(quotation.source for quotation in found.quotations):
        whole = document(site, source, found.quotations)
        if whole:
            quoted.append((whole.around(found.quotations), whole.heading))
    language = language_of(request)
    matches, disputed = matches_of(site, found.iri, language), disputes(site, found.iri, language)
    named = {iri for match in matches for iri in (match.subject, match.object, match.way, match.author)}
    named = named.union(*(dispute.iris for dispute in disputed))
    told = profile(site, found, language)
    narrower = narrower_read(site, found, language)
    defect = the_finding(site, found.iri, language) if found.is_a("Finding") else None
    shown = {
        "quoted": quoted,
        "disputes": disputed,
        "versions": versions_of(site, found.iri) if found.is_a("Plan") else (),
        "children": outline(site, found.iri, language) if found.is_of_plan else (),
        "theme": theme_place(site, [*(crumb.iri for crumb in found.trail), found.iri]) if found.is_of_plan else (0, 0),
        "compared": comparison_of(site, found.iri) if found.is_a("Plan") else "",
        "as_plan": known(site).get(found.iri),
        "matches": matches,
        "numbers": numbers(site) if matches else {},
        "plan_names": plan_names(site) if matches else {},
        "profile": told,
        "narrower": narrower,
        "asking": questions_about(site, found, language) if told or found.is_a("Plan") else (),
        "tables": tables(site, found, language),
        "index": index_of({name.rpartition("#")[2] for name in found.types}, found.iri),
        "most_shown": _MOST_SHOWN,
        "defect": defect,
        "checks": {each.code: each for each in checks(site, language)} if found.findings or defect else {},
        "address_of_concept": address_of_concept,
        "labels": site.labels((named - {""}).union(narrower, told.iris if told else ())),
    }
    return render(request, site, "thing.html", context={**context, **shown})
