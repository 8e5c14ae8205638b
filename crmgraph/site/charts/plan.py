"""The charts of the plan: as a tree that can be expanded, and of its schedule."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.http.languages import format_day, format_duration, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    PageRequest,
    Record,
    Site,
    check_choice,
    in_language,
    iri_ref,
    outline_and_tone,
    query_string,
    status_rank,
)
from crmgraph.site.charts.drawing import (
    BOLD,
    TEXT_SIZE,
    UNQUOTED,
    Drawing,
    LegendEntry,
    Link,
    Mark,
    Path,
    Rectangle,
    Shape,
    Text,
    chart_response,
    records,
    status_mark,
    text_block,
    text_width,
    wrap,
)
from crmgraph.site.plans import PART_KINDS, Node, outline

TREE_PARAMETERS = (
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
_TREE_WIDTH = 676
_TREE_INDENT, _BELOW, _TREE_LEADING, _TREE_PADDING, _SIZE = 20, 8, 16, 8, 12.5
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
) -> Drawing:
    """Return the tree of a plan.

    Arguments:
        themes: the themes of the plan, with their parts.
        objectives: the objectives that can be expanded, by path (see `expandable_objectives`).
        expanded: the paths of the objectives that are expanded.
        kinds: the labels of the classes in PART_KINDS.
        target: returns the address of an IRI.
        page: the address of the page.
        language: the language of the titles of links.
    """
    names = {node.iri: name for name, node in objectives.items()}
    shapes: list[Shape] = []
    statuses: dict[str, str] = {}

    def add(node: Node, level: int, y: float, tone: int) -> float:
        """Add a part and its visible descendants, and return the vertical position of their end."""
        x, width, name = _MARGIN + _TREE_INDENT * level, _TREE_WIDTH - _TREE_INDENT * level, names.get(node.iri)
        part, height = _draw_part_box(node, x, y, width, tone, kinds, target)
        shapes.append(part)
        statuses[node.status] = node.status_label
        if name:
            toggled = [each for each in objectives if (each in expanded) != (each == name)]
            address = page.partition("?")[0] + query_string(_expansion_query(toggled, objectives), UNQUOTED)
            shapes.append(_draw_toggle(node, name, name in expanded, address, x + width, y, language))
        below = y + height
        for child in node.children if not name or name in expanded else ():
            twig = f"M{x + _TREE_INDENT / 2} {y + height}V{below + _BELOW + 14}H{x + _TREE_INDENT}"
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
    return Drawing(_TREE_WIDTH + 2 * _MARGIN, y + _MARGIN - 2 * _BELOW, tuple(shapes), tuple(legend))


def _draw_part_box(
    node: Node, x: float, y: float, width: float, tone: int, kinds: Mapping[str, str], target: Callable[[str], str]
) -> tuple[Link, float]:
    """Return the box of a part, with its item number, text and status, and the height of the box."""
    kind, text = node.kind.lower(), f"{node.number} {node.label}".strip()
    indent = _TREE_PADDING + (_MARK if node.status else 0)
    room = width - indent - _TREE_PADDING - (_TOGGLE_WIDTH if node.children and node.kind == "Objective" else 0)
    lines = wrap(text, room, _MAX_LINES, _SIZE * (BOLD if node.kind == "Theme" else 1)) or ("–",)
    height = max(_TREE_LEADING * len(lines) + 2 * _TREE_PADDING - 3, 28.0)
    box = Rectangle(x, y, width, height, f"part part-{kind} tone-{tone}", 4)
    marks = [status_mark(node.status, x + _TREE_PADDING + 6, y + 14)] if node.status else []
    first = y + _TREE_PADDING + 10.5
    words = text_block(lines, x + indent, first, f"words-{kind}", language=node.language, leading=_TREE_LEADING)
    title = ". ".join(each for each in (kinds.get(node.kind, node.kind), text, node.status_label) if each)
    return Link(target(node.iri), title, (box, *marks, *words)), height


def _draw_toggle(node: Node, name: str, is_expanded: bool, address: str, right: float, y: float, language: str) -> Link:
    """Return the link that expands or collapses an objective, in the upper right corner of its box.

    Arguments:
        node: the objective.
        name: the path of the objective in the plan, such as `pgm/7`.
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
    return Link(address, title % {"what": f"{node.number} {node.label}".strip(), "num": count}, parts, f"toggle-{name}")


