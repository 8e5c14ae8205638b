"""The plan as a tree: themes, below them their objectives, and on the right of those that are open all their parts.

What is folded has room for its words. In a narrow window all parts stand below what they are parts of, further right
by a step, so that nothing is outside of the window."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.labels import rank
from crmgraph.site.base.links import Links, language_of
from crmgraph.site.base.parameters import check_choice, check_parameters
from crmgraph.site.base.site import Site, in_language
from crmgraph.site.charts.layout import BOLD, Box, Drawing, Key, Line, Link, Shape, Words, lines, status_mark
from crmgraph.site.charts.pages import SVG, Picture, form_of, picture_file, picture_page, query_of, target_in
from crmgraph.site.plans import Node, outline
from crmgraph.wording import Bilingual

__all__ = ["KINDS", "TREE_PARAMETERS", "Branches", "Toggle", "draw_tree", "foldable", "plan_tree_page"]

KINDS = {"Theme": 0, "Objective": 1, "Action": 2, "Activity": 3, "ScheduleEntry": 4, "Note": 2}
"""The classes of parts that are shown, each with the column that it stands in, or further right than what it is in."""

_OPEN = (264, 244, 236, 246, 174)
_ROW = 676
_NARROW = 302
"""How wide a theme is, with what is folded in it; in a narrow window with all that is in it."""
_MARGIN, _INDENT, _ACROSS, _BELOW, _CAPTION, _LEADING, _PADDING, _SIZE = 12, 20, 30, 8, 24, 16, 8, 12.5
_TOGGLE, _TOGGLE_HIGH = 44, 26
_MOST = 5
"""How many lines of its words a part shows at most."""


@dataclass(frozen=True)
class Toggle:
    """The link that opens or folds the parts below one: its address, and what it does in words."""

    target: str
    title: str
    is_open: bool


@dataclass(frozen=True)
class Branches:
    """What the tree shows: the themes, which of the objectives are open by name, and what each of KINDS is called."""

    themes: Sequence[Node]
    open: Collection[str]
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class _Columns:
    """Where the columns of parts begin, how wide they are, how wide a theme is and the names of what is folded.

    They are `stacked` where parts stand below what they are parts of.
    """

    lefts: Sequence[float]
    widths: Sequence[float]
    theme: float
    folded: Collection[str]
    stacked: bool

    def width(self, node: Node, column: int) -> float:
        """How wide a part in a column is: as wide as its theme, if none stand on its right."""
        if node.kind == "Theme":
            return self.theme
        return self.theme - _INDENT if column == 1 and not self.is_open(node) else self.widths[column]

    def is_open(self, node: Node) -> bool:
        """Whether there are parts on its right."""
        return not self.stacks(node) and bool(node.children) and node.iri not in self.folded

    def stacks(self, node: Node) -> bool:
        """Whether its parts stand below it."""
        return self.stacked or node.kind == "Theme"

    def place(self, child: Node, column: int) -> int:
        """The column of a part of what stands in this column."""
        wanted = column + 1 if self.stacked else max(column + 1, KINDS.get(child.kind, column + 1))
        return min(wanted, len(self.widths) - 1)


@dataclass(frozen=True)
class _Placed:
    """A part in its place, with the parts below it that are shown; `heads` is whether columns are named over it."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    below: tuple["_Placed", ...]
    bottom: float
    heads: bool = False


def foldable(themes: Iterable[Node], plan: str) -> dict[str, Node]:
    """The objectives that have parts below them, by their names in the plan with this IRI: `pgm/7`."""
    return {
        objective.iri.removeprefix(f"{plan}/"): objective
        for theme in themes
        for objective in theme.children
        if objective.children
    }


def draw_tree(
    branches: Branches,
    objectives: Mapping[str, Node],
    target: Callable[[str], str],
    toggle: Callable[[str, Node], Toggle],
    is_narrow: bool = False,
) -> Drawing:
    """The tree, in which these objectives, by name, can be opened and folded.

    `target` gives the address of an IRI, `toggle` the link that opens or folds an objective.
    """
    names = {node.iri: name for name, node in objectives.items()}
    # Objectives stand below their theme, all others on the right of what they are parts of.
    lefts = [_MARGIN, *(_MARGIN + _INDENT + sum(_OPEN[1:place]) + _ACROSS * (place - 1) for place in range(1, 5))]
    folded = {iri for iri, name in names.items() if name not in branches.open}
    columns = _Columns(lefts, _OPEN, _ROW, folded, stacked=False)
    if is_narrow:
        steps = [_INDENT * place for place in range(5)]
        columns = _Columns(
            [_MARGIN + step for step in steps], [_NARROW - step for step in steps], _NARROW, folded, stacked=True
        )
    y = float(_MARGIN)
    shapes: list[Shape] = []
    statuses: set[str] = set()
    for tone, whole in enumerate(branches.themes):
        placed = _placed(whole, 0, y, columns)
        y = placed.bottom + 2 * _BELOW
        for each, twigs in _walk(placed, columns):
            shapes += twigs
            if each.heads:
                said = list(branches.kinds.values())[2:5]
                shapes += [Words(x, each.y - 8, kind, "heading") for x, kind in zip(lefts[2:], said, strict=False)]
            shapes += _part(each, tone % 3, target, names, toggle, branches.kinds)
            statuses.add(each.node.status)
    width = max(_MARGIN + columns.theme, columns.lefts[4] + columns.widths[4] if branches.open else 0) + _MARGIN
    labels = {node.status: node.status_label for theme in branches.themes for node in theme.below()}
    keys = (
        Key((status_mark(status, 14, 10),), labels[status] or status) for status in sorted(statuses - {""}, key=rank)
    )
    return Drawing(width, y + _MARGIN - 2 * _BELOW, tuple(shapes), tuple(keys))


