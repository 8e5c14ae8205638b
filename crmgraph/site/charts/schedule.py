"""When things are to be done, and how far they are: the schedule entries of a plan, by status."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import format_day, format_duration, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.labels import rank, tone_of
from crmgraph.site.base.links import language_of
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.charts.layout import (
    BOLD,
    LETTER,
    Box,
    Drawing,
    Key,
    Line,
    Link,
    Shape,
    Words,
    length,
    lines,
    status_mark,
)
from crmgraph.site.charts.pages import SVG, Picture, form_of, picture_file, picture_page, target_in
from crmgraph.site.source import Quotation

__all__ = ["NARROW", "WIDE", "Entry", "Occasion", "Wording", "draw_schedule", "schedule", "schedule_page"]

_ENTRY = f"{ONTOLOGY}#ScheduleEntry"
_ENTRIES = """
SELECT DISTINCT ?x ?kind ?status ?number ?order ?theme ?date ?since ?recurrence ?delay ?above ?event ?meeting
  ?source ?passage ?start ?end ?exact {
  { ?x a cg:ScheduleEntry } UNION { ?x cg:status ?any }
  VALUES ?kind { cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note }
  ?x a ?kind ; cg:within %s ; cg:order ?order ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  OPTIONAL { ?x cg:status ?status }
  OPTIONAL { ?x cg:number ?number }
  OPTIONAL { ?x cg:within? ?theme . ?theme a cg:Theme }
  OPTIONAL {
    ?x cg:date ?date
    OPTIONAL { ?x cg:tells ?event . ?event cg:date ?date }
    OPTIONAL { ?x cg:tells?/cg:meeting ?meeting . ?meeting cg:startDate ?date }
  }
  OPTIONAL { ?x cg:since ?since }
  OPTIONAL { ?x cg:recurrence ?recurrence }
  OPTIONAL { ?x cg:delay ?delay }
  OPTIONAL { ?x dcterms:isPartOf ?above }
}"""

_KIND = "SELECT ?x ?kind { VALUES ?x { %s } VALUES ?kind { cg:PlannedEvent cg:PastEvent cg:Meeting } ?x a ?kind }"


@dataclass(frozen=True)
class Occasion:
    """An event or a meeting that the words of an entry give the date of; `label` is in `language`."""

    iri: str
    label: str
    language: str
    kind_label: str

    @property
    def name(self) -> str:
        """What it is called, with what it is, where that does not say so."""
        kind = self.kind_label.lower()
        return self.label if kind in self.label.lower() else f"{self.label} ({kind})"


@dataclass(frozen=True)
class Entry:
    """A schedule entry, or another part of the plan that states a status, with what it says of when.

    `status` is the name of the status, empty where it states none. `date` and `since` are years, months or days,
    `recurrence` and `delay` durations of XML Schema, all as the words have them; empty where they say none. `above` is
    the IRI of the part that it belongs to. Where the date is that of something that the words tell of, and so not that
    of the status, this is the `occasion`.
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
    occasion: Occasion | None
    quotation: Quotation

    @property
    def is_scheduled(self) -> bool:
        """Whether it is a schedule entry."""
        return self.kind == _ENTRY

    @property
    def own_date(self) -> str:
        """When it was or is to be itself; empty where its words date only what they tell of."""
        return "" if self.occasion else self.date

    @property
    def has_date(self) -> bool:
        """Whether its words say when it was or is to be itself."""
        return bool(self.own_date or self.since)