def _expansion_query(expanded: Collection[str], objectives: Collection[str]) -> dict[str, str]:
    """Return the parameters of the page on which the objectives with the paths `expanded` are expanded."""
    return {"open": _ALL if len(expanded) == len(objectives) else ",".join(expanded)} if expanded else {}


def tree_page(visit: PageRequest) -> Response:
    """Return the page of the tree. The parameter `open` names the objectives that are expanded.

    Raises UsageError if there is no such objective.
    """
    site, language = visit.site, visit.language
    plan = site.names.id("plan", "crm")
    themes = outline(site, plan, language)
    objectives = expandable_objectives(themes, plan)
    wanted = [name for name in visit.parameters.get("open", "").split(",") if name]
    for name in wanted:
        check_choice("open", Bilingual("part", "parte"), name, dict.fromkeys((_ALL, *objectives), ""))
    expanded = [name for name in objectives if name in wanted or _ALL in wanted]
    labels = site.labels(f"{ONTOLOGY}#{kind}" for kind in PART_KINDS)
    kinds = {kind: in_language(labels.get(f"{ONTOLOGY}#{kind}", {"": kind}), language)[0] for kind in PART_KINDS}
    return chart_response(
        visit,
        "/pictures/plan-tree",
        visit.gettext("The plan as a tree"),
        visit.gettext(
            "The objectives below their themes, and the actions, activities and schedule of those that are expanded. "
            "Each part leads to its page and to its words; the + sign expands an objective and the − sign collapses it."
        )
        if expanded
        else visit.gettext(
            "The objectives below their themes. The + sign expands an objective to its actions, activities and "
            "schedule. Each part leads to its page and to its words."
        ),
        lambda target, page: draw_tree(themes, objectives, expanded, kinds, target, page, language),
        "pictures/plan-tree.html",
        {
            "nodes": [node for theme in themes for node in (theme, *theme.descendants())],
            "kinds": kinds,
            "opened": len(expanded),
            "foldable": len(objectives),
            "opening_all": query_string(_expansion_query(objectives, objectives), UNQUOTED),
        },
        parameters=_expansion_query(expanded, objectives),
        question=("plan-outline", {}),
    )


_SCHEDULE_WIDTH = 880

_ENTRIES = """
SELECT DISTINCT ?x ?kind ?status ?number ?order ?theme ?date ?since ?recurrence ?delay ?occasion ?occasion_kind
  ?source ?passage ?start ?end ?exact {
  { ?x a cg:ScheduleEntry } UNION { ?x cg:status ?any FILTER NOT EXISTS { ?x cg:schedule/cg:status ?any } }
  VALUES ?kind { cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note }
  ?x a ?kind ; cg:within %s ; cg:order ?order ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  OPTIONAL { ?x cg:status ?status FILTER NOT EXISTS { ?x cg:schedule/cg:status ?status } }
  OPTIONAL { ?x cg:number ?number }
  OPTIONAL { ?x cg:within? ?theme . ?theme a cg:Theme }
  OPTIONAL {
    ?x cg:date ?date FILTER NOT EXISTS { ?x cg:date ?earlier FILTER (STR(?earlier) < STR(?date)) }
    OPTIONAL {
      { ?x ^cg:toldIn ?occasion . ?occasion cg:date ?date }
      UNION {
        ?x ^cg:toldIn?/cg:meeting ?occasion . ?occasion cg:startDate ?date
        FILTER NOT EXISTS { ?x ^cg:toldIn/cg:date ?date }
      }
      VALUES ?occasion_kind { cg:PlannedEvent cg:PastEvent cg:Meeting } ?occasion a ?occasion_kind
    }
  }
  OPTIONAL { ?x cg:since ?since }
  OPTIONAL { ?x cg:recurrence ?recurrence }
  OPTIONAL { ?x cg:delay ?delay }
}"""
_FLAG = "M-4.5 6v-12M-4.5 -5.5h9l-3 3l3 3h-9z"
"""The symbol of an event or meeting that determines a date, as the data of an SVG path."""

