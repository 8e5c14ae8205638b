"""The pages about the plan, its parts, the graphs, the terms and the findings."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.answering import Format
from crmgraph.comparing import CHANGES
from crmgraph.namespaces import ONTOLOGY
from crmgraph.serving.pages import consistency, graphs
from crmgraph.serving.pages.catalog import catalog
from crmgraph.serving.pages.checks import SEVERITIES, Check, checks, near_codes
from crmgraph.serving.pages.crosswalk import comparisons, crosswalk_path, guests, matches_of, name_of_plan, plans
from crmgraph.serving.pages.disputes import disputes
from crmgraph.serving.pages.drawing import draw
from crmgraph.serving.pages.excerpt import Document, anchors, document
from crmgraph.serving.pages.findings import all_findings
from crmgraph.serving.pages.indexes.kinds import address_of_concept, index_of
from crmgraph.serving.pages.marginalia import marginalia
from crmgraph.serving.pages.ontology_files import SHAPES, kept_version, present_version, written, written_shapes
from crmgraph.serving.pages.outline import outline
from crmgraph.serving.pages.profiles import profile
from crmgraph.serving.pages.refusals import nothing
from crmgraph.serving.pages.rendering import address_of, language_of, links_of, offers, origin_of, render
from crmgraph.serving.pages.representations import (
    GRAPHS,
    HTML,
    JSON,
    asked,
    data,
    rows_as_json,
    syntax_of,
)
from crmgraph.serving.pages.rows import match_rows, pair_rows, revision_rows
from crmgraph.serving.pages.schema_org import dataset_said, terms_said, thing_said
from crmgraph.serving.pages.site import Site
from crmgraph.serving.pages.statements import about_comparison, about_comparisons
from crmgraph.serving.pages.terms import schemes, vocabulary
from crmgraph.serving.pages.things import Thing, thing
from crmgraph.serving.pages.versions import version, versions_of
from crmgraph.wording import in_language

__all__ = [
    "catalog_page",
    "comparison_page",
    "concept_page",
    "crosswalk_page",
    "findings_page",
    "graph_page",
    "ontology_page",
    "scheme_page",
    "shapes_page",
    "thing_page",
    "version_page",
]

_PLANS = "plan/"
_MOST_SHOWN = 12
"""How many values of one kind a profile shows at once; the others are folded."""

_COMPUTED = ("inferred", "findings", "catalog")


def thing_page(request: Request, site: Site, path: str) -> Response:
    """Everything about the thing whose IRI ends in this path, as a page or as a graph.

    A plan that others have in RDF is its graph, which says nothing of the plan by the name that it has here.
    """
    wanted = path
    path, form = asked(request, path)
    iri = links_of(request, site).thing(path)
    found = thing(site, iri, language_of(request))
    if found is None and path.startswith(_PLANS) and site.names.graph(path) in graphs.graph_names(site):
        return graph_page(request, site, wanted)
    if found is None:
        return nothing(request, site, form, iri)
    if form != HTML:
        return _graph(site, graphs.about_thing(iri), form)
    context = {
        "thing": found,
        "said": thing_said(found, lambda iri: _address_of(request, site, iri)),
        **offers(request, site, f"/id/{path}"),
    }
    if found.is_a("Source"):
        whole = document(site, iri)
        if whole:
            context |= {"document": whole, "anchors": anchors(site, whole), **_notes(site, whole, language_of(request))}
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
        return nothing(request, site, form, iri)
    if form != HTML:
        return _graph(site, graphs.about_thing(iri), form)
    return _thing_page(request, site, found, {"thing": found, **offers(request, site, f"{folder}/{name}")})


def _thing_page(request: Request, site: Site, found: Thing, context: dict[str, object]) -> Response:
    quoted = []
    for source in dict.fromkeys(quotation.source for quotation in found.quotations):
        whole = document(site, source, found.quotations)
        if whole:
            quoted.append((whole.around(found.quotations), whole.heading))
    language = language_of(request)
    matches, disputed = matches_of(site, found.iri, language), disputes(site, found.iri, language)
    named = {iri for match in matches for iri in (match.subject, match.object, match.way, match.author, match.other)}
    named = named.union(*(dispute.iris for dispute in disputed))
    told = profile(site, found, language)
    shown = {
        "quoted": quoted,
        "disputes": disputed,
        "versions": versions_of(site, found.iri) if found.is_a("Plan") else (),
        "children": outline(site, found.iri, language),
        "matches": matches,
        "profile": told,
        "index": index_of({name.rpartition("#")[2] for name in found.types}, found.iri),
        "most_shown": _MOST_SHOWN,
        "address_of_concept": address_of_concept,
        "labels": site.labels((named - {""}).union(told.iris if told else ())),
    }
    return render(request, site, "thing.html", context={**context, **shown})


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
        "said": terms_said(None, terms.all, ONTOLOGY, terms.label, _address_of(request, site, ONTOLOGY)),
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
    if found is None and graphs.is_ontology_version(site, iri):
        return _ontology_page(request, site, form)
    if found is None:
        kept = kept_version(name)
        # A version that was kept is data and has no page; whoever wants a page gets it in Turtle.
        return _ontology(GRAPHS[0] if form == HTML else form, kept) if kept else nothing(request, site, form, iri)
    if form != HTML:
        return _graph(site, graphs.about_vocabulary(site, iri), form)
    statements = [said for concept in found.concepts for said in concept.statements]
    named = {name for name, _ in statements} | {x.value for _, values in statements for x in values if x.is_iri}
    address = _address_of(request, site, iri)
    context = {
        "scheme": found,
        "said": terms_said(found, found.concepts, iri, found.label or found.name, address),
        "labels": site.labels(named),
        "address_of_concept": address_of_concept,
        **offers(request, site, f"/ontology/{name}"),
    }
    return render(request, site, "scheme.html", context=context)


def graph_page(request: Request, site: Site, path: str) -> Response:
    """What a named graph holds, as a page, or the graph itself."""
    path, form = asked(request, path)
    iri = site.names.graph(path)
    names = graphs.graph_names(site)
    if iri not in names:
        return nothing(request, site, form, iri)
    if form != HTML:
        return _graph(site, graphs.whole_graph(iri), form)
    held = graphs.summary(site, iri)
    is_guest = iri in {guest.iri for guest in guests(site, plans(site))}
    told, is_all = graphs.told(site, iri) if is_guest else ((), True)
    properties = {each for thing in told for each, _, _ in thing.texts}
    context = {
        "name": path,
        "iri": iri,
        "told": told,
        "is_all": is_all,
        "total": held.total,
        "classes": held.classes,
        "labels": site.labels({*(name for name, _ in held.classes), *properties}),
        "graphs": names,
        "is_computed": path in _COMPUTED,
        **offers(request, site, f"/graph/{path}"),
    }
    return render(request, site, "graph.html", context=context)


def catalog_page(request: Request, site: Site) -> Response:
    """What the dataset is, as a page or as the graph that says so."""
    _, form = asked(request)
    if form != HTML:
        return _graph(site, graphs.whole_graph(site.names.graph("catalog")), form)
    found = catalog(site, language_of(request))
    if found is None:
        return nothing(request, site, form, site.names.graph("catalog"))
    context = {
        "catalog": found,
        "said": dataset_said(found, address_of(request, site, "/void")),
        **offers(request, site, "/void"),
    }
    return render(request, site, "catalog.html", context=context)


def crosswalk_page(request: Request, site: Site) -> Response:
    """How far the plans touch that somebody compared."""
    _, form = asked(request)
    if form in GRAPHS:
        return _graph(site, about_comparisons(), form)
    found = comparisons(site, language_of(request))
    if form == JSON:
        return rows_as_json(pair_rows(found, site.labels(iri for each in found for iri in (each.plan, each.other))))
    all_plans = plans(site)
    named = {iri for each in found for iri in (each.plan, each.other, *(part.above for part in each.own))}
    named |= {iri for plan in all_plans for iri in (plan.iri, plan.process)}
    context = {
        "all": all_plans,
        "guests": guests(site, all_plans),
        "plans": [(plan, list(each)) for plan, each in groupby(found, key=lambda each: each.plan)],
        "labels": site.labels(named - {""}),
        "questions": [question for question in site.library.values() if question.group == "correspondences"],
        "path_of": crosswalk_path,
        **offers(request, site, "/crosswalk", (*GRAPHS, JSON)),
    }
    return render(request, site, "crosswalk.html", context=context)


def comparison_page(request: Request, site: Site, plan: str, other: str) -> Response:
    """What corresponds to what in two plans, from either side, with the reasons."""
    other, form = asked(request, other)
    found = comparisons(site, language_of(request))
    pair = (plan, other)
    one = next((each for each in found if (name_of_plan(each.plan), name_of_plan(each.other)) == pair), None)
    if one is None:
        near = [(path, path) for path in (crosswalk_path(each) for each in found)]
        return nothing(request, site, form, f"/crosswalk/{plan}/{other}", near)
    if form in GRAPHS:
        return _graph(site, about_comparison(one.plan, one.other), form)
    matches = [match for part in one.own for match in part.matches]
    named = {iri for match in matches for iri in (match.subject, match.object, match.way, match.author) if iri}
    labels = site.labels({one.plan, one.other, *named})
    if form == JSON:
        return rows_as_json(match_rows(one, labels))
    context = {
        "comparison": one,
        "labels": labels,
        "numbers": {part.iri: part.number for part in (*one.own, *one.theirs)},
        **offers(request, site, crosswalk_path(one), (*GRAPHS, JSON)),
    }
    return render(request, site, "comparison.html", context=context)


def version_page(request: Request, site: Site, name: str) -> Response:
    """What became of each part of an earlier version of a plan in the next."""
    name, form = asked(request, name)
    language = language_of(request)
    found = version(site, links_of(request, site).thing(f"plan/{name}"), language)
    if found is None:
        return nothing(request, site, form, f"/versions/{name}")
    if form == JSON:
        return rows_as_json(revision_rows(found.revisions))
    if form != HTML:
        return _graph(site, graphs.whole_graph(site.names.graph("versions", name)), form)
    context = {
        "version": found,
        "counts": Counter(kind for each in found.revisions for kind in each.kinds),
        "changes": {name: in_language(said, language) for name, said in CHANGES.items()},
        "labels": site.labels([found.plan, found.following]),
        **offers(request, site, f"/versions/{name}", (*GRAPHS, JSON)),
    }
    return render(request, site, "version.html", context=context)


def findings_page(request: Request, site: Site, code: str = "") -> Response:
    """The consistency report, or what one check found, as a page, as JSON or as a graph; `severity` and `theme` choose.

    A check that found nothing has its page too.
    """
    code, form = asked(request, code)
    language = language_of(request)
    catalogue = checks(site, language)
    check = next((check for check in catalogue if check.code == code), None)
    if code and check is None:
        return _no_check(request, site, form, code, catalogue)
    named = consistency.themes(site, language)
    wanted = consistency.Wanted.read(code, request.query_params, named)
    if form == JSON:
        return data(consistency.rows(site, wanted), JSON.media_type)
    found = all_findings(site, language)
    shown = wanted.of(found)
    if form != HTML:
        return _graph(site, graphs.about_findings(site, [finding.iri for finding in shown]), form)
    path = f"/findings/{code}" if code else "/findings"
    context = {
        "check": check,
        "groups": consistency.grouped(shown, catalogue),
        "spots": consistency.placed(site, shown, language) if wanted.by == "place" else [],
        "titles": {each.code: each.title for each in catalogue},
        "wanted": wanted,
        "total": len(consistency.Wanted(code).of(found)),
        "severities": wanted.severities(found),
        "themes": wanted.themes(found, named),
        **offers(request, site, path, (*GRAPHS, JSON), wanted.query),
    }
    return render(request, site, "check.html" if check else "findings.html", context=context)


def _no_check(request: Request, site: Site, form: Format, code: str, catalogue: Sequence[Check]) -> Response:
    near = [(near.title, f"/findings/{near.code}") for near in near_codes(code, catalogue)]
    return nothing(request, site, form, f"/findings/{code}", near)


def shapes_page(request: Request, site: Site, form: Format) -> Response:
    """The catalogue of checks, as a page or as the shapes that they are."""
    if form != HTML:
        return data(written_shapes(form), form.media_type)
    language = language_of(request)
    catalogue = checks(site, language)
    groups = [(title, list(members)) for title, members in groupby(catalogue, key=lambda check: check.group)]
    counts = Counter(finding.code for finding in all_findings(site, language))
    context = {"groups": groups, "counts": counts, "iri": SHAPES, **offers(request, site, "/ontology/shapes")}
    return render(request, site, "checks.html", context=context)


def _ontology(form: Format, version: Path) -> Response:
    return data(written(version, form), form.media_type)


def _graph(site: Site, query: str, form: Format) -> Response:
    return data(site.construct(query, syntax_of(form).media_type), form.media_type)


def _address_of(request: Request, site: Site, iri: str) -> str:
    """The whole address of the page about one of our IRIs, in the language of the request."""
    return origin_of(request) + (links_of(request, site).target(iri, language_of(request)) or "")
