"""The chart of the ontology: its main classes as boxes, and the properties between them as arrows."""

from collections.abc import Mapping

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.charts.layout import Drawing, Link, Path, Rectangle, Shape, Text

_ROW, _HEAD, _MARGIN, _INDENT = 21, 34, 12, 24
_BESIDE = 8
"""How far a label stands from an upright arrow."""
_COLUMNS = ((12, 215), (372, 244), (802, 200), (1166, 182))
"""Where each column begins, and how wide it is: the terms have room in both languages, and so have the arrows."""

BOXES: Mapping[str, tuple[int, int, tuple[str, ...]]] = {
    "Check": (0, 75, ()),
    "Finding": (0, 150, ()),
    "Passage": (0, 240, ("LeafPassage",)),
    "Source": (0, 390, ()),
    "Statement": (0, 465, ("Translation", "Correspondence", "NoCorrespondence")),
    "Plan": (1, 0, ("AbridgedPlan",)),
    "PlanElement": (
        1, 150, ("Theme", "Objective", "Action", "Activity", "ScheduleEntry", "Note", "Referral", "CrossReference"),
    ),
    "Event": (1, 465, ("PastEvent", "PlannedEvent")),
    "Participation": (2, 165, ()),
    "Mention": (2, 242, ()),
    "InstrumentUse": (2, 318, ()),
    "Acronym": (2, 390, ()),
    "Meeting": (2, 465, ()),
    "Place": (2, 507, ()),
    "Membership": (3, 0, ("Presidency",)),
    "Agent": (3, 110, ("State", "ConsultativeProcess", "Organ", "Network", "Organisation", "AgentGroup")),
    "Instrument": (3, 318, ("Undertaking",)),
    "Annotator": (3, 465, ()),
}  # fmt: skip
"""The classes that have boxes, each with its column, the top of its box, and the subclasses that are listed in it."""

ARROWS = (
    ("Finding", "element", "PlanElement"),
    ("PlanElement", "passage", "Passage"),
    ("Passage", "source", "Source"),
    ("PlanElement", "within", "Plan"),
    ("PlanElement", "participation", "Participation"),
    ("Participation", "agent", "Agent"),
    ("PlanElement", "instrumentUse", "InstrumentUse"),
    ("InstrumentUse", "instrument", "Instrument"),
    ("PlanElement", "mention", "Mention"),
    ("PlanElement", "tells", "Event"),
    ("Event", "meeting", "Meeting"),
    ("Event", "place", "Place"),
    ("Instrument", "party", "Agent"),
    ("Agent", "membership", "Membership"),
)
"""The arrows: a class, the property, and the class that it leads to."""


def draw_ontology(labels: Mapping[str, str]) -> Drawing | None:
    """Return the chart with the labels of the terms, by IRI; None if the data lack one of the terms.

    Names of classes and properties link to their definitions on the page.
    """
    shown = {*BOXES, *(kind for _, _, kinds in BOXES.values() for kind in kinds), *(name for _, name, _ in ARROWS)}
    said = {name: labels.get(f"{ONTOLOGY}#{name}", "") for name in shown}
    if not all(said.values()):
        return None
    boxes = {
        name: Rectangle(left, _MARGIN + top, width, _HEAD + _ROW * len(kinds), "box", 6)
        for name, (column, top, kinds) in BOXES.items()
        for left, width in [_COLUMNS[column]]
    }
    arrows, texts = list[Shape](), list[Shape]()
    for tail, name, head in ARROWS:
        path, text = _arrow(boxes[tail], boxes[head], said[name])
        arrows.append(path)
        texts.append(Link(f"#{name}", "", (text,)))
    for name, box in boxes.items():
        texts.append(Link(f"#{name}", "", (Text(box.x + _MARGIN, box.y + 22, said[name], "box-name"),)))
        for row, kind in enumerate(BOXES[name][2]):
            text = Text(box.x + _INDENT, box.y + _HEAD + _ROW * row + 14, said[kind])
            texts.append(Link(f"#{kind}", "", (text,)))
    height = max(box.y + box.height for box in boxes.values()) + _MARGIN
    return Drawing(sum(_COLUMNS[-1]) + _MARGIN, height, (*arrows, *boxes.values(), *texts))


def _arrow(tail: Rectangle, head: Rectangle, label: str) -> tuple[Path, Text]:
    """Return an arrow between the sides of two boxes, with its label above it, or beside an upright one.

    An upright arrow joins boxes of one column; its label is on the right, or on the left in the last column.
    """
    if tail.x == head.x:
        x, is_last = tail.x + tail.width / 2, tail.x == _COLUMNS[-1][0]
        start, end = (tail.y + tail.height, head.y) if tail.y < head.y else (tail.y, head.y + head.height)
        beside, anchor = (x - _BESIDE, "end") if is_last else (x + _BESIDE, "start")
        text = Text(beside, (start + end) / 2 + 4, label, "arrow-name", anchor)
        return Path(f"M{x} {start}L{x} {end}", "arrow"), text
    x, end_x = (tail.x + tail.width, head.x) if tail.x < head.x else (tail.x, head.x + head.width)
    y, end_y = _level(tail, head), _level(head, tail)
    text = Text((x + end_x) / 2, (y + end_y) / 2 - 4, label, "arrow-name", "middle")
    return Path(f"M{x} {y}L{end_x} {end_y}", "arrow"), text


def _level(box: Rectangle, other: Rectangle) -> float:
    """Return the height at which an arrow touches a box: as near to the other box as the side allows."""
    return max(box.y + _HEAD / 2, min(box.y + box.height - _HEAD / 2, other.y + _HEAD / 2))
