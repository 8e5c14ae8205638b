"""Words that say a date, a list of dates, or from when until when."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from crmgraph.describing.timing.calendar_words import Reading, any_of, month_names, weekday_names
from crmgraph.describing.timing.durations import HOW_OFTEN
from crmgraph.describing.timing.leads import LEAD_KINDS
from crmgraph.describing.timing.points import Point, fill_up, from_to, listed
from crmgraph.describing.timing.surroundings import is_amount, is_of_the_past, is_set_apart, may_follow_a_year

__all__ = ["read_dates"]

_ART = r"(?:(?:el|la|los|las|the) )?"
_EDGE = r"(?:finales|final|fines|principios|inicios|comienzos|mediados|early|late|the end|end|the beginning|beginning)"
_ORDINAL = (
    r"(?:primer|primera|segundo|segunda|tercer|tercera|cuarto|ultimo|first|second|third|fourth|last"
    r"|[1-6](?:\.?(?:o|a|er|ro|do|to|ra|da|ta)|°|st|nd|rd|th)|i{1,3}|iv)"
)
_SPANS = r"(?:semestre|(?:cuatri|tri|bi)m(?:estre|\b\.?)|mitad|half|quarter)"
_SEASON = r"(?:primavera|verano|otono|invierno|spring|summer|autumn|winter)"
_PART = (
    rf"(?P<part>mid[ -]|(?:a )?(?:{_EDGE}|{_ORDINAL} {_SPANS}|{_SPANS} (?:[1-6]|i{{1,3}}|iv)|[qt][1-4]|[1-4][qt]"
    rf"|[sh][12]|[12][sh]|{_SEASON}),? (?:(?:de|of)(?:l| the)? )?)?"
)
_HEAD = (
    r"(?P<head>(?:(?:anos?|ciclos?)(?: (?:escolar|fiscal|lectivo|academico)(?:e?s)?)?"
    r"|(?:(?:school|fiscal|academic) )?years?|periodo|period|bienio|trienio|quinquenio) |fy ?)?"
)
_YEAR = r"(?:19|20)\d\d"
_MONTHS = 12
_BEGIN = r"(?<![\w/$€^])(?<!\d[.,:-])(?<!\$ )"
_END = r"(?![\w/]|[-.,:]\d|-\w)"
_AND = r"(?:,? (?:y|e|and|&) |, )"
_OR = r"(?:,? (?:o|u|or) |/)"
_TO = r"(?: ?- ?| (?:al?|hasta|to|until|till|through) )"
_JOIN = rf"(?:{_AND}|{_OR}|{_TO}){_ART}"
_ONWARDS = r"(?P<onwards> (?:en adelante|onwards?)\b)?"
_DAY = r"(?:\d{1,2}(?:\.?[oa]|ro|er|°|st|nd|rd|th)?|primero|first)"
_OF_YEAR = r"(?:,? (?:(?:de|of)(?:l(?: ano)?| ano)? )?|[-/])"

_BEFORE = ("antes de", "hasta antes de", "previo a", "anterior a", "before", "prior to")
_CLAUSE_START = re.compile(r"(?:^|[.:;]) ?$")
_OPENS_PERIOD = re.compile(r"(?:^|[.:;,(]|\b(?:\w{3,}ly|continuous|ongoing|each \w+|every \w+)) ?$")
"""What stands before "from" where it says since when: at the start, or behind how often."""
_CLOSES_PERIOD = re.compile(r" ?(?:-|,? ?(?:to|through|until|till|up to|and)\b)")
_NUMBERED = re.compile(r"^ ?(?:\d+(?:\.\d+)*\.? )?(?:- )?$")
_LED = re.compile(
    rf"^ ?(?:\d+(?:\.\d+)*\.? )?(?:- )?(?:(?:{HOW_OFTEN}|continu[oa]|permanente|continuous|ongoing|permanent)"
    r"(?: ?[,;:]| -)? \(?)?$"
)
"""What stands before years that are the rest of what is said: nothing, a number, how often."""
_ALL_SAID = re.compile(r" ?\)?[.;]? ?$")
_WINDOW = 120


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Rows of days and months, rows of years, and one member of a row with what joins it to the next."""
    month = rf"(?:{any_of(month_names())})\b\.?"
    lead = rf"(?:(?P<lead>{any_of(LEAD_KINDS)})l? )?{_ART}{_PART}"
    named_day = rf"(?:dias? )?(?:(?:{any_of(weekday_names())}),? )?(?:mes(?:es)? de |month of )?"
    numeric = "|".join(rf"\d{{1,2}}{sign}\d{{1,2}}{sign}{_YEAR}" for sign in ("/", "-", r"\."))
    day_month = rf"{_DAY}(?: (?:de |of )?|[-/]){month}"
    point = (
        rf"(?:{_YEAR}-\d\d-\d\d|{numeric}|{day_month}{_OF_YEAR}{_YEAR}|{month} {_DAY}(?:, | |,? del? |,? of ){_YEAR}"
        rf"|{month}{_OF_YEAR}{_YEAR})"
    )
    member = rf"(?:{point}|{day_month}|{month} {_DAY}(?!\d)|{month}|{_DAY}|{_YEAR})"
    days = rf"{_BEGIN}{lead}{named_day}(?P<row>(?:{member}{_JOIN}){{0,5}}{point}){_END}{_ONWARDS}"
    years = rf"{_BEGIN}{lead}{_HEAD}(?P<row>(?:{_YEAR}{_JOIN}){{0,5}}{_YEAR}){_END}{_ONWARDS}"
    step = rf"(?P<member>{member})(?P<join>{_JOIN}|$)"
    return re.compile(days), re.compile(years), re.compile(step)