_MARGIN, _INDENT, _PADDING, _LEADING, _SMALL = 12, 24, 10, 17, 12
_YEARS_HEIGHT, _BAR_HEIGHT, _MIN_BAR_WIDTH, _CHIP_HEIGHT, _CHIP_GAP, _THEME_HEIGHT = 26, 20, 14, 28, 8, 22


def schedule(site: Site, plan: str, language: str) -> list[Record]:
    """Return the schedule entries of a plan and its other parts that state a status, sorted by status.

    Entries of the same status are in the order of the document. `plan` is the IRI of the plan. Attributes of an entry,
    "" if the text does not state them:

        kind, status, theme: resources.
        number: the item number.
        date, since: a year, month or day.
        recurrence, delay: XML Schema durations.
        occasion, occasion_kind: the event or meeting that has the date, and its class; the status then has no date.

    The remaining attributes are texts for the chart in the given language, and `is_scheduled` and `has_date`.
    """
    gettext = translations(language).gettext
    entries = records(
        site,
        _ENTRIES % iri_ref(plan),
        language,
        "x",
        texts=("number", "order", "date", "since", "recurrence", "delay"),
        things=("kind", "status", "theme", "occasion", "occasion_kind"),
    )
    for each in entries:
        each.text = each.number or each.kind.label
        each.is_scheduled = each.kind.name == "ScheduleEntry"
        each.has_date = bool(each.since or (each.date and not each.occasion.iri))
        each.status_label = each.status.label or gettext("no status")
        kind, occasion = each.occasion_kind.label.lower(), each.occasion.label
        each.occasion_label = occasion if kind in occasion.lower() else f"{occasion} ({kind})"
        each.day = format_day(each.date, language)
        since = f"{gettext('since')} {format_day(each.since, language)}" if each.since else ""
        duration = format_duration(each.recurrence, language)
        each.every = gettext("every %(time)s") % {"time": duration} if duration else ""
        each.when = "; ".join(filter(None, (since, "" if each.occasion.iri else each.day, each.every)))
    return sorted(entries, key=lambda each: (status_rank(each.status.name), each.status.name, int(each.order)))


def draw_schedule(entries: Sequence[Record], target: Callable[[str], str], language: str) -> Drawing:
    """Return the chart: entries with a date on a time axis, and below it the others, grouped by status and theme.

    Arguments:
        entries: the entries, from `schedule`.
        target: returns the address of an IRI.
        language: the language of headings.
    """
    gettext = translations(language).gettext
    shapes: list[Shape] = []
    y = float(_MARGIN)
    # An event or meeting has its own row.
    dated = [
        *((*_span(each.since or each.date), each, False) for each in entries if each.has_date),
        *((*_span(each.date), each, True) for each in entries if each.occasion.iri),
    ]
    if dated:
        shapes.append(Text(_MARGIN, y + 16, gettext("With a date"), "heading"))
        y = _add_dated_entries(shapes, sorted(dated, key=itemgetter(0)), y + 30, target) + 2 * _PADDING
    undated = [each for each in entries if not each.has_date]
    if undated:
        shapes.append(Text(_MARGIN, y + 16, gettext("Status without a date"), "heading"))
        y += 34
    for _, members in groupby(undated, attrgetter("status")):
        y = _add_status_entries(shapes, list(members), y, target)
    return Drawing(_SCHEDULE_WIDTH, y + _MARGIN, tuple(shapes), _legend(entries, gettext))