def _placed(node: Node, column: int, y: float, columns: _Columns, heads: bool = False) -> _Placed:
    width = columns.width(node, column)
    room = width - 2 * _PADDING - (_TOGGLE if node.children and node.kind == "Objective" else 0)
    room -= 18 if node.status else 0
    size = _SIZE * (BOLD if node.kind == "Theme" else 1)
    broken = lines(f"{node.number} {node.label}".strip(), room, _MOST, size) or ("–",)
    height = max(_LEADING * len(broken) + 2 * _PADDING - 3, 28.0)
    below: list[_Placed] = []
    bottom = y + (height + _BELOW if columns.stacks(node) else 0)
    for child in () if node.iri in columns.folded else node.children:
        place = columns.place(child, column)
        # Of branches that follow each other, the first has the names of the columns.
        is_first = place == 1 and columns.is_open(child) and not (below and columns.is_open(below[-1].node))
        below.append(_placed(child, place, bottom + (_CAPTION if is_first else 0), columns, is_first))
        bottom = below[-1].bottom + _BELOW
    end = max(bottom - _BELOW, y + height)
    return _Placed(node, columns.lefts[column], y, width, height, broken, tuple(below), end, heads)


def _walk(placed: _Placed, columns: _Columns) -> Iterable[tuple[_Placed, list[Shape]]]:
    """Each part with the lines to its parts: from under it where they stand below, else from beside it."""
    twigs: list[Shape] = []
    for child in placed.below:
        level = child.y + 14
        if columns.stacks(placed.node):
            twigs.append(Line(f"M{placed.x + _INDENT / 2} {placed.y + placed.height}V{level}H{child.x}", "twig"))
        else:
            start, middle = placed.y + 14, child.x - _ACROSS / 2
            twigs.append(Line(f"M{placed.x + placed.width} {start}H{middle}V{level}H{child.x}", "twig"))
    yield placed, twigs
    for child in placed.below:
        yield from _walk(child, columns)


def _part(
    placed: _Placed,
    tone: int,
    target: Callable[[str], str],
    names: Mapping[str, str],
    toggle: Callable[[str, Node], Toggle],
    kinds: Mapping[str, str],
) -> Iterable[Shape]:
    node = placed.node
    indent = _PADDING + (18 if node.status else 0)
    shown: list[Shape] = [
        Box(placed.x, placed.y, placed.width, placed.height, f"part part-{node.kind.lower()} tone-{tone}", 4),
        *(
            Words(
                placed.x + indent,
                placed.y + _PADDING + 10.5 + _LEADING * row,
                text,
                f"words-{node.kind.lower()}",
                language=node.language,
            )
            for row, text in enumerate(placed.lines)
        ),
    ]
    if node.status:
        shown.insert(1, status_mark(node.status, placed.x + _PADDING + 6, placed.y + 14))
    said = [kinds.get(node.kind, node.kind), f"{node.number} {node.label}".strip(), node.status_label]
    yield Link(target(node.iri), ". ".join(each for each in said if each), tuple(shown))
    if node.iri in names:
        switch = toggle(names[node.iri], node)
        x, y = placed.x + placed.width - _TOGGLE - 1, placed.y + 1
        middle = y + _TOGGLE_HIGH / 2
        hidden = "" if switch.is_open else str(sum(1 for _ in node.below()))
        sign = "M-4 0h8" if switch.is_open else "M-4 0h8M0 -4v8"
        yield Link(
            switch.target,
            switch.title,
            (
                Box(x, y, _TOGGLE, _TOGGLE_HIGH, "toggle is-open" if switch.is_open else "toggle", 4),
                Line(sign, "toggle-sign", x=x + (13 if hidden else _TOGGLE / 2), y=middle),
                Words(x + 22, middle + 4, hidden, "hidden-parts"),
            ),
            f"toggle-{names[node.iri]}",
        )


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
