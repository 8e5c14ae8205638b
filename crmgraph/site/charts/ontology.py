"""The overview of the ontology as a drawing: its main classes as boxes, the properties between them as arrows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crmgraph.namespaces import ONTOLOGY

__all__ = ["ARROWS", "BOXES", "Arrow", "Box", "Drawing", "draw"]

_LINE, _HEAD, _MARGIN, _INDENT = 21, 34, 12, 24
_LETTER, _BOLD_LETTER, _TEXT_HEIGHT = 7.6, 8.8, 16
_BESIDE = 8
"""How far a label stands from an arrow that goes up or down."""
_ROOM = 14
"""How much of an arrow from side to side is seen beside its label."""

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
"""For each class that has a box: the column, the height in pixels, and the classes below it that are listed in it."""

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
"""The class that an arrow begins at, the property that it stands for, and the class that it leads to."""


@dataclass(frozen=True)
class Box:
    """A class in its place, with the names of the classes below it; lengths are pixels."""

    name: str
    label: str
    kinds: tuple[tuple[str, str], ...]
    x: int
    y: int
    width: int

    @property
    def height(self) -> int:
        """How high the box is: its own name, and a line for each class below it."""
        return _HEAD + _LINE * len(self.kinds)

    @property
    def lines(self) -> tuple[tuple[str, str, int], ...]:
        """The classes below it, each by name and label, with the height of its line."""
        return tuple((name, label, self.y + _HEAD + _LINE * row + 14) for row, (name, label) in enumerate(self.kinds))


@dataclass(frozen=True)
class Arrow:
    """A property from one place to another, both at the edge of a box.

    Its label stands above its middle, or beside it where it goes up or down: `anchor` is which end of the label is
    there, as SVG names it.
    """

    name: str
    label: str
    start: tuple[int, int]
    end: tuple[int, int]
    anchor: str = "middle"

    @property
    def label_spot(self) -> tuple[int, int]:
        """Where the anchor of the property's label stands, on the line that it is written on."""
        x, y = (self.start[0] + self.end[0]) // 2, (self.start[1] + self.end[1]) // 2
        if self.anchor == "middle":
            return x, y - 4
        return (x + _BESIDE if self.anchor == "start" else x - _BESIDE), y + 4

    @property
    def label_area(self) -> tuple[int, int, int, int]:
        """The room that the label takes: left, top, right, bottom."""
        x, y = self.label_spot
        long = _length(self.label)
        left = {"start": x, "middle": x - long // 2, "end": x - long}[self.anchor]
        return left, y + 4 - _TEXT_HEIGHT, left + long, y + 4


@dataclass(frozen=True)
class Drawing:
    """All boxes and arrows, and how much room they take."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def draw(labels: Mapping[str, str]) -> Drawing | None:
    """The overview with the labels of the terms, by IRI; None where the data do not have all terms any more."""
    shown = {*BOXES, *(kind for _, _, kinds in BOXES.values() for kind in kinds), *(name for _, name, _ in ARROWS)}
    if not shown <= {iri.removeprefix(f"{ONTOLOGY}#") for iri in labels}:
        return None

    def label(name: str) -> str:
        return labels[f"{ONTOLOGY}#{name}"]

    kinds = {name: tuple((kind, label(kind)) for kind in kinds) for name, (_, _, kinds) in BOXES.items()}
    columns = sorted({place for place, _, _ in BOXES.values()})
    widths = [
        max(_width(label(name), kinds[name]) for name, (place, _, _) in BOXES.items() if place == column)
        for column in columns
    ]
    gaps = [
        _ROOM
        + max(
            _length(label(name))
            for tail, name, head in ARROWS
            if {BOXES[tail][0], BOXES[head][0]} == {column, column + 1}
        )
        for column in columns[:-1]
    ]
    lefts = [_MARGIN + sum(widths[:column]) + sum(gaps[:column]) for column in columns]
    boxes = {
        name: Box(name, label(name), kinds[name], lefts[place], _MARGIN + height, widths[place])
        for name, (place, height, _) in BOXES.items()
    }
    # On the right of the last column there is no room.
    arrows = tuple(
        _arrow(boxes[tail], boxes[head], name, label(name), "end" if BOXES[tail][0] == columns[-1] else "start")
        for tail, name, head in ARROWS
    )
    right = max(box.x + box.width for box in boxes.values())
    bottom = max(box.y + box.height for box in boxes.values())
    return Drawing(tuple(boxes.values()), arrows, right + _MARGIN, bottom + _MARGIN)


def _length(text: str, letter: float = _LETTER) -> int:
    """How long the text is when written, rather too much than too little."""
    return round(len(text) * letter)


def _width(label: str, kinds: Iterable[tuple[str, str]]) -> int:
    """How wide a box has to be for its own name, and for the indented ones of the classes below it."""
    below = (_length(said) + _INDENT - _MARGIN for _, said in kinds)
    return 2 * _MARGIN + max([_length(label, _BOLD_LETTER), *below])


def _arrow(tail: Box, head: Box, name: str, label: str, anchor: str) -> Arrow:
    """From side to side where the boxes stand in different columns, else from bottom to top or top to bottom.

    `anchor` is which end of its label is beside one that goes up or down.
    """
    if tail.x == head.x:
        x = tail.x + tail.width // 2
        down = tail.y < head.y
        ends = (tail.y + tail.height, head.y) if down else (tail.y, head.y + head.height)
        return Arrow(name, label, (x, ends[0]), (x, ends[1]), anchor)
    to_the_right = tail.x < head.x
    sides = (tail.x + tail.width, head.x) if to_the_right else (tail.x, head.x + head.width)
    return Arrow(name, label, (sides[0], _level(tail, head)), (sides[1], _level(head, tail)))


def _level(box: Box, other: Box) -> int:
    """The height at which an arrow touches a box: as near to the other box as the side allows."""
    return max(box.y + _HEAD // 2, min(box.y + box.height - _HEAD // 2, other.y + _HEAD // 2))
