"""The page with all pictures, each small."""

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked
from crmgraph.site.rendering import render
from crmgraph.site.representations import (
    HTML,
    chosen,
)
from crmgraph.site.site import Site

__all__ = ["pictures_page"]

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
