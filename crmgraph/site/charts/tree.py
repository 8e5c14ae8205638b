"""The chart of the plan as a tree: themes, their objectives, and the parts of the objectives that are expanded.

The boxes of parts are below each other, indented by their level in the plan.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from crmgraph.errors import Bilingual
from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import Site, check_choice, in_language, status_rank
from crmgraph.site.charts.layout import (
    BOLD,
    Drawing,
    LegendEntry,
    Link,
    Path,
    Rectangle,
    Shape,
    Text,
    status_mark,
    text_block,
    wrap,
)
from crmgraph.site.charts.pages import ChartPage, query_string
from crmgraph.site.plans import Node, outline

KINDS = ("Theme", "Objective", "Action", "Activity", "ScheduleEntry", "Note")
"""The local names of the classes of a plan's parts."""

PARAMETERS = (
    {
        "name": "open",
        "in": "query",
        "description": "The objectives whose parts are shown, with commas between them; all for all",
        "schema": {"type": "string"},
        "example": "pgm/7",
    },
)
"""The parameter of the page, as OpenAPI describes it."""

_ALL = "all"
_COLLAPSED = marked(
    "The objectives below their themes. The + sign expands an objective to its actions, activities and schedule. "
    "Each part leads to its page and to its words."
)
_EXPANDED = marked(
    "The objectives below their themes, and the actions, activities and schedule of those that are expanded. Each "
    "part leads to its page and to its words; the + sign expands an objective and the − sign collapses it."
)
_WIDE, _NARROW = 676, 302
_MARGIN, _INDENT, _BELOW, _LEADING, _PADDING, _SIZE = 12, 20, 8, 16, 8, 12.5
_TOGGLE_WIDTH, _TOGGLE_HEIGHT, _MARK = 44, 26, 18
_MAX_LINES = 5


def expandable_objectives(themes: Iterable[Node], plan: str) -> dict[str, Node]:
    """Return the objectives that have parts, by their path below the IRI `plan`, such as `pgm/7`."""
    objectives = (objective for theme in themes for objective in theme.children if objective.children)
    return {objective.iri.removeprefix(f"{plan}/"): objective for objective in objectives}


def draw_tree(
    themes: Sequence[Node],
    objectives: Mapping[str, Node],
    expanded: Collection[str],
    kinds: Mapping[str, str],
    target: Callable[[str], str],
    page: str,
    language: str,
    is_narrow: bool = False,
) -> Drawing:
    """Return the tree of a plan.

    Arguments:
        themes: the themes of the plan, with their parts.
        objectives: the objectives that can be expanded, by path (see `expandable_objectives`).
        expanded: the paths of the objectives that are expanded.
        kinds: the labels of the classes in KINDS.
        target: returns the address of an IRI.
        page: the address of the page.
        language: the language of the titles of links.
        is_narrow: whether the window is narrow.
    """
    names = {node.iri: name for name, node in objectives.items()}
    whole = _NARROW if is_narrow else _WIDE
    shapes: list[Shape] = []
    statuses: dict[str, str] = {}

    def add(node: Node, level: int, y: float, tone: int) -> float:
        """Add a part and its visible descendants, and return the vertical position of their end."""
        x, width, name = _MARGIN + _INDENT * level, whole - _INDENT * level, names.get(node.iri)
        part, height = _draw_part_box(node, x, y, width, tone, kinds, target)
        shapes.append(part)
        statuses[node.status] = node.status_label
        if name:
            toggled = [each for each in objectives if (each in expanded) != (each == name)]
            address = page.partition("?")[0] + query_string(_expansion_query(toggled, objectives))
            shapes.append(_draw_toggle(node, name, name in expanded, address, x + width, y, language))
        below = y + height
        for child in node.children if not name or name in expanded else ():
            twig = f"M{x + _INDENT / 2} {y + height}V{below + _BELOW + 14}H{x + _INDENT}"
            shapes.append(Path(twig, "twig"))
            below = add(child, level + 1, below + _BELOW, tone)
        return below

    y = float(_MARGIN)
    for place, theme in enumerate(themes):
        y = add(theme, 0, y, place % 3) + 2 * _BELOW
    legend = (
        LegendEntry((status_mark(status, 14, 10),), statuses[status] or status)
        for status in sorted(statuses.keys() - {""}, key=status_rank)
    )
    return Drawing(whole + 2 * _MARGIN, y + _MARGIN - 2 * _BELOW, tuple(shapes), tuple(legend))


