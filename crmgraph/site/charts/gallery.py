"""The charts that have pages of their own, each also as a file, and the page that shows all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked
from crmgraph.site.base.links import language_of
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import CSV, EVERY, HTML, chosen
from crmgraph.site.base.routing import Page, made_of
from crmgraph.site.base.site import Site
from crmgraph.site.charts import processes, responsibilities, schedule, tree
from crmgraph.site.charts.pages import SVG, Chart, chart_response
from crmgraph.site.statements import about_plan, about_processes, about_responsibilities, about_schedule

__all__ = ["chart_pages"]


class _Declared(NamedTuple):
    """A chart with a page of its own: what makes the chart, its statements, and its parameters as OpenAPI has them."""

    path: str
    summary: str
    chart: Callable[[Site, str, Mapping[str, str]], Chart]
    statements: Callable[[Site], str]
    parameters: Sequence[dict[str, Any]] = ()


_CHARTS = (
    _Declared(
        "/pictures/responsibilities",
        "Who does what in the plan",
        responsibilities.responsibilities_chart,
        about_responsibilities,
        responsibilities.PARAMETERS,
    ),
    _Declared("/pictures/schedule", "The schedule of the plan", schedule.schedule_chart, about_schedule),
    _Declared("/pictures/plan-tree", "The plan as a tree", tree.tree_chart, about_plan, tree.PARAMETERS),
    _Declared(
        "/pictures/members",
        "The members of a process and their processes",
        processes.members_chart,
        about_processes,
        processes.MEMBERS_PARAMETERS,
    ),
)
_PROCESSES = "The consultative processes, and the States that they have in common"
_GALLERY = (
    (
        "/pictures/responsibilities",
        marked("Who does what in the plan"),
        marked("Which actors the plan names for each objective, with how many participations and in which role."),
    ),
    (
        "/pictures/schedule",
        marked("The schedule of the plan"),
        marked("Schedule entries along the years and by status, with what the plan says about when."),
    ),
    (
        "/pictures/plan-tree",
        marked("The plan as a tree"),
        marked("From the themes, through objectives, actions and activities, to the schedule."),
    ),
    (
        "/processes",
        marked("Which processes share members"),
        marked("The consultative processes on migration, and the States that they have in common."),
    ),
    (
        "/pictures/members",
        marked("Members and their processes"),
        marked("The member States of a process, and all the processes that they take part in, and in which capacity."),
    ),
)


def chart_pages() -> Iterator[Page]:
    """Return the pages of the charts, each also as a file, and of all charts together."""
    yield made_of(Page("/pictures", "All charts", _gallery_page, (HTML,)), about_plan)
    for each in _CHARTS:
        for is_file in (True, False):
            page = Page(
                f"{each.path}.svg" if is_file else each.path,
                f"{each.summary}, as a file" if is_file else each.summary,
                partial(_chart_page, make=each.chart, is_file=is_file),
                (SVG,) if is_file else (HTML, SVG),
                each.parameters,
            )
            yield page if is_file else made_of(page, each.statements)
    as_file = partial(processes.processes_page, is_file=True)
    yield Page("/processes.svg", f"{_PROCESSES}, as a file", as_file, (SVG,))
    yield Page("/processes", _PROCESSES, processes.processes_page, (*EVERY, CSV, SVG))


def _gallery_page(request: Request, site: Site) -> Response:
    chosen(request, (HTML,))
    return render(request, site, "pictures/index.html", context={"pictures": _GALLERY})


def _chart_page(
    request: Request, site: Site, make: Callable[[Site, str, Mapping[str, str]], Chart], is_file: bool
) -> Response:
    asked = {name: value for name, value in request.query_params.items() if value}
    return chart_response(request, site, make(site, language_of(request), asked), is_file)
