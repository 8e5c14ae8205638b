"""Words that say how often something is done (every six months), or after how long (within three years)."""

import re
from collections.abc import Iterator
from functools import cache

from crmgraph.describing.timing.calendar_words import NUMBERS, Reading, any_of

__all__ = ["HOW_OFTEN", "read_durations"]

_MONTHS = {
    "mes meses month months": 1, "bimestre bimestres": 2, "trimestre trimestres quarter quarters": 3,
    "cuatrimestre cuatrimestres": 4, "semestre semestres semester semesters": 6, "ano anos year years": 12,
    "bienio bienios": 24, "trienio trienios": 36, "quinquenio quinquenios lustro lustros": 60,
    "decada decadas decenio decenios decade decades": 120,
}  # fmt: skip
_DAYS = {"dia dias day days": 1, "semana semanas week weeks": 7}
_UNITS = {
    word: (months, days)
    for table in ([(words, count, 0) for words, count in _MONTHS.items()], [(w, 0, c) for w, c in _DAYS.items()])
    for words, months, days in table
    for word in words.split()
}
_ADJECTIVES = {
    "anual anuales anualmente annual annually yearly": "P1Y",
    "semestral semestrales semestralmente semiannual semiannually semi-annual semi-annually half-yearly": "P6M",
    "cuatrimestral cuatrimestrales cuatrimestralmente": "P4M",
    "trimestral trimestrales trimestralmente quarterly": "P3M",
    "bimestral bimestrales bimestralmente": "P2M",
    "mensual mensuales mensualmente monthly": "P1M",
    "semanal semanales semanalmente weekly": "P7D",
    "bienal bienales bienalmente biennial biennially": "P2Y",
    "trienal trienales trienalmente triennial triennially": "P3Y",
}
"""What recurs by its name. Bianual, bimensual, biannual and the like mean different times to different people."""
_RECURS = {word: value for words, value in _ADJECTIVES.items() for word in words.split()}
HOW_OFTEN = any_of(_RECURS)
"""A pattern for one word that says how often."""

_NUMBER = rf"(?:\d{{1,3}}|{any_of(NUMBERS)})"
_SAME = rf"(?: \({_NUMBER}\))?"  # tres (3) años
_UNIT = rf"(?:{any_of(_UNITS)})\b"
_SPAN = rf"(?:{_NUMBER}{_SAME} )?{_UNIT}(?: (?:y medi[oa]\b|(?:y|and) {_NUMBER}{_SAME} {_UNIT}))?"
_COUNTED = rf"{_NUMBER}{_SAME} {_UNIT}(?: (?:y medi[oa]\b|(?:y|and) {_NUMBER}{_SAME} {_UNIT}))?"

_EVERY = rf"(?P<span>(?:cada|every|each) {_SPAN})(?P<after>(?: (?:del?|of|mas|menos|habil|laborab|working))?)"
_OTHER = r"every other (?P<other>day|week|month|year)\b"
_ALL = r"(?:todos los (?P<all>anos|meses)|(?:una vez (?:al|por|a la)|once (?:a|an|per|every)) (?P<once>[a-z]{3,12}))\b"
_TIMES = rf"(?:(?P<times>{_NUMBER}) (?:veces|times)|(?P<twice>twice)) (?:al|por|a|per|every) (?:ano|year)\b"
_WITHIN = (
    r"(?:dentro de(?: (?:los|las) proxim[oa]s|l plazo de| un (?:plazo|periodo) (?:maximo )?de)?"
    r"|al cabo de|a mas tardar (?:en|dentro de)|no later than|plazo(?: maximo)? de"
    r"|en (?:los|las) proxim[oa]s|(?:in|over) the next"
    r"|en (?:un|el) (?:plazo|periodo)(?: maximo)?(?: no (?:mayor|superior))?(?: inferior)? (?:de|a|que)"
    r"|within(?: the next| a (?:maximum )?period of)?)"
)
_DELAY = rf"{_WITHIN} (?P<delay>{_COUNTED})|in (?P<delay2>{_COUNTED})(?:['’] time| from now)"
_ONLY_DELAY = re.compile(
    rf"^(?:\d+(?:\.\d+)*\.? )?(?P<all>(?:en|in|(?:plazo|maximo|maximum|deadline):?) (?P<delay>{_COUNTED})) ?\.?$"
)
"""What is a delay where it is all that is said: in three months; elsewhere it may be how long something takes."""
_OF_ANOTHER_EVENT = re.compile(
    r"(?: calendario)?,? (?:a partir|a contar|desde|del?|despues|tras|siguient|posterior|contad|habil|laborab|o |u |or "
    r"|from (?!now)|of |after |following |since |business|working)|-\w"
)
"""What follows a delay that does not count from when the plan was written, or not in days of the calendar."""
_EXTENTS = re.compile(
    r"\b(?:plan(?:es)?|programas?|presupuestos?|operativos?|tasas?|ingresos?|crecimientos?|promedios?|medias?|salarios?)"
    r"(?: de (?:trabajo|actividades|accion|crecimiento))? $"
)
_EXTENTS_AFTER = re.compile(r" (?:plans?|work ?plans?|budgets?|rates?|income|growth|average|salary|program(?:me)?s?)\b")
"""What is annual because it is for a year, or is measured by the year, without being done once a year."""


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<![\w-])(?:{pattern})") for pattern in (_EVERY, _OTHER, _ALL, _TIMES, _DELAY))


