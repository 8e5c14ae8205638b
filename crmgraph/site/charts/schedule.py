"""The chart of when the plan is to be carried out, and how far it is: dates along the years, and the rest by status."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter

from crmgraph.http.languages import format_day, format_duration, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.labels import rank, tone_of
from crmgraph.site.base.site import Row, Site, reference
from crmgraph.site.charts.layout import (
    BOLD,
    TEXT_SIZE,
    Drawing,
    LegendEntry,
    Link,
    Mark,
    Path,
    Rectangle,
    Shape,
    Text,
    status_mark,
    text_block,
    text_width,
    wrap,
)
from crmgraph.site.charts.pages import Chart, Resource, first_value, grouped, quotation_in, resources
from crmgraph.site.source import Quotation

__all__ = ["NARROW", "WIDE", "Entry", "draw_schedule", "schedule", "schedule_chart"]

WIDE = 880
"""How wide the chart is."""
NARROW = 326
"""How wide it is in a window 360 wide."""

_ENTRIES = """
SELECT DISTINCT ?x ?kind ?status ?number ?order ?theme ?date ?since ?recurrence ?delay ?event ?meeting
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
}"""
_KINDS = "SELECT ?x ?kind { VALUES ?x { %s } VALUES ?kind { cg:PlannedEvent cg:PastEvent cg:Meeting } ?x a ?kind }"
_FLAG = "M-4.5 6v-12M-4.5 -5.5h9l-3 3l3 3h-9z"
"""The mark of something that has a date of its own."""

_MARGIN, _INDENT, _PADDING, _LEADING, _SMALL = 12, 24, 10, 17, 12
_YEARS_HEIGHT, _BAR, _LEAST_BAR, _CHIP, _CHIP_GAP, _THEME_HEIGHT = 26, 20, 14, 28, 8, 22


@dataclass(frozen=True)
class Entry:
    """A schedule entry, or another part of the plan that states a status, and when its words say that it is.

    `date` and `since` are a year, month or day, `recurrence` and `delay` durations of XML Schema. If the date is that
    of an event or meeting and not of the status, that is the `occasion`, which `occasion_label` names with its kind.
    Anything that the words do not say is empty.
    """

    iri: str
    number: str
    kind: Resource
    status: Resource
    theme: Resource
    date: str
    since: str
    recurrence: str
    delay: str
    occasion: Resource
    occasion_label: str
    quotation: Quotation

    @property
    def is_scheduled(self) -> bool:
        """Whether it is a schedule entry."""
        return self.kind.iri == f"{ONTOLOGY}#ScheduleEntry"

    @property
    def has_date(self) -> bool:
        """Whether the words say when it was or is to be itself."""
        return bool(self.since or (self.date and not self.occasion.iri))

    @property
    def text(self) -> str:
        """What it is called in the chart: its number, or what it is."""
        return self.number or self.kind.label


def schedule(site: Site, plan: str, language: str) -> tuple[Entry, ...]:
    """Return the entries of the plan with this IRI by status, those of one status in the order of the document."""
    entries = grouped(site.select(_ENTRIES % reference(plan)), "x")
    occasions = {iri: _occasion(rows) for iri, rows in entries.items()}
    listed = " ".join(sorted(map(reference, filter(None, occasions.values()))))
    kinds = {row["x"].value: row["kind"].value for row in site.select(_KINDS % listed)} if listed else {}
    columns = ("kind", "status", "theme")
    named = {row[name].value for rows in entries.values() for row in rows for name in columns if name in row}
    labelled = resources(site, {*named, *occasions.values(), *kinds.values(), ""}, language)

    def entry(iri: str, rows: Sequence[Row]) -> Entry:
        occasion = labelled[occasions[iri]]
        kind = labelled[kinds.get(occasion.iri, "")].label.lower()
        return Entry(
            iri,
            first_value(rows, "number"),
            labelled[first_value(rows, "kind")],
            labelled[first_value(rows, "status")],
            labelled[first_value(rows, "theme")],
            first_value(rows, "date"),
            first_value(rows, "since"),
            first_value(rows, "recurrence"),
            first_value(rows, "delay"),
            occasion,
            occasion.label if kind in occasion.label.lower() else f"{occasion.label} ({kind})",
            quotation_in(rows),
        )

    ordered = sorted(entries, key=lambda iri: int(entries[iri][0]["order"].value))
    found = [entry(iri, entries[iri]) for iri in ordered]
    return tuple(sorted(found, key=lambda entry: (rank(entry.status.name), entry.status.name)))


def _occasion(rows: Sequence[Row]) -> str:
    """Return the IRI of the event, or else the meeting, that has the date in the rows; nothing if none has."""
    date = first_value(rows, "date")
    dated = [row for row in rows if "date" in row and row["date"].value == date]
    return first_value(dated, "event") or first_value(dated, "meeting")


@dataclass(frozen=True)
class _Axis:
    """The years from `first` to before `last` over a width."""

    first: int
    last: int
    width: float

    def place(self, year: float) -> float:
        return round(_MARGIN + (self.width - 2 * _MARGIN) * (year - self.first) / (self.last - self.first), 1)


def draw_schedule(
    entries: Sequence[Entry], target: Callable[[str], str], language: str, width: float = WIDE
) -> Drawing:
    """Return what has a date along the years, and below it the entries that have none themselves, by status and theme.

    `target` gives the address of an IRI.
    """
    messages = translations(language)
    shapes: list[Shape] = []
    y = float(_MARGIN)
    dated = [
        (*_span(each.since or each.date, goes_on=bool(each.since)), each, False) for each in entries if each.has_date
    ]
    dated += [(*_span(each.date), each, True) for each in entries if each.occasion.iri]
    dated.sort(key=itemgetter(0))
    if dated:
        shapes.append(Text(_MARGIN, y + 16, messages.gettext("With a date"), "heading"))
        last = max(math.ceil(begin + 1 if math.isinf(end) else end) for begin, end, _, _ in dated)
        axis = _Axis(int(dated[0][0]), last, width)
        y += 30
        shapes += _year_labels(axis, y)
        y += _YEARS_HEIGHT
        for begin, end, entry, is_occasion in dated:
            drawn, height = _bar(entry, is_occasion, begin, end, axis, y, target, language)
            shapes += drawn
            y += height + _PADDING
        y += 2 * _PADDING
    undated = [each for each in entries if not each.has_date]
    if undated:
        shapes.append(Text(_MARGIN, y + 16, messages.gettext("Status without a date"), "heading"))
        y += 34
    for _, members in groupby(undated, attrgetter("status")):
        drawn, height = _lane(list(members), y, width, target, language)
        shapes += drawn
        y += height
    return Drawing(width, y + _MARGIN, tuple(shapes), tuple(_legend(entries, language)))


def _span(day: str, goes_on: bool = False) -> tuple[float, float]:
    """Return when a year, month or day begins and ends, in years: for a day its month, without end if it goes on."""
    year, month, *_ = (*day.lstrip("-").split("-"), "1")
    begin = int(year) + (int(month) - 1) / 12
    return begin, math.inf if goes_on else begin + (1 / 12 if "-" in day else 1)


def _year_labels(axis: _Axis, y: float) -> Iterator[Text]:
    room = axis.place(axis.first + 1) - axis.place(axis.first)
    # Where not all have room, some are left out.
    for year in range(axis.first, axis.last, math.ceil((text_width("2000") + _PADDING / 2) / room)):
        middle = (axis.place(year) + axis.place(year + 1)) / 2
        yield Text(round(middle, 1), y + 14, str(year), "year", "middle")


def _bar(
    entry: Entry,
    is_occasion: bool,
    begin: float,
    end: float,
    axis: _Axis,
    y: float,
    target: Callable[[str], str],
    language: str,
) -> tuple[list[Shape], float]:
    """Return a row for an entry that has a date, or for its occasion, and how high it is.

    Below its name and theme is a bar along the years, and below that are the words.
    """
    room, left, right = axis.width - 2 * _MARGIN, axis.place(begin), axis.place(min(end, axis.last))
    right = max(right, left + _LEAST_BAR)
    what = entry.occasion_label if is_occasion else _status_label(entry, language)
    when = format_day(entry.date, language) if is_occasion else _when(entry, language)
    name = f"{entry.text} · {what}"
    lines, theme = wrap(name, room - _INDENT, 3), wrap(entry.theme.label, room - _INDENT, 2, _SMALL)
    quoted = wrap(entry.quotation.exact, room, 12, _SMALL)
    top = y + 7 + _LEADING * (len(lines) + len(theme))
    bottom, middle = top + _BAR, top + _BAR / 2
    height = bottom - y + 10 + _LEADING * len(quoted)
    point = (
        f"H{right - _BAR / 2}L{right} {middle}L{right - _BAR / 2} {bottom}" if math.isinf(end) else f"H{right}V{bottom}"
    )
    when_width = text_width(when, _SMALL) + 2 * _PADDING
    if when_width <= right - left - _BAR:
        when_text = Text(left + _PADDING, middle + 4.5, when, "on-bar")
    elif right + when_width <= axis.width:
        when_text = Text(right + _PADDING, middle + 4.5, when, "when")
    else:
        when_text = Text(left - _PADDING, middle + 4.5, when, "when", "end")
    flag = Path(_FLAG, "occasion-mark", x=_MARGIN + 10, y=y + 10)
    parts: tuple[Mark, ...] = (
        Rectangle(_MARGIN, y, room, height, "room", 4),
        flag if is_occasion else status_mark(entry.status.name, _MARGIN + 10, y + 10),
        *text_block(lines, _MARGIN + _INDENT, y + 14.5, "name"),
        *text_block(theme, _MARGIN + _INDENT, y + 14.5 + _LEADING * len(lines), "theme-name"),
        Path(f"M{left} {top}{point}H{left}z", f"bar {'none' if is_occasion else tone_of(entry.status.name)}"),
        when_text,
        *text_block(quoted, _MARGIN, bottom + 15.5, "quoted", language="es"),
    )
    # Beside the bar only, so that they cross no words.
    rules = "".join(f"M{axis.place(year)} {top - 4}v{_BAR + 8}" for year in range(axis.first, axis.last + 1))
    link = Link(
        target(entry.occasion.iri if is_occasion else entry.iri), _title(entry, name, entry.theme.label, when), parts
    )
    return [Path(rules, "year-line"), link], height


def _lane(
    members: Sequence[Entry], top: float, width: float, target: Callable[[str], str], language: str
) -> tuple[list[Shape], float]:
    """Return the entries of a status below its name, a chip each in a block for each theme, and how high that is."""
    label, left = _status_label(members[0], language), _MARGIN + _INDENT
    y = top + _PADDING
    shapes: list[Shape] = [
        Path(f"M{_MARGIN} {top}H{width - _MARGIN}", "lane-line"),
        status_mark(members[0].status.name, _MARGIN + 10, y + 12),
        Text(left, y + 17, label, "name"),
        Text(left + text_width(label) + _PADDING, y + 17, str(len(members)), "amount"),
    ]
    y += _THEME_HEIGHT + 2
    for theme, entries in groupby(members, attrgetter("theme")):
        heading = wrap(theme.label or "–", width - _MARGIN - left, 2, _SMALL)
        shapes += text_block(heading, left, y + 15, "theme-name")
        y += _THEME_HEIGHT + _LEADING * (len(heading) - 1)
        x = float(left)
        for entry in entries:
            chip, chip_width = _chip(entry, x, y, target, language)
            if x + chip_width > width - _MARGIN:
                x, y = left, y + _CHIP + _CHIP_GAP
                chip, _ = _chip(entry, x, y, target, language)
            shapes.append(chip)
            x += chip_width + _CHIP_GAP
        y += _CHIP + _PADDING
    return shapes, y - top + 4


def _chip(entry: Entry, x: float, y: float, target: Callable[[str], str], language: str) -> tuple[Link, float]:
    """Return an entry with its status, number and recurrence, and how wide it is."""
    every = _every(entry, language)
    number_width = text_width(entry.text, TEXT_SIZE * BOLD)
    width = round(36 + number_width + (12 + text_width(every, _SMALL) if every else 0), 1)
    base = y + _CHIP / 2 + 4.5
    parts: list[Mark] = [
        Rectangle(x, y, width, _CHIP, "chip" if entry.is_scheduled else "chip other", 5),
        status_mark(entry.status.name, x + 14, y + _CHIP / 2),
        Text(x + 26, base, entry.text, "number"),
    ]
    if every:
        parts.append(Text(round(x + 36 + number_width, 1), base, every, "when"))
    what = ", ".join(filter(None, (entry.theme.label, entry.text)))
    title = _title(entry, what, _status_label(entry, language), _when(entry, language))
    return Link(target(entry.iri), title, tuple(parts)), width


def _status_label(entry: Entry, language: str) -> str:
    return entry.status.label or translations(language).gettext("no status")


def _title(entry: Entry, *said: str) -> str:
    return f"{'; '.join(filter(None, said))}. {entry.quotation.exact}"


def _every(entry: Entry, language: str) -> str:
    """Return how often it is repeated, in words; nothing if it is not."""
    duration = format_duration(entry.recurrence, language) if entry.recurrence else ""
    return translations(language).gettext("every %(time)s") % {"time": duration} if duration else ""


def _when(entry: Entry, language: str) -> str:
    """Return all that is said of when, in words."""
    since = f"{translations(language).gettext('since')} {format_day(entry.since, language)}" if entry.since else ""
    own_date = "" if entry.occasion.iri else entry.date
    day = format_day(own_date, language) if own_date else ""
    return "; ".join(filter(None, (since, day, _every(entry, language))))


def _legend(entries: Sequence[Entry], language: str) -> Iterator[LegendEntry]:
    messages = translations(language)
    for _, members in groupby(entries, attrgetter("status")):
        first = next(members)
        yield LegendEntry((status_mark(first.status.name, 14, 10),), _status_label(first, language))
    if any(each.since for each in entries):
        yield LegendEntry((Path("M2 3H20L26 10L20 17H2z", "bar busy"),), messages.gettext("since") + " …")
    if any(each.occasion.iri for each in entries):
        flag = Path(_FLAG, "occasion-mark", x=14, y=10)
        yield LegendEntry((flag,), messages.gettext("date of an event or meeting, not of the status"))
    if not all(each.is_scheduled for each in entries):
        box = Rectangle(2, 2, 24, 16, "chip other", 4)
        yield LegendEntry((box,), messages.gettext("another part that states a status itself"))


def schedule_chart(site: Site, language: str, _: Mapping[str, str]) -> Chart:
    """Return the chart of the schedule of the plan."""
    messages = translations(language)
    entries = schedule(site, site.names.id("plan", "crm"), language)
    return Chart(
        "/pictures/schedule",
        messages.gettext("The schedule of the plan"),
        messages.gettext(
            "Each mark is a schedule entry or, with a dashed edge, another part that states its own status, and leads "
            "to its words. Dates and statuses are those that the text states: where it gives no date, none is "
            "assumed, and the date of an event or a meeting is drawn as the date of that event or meeting."
        ),
        lambda target, _, is_narrow: draw_schedule(entries, target, language, NARROW if is_narrow else WIDE),
        "pictures/schedule.html",
        {"entries": entries},
        question=("schedule-status", {}),
    )