def _span(day: str) -> tuple[float, float]:
    """Return the beginning and end of a year or month as decimal years, such as (2010.0, 2011.0) for `2010`.

    For a day, this is its month.
    """
    year, month, *_ = (*day.lstrip("-").split("-"), "1")
    begin = int(year) + (int(month) - 1) / 12
    return begin, begin + (1 / 12 if "-" in day else 1)


def _add_dated_entries(
    shapes: list[Shape],
    dated: Sequence[tuple[float, float, Record, bool]],
    y: float,
    target: Callable[[str], str],
) -> float:
    """Add the time axis and a row for each entry with a date, and return the vertical position of their end.

    A row has the name and theme of the entry, below them a bar on the time axis, and below that the quotation. In
    `dated`, each entry has the beginning and end of its bar in decimal years. The boolean is whether the row is for
    the event or meeting of the entry.
    """
    first, last = int(dated[0][0]), math.ceil(max(end for _, end, _, _ in dated))
    room = _SCHEDULE_WIDTH - 2 * _MARGIN
    year_width = room / (last - first)

    def place(year: float) -> float:
        return round(_MARGIN + year_width * (year - first), 1)

    # If there is no room for all years, only every second, third, … is labelled.
    shown = range(first, last, math.ceil((text_width("2000") + 4) / year_width))
    shapes += [Text(place(year + 0.5), y + 14, str(year), "year", "middle") for year in shown]
    y += _YEARS_HEIGHT
    for begin, end, entry, is_occasion in dated:
        what, when = (entry.occasion_label, entry.day) if is_occasion else (entry.status_label, entry.when)
        tone = "none" if is_occasion else outline_and_tone(entry.status.name)[1].split()[0]
        name = wrap(f"{entry.text} · {what} · {when}", room - _INDENT, 3)
        theme = wrap(entry.theme.label, room - _INDENT, 2, _SMALL)
        quoted = wrap(entry.quotation.exact, room, 12, _SMALL)
        top = y + 7 + _LEADING * (len(name) + len(theme))
        bottom = top + _BAR_HEIGHT
        goes_on = entry.since and not is_occasion
        left = place(begin)
        right = max(place(last if goes_on else end), left + _MIN_BAR_WIDTH)
        point = right - (_BAR_HEIGHT / 2 if goes_on else 0)
        # The lines of the years are only as high as the bar, so that they cross no text.
        rules = "".join(f"M{place(year)} {top - 4}v{_BAR_HEIGHT + 8}" for year in range(first, last + 1))
        height = bottom - y + 10 + _LEADING * len(quoted)
        parts: tuple[Mark, ...] = (
            Rectangle(_MARGIN, y, room, height, "room", 4),
            Path(_FLAG, "occasion-mark", x=_MARGIN + 10, y=y + 10)
            if is_occasion
            else status_mark(entry.status.name, _MARGIN + 10, y + 10),
            *text_block(name, _MARGIN + _INDENT, y + 14.5, "name"),
            *text_block(theme, _MARGIN + _INDENT, y + 14.5 + _LEADING * len(name), "theme-name"),
            Path(f"M{left} {top}H{point}L{right} {top + _BAR_HEIGHT / 2}L{point} {bottom}H{left}z", f"bar {tone}"),
            *text_block(quoted, _MARGIN, bottom + 15.5, "quoted", language="es"),
        )
        title = _link_title(entry, f"{entry.text} · {what}", entry.theme.label, when)
        iri = entry.occasion.iri if is_occasion else entry.iri
        shapes += [Path(rules, "year-line"), Link(target(iri), title, parts)]
        y += height + _PADDING
    return y


