"""The front page: what this is, the plan at a glance, and where to begin."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.decisions import AGENDA
from crmgraph.site.base.citation import catalog
from crmgraph.site.base.labels import rank
from crmgraph.site.base.links import address_of, language_of
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import HTML, asked, statements_as
from crmgraph.site.base.schema_org import dataset_said
from crmgraph.site.base.site import Site
from crmgraph.site.plans import compared, guests, known, outline, pair_path, plan_names, plans
from crmgraph.site.questions.forms import good_questions
from crmgraph.site.statements import about_plan

__all__ = ["home_page"]

_FINDINGS = "SELECT (COUNT(DISTINCT ?x) AS ?findings) { ?x a cg:Finding }"


def home_page(request: Request, site: Site) -> Response:
    """What this is, three questions to begin with, and the plan at a glance; or the outline of the plan as a graph."""
    _, form = asked(request)
    if form != HTML:
        return statements_as(site, about_plan(site), form)
    language = language_of(request)
    ours = site.names.id("plan", "crm")
    themes = outline(site, ours, language)
    dataset = catalog(site, language)
    everything = [node for theme in themes for node in (theme, *theme.below())]
    entries = [node for node in everything if node.kind == "ScheduleEntry"]
    labels = {node.status: node.status_label for node in everything if node.status}
    scheduled, stated = (Counter(node.status for node in nodes) for nodes in (entries, everything))
    all_plans = plans(site)
    context = {
        "plan": themes,
        "counts": Counter(node.kind for node in everything),
        "statuses": [(name, labels[name], scheduled[name], stated[name]) for name in sorted(labels, key=rank)],
        "findings": int(site.select(_FINDINGS)[0]["findings"].value),
        "questions": good_questions(site, language),
        "source": site.names.id("source", "crm"),
        "others": [plan for plan in all_plans if plan.iri != ours],
        "processes": site.labels(plan.process for plan in all_plans if plan.process),
        "agenda": {"path": pair_path(ours, AGENDA), "titles": known(site)[AGENDA].titles}
        if (ours, AGENDA) in compared(site)
        else None,
        "guests": guests(site, all_plans),
        "labels": plan_names(site),
        "said": dataset_said(dataset, address_of(request, site, "/")) if dataset else [],
        **offers(request, site, "/index"),
    }
    return render(request, site, "home.html", context=context)