def read_dates(text: str, told: bool = False) -> Iterator[Reading]:
    """The readings of a folded text. A year counts only where its form or the words about it say that it is one.

    The date of what is told, such as that something was adopted, is not among them unless it is wanted (`told`).
    """
    days, years, _ = _patterns()
    for match in days.finditer(text):
        yield from _readings(match, text, told)
    for match in years.finditer(text):
        if _is_of_years(match, text, told):
            yield from _readings(match, text, told)


def _kind(match: re.Match[str], text: str) -> str:
    """How the words before bear on the dates; "from" begins a range, or says since when where no end follows."""
    before = text[: match.start()]
    open_ended = (
        match["lead"] == "from"
        and len(_row(match["row"])) == 1
        and (_OPENS_PERIOD.search(before) or _NUMBERED.match(before))
        and not _CLOSES_PERIOD.match(text, match.end())
    )
    return "since" if open_ended else LEAD_KINDS.get(match["lead"] or "", "")


def _is_of_years(match: re.Match[str], text: str, told: bool) -> bool:
    kind = _kind(match, text)
    before = text[max(0, match.start() - _WINDOW) : match.start()]
    row_start = match.start("row")
    whole = row_start < _WINDOW and _LED.match(text[:row_start]) and _ALL_SAID.match(text, match.end())
    row = match["row"]
    several = re.search(_TO, row) or kind == "between"
    introduced = (kind and kind != "of") or match["part"] or (match["head"] and kind != "of")
    joined = several and len(row) > len("2010") and (kind == "of" or _CLAUSE_START.search(before))
    if several and is_amount(before, text[match.end() : match.end() + _WINDOW]):
        return False
    apart = told and is_set_apart(text, match.start(), match.end())
    return bool(whole or apart or ((introduced or joined or match["onwards"]) and may_follow_a_year(text, match.end())))


