"""The front page: what this is, the plan at a glance, and where to begin."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.serving.pages.outline import outline
from crmgraph.serving.pages.rendering import language_of, render
from crmgraph.serving.pages.site import Site

__all__ = ["home_page"]

_TO_BEGIN = ("agent-roles", "schedule-status", "unresolved-references")
_FINDINGS = "SELECT (COUNT(DISTINCT ?x) AS ?findings) { ?x a cg:Finding }"


def home_page(request: Request, site: Site) -> Response:
    """What this is, three questions to begin with, and the objectives of the plan with the states of their schedule."""
    themes = outline(site, site.names.id("plan", "crm"), language_of(request))
    everything = [node for theme in themes for node in (theme, *theme.below())]
    entries = [node for node in everything if node.kind == "ScheduleEntry"]
    counted = Counter(node.status for node in entries)
    context = {
        "plan": themes,
        "counts": Counter(node.kind for node in everything),
        "statuses": {node.status: (node.status_label, counted[node.status]) for node in entries if node.status},
        "findings": int(site.select(_FINDINGS)[0]["findings"].value),
        "questions": [site.library[name] for name in _TO_BEGIN],
        "source": site.names.id("source", "crm"),
    }
    return render(request, site, "home.html", context=context)