_ADJECTIVE = re.compile(rf"(?<![\w-])(?:{HOW_OFTEN})(?![\w-])")
_PIECE = re.compile(rf"(?:({_NUMBER})(?: \(({_NUMBER})\))? )?({_UNIT})")


def read_durations(text: str) -> Iterator[Reading]:
    """The readings of a folded text; what is left open (every two or three years) is not among them."""
    every, other, all_, times, delay = _patterns()
    for match in every.finditer(text):
        simple = _PIECE.search(match["span"])
        alone = simple is not None and simple[1] is None
        odd = match["after"] and (alone or not match["after"].startswith((" de", " of")))
        idle = alone and simple is not None and _UNITS[simple[3]] == (0, 1)  # cada día más
        if not odd and not idle:
            yield _reading(match.start("span"), match.end("span"), "recurrence", match["span"])
    for match in other.finditer(text):
        yield _reading(match.start(), match.end(), "recurrence", f"2 {match['other']}")
    for match in all_.finditer(text):
        unit = match["all"] or match["once"]
        if unit in _UNITS:
            yield _reading(match.start(), match.end(), "recurrence", unit)
    for match in times.finditer(text):
        count = _number(match["times"] or "two")
        months = 12 // count if count and 12 % count == 0 else 0
        yield _reading(match.start(), match.end(), "recurrence", f"{months} months")
    for match in delay.finditer(text):
        if not _OF_ANOTHER_EVENT.match(text, match.end()):
            yield _reading(match.start(), match.end(), "delay", match["delay"] or match["delay2"])
    only = _ONLY_DELAY.match(text)
    if only is not None:
        yield _reading(*only.span("all"), "delay", only["delay"])
    for match in _ADJECTIVE.finditer(text):
        before = text[max(0, match.start() - 60) : match.start()]
        if not _EXTENTS.search(before) and not _EXTENTS_AFTER.match(text, match.end()):
            yield Reading(match.start(), match.end(), (("recurrence", _RECURS[match[0]]),))


def _reading(start: int, end: int, name: str, words: str) -> Reading:
    value = _duration(words)
    return Reading(start, end, ((name, value),) if value else ())


def _duration(words: str) -> str | None:
    """The words as a duration with the largest units; None where they say none, or two that differ."""
    months = days = 0
    for number, again, unit in _PIECE.findall(words):
        count = _number(number or "1")
        if again and _number(again) != count:
            return None
        months += count * _UNITS[unit][0]
        days += count * _UNITS[unit][1]
        if not count:
            return None
    if re.search(r" y medi[oa]$", words):
        half, odd = divmod(_UNITS[_PIECE.findall(words)[-1][2]][0], 2)
        if odd or not half:
            return None
        months += half
    years, months = divmod(months, 12)
    parts = ((years, "Y"), (months, "M"), (days, "D"))
    return "P" + "".join(f"{count}{letter}" for count, letter in parts if count)


def _number(word: str) -> int:
    return NUMBERS.get(word) or int(word)
