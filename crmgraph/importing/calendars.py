"""Words of calendars: years and parts of them in headings, dates in cells, and the marks that stand below years."""

import re

from crmgraph.reading.folding import key, tidy

__all__ = ["dated_lines", "is_date", "is_part_of_year", "is_tick", "is_year", "with_year", "years_apart"]

_TICKS = frozenset({"x", "xx", "si", "yes", "✓", "✔", "✅", "☑", "☒", "●", "•", "■", "█", "▪", "*", "\uf0fc", "\uf0fe"})
_YEAR = re.compile(r"(19|20)\d\d(\s*[-–/]\s*(20)?\d\d)?")
_ONE_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")
_ORDINAL = r"(?:[1-6](?:\.?(?:o|a|er|ro|do|to|ra|da|ta|e|eme)|°|st|nd|rd|th)?|i{1,3}|iv)"
_SPANS = r"(?:bim(?:estre)?|trim(?:estre)?|cuatrim(?:estre)?|quadrim(?:estre)?|sem(?:estre)?|quarter|half|semester)\.?"
_MONTHS = (
    r"ene(?:ro)?|feb(?:rero|ruary)?|mar(?:zo|ch|s)?|abr(?:il)?|may(?:o)?|jun(?:io|e)?|jul(?:io|y)?|ago(?:sto)?"
    r"|sep(?:t|tiembre|tember)?|oct(?:ubre|ober)?|nov(?:iembre|ember|embre|embro)?|dic(?:iembre)?"
    r"|jan(?:uary|vier|eiro)?|apr(?:il)?|aug(?:ust)?|dec(?:ember|embre)?|dez(?:embro)?|fev(?:rier|ereiro)?|marco"
    r"|avr(?:il)?|mai(?:o)?|juin|juil(?:let)?|junho|julho|aout|set(?:embro|iembre)?|out(?:ubro)?|septembre|octobre"
)
_PART = re.compile(rf"(?:[qtsh] ?[1-4]|[1-4] ?[qtsh]|{_ORDINAL} {_SPANS}|{_SPANS} {_ORDINAL}|(?:{_MONTHS})\.?)")
_FIGURES = re.compile(
    r"\d{1,2}[./-](?:\d{1,2}[./-])?(?:19|20)\d\d|\d{1,2}/\d{1,2}/\d\d|(?:19|20)\d\d-\d\d(?:-\d\d)?"
    rf"|(?:{_MONTHS})\.?[-/]\d\d"
)
_WORD = re.compile(
    rf"(?:(?:{_MONTHS}|{_SPANS}|{_ORDINAL}|[qtsh][1-4]|[1-4][qtsh]|\d{{1,2}}|(?:19|20)\d\d"
    r"|a|al|ate|au|avant|by|da|de|del|desde|do|du|e|early|el|en|end|et|fim|fin|final|finales|fines|for|from|hasta|in"
    r"|inicios?|jusqu.a|la|late|mediados|meados|mid|no|of|para|principios|the|to|until|y)\.?)?"
)
"""The words that there are in a date beside its year, without accents."""


def is_tick(cell: str) -> bool:
    """Return whether a cell marks its column, as an X below a year does."""
    return key(cell) in _TICKS


def is_date(cell: str) -> bool:
    """Return whether a cell says when: a year, alone or with a part of it or a day, and nothing else."""
    said = key(cell)
    words = re.split(r"[\s,;/–-]+", said)
    return bool(_FIGURES.fullmatch(said) or (_ONE_YEAR.search(said) and all(map(_WORD.fullmatch, words))))


def is_year(heading: str) -> bool:
    """Return whether a heading is a year, or two."""
    return _YEAR.fullmatch(tidy(heading)) is not None


def is_part_of_year(heading: str) -> bool:
    """Return whether a heading is a month, a quarter or another part of a year that it does not say."""
    return _PART.fullmatch(key(heading)) is not None


def with_year(heading: str, above: str) -> str:
    """Return a heading with the year that stands above it, where that says one and it says none."""
    years = [found[0] for found in _ONE_YEAR.finditer(above)]
    return f"{heading} {years[0]}" if len(years) == 1 and not _ONE_YEAR.search(heading) else heading


def dated_lines(cell: str) -> list[str]:
    """Return the lines of a cell of the calendar, where there is a year in each; else none."""
    lines = [line.strip().rstrip(";,") for line in cell.split("\n") if line.strip()]
    return lines if all(map(_ONE_YEAR.search, lines)) else []


def years_apart(cell: str) -> str:
    """Return a cell of the calendar, years that stand in a line each with commas between, other dates with semicolons.

    Any other cell stays as it is.
    """
    lines = dated_lines(cell)
    return cell if len(lines) < 2 else (", " if all(map(is_year, lines)) else "; ").join(lines)
