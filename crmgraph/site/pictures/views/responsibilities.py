"""The picture of who does what in the plan."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked, translations
from crmgraph.site.asking import check_parameters
from crmgraph.site.certainty import with_doubt
from crmgraph.site.choices import check_choice
from crmgraph.site.links import Links
from crmgraph.site.pictures.frame import (
    SVG,
    Picture,
    form_of,
    picture_file,
    picture_page,
    query_of,
    target_in,
)
from crmgraph.site.pictures.matrix import cell_anchor, draw_matrix
from crmgraph.site.pictures.responsibilities import (
    FAMILIES,
    Actor,
    Objective,
    Part,
    Responsibilities,
    draw_responsibilities,
    responsibilities,
)
from crmgraph.site.pictures.shapes import Drawing
from crmgraph.site.rendering import language_of
from crmgraph.site.site import Site
from crmgraph.wording import Bilingual

__all__ = ["RESPONSIBILITIES_PARAMETERS", "responsibilities_page"]

_VIEWS = ("matrix", "network")
_DESCRIPTIONS = {
    "matrix": marked(
        "Each number says how many participations the actor has in what the plan foresees for the objective, and "
        "leads to the words. Where the actor has roles of several kinds there, the cell is drawn as the one that "
        "comes first in the legend."
    ),
    "network": marked(
        "A line joins an actor and an objective that names it, in its own words or in its actions, activities or "
        "schedule; the wider, the more often. The line style shows the kind of role."
    ),
}

RESPONSIBILITIES_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "view",
        "in": "query",
        "description": "Which chart: the matrix, or the network",
        "schema": {"type": "string", "enum": [*_VIEWS, ""]},
    },
    {
        "name": "theme",
        "in": "query",
        "description": "Only objectives of the theme with this id; leave empty for all",
        "schema": {"type": "string"},
        "example": "pgm",
    },
    {
        "name": "role",
        "in": "query",
        "description": "Only this role, or the roles of this family; leave empty for all",
        "schema": {"type": "string"},
        "example": "acts",
    },
)
"""What the picture of the responsibilities can be asked."""


def responsibilities_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """Who takes part in which objective and in which role, as a matrix or as a network; `theme` and `role` choose."""
    check_parameters(request, [each["name"] for each in RESPONSIBILITIES_PARAMETERS])
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    asked = {name: value for name, value in request.query_params.items() if value}
    view, theme, role = asked.get("view", _VIEWS[0]), asked.get("theme", ""), asked.get("role", "")
    everything = responsibilities(site, site.names.id("plan", "crm"), language)
    roles = everything.roles
    check_choice("view", Bilingual("view", "vista"), view, dict.fromkeys(_VIEWS, ""))
    check_choice("theme", Bilingual("theme", "tema"), theme, {"": "", **everything.themes})
    named = {each.name: each.label for same in roles.values() for each in same}
    check_choice("role", Bilingual("role", "papel"), role, {"": "", **dict.fromkeys(FAMILIES, ""), **named})
    shown = everything.chosen(theme, role)

    def tell(actor: Actor, objective: Objective, parts: Sequence[Part]) -> str:
        counted = messages.ngettext("%(num)s time", "%(num)s times", len(parts)) % {"num": len(parts)}
        said = ", ".join(dict.fromkeys(with_doubt(part.role.label, part.certainty, language) for part in parts))
        return f"{actor.label} – {objective.theme_label}, {objective.number} ({counted}): {said}"

    def draw(links: Links, page: str) -> Drawing:
        target = target_in(links, language)
        if view == "network":
            return draw_responsibilities(shown, target, tell)
        return draw_matrix(shown, target, page, tell)

    picture = Picture(
        "/pictures/responsibilities",
        messages.gettext("Who does what in the plan"),
        messages.gettext(_DESCRIPTIONS[view]),
        draw,
        asked,
        [each for each in (everything.themes.get(theme, ""), _role_label(everything, role)) if each],
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "view": view,
        "views": {name: query_of({**asked, "view": name}) for name in _VIEWS},
        "theme": theme,
        "role": role,
        "themes": everything.themes,
        "roles": roles,
        "families": everything.families,
        "shown": shown,
        "all_parts": len(everything.parts),
        "anchor": cell_anchor,
    }
    template = "pictures/responsibilities.html"
    return picture_page(request, site, picture, template, context, ("agent-roles", {"agent": "any"}))


def _role_label(everything: Responsibilities, role: str) -> str:
    named = {each.name: each.label for members in everything.roles.values() for each in members}
    return {**named, **everything.families}.get(role, "")
