"""The picture of the members of a process."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import translations
from crmgraph.site.asking import check_parameters
from crmgraph.site.choices import check_choice
from crmgraph.site.pictures.frame import (
    SVG,
    Picture,
    form_of,
    picture_file,
    picture_page,
    target_in,
)
from crmgraph.site.pictures.members import draw_members, members, processes_with_members
from crmgraph.site.rendering import language_of
from crmgraph.site.site import Site
from crmgraph.wording import Bilingual

__all__ = ["MEMBERS_PARAMETERS", "members_page"]

_PROCESS = "rcm"

MEMBERS_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "process",
        "in": "query",
        "description": "The process whose members are shown",
        "schema": {"type": "string"},
        "example": "rcm",
    },
)
"""What the picture of the members can be asked."""


def members_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The member States of the process that `process` names, and all processes that they take part in."""
    check_parameters(request, [each["name"] for each in MEMBERS_PARAMETERS])
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    choices = processes_with_members(site, language)
    asked = {name: value for name, value in request.query_params.items() if value}
    name = asked.get("process", _PROCESS)
    check_choice("process", Bilingual("process", "proceso"), name, choices)
    found = members(site, site.names.id("process", name), language)
    picture = Picture(
        "/pictures/members",
        messages.gettext("Members and their processes"),
        messages.gettext(
            "The member States of a consultative process on the left, all the processes that they take part in on the "
            "right. The line style shows in which capacity."
        ),
        lambda links, _: draw_members(found, target_in(links, language), language),
        asked,
        [choices[name]],
        lambda links, _: draw_members(found, target_in(links, language), language, is_narrow=True),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "choices": choices,
        "chosen": name,
        "memberships": found,
        "questions": [question for question in site.library.values() if question.group == "processes"],
    }
    return picture_page(request, site, picture, "pictures/members.html", context)