def _readings(match: re.Match[str], text: str, told: bool) -> Iterator[Reading]:
    """What a row of dates says together; where one of them is in no calendar, what each says alone."""
    kind = _kind(match, text)
    members = _row(match["row"])
    points = [point for point, _ in members]
    joins = [step["join"] for _, step in members[:-1]]
    straddling = _is_straddling(points, joins)
    ranged = len(points) > 1 and (kind == "between" or straddling or any(re.match(_TO, join) for join in joins))
    start = _start(match, kind, ranged)
    unsure = not points or kind == "nothing" or (not straddling and any(re.match(_OR, join) for join in joins))
    past = not told and is_of_the_past(kind, text[max(0, match.start() - _WINDOW) : match.start()])
    dated = not unsure and not ranged and kind != "between" and (kind in ("since", "until") or not past)
    said: tuple[tuple[str, str], ...] = ()
    if not all(point.exists for point in fill_up(points)):
        yield from _each(match, start, kind, dated)
        return
    if match["lead"] in _BEFORE and len(points) == 1 and not match["part"] and _is_all(match, text):
        said = listed("until", [points[0].before])
    elif ranged and not unsure:
        said = from_to(points)
    elif match["onwards"] and not unsure:
        said = listed("since", points) if len(points) == 1 else ()
    elif dated and kind in ("since", "until"):
        said = listed(kind, points) if len(points) == 1 else ()
    elif dated:
        said = listed("date", points)
    yield Reading(start, match.end(), said)


def _is_all(match: re.Match[str], text: str) -> bool:
    """Whether these words are all that is said: elsewhere what is before a date may be past already."""
    return bool(_NUMBERED.match(text[: match.start()]) and _ALL_SAID.match(text, match.end()))


def _each(match: re.Match[str], start: int, kind: str, dated: bool) -> Iterator[Reading]:
    """The dates of a row one by one, those that exist only where they are `dated`; a lead is about the first alone."""
    members = _row(match["row"])
    names = [kind if kind in ("since", "until") else "date", *("date" for _ in members[1:])]
    for name, point, (_, step) in zip(names, fill_up([point for point, _ in members]), members, strict=True):
        begin, end = (match.start("row") + place for place in step.span("member"))
        if not point.exists:
            yield Reading(begin, end, (("impossible", point.text),))
        elif dated:
            yield Reading(start if step.start() == 0 else begin, end, ((name, point.text),))


def _is_straddling(points: Sequence[Point], joins: Sequence[str]) -> bool:
    """Whether they are two years that follow each other, written as a season that goes from one into the other."""
    years = [point.year for point in points if len(point.said) == 1]
    return list(joins) == ["/"] and len(years) == len(points) == 2 and years[1] == (years[0] or 0) + 1


def _start(match: re.Match[str], kind: str, ranged: bool) -> int:
    """Where the words begin: with what bears on the date, if anything does."""
    groups = match.groupdict()
    if kind and (kind != "of" or ranged or match["onwards"]):
        return match.start()
    return next((match.start(name) for name in ("part", "head", "row") if groups.get(name)), match.start())


def _row(row: str) -> list[tuple[Point, re.Match[str]]]:
    """The dates of a row as far as each is said, each with its place in the row; none where that cannot be told."""
    steps = list(_patterns()[2].finditer(row))
    return [(_point(step["member"]), step) for step in steps] if "".join(step[0] for step in steps) == row else []


def _point(words: str) -> Point:
    months = month_names()
    numbers = [int(digits) for digits in re.findall(r"\d+", words)]
    named = [months[word] for word in re.findall(r"[a-z]+", words) if word in months]
    if re.match(rf"{_YEAR}-", words):
        return Point(*numbers)
    if re.search(r"\b(?:primero|first)\b", words):
        numbers.insert(0, 1)
    year = numbers.pop() if re.search(rf"(?<!\d){_YEAR}$", words) else None
    if not named and len(numbers) > 1 and numbers[1] > _MONTHS >= numbers[0] > 0:
        numbers.reverse()  # 12/31/2027 has its month first
    month = named[0] if named else numbers.pop() if len(numbers) > 1 else None
    return Point(year, month, *numbers)
