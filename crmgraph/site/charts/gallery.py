"""The charts with their own pages, each also available as an SVG file, and the page that lists all of them."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from starlette.responses import Response

from crmgraph.http.languages import marked
from crmgraph.site.base import CSV, HTML, PAGE_FORMS, Page, PageRequest, Site, query_about, with_graph_forms
from crmgraph.site.charts import processes, responsibilities, schedule, tree
from crmgraph.site.charts.pages import SVG, ChartPage, chart_response

_Maker = Callable[[Site, str, Mapping[str, str]], ChartPage]


# For each chart: the path and summary of its page, the function that makes the chart, the function that returns the
# query for its triples, and the parameters of the page, as OpenAPI describes them.
_CHARTS: tuple[tuple[str, str, _Maker, Callable[[Site], str], tuple[dict[str, Any], ...]], ...] = (
    (
        "/pictures/responsibilities",
        "Who does what in the plan",
        responsibilities.responsibilities_chart,
        partial(query_about, "responsibilities"),
        responsibilities.PARAMETERS,
    ),
    ("/pictures/schedule", "The schedule of the plan", schedule.schedule_chart, partial(query_about, "schedule"), ()),
    ("/pictures/plan-tree", "The plan as a tree", tree.tree_chart, partial(query_about, "plan"), tree.PARAMETERS),
    (
        "/pictures/members",
        "The members of a process and their processes",
        processes.members_chart,
        partial(query_about, "processes"),
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
    """Yield the page that lists all charts, then the page and the SVG file of each chart."""
    context = {"pictures": _GALLERY}
    gallery = Page("/pictures", "All charts", lambda visit: visit.render("pictures/index.html", context), (HTML,))
    yield with_graph_forms(gallery, partial(query_about, "plan"))
    for path, summary, make, statements, parameters in _CHARTS:
        page = partial(_chart_page, make=make)
        yield Page(f"{path}.svg", f"{summary}, as a file", page, (SVG,), parameters)
        yield with_graph_forms(Page(path, summary, page, (HTML, SVG), parameters), statements)
    yield Page("/processes.svg", f"{_PROCESSES}, as a file", processes.processes_page, (SVG,))
    yield Page("/processes", _PROCESSES, processes.processes_page, (*PAGE_FORMS, CSV, SVG))


def _chart_page(visit: PageRequest, make: _Maker) -> Response:
    asked = {name: value for name, value in visit.parameters.items() if value}
    return chart_response(visit, make(visit.site, visit.language, asked))
