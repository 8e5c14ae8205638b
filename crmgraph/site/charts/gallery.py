"""The charts that have pages of their own, each also as a file, and the page that shows all of them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import CSV, EVERY, HTML, chosen
from crmgraph.site.base.routing import Handler, Page, made_of
from crmgraph.site.base.site import Site
from crmgraph.site.charts.pages import SVG
from crmgraph.site.charts.processes import MEMBERS_PARAMETERS, members_page, processes_page
from crmgraph.site.charts.responsibilities import RESPONSIBILITIES_PARAMETERS, responsibilities_page
from crmgraph.site.charts.schedule import schedule_page
from crmgraph.site.charts.tree import TREE_PARAMETERS, plan_tree_page
from crmgraph.site.statements import about_plan, about_processes, about_responsibilities, about_schedule

__all__ = ["chart_pages"]

_PICTURES = (
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


def pictures_page(request: Request, site: Site) -> Response:
    """All pictures that there are, each small."""
    chosen(request, (HTML,))
    return render(request, site, "pictures/index.html", context={"pictures": _PICTURES})


def chart_pages() -> Iterator[Page]:
    """Return the pages of the charts, each with its file."""
    yield made_of(Page("/pictures", "All charts", pictures_page, (HTML,)), about_plan)
    yield from _chart(
        "/pictures/responsibilities",
        "Who does what in the plan",
        responsibilities_page,
        about_responsibilities,
        RESPONSIBILITIES_PARAMETERS,
    )
    yield from _chart("/pictures/schedule", "The schedule of the plan", schedule_page, about_schedule)
    yield from _chart("/pictures/plan-tree", "The plan as a tree", plan_tree_page, about_plan, TREE_PARAMETERS)
    summary = "The members of a process and their processes"
    yield from _chart("/pictures/members", summary, members_page, about_processes, MEMBERS_PARAMETERS)
    summary = "The consultative processes, and the States that they have in common"
    yield _file("/processes", summary, processes_page)
    yield Page("/processes", summary, processes_page, (*EVERY, CSV, SVG))


def _chart(
    path: str,
    summary: str,
    shown: Handler,
    query: Callable[[Site], str],
    parameters: Sequence[dict[str, Any]] = (),
) -> Iterator[Page]:
    yield _file(path, summary, shown, parameters)
    yield made_of(Page(path, summary, shown, (HTML, SVG), parameters), query)


def _file(path: str, summary: str, shown: Handler, parameters: Sequence[dict[str, Any]] = ()) -> Page:
    return Page(f"{path}.svg", f"{summary}, as a file", partial(shown, is_file=True), (SVG,), parameters)
