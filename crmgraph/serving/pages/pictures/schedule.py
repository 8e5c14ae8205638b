"""When things are to be done, and how far they are: the schedule entries of a plan on a timeline, by status."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from crmgraph.namespaces import ONTOLOGY
from crmgraph.serving.pages.pictures.lettering import BOLD, LETTER, length, lines
from crmgraph.serving.pages.pictures.shapes import Box, Drawing, Key, Line, Link, Shape, Words
from crmgraph.serving.pages.pictures.statuses import rank, status_mark, tone_of
from crmgraph.serving.pages.site import Row, Site, in_language, reference
from crmgraph.serving.pages.source.excerpt import Quotation

__all__ = ["Entry", "Wording", "draw_schedule", "schedule"]

_ENTRY = f"{ONTOLOGY}#ScheduleEntry"
_ENTRIES = """
SELECT DISTINCT ?x ?kind ?status ?number ?order ?theme ?date ?since ?recurrence ?delay ?above ?source ?passage ?start
  ?end ?exact {
  { ?x a cg:ScheduleEntry } UNION { ?x cg:status ?any }
  VALUES ?kind { cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note }
  ?x a ?kind ; cg:within %s ; cg:order ?order ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  OPTIONAL { ?x cg:status ?status }
  OPTIONAL { ?x cg:number ?number }
  OPTIONAL { ?x cg:within? ?theme . ?theme a cg:Theme }
  OPTIONAL { ?x cg:date ?date }
  OPTIONAL { ?x cg:since ?since }
  OPTIONAL { ?x cg:recurrence ?recurrence }
  OPTIONAL { ?x cg:delay ?delay }
  OPTIONAL { ?x dcterms:isPartOf ?above }
}"""

_AGAIN = "M4 -3a5 5 0 1 0 1 4M5 -5v3h-3"
"""An arrow that goes round, for what is to be done again and again."""

_WIDTH, _MARGIN, _YEAR_ROW, _ROW, _PAD = 880, 12, 26, 80, 10
_CHIP, _CHIP_GAP, _THEME_ROW, _INDENT = 28, 8, 22, 24
_LEAST_BAR, _BAR, _ABOVE_BAR = 14, 20, 24
_SMALL = 12


@dataclass(frozen=True)
class Entry:
    """A schedule entry, or another part of the plan that states a status, with what it says of when.

    `status` is the name of the status, empty where it states none. `date` and `since` are years, months or days,
    `recurrence` and `delay` durations of XML Schema, all as the words have them; empty where they say none. `above` is
    the IRI of the part that it belongs to.
    """

    iri: str
    kind: str
    kind_label: str
    number: str
    status: str
    status_iri: str
    status_label: str
    theme: str
    theme_label: str
    above: str
    date: str
    since: str
    recurrence: str
    delay: str
    quotation: Quotation

    @property
    def is_scheduled(self) -> bool:
        """Whether it is a schedule entry."""
        return self.kind == _ENTRY

    @property
    def has_date(self) -> bool:
        """Whether its words say when it was or is to be."""
        return bool(self.date or self.since)


@dataclass(frozen=True)
class Wording:
    """What a picture of the schedule says in the language of the page."""

    dated: str
    undated: str
    no_status: str
    other: str
    recurring: str
    open_end: str
    duration: Callable[[str], str]
    every: Callable[[str], str]
    day: Callable[[str], str]


def schedule(site: Site, plan: str, language: str) -> tuple[Entry, ...]:
    """The entries of the plan with this IRI by status, those of a status in the order of the document."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_ENTRIES % reference(plan)):
        rows.setdefault(row["x"].value, []).append(row)
    names = ("status", "theme", "kind")
    labels = site.labels({row[name].value for each in rows.values() for row in each for name in names if name in row})

    def said(iri: str) -> str:
        return in_language(labels.get(iri, {}), language)[0]

    found = [(int(each[0]["order"].value), _entry(each, said)) for _, each in sorted(rows.items())]
    found.sort(key=lambda pair: (rank(pair[1].status), pair[1].status, pair[0]))
    return tuple(entry for _, entry in found)


def _entry(rows: Sequence[Row], said: Callable[[str], str]) -> Entry:
    def value(name: str) -> str:
        # One that states two of a thing has the earlier, always the same.
        return min((row[name].value for row in rows if name in row), default="")

    first = min(rows, key=lambda row: (int(row["start"].value), int(row["end"].value)))
    status = value("status")
    return Entry(
        value("x"),
        value("kind"),
        said(value("kind")),
        value("number"),
        status.rpartition("#")[2],
        status,
        said(status),
        value("theme"),
        said(value("theme")),
        value("above"),
        value("date"),
        value("since"),
        value("recurrence"),
        value("delay"),
        Quotation(
            first["source"].value,
            int(first["start"].value),
            int(first["end"].value),
            first["exact"].value,
            first["passage"].value,
        ),
    )


