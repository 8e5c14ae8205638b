"""The picture of the plan as a tree."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.asking import check_parameters
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
from crmgraph.site.pictures.shapes import Drawing
from crmgraph.site.pictures.tree import KINDS, Branches, Toggle, draw_tree, foldable
from crmgraph.site.plans.outline import Node, outline
from crmgraph.site.rendering import language_of
from crmgraph.site.site import Site, in_language
from crmgraph.wording import Bilingual

__all__ = ["TREE_PARAMETERS", "plan_tree_page"]

_EVERYTHING = "all"
_TREES = (
    marked(
        "The objectives below their themes. The + sign expands an objective to its actions, activities and schedule. "
        "Each part leads to its page and to its words."
    ),
    marked(
        "The objectives below their themes, and the actions, activities and schedule of those that are expanded. Each "
        "part leads to its page and to its words; the + sign expands an objective and the − sign collapses it."
    ),
)
"""What the tree shows where nothing is open, and where something is."""

TREE_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "open",
        "in": "query",
        "description": "The objectives whose parts are shown, with commas between them; all for all",
        "schema": {"type": "string"},
        "example": "pgm/7",
    },
)
"""What the picture of the plan as a tree can be asked."""


def plan_tree_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The plan as a tree, with the parts of those objectives that are `open`."""
    check_parameters(request, [each["name"] for each in TREE_PARAMETERS])
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    plan = site.names.id("plan", "crm")
    themes = outline(site, plan, language)
    names = foldable(themes, plan)
    wanted = [name for name in request.query_params.get("open", "").split(",") if name]
    for name in wanted:
        check_choice("open", Bilingual("part", "parte"), name, dict.fromkeys((_EVERYTHING, *names), ""))
    opened = [name for name in names if name in wanted or _EVERYTHING in wanted]
    kinds = {kind: in_language(said, language)[0] for kind, said in _kind_labels(site).items()}

    def draw(links: Links, page: str, is_narrow: bool = False) -> Drawing:
        def toggle(name: str, node: Node) -> Toggle:
            is_open = name in opened
            after = [each for each in names if (each in opened) != (each == name)]
            said = (
                messages.gettext("Collapse %(what)s")
                if is_open
                else messages.gettext("Expand %(what)s (%(num)s parts)")
            )
            title = said % {"what": f"{node.number} {node.label}".strip(), "num": sum(1 for _ in node.below())}
            return Toggle(page.partition("?")[0] + _opening(after, names), title, is_open)

        return draw_tree(Branches(themes, opened, kinds), names, target_in(links, language), toggle, is_narrow)

    picture = Picture(
        "/pictures/plan-tree",
        messages.gettext("The plan as a tree"),
        messages.gettext(_TREES[bool(opened)]),
        draw,
        {"open": ",".join(opened) if len(opened) < len(names) else _EVERYTHING} if opened else {},
        draw_narrow=lambda links, page: draw(links, page, is_narrow=True),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "nodes": [node for theme in themes for node in (theme, *theme.below())],
        "kinds": kinds,
        "opened": len(opened),
        "foldable": len(names),
        "opening_all": _opening(list(names), names),
    }
    return picture_page(request, site, picture, "pictures/plan-tree.html", context, ("plan-outline", {}))


def _opening(opened: Sequence[str], names: Collection[str]) -> str:
    """The query that opens these among the objectives with these names."""
    if not opened:
        return ""
    return query_of({"open": _EVERYTHING if len(opened) == len(names) else ",".join(opened)})


def _kind_labels(site: Site) -> Mapping[str, Mapping[str, str]]:
    found = site.labels(f"{ONTOLOGY}#{kind}" for kind in KINDS)
    return {kind: found.get(f"{ONTOLOGY}#{kind}", {"": kind}) for kind in KINDS}