def _add_status_entries(
    shapes: list[Shape], members: Sequence[Record], top: float, target: Callable[[str], str]
) -> float:
    """Add the entries of one status below its heading, by theme. Return the y coordinate of their lower edge."""
    first, left, y = members[0], _MARGIN + _INDENT, top + _PADDING
    shapes += [
        Path(f"M{_MARGIN} {top}H{_SCHEDULE_WIDTH - _MARGIN}", "lane-line"),
        status_mark(first.status.name, _MARGIN + 10, y + 12),
        Text(left, y + 17, first.status_label, "name"),
        Text(left + text_width(first.status_label) + _PADDING, y + 17, str(len(members)), "amount"),
    ]
    y += _THEME_HEIGHT + 2
    for theme, entries in groupby(members, attrgetter("theme")):
        heading = wrap(theme.label or "–", _SCHEDULE_WIDTH - _MARGIN - left, 2, _SMALL)
        shapes += text_block(heading, left, y + 15, "theme-name")
        y += _THEME_HEIGHT + _LEADING * (len(heading) - 1)
        x = float(left)
        for entry in entries:
            text = " · ".join(filter(None, (entry.text, entry.every)))
            chip_width = round(36 + text_width(text, TEXT_SIZE * BOLD), 1)
            if x + chip_width > _SCHEDULE_WIDTH - _MARGIN:
                x, y = float(left), y + _CHIP_HEIGHT + _CHIP_GAP
            parts = (
                Rectangle(x, y, chip_width, _CHIP_HEIGHT, "chip" if entry.is_scheduled else "chip other", 5),
                status_mark(entry.status.name, x + 14, y + _CHIP_HEIGHT / 2),
                Text(x + 26, y + _CHIP_HEIGHT / 2 + 4.5, text, "number"),
            )
            what = ", ".join(filter(None, (entry.theme.label, entry.text)))
            shapes.append(Link(target(entry.iri), _link_title(entry, what, entry.status_label, entry.when), parts))
            x += chip_width + _CHIP_GAP
        y += _CHIP_HEIGHT + _PADDING
    return y + 4


def _link_title(entry: Record, *texts: str) -> str:
    return f"{'; '.join(filter(None, texts))}. {entry.quotation.exact}"


def _legend(entries: Sequence[Record], gettext: Callable[[str], str]) -> tuple[LegendEntry, ...]:
    """Return the entries of the legend: the statuses, and other symbols that the chart contains."""
    statuses = {each.status_label: each.status.name for each in entries}
    others: tuple[tuple[bool, Mark, str], ...] = (
        (any(each.since for each in entries), Path("M2 3H20L26 10L20 17H2z", "bar busy"), gettext("since") + " …"),
        (
            any(each.occasion.iri for each in entries),
            Path(_FLAG, "occasion-mark", x=14, y=10),
            gettext("date of an event or meeting, not of the status"),
        ),
        (
            not all(each.is_scheduled for each in entries),
            Rectangle(2, 2, 24, 16, "chip other", 4),
            gettext("another part that states a status itself"),
        ),
    )
    return (
        *(LegendEntry((status_mark(status, 14, 10),), label) for label, status in statuses.items()),
        *(LegendEntry((shape,), label) for is_drawn, shape, label in others if is_drawn),
    )


def schedule_page(visit: PageRequest) -> Response:
    """Return the page of the schedule of the plan."""
    site, language = visit.site, visit.language
    entries = schedule(site, site.names.id("plan", "crm"), language)
    return chart_response(
        visit,
        "/pictures/schedule",
        visit.gettext("The schedule of the plan"),
        visit.gettext(
            "Each mark is a schedule entry or, with a dashed edge, another part that states its own status, and leads "
            "to its words. Dates and statuses are those that the text states: where it gives no date, none is "
            "assumed, and the date of an event or a meeting is drawn as the date of that event or meeting."
        ),
        lambda target, _: draw_schedule(entries, target, language),
        "pictures/schedule.html",
        {"entries": entries},
        question=("schedule-status", {}),
    )