def _draw_part_box(
    node: Node, x: float, y: float, width: float, tone: int, kinds: Mapping[str, str], target: Callable[[str], str]
) -> tuple[Link, float]:
    """Return the box of a part, with its item number, text and status, and the height of the box."""
    kind, text = node.kind.lower(), f"{node.number} {node.label}".strip()
    indent = _PADDING + (_MARK if node.status else 0)
    room = width - indent - _PADDING - (_TOGGLE_WIDTH if node.children and node.kind == "Objective" else 0)
    lines = wrap(text, room, _MAX_LINES, _SIZE * (BOLD if node.kind == "Theme" else 1)) or ("–",)
    height = max(_LEADING * len(lines) + 2 * _PADDING - 3, 28.0)
    box = Rectangle(x, y, width, height, f"part part-{kind} tone-{tone}", 4)
    marks = [status_mark(node.status, x + _PADDING + 6, y + 14)] if node.status else []
    first = y + _PADDING + 10.5
    words = text_block(lines, x + indent, first, f"words-{kind}", language=node.language, leading=_LEADING)
    title = ". ".join(each for each in (kinds.get(node.kind, node.kind), text, node.status_label) if each)
    return Link(target(node.iri), title, (box, *marks, *words)), height


def _draw_toggle(node: Node, name: str, is_expanded: bool, address: str, right: float, y: float, language: str) -> Link:
    """Return the link that expands or collapses an objective, in the upper right corner of its box.

    Arguments:
        node: the objective.
        name: its path.
        is_expanded: whether it is expanded now.
        address: the address that the link leads to.
        right: the right edge of the box.
        y: the upper edge of the box.
        language: the language of the title of the link.
    """
    count, messages = sum(1 for _ in node.descendants()), translations(language)
    title = (
        messages.gettext("Collapse %(what)s") if is_expanded else messages.gettext("Expand %(what)s (%(num)s parts)")
    )
    x, middle = right - _TOGGLE_WIDTH - 1, y + 1 + _TOGGLE_HEIGHT / 2
    parts = (
        Rectangle(x, y + 1, _TOGGLE_WIDTH, _TOGGLE_HEIGHT, "toggle is-open" if is_expanded else "toggle", 4),
        Path(
            "M-4 0h8" if is_expanded else "M-4 0h8M0 -4v8",
            "toggle-sign",
            x=x + (_TOGGLE_WIDTH / 2 if is_expanded else 13),
            y=middle,
        ),
        Text(x + 22, middle + 4, "" if is_expanded else str(count), "hidden-parts"),
    )
    what = f"{node.number} {node.label}".strip()
    return Link(address, title % {"what": what, "num": count}, parts, f"toggle-{name}")


def _expansion_query(expanded: Collection[str], objectives: Collection[str]) -> dict[str, str]:
    """Return the parameters of the page on which the objectives with the paths `expanded` are expanded."""
    return {"open": _ALL if len(expanded) == len(objectives) else ",".join(expanded)} if expanded else {}


def tree_chart(site: Site, language: str, asked: Mapping[str, str]) -> ChartPage:
    """Return the chart. The parameter `open` in `asked` names the objectives that are expanded.

    Raises UsageError if there is no such objective.
    """
    messages = translations(language)
    plan = site.names.id("plan", "crm")
    themes = outline(site, plan, language)
    objectives = expandable_objectives(themes, plan)
    wanted = [name for name in asked.get("open", "").split(",") if name]
    for name in wanted:
        check_choice("open", Bilingual("part", "parte"), name, dict.fromkeys((_ALL, *objectives), ""))
    expanded = [name for name in objectives if name in wanted or _ALL in wanted]
    labels = site.labels(f"{ONTOLOGY}#{kind}" for kind in KINDS)
    kinds = {kind: in_language(labels.get(f"{ONTOLOGY}#{kind}", {"": kind}), language)[0] for kind in KINDS}
    return ChartPage(
        "/pictures/plan-tree",
        messages.gettext("The plan as a tree"),
        messages.gettext(_EXPANDED if expanded else _COLLAPSED),
        lambda target, page, is_narrow: draw_tree(
            themes, objectives, expanded, kinds, target, page, language, is_narrow
        ),
        "pictures/plan-tree.html",
        {
            "nodes": [node for theme in themes for node in (theme, *theme.descendants())],
            "kinds": kinds,
            "opened": len(expanded),
            "foldable": len(objectives),
            "opening_all": query_string(_expansion_query(objectives, objectives)),
        },
        _expansion_query(expanded, objectives),
        question=("plan-outline", {}),
    )