def draw_schedule(entries: Sequence[Entry], target: Callable[[str], str], wording: Wording) -> Drawing:
    """The entries that have a date along the years, and below them those that have none, by status and theme.

    `target` gives the address of an IRI.
    """
    dated = sorted((each for each in entries if each.has_date), key=lambda each: _begin(each.since or each.date))
    undated = [each for each in entries if not each.has_date]
    shapes: list[Shape] = []
    y: float = _MARGIN
    if dated:
        shapes.append(Words(_MARGIN, y + 16, wording.dated, "heading"))
        y += 30
        shapes += _axis(dated, y)
        y += _YEAR_ROW
        for entry in dated:
            shapes.append(_bar(entry, dated, y, target, wording))
            y += _ROW
        y += 2 * _PAD
    if undated:
        shapes.append(Words(_MARGIN, y + 16, wording.undated, "heading"))
        y += 34
    for _, members in groupby(undated, key=attrgetter("status")):
        lane, high = _lane(list(members), y, target, wording)
        shapes += lane
        y += high
    return Drawing(_WIDTH, y + _MARGIN, tuple(shapes), tuple(_keys(entries, wording)))


def _begin(day: str) -> float:
    """When a year, month or day begins, in years."""
    year, month, *_ = (*day.lstrip("-").split("-"), "1")
    return int(year) + (int(month) - 1) / 12


def _end(day: str) -> float:
    return _begin(day) + (1 / 12 if "-" in day else 1)


def _span(dated: Sequence[Entry]) -> tuple[int, int]:
    """The first year of the axis, and that after its last."""
    days = [day for each in dated for day in (each.date, each.since) if day]
    return int(min(map(_begin, days))), int(max(map(_begin, days))) + 1


def _place(when: float, dated: Sequence[Entry]) -> float:
    first, last = _span(dated)
    room = _WIDTH - 2 * _MARGIN
    return round(_MARGIN + room * (when - first) / (last - first), 1)


def _axis(dated: Sequence[Entry], y: float) -> Iterable[Shape]:
    first, last = _span(dated)
    # Years that would lie on one another are not all written.
    step = 1 + (last - first) // 18
    for year in range(first, last + 1):
        x = _place(year, dated)
        # Beside the bars only, for they would cross the words below them.
        beside = "".join(f"M{x} {y + _YEAR_ROW + _ROW * row + _ABOVE_BAR - 4}v{_BAR + 8}" for row in range(len(dated)))
        yield Line(beside, "year-line")
        if year < last and (year - first) % step == 0:
            middle = (x + _place(year + 1, dated)) / 2
            yield Words(round(middle, 1), y + 14, str(year), "year", "middle")


def _bar(entry: Entry, dated: Sequence[Entry], y: float, target: Callable[[str], str], wording: Wording) -> Shape:
    """An entry in its row: its number, status and theme, below them the bar along the years, and then its words."""
    begin = _place(_begin(entry.since or entry.date), dated)
    end = _place(_span(dated)[1] if entry.since else _end(entry.date), dated)
    end = max(end, begin + _LEAST_BAR)
    top = y + _ABOVE_BAR
    middle = top + _BAR / 2
    if entry.since:
        # It goes on: the end is an arrow.
        path = f"M{begin} {top}H{end - _BAR / 2}L{end} {middle}L{end - _BAR / 2} {top + _BAR}H{begin}z"
    else:
        path = f"M{begin} {top}H{end}V{top + _BAR}H{begin}z"
    when = _when(entry, wording)
    name = f"{_chip_text(entry)} · {entry.status_label or wording.no_status}"
    after = _MARGIN + _INDENT + length(name) + _PAD
    shown: list[Shape] = [
        Box(_MARGIN, y, _WIDTH - 2 * _MARGIN, _ROW - 4, "room", 4),
        status_mark(entry.status, _MARGIN + 10, y + 10),
        Words(_MARGIN + _INDENT, y + 14.5, name, "name"),
        *(Words(after, y + 14.5, text, "theme-name") for text in lines(entry.theme_label, _WIDTH - after, 1, _SMALL)),
        Line(path, f"bar {tone_of(entry.status)}"),
        Words(
            _MARGIN,
            middle + 25.5,
            lines(entry.quotation.exact, _WIDTH - 2 * _MARGIN, 1, _SMALL)[0],
            "quoted",
            "start",
            "es",
        ),
    ]
    if length(when, _SMALL) + 2 * _PAD <= end - begin - _BAR:
        shown.append(Words(begin + _PAD, middle + 4.5, when, "on-bar"))
    elif end + 2 * _PAD + length(when, _SMALL) <= _WIDTH:
        shown.append(Words(end + _PAD, middle + 4.5, when, "when"))
    else:
        shown.append(Words(begin - _PAD, middle + 4.5, when, "when", "end"))
    return Link(target(entry.iri), _told(entry, wording), tuple(shown))


