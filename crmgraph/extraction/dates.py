"""Dates, periods, recurrences and delays in Spanish or English text, and the dates of a document in its title.

The patterns are in `lexicon/dates.yaml` and `lexicon/title_dates.yaml`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, chain
from typing import NamedTuple

from babel import Locale

from crmgraph.lexicon import Patterns, any_of, patterns
from crmgraph.reading.languages import BEGINNING, END, fold, key

_LOCALES = ("es", "es_MX", "en", "en_GB")  # the locales of a language differ in abbreviations: sept, sep
_MONTHS_OF_YEAR, _LAST_DAY, _LAST_PART = 12, 31, 12
_WINDOW = 120
"""The number of characters of context that are examined around a date."""
_ALIKE = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "^"))
"""A translation table: dashes become hyphens, and superscript digits (footnote marks) become carets."""
_LATE_MONTHS, _LATE_DAYS = range(7, 13), range(21, 32)
"""Months and days at which a period may begin that crosses the end of a year or month ("from November to March")."""


class TimeExpression(NamedTuple):
    """A phrase about time and its value.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        property: One of `date`, `since`, `until`, `recurrence`, `delay`, `impossible` (a date that does not exist, such
            as 31 June) and `reversed` (a period that ends before it begins).
        value: A year (2010), month (2003-06), day (2009-07-15) or duration (P6M); for `reversed` the two ends
            (2012/2010), for `impossible` the date or its words.
    """

    start: int
    end: int
    property: str
    value: str


class _Date(NamedTuple):
    """A date with the fields that the text gives; other fields are None.

    Attributes:
        words: The folded text.
        month: The month, 1 to 12.
        day: The day of the month.
        part: The number of a part of the year, such as 2 in "second quarter".
        length: The length of that part in months, such as 3 for a quarter.
    """

    words: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: int | None = None
    length: int | None = None

    def completed_from(self, later: "_Date") -> "_Date":
        """Return this date with its missing fields taken from a later date of the same list.

        In "from March to June 2010", March gets the year 2010. A date with a year is unchanged.
        """
        month = later.month if self.month is None and self.part is None else self.month
        completed = self._replace(year=later.year, month=month, length=self.length or later.length)
        return completed if self.year is None else self

    def with_month(self, month: int | None) -> str:
        """Return the date in XML Schema form (2010, 2003-06 or 2009-07-15), with this month."""
        return "-".join(
            f"{number:0{width}}"
            for number, width in zip((self.year, month, self.day), (4, 2, 2), strict=True)
            if number is not None
        )

    @property
    def iso_text(self) -> str:
        """The date in XML Schema form: 2010, 2003-06 or 2009-07-15; the year alone for a part of a year."""
        return self.with_month(self.month)

    @property
    def end_months(self) -> tuple[str, str]:
        """The first and last month of a part of a year, such as 2027-04 and 2027-06; for other dates the date twice."""
        last = self.part * (1 if self.part == _LAST_PART else self.length) if self.part and self.length else 0
        months = (last - (self.length or 0) + 1, last) if last else (self.month, self.month)
        return self.with_month(months[0]), self.with_month(months[1])

    @property
    def is_valid(self) -> bool:
        """Whether the date exists in the calendar."""
        said = self if self.month is not None else self._replace(day=None)
        try:
            return bool(date.fromisoformat(f"{said.end_months[1]}-01-01"[:10]))
        except ValueError:
            return False


@cache
def month_names() -> dict[str, int]:
    """Return the number of the month for each folded name and abbreviation in Spanish and English, without a dot."""
    return {"setiembre": 9, "set": 9} | {
        key(name).rstrip("."): number
        for tag in _LOCALES
        for lengths in Locale.parse(tag).months.values()
        for length in ("wide", "abbreviated")
        for number, name in lengths[length].items()
    }


@cache
def _weekday_names() -> frozenset[str]:
    """Return the folded names of the days of the week in Spanish and English."""
    return frozenset(key(name) for tag in _LOCALES for name in Locale.parse(tag).days["format"]["wide"].values())


def calendar_patterns(name: str) -> Patterns:
    """Return the patterns of a lexicon file that uses the placeholders {months} and {weekdays}.

    The names come from Unicode CLDR.
    """
    return Patterns(name, months=lambda: any_of(month_names()), weekdays=lambda: any_of(_weekday_names()))


class _Grammar(Patterns):
    """The patterns of dates.

    `is_calendar` adds forms that are dates only in a schedule, such as "3/2027".
    """

    def __init__(self, is_calendar: bool = False) -> None:
        plain = Patterns("dates")
        full = [*(plain.raw("calendar_points") if is_calendar else ()), *plain.raw("points")]
        forms = [*full, *plain.raw("partial_points")]
        unnamed = [re.sub(r"\?P<\w+>", "?:", form) for form in forms]
        leads = {kind: any_of(chain.from_iterable(words.values())) for kind, words in plain.raw("leads").items()}
        super().__init__(
            "dates",
            months=any_of(month_names()),
            weekdays=any_of(_weekday_names()),
            numbers_in_words=any_of(plain.raw("numbers")),
            ordinals_in_words=any_of(plain.raw("ordinals")),
            unit=any_of((*plain.raw("units_of_months"), *plain.raw("units_of_days"))),
            often=any_of(plain.raw("recurring")),
            beginning=BEGINNING,
            end_of=END,
            lead="|".join(f"(?P<{kind}>{words})" for kind, words in leads.items()),
            point="|".join(unnamed[: len(full)]),
            member="|".join(unnamed),
        )
        self.points = [self.compile(form) for form in forms]


_grammar = cache(_Grammar)


def find_times(text: str, is_calendar: bool = False) -> list[TimeExpression]:
    """Return the time expressions in a text, in order; one span may have two ("in 2010 and 2011").

    Ambiguous expressions are left out. Of overlapping expressions, the first is kept, or the longest if they begin
    together.

    Args:
        text: The text, in Spanish or English.
        is_calendar: Whether the text is a schedule entry.
    """
    folded = fold(text.translate(_ALIKE))
    said = folded.text
    grammar = _grammar(is_calendar)
    found = sorted(
        chain(
            _find_labelled_ends(said, grammar),
            _find_impossible_dates(said),
            _find_date_lists(said, grammar),
            _find_durations(said),
        ),
        key=lambda each: (each.start, -each.end),
    )
    expressions: list[TimeExpression] = []
    last = (0, 0)
    for each in found:
        if each.start >= last[1] or each[:2] == last:
            last = each[:2]
            expressions.append(TimeExpression(*folded.original(*last), each.property, each.value))
    return expressions


def _find_date_lists(text: str, grammar: _Grammar) -> Iterator[TimeExpression]:
    """Yield the expressions in lists of dates and in ranges.

    A bare number counts as a year only if its form or its context shows that it is one.
    """
    for match in grammar["row"].finditer(text):
        steps = list(grammar["step"].finditer(match["row"]))
        if "".join(step[0] for step in steps) == match["row"]:
            row = _DateList(match, text, steps, grammar)
            if row.contains_dates():
                yield from row.expressions()


class _DateList:
    """A list or range of dates in a folded text.

    Attributes:
        match: The match of the pattern `row`.
        steps: The matches of the single dates, each with the conjunction after it.
        grammar: The patterns.
        before: The text before the list.
        after: The text after the list.
        points: The dates.
        kind: The meaning of the preposition before the list, such as "since", "until" or "between"; empty if there is
            none.
        is_range: Whether the dates are the ends of a period.
        has_alternatives: Whether the dates are alternatives, joined with "or".
    """

    def __init__(self, match: re.Match[str], text: str, steps: Sequence[re.Match[str]], grammar: _Grammar) -> None:
        self.match, self.steps, self.grammar = match, steps, grammar
        self.before, self.after = text[: match.start()], text[match.end() :]
        self.points = [point for step in steps for point in _parse_dates(step["member"], grammar)]
        joins = [step["join"] for step in steps[:-1]]
        in_years = [point.year for point in self.points if point.iso_text == str(point.year)]
        straddling = joins == ["/"] and len(in_years) == 2 and in_years[1] == (in_years[0] or 0) + 1
        self.kind = self._introduction_kind()
        several = self.kind == "between" or straddling or any(grammar["to"].match(join) for join in joins)
        self.is_range = len(self.points) > 1 and (several or len(self.points) > len(steps))
        self.has_alternatives = not straddling and any(grammar["or"].match(join) for join in joins)

    def _introduction_kind(self) -> str:
        """Return the meaning of the preposition before the list; empty if there is none.

        "from" means "since" if no end of the period follows.
        """
        grammar = self.grammar
        opens = grammar["opens_period"].search(self.before) or grammar["only_numbered"].match(self.before)
        if self.match["lead"] == "from" and len(self.steps) == 1 and opens:
            return "between" if grammar["closes_period"].match(self.after) else "since"
        return next((kind for kind in grammar.raw("leads") if self.match[kind]), "")

    def contains_dates(self) -> bool:
        """Return whether the list has months or days, or numbers that are years by their context."""
        match, grammar, kind, near = self.match, self.grammar, self.kind, self.before[-_WINDOW:]
        completed = _complete_dates(self.points)
        is_unsure = len(self.points) < len(self.steps) or not completed or completed[-1].year is None
        # A day that has no month, as in “May 15 and 16, 2027”, would be read as a month.
        if is_unsure or any(
            (point.part and not point.length) or (point.day and not point.month) for point in completed
        ):
            return False
        may_end = grammar["may_follow_year"].match(self.after) is not None
        if any(point.month is not None or point.part for point in completed):
            return may_end or not any(point.part for point in completed)
        several = kind == "between" or grammar["to"].search(match["row"]) is not None
        if several and (grammar["in_another_year"].match(self.after) or grammar["changes"].search(near)):
            return False
        led = grammar["led"].match(self.before + match[0][: match.start("row") - match.start()])
        apart = grammar["set_apart"].match(f"{self.before[-3:]}|{self.after}")
        if apart or (led and grammar["all_said"].match(self.after)):
            return True
        introduced = kind not in ("", "of") or match["roughly"] or (match["head"] and kind != "of") or match["onwards"]
        joined = several and len(completed) > 1 and (kind == "of" or grammar["clause_start"].search(self.before))
        return may_end and bool(introduced or joined)

    def expressions(self) -> Iterator[TimeExpression]:
        """Yield the time expressions of the list; if it has dates that do not exist, only those."""
        match, grammar, kind = self.match, self.grammar, self.kind
        dated = not (self.has_alternatives or self.is_range or kind in ("between", "nothing"))
        bears = kind and (kind != "of" or self.is_range or match["onwards"])
        start = match.start() if bears else next(match.start(n) for n in ("roughly", "head", "row") if match[n])
        points = _complete_dates(self.points)
        said: Iterable[tuple[str, str]] = ()
        if not all(point.is_valid for point in points):
            for step, point in zip(self.steps, points, strict=False):
                begin, end = (match.start("row") + place for place in step.span("member"))
                if not point.is_valid:
                    yield TimeExpression(begin, end, "impossible", point.words if point.part else point.iso_text)
        elif kind == "before":
            is_all = grammar["only_numbered"].match(self.before) and grammar["all_said"].match(self.after)
            if len(points) == 1 and is_all and not match["roughly"] and points[0].part in (None, 1):
                first = date.fromisoformat(f"{points[0].iso_text}-01-01"[:10])
                # The year, month or day before, in the same precision: 2009 for 2010.
                said = [("until", (first - timedelta(days=1)).isoformat()[: len(points[0].iso_text)])]
        elif self.is_range:
            said = () if self.has_alternatives or kind == "nothing" else _period_ends(self.points)
        elif match["onwards"] or kind in ("since", "until"):
            said = [("since" if match["onwards"] else kind, points[0].iso_text)] if len(points) == 1 else ()
        elif dated:
            said = [("date", point.iso_text) for point in points]
        yield from (TimeExpression(start, match.end(), *each) for each in said)


def _parse_dates(words: str, grammar: _Grammar) -> list[_Date]:
    """Return the date in a phrase; two years for a range such as "2027-28".

    The result is empty if the phrase is ambiguous: "2010-11" may be a month or a range.

    Args:
        words: The folded phrase.
        grammar: The patterns.
    """
    groups = next(found.groupdict() for form in grammar.points if (found := form.fullmatch(words)))
    year, month, day, part, month_or_year = (groups.get(name) for name in ("y", "m", "d", "n", "two"))
    if month_or_year:
        first, number = int(str(year)), int(month_or_year)
        if number > max(first % 100, _MONTHS_OF_YEAR):
            return [_Date(words, first), _Date(words, first - first % 100 + number)]
        if not 1 <= number <= min(_MONTHS_OF_YEAR, first % 100):
            return []
    month = month or month_or_year
    month_number = (month_names().get(month.rstrip(".")) or int(month)) if month else None
    day_number = int(re.sub(r"\D", "", day) or 1) if day else None
    if month_number and day_number and month_number > _MONTHS_OF_YEAR >= day_number and words[:4] != year:
        month_number, day_number = day_number, month_number  # 12/31/2027 has its month first
    which = int(grammar.raw("ordinals").get(part, part[0])) if part else None
    length = int(grammar.raw("parts_of_year")[groups["u"]]) if groups.get("u") else None
    return [_Date(words, int(year) if year else None, month_number, day_number, which, length)]


def _complete_dates(points: Sequence[_Date]) -> list[_Date]:
    """Return the dates of a list, each with its missing fields taken from later dates."""
    return [*accumulate(reversed(points), lambda later, point: point.completed_from(later))][::-1]


def _period_ends(points: Sequence[_Date]) -> list[tuple[str, str]]:
    """Return the start and the end of a range as (property, value) pairs.

    The only property of a range whose end is before its start is `reversed`. The result is empty if the start has no
    year (or month) and may be in an earlier one than the end, as in "from November to March 2010".
    """
    if len(points) != 2:
        return []
    said, (one, two) = points[0], _complete_dates(points)
    first, last = one.end_months[0], two.end_months[1]
    common = min(len(first), len(last))
    if first[:common] <= last[:common]:
        return [("since", first), ("until", last)]
    runs_over = int(first[5:7] or 0) in _LATE_MONTHS or (said.month is None and (one.day or 0) in _LATE_DAYS)
    return [] if runs_over and said.year is None else [("reversed", f"{first}/{last}")]


def _find_labelled_ends(text: str, grammar: _Grammar) -> Iterator[TimeExpression]:
    """Yield the start and end dates of a period that have a label, as in “Start date: 2027-01”."""
    for match in grammar["start_or_end"].finditer(text):
        row, step = grammar["row"].search(match["date"]), grammar["step"].fullmatch(match["date"])
        points = _parse_dates(step[0], grammar) if step and row and row["row"] == step[0] else []
        if len(points) == 1 and points[0].year and points[0].is_valid:
            ends = ("since", points[0].end_months[0]) if match["begin"] else ("until", points[0].end_months[1])
            yield TimeExpression(*match.span("words"), *ends)


def _find_impossible_dates(text: str) -> Iterator[TimeExpression]:
    """Yield dates that do not exist, such as 31 June or month 13, in forms that no other pattern reads as dates."""
    for match in _grammar()["slip"].finditer(text):
        day = int(match["day"])
        if (match["lead"] or day <= _LAST_DAY) and not _Date("", 2000, month_names()[match["month"]], day).is_valid:
            yield TimeExpression(*match.span("words"), "impossible", match["words"])
    if (month := _grammar()["slip_of_month"].match(text)) and not 1 <= int(month["month"]) <= _MONTHS_OF_YEAR:
        yield TimeExpression(*month.span("words"), "impossible", month["words"])


def _find_durations(text: str) -> Iterator[TimeExpression]:
    """Yield recurrences ("every year") and delays ("within six months").

    Ambiguous ones, such as "two or three years", are left out.
    """
    grammar = _grammar()
    for row in grammar.raw("durations"):
        for match in grammar.compile(row["words"]).finditer(text):
            span = next((words for name, words in match.groupdict().items() if words and name != "times"), "")
            value = (
                row["times"].get(match["times"]) if "times" in row else _duration(row.get("number", "") + span, grammar)
            )
            if value and not ("unless" in row and grammar.compile(row["unless"]).match(text, match.end())):
                yield TimeExpression(*match.span(), row["kind"], value)
    if (only := grammar["only_delay"].match(text)) and (value := _duration(only["span"], grammar)):
        yield TimeExpression(*only.span("words"), "delay", value)
    for match in grammar["recurring_word"].finditer(text):
        near = text[max(0, match.start() - _WINDOW) : match.start()]
        if not (grammar["yearly_thing_after"].match(text, match.end()) or grammar["yearly_thing_before"].search(near)):
            yield TimeExpression(*match.span(), "recurrence", grammar.raw("recurring")[match[0]])


def _duration(words: str, grammar: _Grammar) -> str | None:
    """Return a phrase as an XML Schema duration, in the largest units: P1Y6M for "18 months".

    The result is None if the phrase has no duration or two different ones.
    """
    months = days = last = 0
    for found in grammar["counted"].finditer(words):
        count, again = (
            int(grammar.raw("numbers").get(word, word)) for word in (found["count"] or "one", found["again"] or "0")
        )
        if not count or again not in (0, count):
            return None
        last = int(grammar.raw("units_of_months").get(found["unit"], 0))
        months += count * last
        days += count * int(grammar.raw("units_of_days").get(found["unit"], 0))
    if words.endswith((" y medio", " y media")):
        months = 0 if last % 2 or not last else months + last // 2
    parts = ((months // _MONTHS_OF_YEAR, "Y"), (months % _MONTHS_OF_YEAR, "M"), (days, "D"))
    return "P" + "".join(f"{count}{letter}" for count, letter in parts if count) if months or days else None


def with_day_first(texts: Sequence[str]) -> list[str]:
    """Return the texts of an English plan with the day first in each numeric date; their lengths do not change.

    The order is inferred from the dates of the plan that allow only one reading, such as 12/31/2027. If there are none,
    or they contradict each other, ambiguous dates (03/04/2027) are replaced with spaces.
    """
    pattern = _grammar()["figures"]
    dates = [(int(each[1]), int(each[3])) for text in texts for each in pattern.finditer(text)]
    is_day_first = any(one > _MONTHS_OF_YEAR >= other for one, other in dates)
    is_month_first = any(other > _MONTHS_OF_YEAR >= one for one, other in dates)

    def put_day_first(found: re.Match[str]) -> str:
        one, other = int(found[1]), int(found[3])
        if one == other or max(one, other) > _MONTHS_OF_YEAR or (is_day_first and not is_month_first):
            return found[0]
        return (
            f"{found[3]}{found[2]}{found[1]}{found[4]}" if is_month_first and not is_day_first else " " * len(found[0])
        )

    return [pattern.sub(put_day_first, text) for text in texts]


def years_of_calendar(calendar: Sequence[str], title: str) -> set[int]:
    """Return the years in the texts of a schedule and in the title of its plan."""
    texts = (fold(text).text for text in (*calendar, title))
    return {int(found[0]) for text in texts for found in _grammar()["full_year"].finditer(text)}


_TITLE = patterns("title_dates")


def dates_of_title(text: str) -> Iterator[TimeExpression]:
    """Yield the dates in a title that belong to the document itself; for a period, its first and last year.

    Dates in names that the title cites are left out (the 2030 Agenda, Law 25 of 2003). Dates that do not exist and
    periods that end before they begin are yielded as `impossible` and `reversed`.
    """
    found = find_times(text)
    exact = [each for each in found if len(each.value) > len("2010")]
    begun = {each[:2]: each.value for each in exact if each.property == "since"}
    places = [
        *(
            (*each[:2], (begun[each[:2]], each.value))
            for each in exact
            if each.property == "until" and each[:2] in begun
        ),
        *((*each[:2], (each.value,)) for each in exact if each.property == "date"),
        *((*each.span(), each.groups()) for each in _TITLE["title_period"].finditer(text)),
        *((*each.span(), (each[0],)) for each in _TITLE["title_year"].finditer(text)),
    ]
    taken: list[tuple[int, int]] = []
    for start, end, values in places:
        if all(end <= before or after <= start for before, after in taken):
            taken.append((start, end))
            if not _belongs_to_cited_work(text, start, end, len(values)):
                yield from (TimeExpression(start, end, "date", value) for value in values)
    for each in found:
        reverse = each.property == "reversed" and not _TITLE["title_period"].search(text[each.start : each.end])
        if reverse or (each.property == "impossible" and not _belongs_to_cited_work(text, each.start, each.end, 1)):
            yield each


def _belongs_to_cited_work(text: str, start: int, end: int, years: int) -> bool:
    """Return whether a date belongs to a work or aim that the title cites.

    Args:
        text: The title.
        start: The offset of the date.
        end: The offset after the date.
        years: The number of years: a period of two years is not the date of a law or treaty.
    """
    before = key(text[:start])
    if _TITLE["number_before"].search(before) or _TITLE["aim_before"].search(before):
        return True
    of_instrument = years == 1 and _TITLE["instrument_before"].search(before) and not _TITLE["adopted"].search(before)
    return bool(of_instrument or _TITLE["aim_after"].match(f" {key(text[end:])}"))