def schedule(site: Site, plan: str, language: str) -> tuple[Entry, ...]:
    """The entries of the plan with this IRI by status, those of a status in the order of the document."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_ENTRIES % reference(plan)):
        rows.setdefault(row["x"].value, []).append(row)
    occasions = {iri for each in rows.values() if (iri := _occasion_of(each))}
    listed = " ".join(map(reference, sorted(occasions)))
    kinds = {row["x"].value: row["kind"].value for row in site.select(_KIND % listed)} if occasions else {}
    names = ("status", "theme", "kind")
    named = {row[name].value for each in rows.values() for row in each for name in names if name in row}
    labels = site.labels(named | occasions | set(kinds.values()))

    def said(iri: str) -> tuple[str, str]:
        return in_language(labels.get(iri, {}), language)

    def occasion(iri: str) -> Occasion | None:
        return Occasion(iri, *said(iri), said(kinds.get(iri, ""))[0]) if iri else None

    found = [
        (int(each[0]["order"].value), _entry(each, lambda iri: said(iri)[0], occasion(_occasion_of(each))))
        for _, each in sorted(rows.items())
    ]
    found.sort(key=lambda pair: (rank(pair[1].status), pair[1].status, pair[0]))
    return tuple(entry for _, entry in found)


def _first(rows: Sequence[Row], name: str) -> str:
    """The value of this name: of two the earlier, so that it is always the same; empty where there is none."""
    return min((row[name].value for row in rows if name in row), default="")


def _occasion_of(rows: Sequence[Row]) -> str:
    """The IRI of what has the date that the words give: the event that they tell of, or the meeting that it was for."""
    date = _first(rows, "date")
    dated = [row for row in rows if "date" in row and row["date"].value == date]
    return _first(dated, "event") or _first(dated, "meeting")


def _entry(rows: Sequence[Row], said: Callable[[str], str], occasion: Occasion | None) -> Entry:
    def value(name: str) -> str:
        return _first(rows, name)

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
        occasion,
        Quotation(
            first["source"].value,
            int(first["start"].value),
            int(first["end"].value),
            first["exact"].value,
            first["passage"].value,
        ),
    )


_FLAG = "M-4.5 6v-12M-4.5 -5.5h9l-3 3l3 3h-9z"
"""What stands for something that has a day of its own, beside the outlines of the statuses."""

WIDE = 880
"""How wide the picture is."""
NARROW = 326
"""How wide it is where the whole window is 360 pixels."""

_MARGIN, _YEAR_ROW, _PAD = 12, 26, 10
_CHIP, _CHIP_GAP, _THEME_ROW, _INDENT, _LEADING = 28, 8, 22, 24, 17
_LEAST_BAR, _BAR = 14, 20
_SMALL = 12


@dataclass(frozen=True)
class Wording:
    """What a picture of the schedule says in the language of the page."""

    dated: str
    undated: str
    no_status: str
    other: str
    occasion: str
    open_end: str
    every: Callable[[str], str]
    day: Callable[[str], str]


@dataclass(frozen=True)
class _Row:
    """A row of the timeline: an entry that has a date, or the occasion that it dates; `begin` and `end` are years."""

    entry: Entry
    occasion: Occasion | None
    begin: float
    end: float | None
    """None where it goes on."""

    @property
    def target(self) -> str:
        return self.occasion.iri if self.occasion else self.entry.iri

    def name(self, wording: Wording) -> str:
        what = self.occasion.name if self.occasion else self.entry.status_label or wording.no_status
        return f"{_chip_text(self.entry)} · {what}"

    def when(self, wording: Wording) -> str:
        return wording.day(self.entry.date) if self.occasion else _when(self.entry, wording)


@dataclass(frozen=True)
class _Axis:
    """The years from the `first` to before the `last`, over the width of the picture."""

    first: int
    last: int
    width: float

    def place(self, when: float) -> float:
        return round(_MARGIN + (self.width - 2 * _MARGIN) * (when - self.first) / (self.last - self.first), 1)


def draw_schedule(
    entries: Sequence[Entry], target: Callable[[str], str], wording: Wording, width: float = WIDE
) -> Drawing:
    """What has a date along the years, and below it the entries that have none themselves, by status and theme.

    `target` gives the address of an IRI.
    """
    rows = sorted(_rows(entries), key=lambda row: row.begin)
    undated = [each for each in entries if not each.has_date]
    shapes: list[Shape] = []
    y: float = _MARGIN
    if rows:
        shapes.append(Words(_MARGIN, y + 16, wording.dated, "heading"))
        y += 30
        ends = [math.ceil(row.end or row.begin + 1) for row in rows]
        axis = _Axis(int(rows[0].begin), max(ends), width)
        shapes += _years(axis, y)
        y += _YEAR_ROW
        for row in rows:
            drawn, high = _bar(row, axis, y, target, wording)
            shapes += drawn
            y += high
        y += 2 * _PAD
    if undated:
        shapes.append(Words(_MARGIN, y + 16, wording.undated, "heading"))
        y += 34
    for _, members in groupby(undated, key=attrgetter("status")):
        lane, high = _lane(list(members), y, width, target, wording)
        shapes += lane
        y += high
    return Drawing(width, y + _MARGIN, tuple(shapes), tuple(_keys(entries, wording)))


def _rows(entries: Iterable[Entry]) -> Iterable[_Row]:
    for each in entries:
        if each.has_date:
            yield _Row(each, None, _begin(each.since or each.date), None if each.since else _end(each.date))
        if each.occasion:
            yield _Row(each, each.occasion, _begin(each.date), _end(each.date))


def _begin(day: str) -> float:
    """When a year, month or day begins, in years."""
    year, month, *_ = (*day.lstrip("-").split("-"), "1")
    return int(year) + (int(month) - 1) / 12


def _end(day: str) -> float:
    return _begin(day) + (1 / 12 if "-" in day else 1)


def _years(axis: _Axis, y: float) -> Iterable[Shape]:
    room = axis.place(axis.first + 1) - axis.place(axis.first)
    # Years that would lie on one another are not all written.
    step = math.ceil((length("2000") + _PAD / 2) / room)
    for year in range(axis.first, axis.last, step):
        middle = (axis.place(year) + axis.place(year + 1)) / 2
        yield Words(round(middle, 1), y + 14, str(year), "year", "middle")


def _bar(row: _Row, axis: _Axis, y: float, target: Callable[[str], str], wording: Wording) -> tuple[list[Shape], float]:
    """What has a date, in its row: its name and theme, below them the bar along the years, and then the words.

    Tells how high it is, too.
    """
    entry, room = row.entry, axis.width - 2 * _MARGIN
    named = lines(row.name(wording), room - _INDENT, 3)
    beside = axis.width - _MARGIN - (after := _MARGIN + _INDENT + length(named[-1]) + _PAD)
    fits = length(entry.theme_label, _SMALL) <= beside
    themed = (entry.theme_label,) if fits else lines(entry.theme_label, room - _INDENT, 2, _SMALL)
    left, first = (after, len(named) - 1) if fits else (_MARGIN + _INDENT, len(named))
    top = y + 7 + _LEADING * (first + len(themed))
    middle = top + _BAR / 2
    quoted = lines(entry.quotation.exact, room, 12, _SMALL)
    high = top - y + _BAR + 8 + _LEADING * len(quoted) + 2
    begin = axis.place(row.begin)
    end = max(axis.place(axis.last if row.end is None else row.end), begin + _LEAST_BAR)
    if row.end is None:
        # It goes on: the end is an arrow.
        path = f"M{begin} {top}H{end - _BAR / 2}L{end} {middle}L{end - _BAR / 2} {top + _BAR}H{begin}z"
    else:
        path = f"M{begin} {top}H{end}V{top + _BAR}H{begin}z"
    when = row.when(wording)
    tone = "none" if row.occasion else tone_of(entry.status)
    flag = Line(_FLAG, "occasion-mark", x=_MARGIN + 10, y=y + 10)
    shown: list[Shape] = [
        Box(_MARGIN, y, room, high, "room", 4),
        flag if row.occasion else status_mark(entry.status, _MARGIN + 10, y + 10),
        *(Words(_MARGIN + _INDENT, y + 14.5 + _LEADING * at, text, "name") for at, text in enumerate(named)),
        *(Words(left, y + 14.5 + _LEADING * (first + at), text, "theme-name") for at, text in enumerate(themed)),
        Line(path, f"bar {tone}"),
        *(
            Words(_MARGIN, top + _BAR + 15.5 + _LEADING * at, text, "quoted", "start", "es")
            for at, text in enumerate(quoted)
        ),
    ]
    if length(when, _SMALL) + 2 * _PAD <= end - begin - _BAR:
        shown.append(Words(begin + _PAD, middle + 4.5, when, "on-bar"))
    elif end + 2 * _PAD + length(when, _SMALL) <= axis.width:
        shown.append(Words(end + _PAD, middle + 4.5, when, "when"))
    else:
        shown.append(Words(begin - _PAD, middle + 4.5, when, "when", "end"))
    # Beside the bar only, for they would cross the words.
    rules = "".join(f"M{axis.place(year)} {top - 4}v{_BAR + 8}" for year in range(axis.first, axis.last + 1))
    return [Line(rules, "year-line"), Link(target(row.target), _told(row, wording), tuple(shown))], high + _PAD


def _when(entry: Entry, wording: Wording) -> str:
    said = [f"{wording.open_end} {wording.day(entry.since)}"] if entry.since else []
    said += [wording.day(entry.own_date)] if entry.own_date else []
    said += [wording.every(entry.recurrence)] if entry.recurrence else []
    return "; ".join(said)


def _told(row: _Row, wording: Wording) -> str:
    """All that a row of the timeline stands for, in words."""
    said = (row.name(wording), row.entry.theme_label, row.when(wording))
    return f"{'; '.join(each for each in said if each)}. {row.entry.quotation.exact}"


def _told_of_chip(entry: Entry, wording: Wording) -> str:
    what = ", ".join(each for each in (entry.theme_label, _chip_text(entry)) if each)
    said = (what, entry.status_label or wording.no_status, _when(entry, wording))
    return f"{'; '.join(each for each in said if each)}. {entry.quotation.exact}"


def _lane(
    members: Sequence[Entry], top: float, width: float, target: Callable[[str], str], wording: Wording
) -> tuple[list[Shape], float]:
    """The entries of a status, below its name: a block for each theme, with a chip for each entry."""
    first = members[0]
    y = top + _PAD
    label = first.status_label or first.status or wording.no_status
    left = _MARGIN + _INDENT
    shapes: list[Shape] = [
        Line(f"M{_MARGIN} {top}H{width - _MARGIN}", "lane-line"),
        status_mark(first.status, _MARGIN + 10, y + 12),
        Words(left, y + 17, label, "name"),
        Words(left + length(label) + _PAD, y + 17, str(len(members)), "amount"),
    ]
    y += _THEME_ROW + 2
    for _, of_theme in groupby(members, key=attrgetter("theme")):
        each = list(of_theme)
        themed = lines(each[0].theme_label or "–", width - _MARGIN - left, 2, _SMALL)
        shapes += [Words(left, y + 15 + _LEADING * at, text, "theme-name") for at, text in enumerate(themed)]
        y += _THEME_ROW + _LEADING * (len(themed) - 1)
        x = float(left)
        for entry in each:
            wide = _chip_width(entry, wording)
            if x + wide > width - _MARGIN:
                x, y = float(left), y + _CHIP + _CHIP_GAP
            shapes.append(_chip(entry, x, y, wide, target, wording))
            x += wide + _CHIP_GAP
        y += _CHIP + _PAD
    return shapes, y - top + 4


def _chip_text(entry: Entry) -> str:
    return entry.number or entry.kind_label


def _chip_width(entry: Entry, wording: Wording) -> float:
    again = 12 + length(wording.every(entry.recurrence), _SMALL) if entry.recurrence else 0
    return round(36 + length(_chip_text(entry), LETTER * BOLD) + again, 1)


def _chip(entry: Entry, x: float, y: float, wide: float, target: Callable[[str], str], wording: Wording) -> Shape:
    text = _chip_text(entry)
    shown: list[Shape] = [
        Box(x, y, wide, _CHIP, "chip" if entry.is_scheduled else "chip other", 5),
        status_mark(entry.status, x + 14, y + _CHIP / 2),
        Words(x + 26, y + _CHIP / 2 + 4.5, text, "number"),
    ]
    if entry.recurrence:
        after = x + 36 + length(text, LETTER * BOLD)
        shown.append(Words(round(after, 1), y + _CHIP / 2 + 4.5, wording.every(entry.recurrence), "when"))
    return Link(target(entry.iri), _told_of_chip(entry, wording), tuple(shown))


def _keys(entries: Sequence[Entry], wording: Wording) -> Iterable[Key]:
    for _, members in groupby(entries, key=attrgetter("status")):
        first = next(members)
        yield Key((status_mark(first.status, 14, 10),), first.status_label or first.status or wording.no_status)
    if any(each.since for each in entries):
        yield Key((Line("M2 3H20L26 10L20 17H2z", "bar busy"),), wording.open_end + " …")
    if any(each.occasion for each in entries):
        yield Key((Line(_FLAG, "occasion-mark", x=14, y=10),), wording.occasion)
    if any(not each.is_scheduled for each in entries):
        yield Key((Box(2, 2, 24, 16, "chip other", 4),), wording.other)


def schedule_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The schedule entries of the plan, and what else states a status, along the years and by status."""
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    entries = schedule(site, site.names.id("plan", "crm"), language)
    wording = Wording(
        messages.gettext("With a date"),
        messages.gettext("Status without a date"),
        messages.gettext("no status"),
        messages.gettext("another part that states a status itself"),
        messages.gettext("date of an event or meeting, not of the status"),
        messages.gettext("since"),
        lambda duration: messages.gettext("every %(time)s") % {"time": format_duration(duration, language)},
        lambda day: format_day(day, language),
    )
    picture = Picture(
        "/pictures/schedule",
        messages.gettext("The schedule of the plan"),
        messages.gettext(
            "Each mark is a schedule entry or, with a dashed edge, another part that states its own status, and leads "
            "to its words. Dates and statuses are those that the text states: where it gives no date, none is "
            "assumed, and the date of an event or a meeting is drawn as the date of that event or meeting."
        ),
        lambda links, _: draw_schedule(entries, target_in(links, language), wording),
        draw_narrow=lambda links, _: draw_schedule(entries, target_in(links, language), wording, NARROW),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {"entries": entries}
    return picture_page(request, site, picture, "pictures/schedule.html", context, ("schedule-status", {}))