def _when(entry: Entry, wording: Wording) -> str:
    said = [f"{wording.open_end} {wording.day(entry.since)}"] if entry.since else []
    said += [wording.day(entry.date)] if entry.date else []
    said += [wording.every(entry.recurrence)] if entry.recurrence else []
    return "; ".join(said)


def _told(entry: Entry, wording: Wording) -> str:
    """All that a mark on the timeline stands for, in words."""
    what = ", ".join(each for each in (entry.theme_label, _chip_text(entry)) if each)
    said = (what, entry.status_label or wording.no_status, _when(entry, wording))
    return f"{'; '.join(each for each in said if each)}. {entry.quotation.exact}"


def _lane(
    members: Sequence[Entry], top: float, target: Callable[[str], str], wording: Wording
) -> tuple[list[Shape], float]:
    """The entries of a status, below its name: a block for each theme, with a chip for each entry."""
    first = members[0]
    y = top + _PAD
    label = first.status_label or first.status or wording.no_status
    left = _MARGIN + _INDENT
    shapes: list[Shape] = [
        Line(f"M{_MARGIN} {top}H{_WIDTH - _MARGIN}", "lane-line"),
        status_mark(first.status, _MARGIN + 10, y + 12),
        Words(left, y + 17, label, "name"),
        Words(left + length(label) + _PAD, y + 17, str(len(members)), "amount"),
    ]
    y += _THEME_ROW + 2
    for _, of_theme in groupby(members, key=attrgetter("theme")):
        each = list(of_theme)
        shapes.append(Words(left, y + 15, lines(each[0].theme_label or "–", _WIDTH - left, 1)[0], "theme-name"))
        y += _THEME_ROW
        x = float(left)
        for entry in each:
            wide = _chip_width(entry, wording)
            if x + wide > _WIDTH - _MARGIN:
                x, y = float(left), y + _CHIP + _CHIP_GAP
            shapes.append(_chip(entry, x, y, wide, target, wording))
            x += wide + _CHIP_GAP
        y += _CHIP + _PAD
    return shapes, y - top + 4


def _chip_text(entry: Entry) -> str:
    return entry.number or entry.kind_label


def _chip_width(entry: Entry, wording: Wording) -> float:
    again = 22 + length(wording.duration(entry.recurrence), _SMALL) if entry.recurrence else 0
    return round(36 + length(_chip_text(entry), LETTER * BOLD) + again, 1)


def _chip(entry: Entry, x: float, y: float, wide: float, target: Callable[[str], str], wording: Wording) -> Shape:
    text = _chip_text(entry)
    shown: list[Shape] = [
        Box(x, y, wide, _CHIP, "chip" if entry.is_scheduled else "chip other", 5),
        status_mark(entry.status, x + 14, y + _CHIP / 2),
        Words(x + 26, y + _CHIP / 2 + 4.5, text, "number"),
    ]
    if entry.recurrence:
        after = x + 38 + length(text, LETTER * BOLD)
        shown.append(Line(_AGAIN, "again", x=round(after, 1), y=y + _CHIP / 2))
        shown.append(Words(round(after + 12, 1), y + _CHIP / 2 + 4.5, wording.duration(entry.recurrence), "when"))
    return Link(target(entry.iri), _told(entry, wording), tuple(shown))


def _keys(entries: Sequence[Entry], wording: Wording) -> Iterable[Key]:
    for _, members in groupby(entries, key=attrgetter("status")):
        first = next(members)
        yield Key((status_mark(first.status, 14, 10),), first.status_label or first.status or wording.no_status)
    if any(each.recurrence for each in entries):
        yield Key((Line(_AGAIN, "again", x=14, y=10),), wording.recurring)
    if any(each.since for each in entries):
        yield Key((Line("M2 3H20L26 10L20 17H2z", "bar busy"),), wording.open_end + " …")
    if any(not each.is_scheduled for each in entries):
        yield Key((Box(2, 2, 24, 16, "chip other", 4),), wording.other)
