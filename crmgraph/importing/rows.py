"""The rows of a plan: which rows of a table are none, what a row says again, and what comes back or goes on."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise
from typing import NamedTuple

from crmgraph.importing.enumeration import closed
from crmgraph.importing.grid import Spot
from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = ["PlanRow", "Resolved", "TableRow", "asides", "asides_told", "cell_of", "resolve", "without_struck"]

_PARTS = 4
"""Themes, objectives, actions and activities; the calendar is said of the last of them that a row has."""
_ACTIVITY = 3
_MARK = (
    r"(cont(['’]?d)?\.?|continua(cion|cao|tion)?|continued|continues|suite)"
    r"( (de|del|do|da|du|des|of|from|from page|en|on) ?[^)\]]*)?"
)
_CONTINUED = (
    re.compile(rf"(?P<text>.*\S)\s*(?:[(\[]\s*{_MARK}\s*[)\]]|[-–—]\s*{_MARK})[.:…]*"),
    re.compile(rf"[(\[]\s*{_MARK}\s*[)\]]\s*:?\s*(?P<text>.*\S)"),
    re.compile(r"suite (?:de|du|des)\s*:?\s*(?P<text>.*\S)"),
)
"""How a part says, without accents, that it goes on from another page."""
_NUMBERED = re.compile(r"\d+(\.\d+)*[.)]?\s+")

_TOTAL = re.compile(r"((gran|grand|sub)[- ]?)?(total(es|s)?|sumas?|sum)( (general(es)?|parcial(es)?|global(es)?))?")
_TOTAL_OF = re.compile(
    r"(gran |grand |sub-?)?total(es|s)? ((de|del|de la|de los|de las|of|for|of the|por|by) )?"
    r"(accion|actividad|area|componente|eje|linea|meta|objetivo|pilar|plan|presupuesto|programa|resultado|tema"
    r"|action|activity|area|budget|component|goal|objective|outcome|pillar|plan|programme|theme)(es|s)?\b.*"
)
# Of a currency the sign or the letters may stand before or behind. A number that ends in a full stop counts an item.
_AMOUNT = re.compile(r"(\w{1,4}[./]?\s*)?[$€£¥₡]?\s*[-+(]?\d([\d.,' ]*\d)?\)?\s*(%|\w{1,4}\.?)?|[-–—]+")
_NOTE = re.compile(
    r"(notas?|notes?|fuentes?|sources?|observaci(on|ones)|remarks?)( al pie| generales)?\s*(\d+\s*)?([:.)]|$)"
    r"|(elaborad[oa]|preparad[oa]) por\b|actualizad[oa] (al?|el|en)\b|(prepared|compiled|updated) (by|on|in)\b"
    r"|elaboracion propia\b|elaboracion\s*:|(ultima actualizacion|last updated?)\b"
)
_NOTE_MARK = re.compile(r"[*†‡§¹²³⁰-⁹]|\(\*+\)|\[\d{1,2}\]|\d{1,2}/\s")
_FEWEST_WORDS = 8
"""So many words and a full stop at their end are a sentence, and no title."""
_SHOWN = 60


class TableRow(NamedTuple):
    """A row of a table that is one of a plan: which it is, counted from 0, the texts of each part, and when it is.

    A part may have several texts, such as a number and its words.
    """

    place: int
    parts: tuple[tuple[str, ...], ...]
    when: str


class PlanRow(NamedTuple):
    """The five cells of a row of a plan, nothing said again, and which row of the table it is made from.

    `path` are the theme, objective, action and activity that it is of, as they can be compared.
    """

    place: int
    cells: tuple[str, ...]
    path: tuple[str, ...] = ()


class Resolved(NamedTuple):
    """The rows of a plan, and which texts were taken for a part that goes on, and for one that comes back."""

    rows: list[PlanRow]
    continued: list[str]
    returning: list[str]


def cell_of(texts: Sequence[str]) -> str:
    """Return a part as one text; a number in a column of its own is closed there, so that it is known for one."""
    said = [text for text in texts if len(texts) == 1 or text.strip()]
    return " ".join([closed(said[0]), *said[1:]] if len(said) > 1 else said)


def asides(rows: Sequence[Sequence[str]], left: int, over: Container[int]) -> Mapping[int, tuple[str, str]]:
    """Return the rows below the headings that are no part of a plan, by place: “total” or “note”, and their words.

    `left` is the place of the last column of themes: what stands further to the right is told of a part. In the rows
    `over` one cell goes over the whole table; below everything else it is a note.
    """
    found = {place: ("total", said) for place, said in _totals(rows)}
    # Where every row is a theme and no more, none looks like a note.
    is_below = any(sum(bool(cell.strip()) for cell in row) > 1 for row in rows)
    for place in reversed(range(len(rows))):
        said = [(column, cell) for column, cell in enumerate(rows[place]) if cell.strip()]
        if place in found or not said:
            continue
        is_alone = len(said) == 1 and (said[0][0] <= left or place in over)
        if is_alone and (_is_note(said[0][1], is_below) or (is_below and place in over)):
            found[place] = ("note", tidy(said[0][1]))
        else:
            is_below = False
    return found


def asides_told(found: Mapping[int, tuple[str, str]]) -> Iterator[str]:
    """Yield how many of each kind there are, and their words, each once."""
    for kind in ("total", "note"):
        words = [said for _, (each, said) in sorted(found.items()) if each == kind]
        if words:
            shown = ", ".join(quoted(said, _SHOWN) for said in dict.fromkeys(words))
            yield f"{len(words)} {kind}{'' if len(words) == 1 else 's'} ({shown})"


def _totals(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield the rows that say nothing of their own but that they are a total, and amounts."""
    above: dict[int, str] = {}
    for place, row in enumerate(rows):
        said = {column: key(cell) for column, cell in enumerate(row) if cell.strip()}
        amounts = {column for column, cell in said.items() if _AMOUNT.fullmatch(cell)}
        new = {cell: column for column, cell in said.items() if column not in amounts and above.get(column) != cell}
        words = next(iter(new)).strip(" :.=*") if len(new) == 1 else ""
        if _TOTAL.fullmatch(words) or (amounts and _TOTAL_OF.fullmatch(words)):
            yield place, tidy(row[next(iter(new.values()))])
        else:
            above.update(said)


def _is_note(text: str, is_below: bool) -> bool:
    """Return whether what stands alone in a row is a note; below the table also what has only the look of one."""
    if _NOTE.match(key(text)):
        return True
    is_sentence = text.rstrip().endswith(".") and len(text.split()) >= _FEWEST_WORDS
    return is_below and (is_sentence or _NOTE_MARK.match(text.strip()) is not None)


def without_struck(
    rows: Sequence[TableRow], places: Sequence[Sequence[int]], struck: Container[Spot]
) -> tuple[list[TableRow], list[str]]:
    """Return the rows without what belongs to a part that is struck through or hidden, and the texts of that.

    It would else belong to another part. `places` are the columns of each part and of the calendar.
    """
    kept_rows, texts = [], list[str]()
    gone: int | None = None
    for row in rows:
        # Where a number stands in a column of its own, the words are in the last.
        level = next((at for at, of in enumerate(places) if of and (row.place, of[-1]) in struck), None)
        cells = [*map(cell_of, row.parts), row.when]
        if gone is None or any(cell.strip() for cell in cells[: gone + 1]):
            gone = level
        kept = len(cells) if gone is None else gone
        texts += filter(str.strip, cells[kept:])
        parts = (*row.parts[:kept], *[("",)] * (_PARTS - kept))
        kept_rows.append(TableRow(row.place, parts, row.when if kept > _PARTS else ""))
    return kept_rows, texts


def resolve(rows: Sequence[TableRow], is_merged: bool, keeps_themes: bool) -> Resolved:
    """Return the rows of a plan, each part said once: where it begins, or where it comes back to.

    A cell that is empty, or says the same again or that it is continued, goes on with the part above, as long as those
    to its left do. In a table that says in each row what it belongs to, and where no cells are merged downwards
    (`is_merged`), an empty cell is nothing, and what stands beside a part alone comes before what it has below it.
    Where objectives or actions come back after others, their rows are put together. `keeps_themes` where a theme may be
    said again, as on a new page.
    """
    says_all = not is_merged and _says_all(rows)
    above: list[tuple[str, ...]] = [("",)] * _PARTS
    texts = [""] * _PARTS
    themes: dict[str, str] = {}
    found, filled, continued = list[PlanRow](), list[tuple[str, ...]](), list[str]()
    for row in rows:
        cells: list[str] = []
        goes_on = True
        for level, part in enumerate(row.parts):
            cell = cell_of(part)
            names = _unmarked(cell)
            is_marked = goes_on and bool(names & _names(texts[level]))
            returning = next((themes[each] for each in sorted(names) if each in themes), "") if level == 0 else ""
            if is_marked or returning:
                continued.append(tidy(cell))
            is_again = _is_again(part, above[level]) and (level < _ACTIVITY or not cell.strip())
            if goes_on and (is_marked or is_again):
                cells.append(cell if keeps_themes and level == 0 and not is_marked else "")
                continue
            goes_on = False
            texts[level], above[level] = (returning, (returning,)) if returning else (cell, part)
            cells.append(texts[level])
        for name in _names(texts[0]):
            themes.setdefault(name, texts[0])
        last = _last(row) if says_all else _PARTS
        if row.when.strip() or any(cell.strip() for cell in cells):
            filled.append(tuple(text if level <= last else "" for level, text in enumerate(texts)))
            found.append(PlanRow(row.place, (*cells, row.when), tuple(map(key, filled[-1]))))
    back = list(_returning(found, filled))
    return Resolved(_together(found, filled, keeps_themes) if back or says_all else found, continued, back)


def _is_again(part: Sequence[str], above: Sequence[str]) -> bool:
    """Return whether a part says nothing but what stands above it."""
    if len(part) != len(above):
        return not any(map(str.strip, part))
    return all(key(each) in ("", key(before)) for each, before in zip(part, above, strict=True))


def _names(text: str) -> set[str]:
    """Return what a part may be called where it goes on: its text, with its number or without."""
    whole = key(text)
    return {whole, _NUMBERED.sub("", whole, count=1)} - {""}


def _unmarked(cell: str) -> set[str]:
    """Return what a cell says without a mark that it goes on, if it has one."""
    # Most cells have none, and to fold them all would take long.
    if re.search("cont|suite", cell, re.IGNORECASE) is None:
        return set()
    return {found["text"] for mark in _CONTINUED if (found := mark.fullmatch(key(cell)))}


def _last(row: TableRow) -> int:
    """Return the last level of which a row says anything, 0 where it says none."""
    return max((level for level, part in enumerate(row.parts) if any(map(str.strip, part))), default=0)


def _says_all(rows: Sequence[TableRow]) -> bool:
    """Return whether each row says what it belongs to, also where the row above it has just said it."""
    paths, theme = list[list[str]](), ""
    for row in rows:
        said = [key(cell_of(part)) for part in row.parts[: _last(row) + 1]]
        theme = said[0] or theme
        paths.append([theme, *said[1:]])
    used = [level for level in range(1, _ACTIVITY) if any(len(path) > level and path[level] for path in paths)]
    deepest = max(used, default=0) + 1
    is_whole = all(path[level] for path in paths for level in used if level < len(path))
    # Nothing but the calendar goes on with the row above, and a theme has none.
    has_part = all(len(path) > 1 or not row.when.strip() for path, row in zip(paths, rows, strict=True))
    again = any(len(one) >= deepest and one[:deepest] == other[:deepest] for one, other in pairwise(paths))
    return bool(used) and is_whole and has_part and again


def _returning(rows: Sequence[PlanRow], filled: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the objectives and actions that come back after others."""
    for level in range(1, _ACTIVITY):
        seen = set()
        for path, group in groupby(zip(rows, filled, strict=True), key=partial(_path_to, level)):
            if path[level] and path in seen:
                yield tidy(next(group)[1][level])
            seen.add(path)


def _path_to(level: int, row: tuple[PlanRow, Sequence[str]]) -> tuple[str, ...]:
    return row[0].path[: level + 1]


def _together(rows: Sequence[PlanRow], filled: Sequence[Sequence[str]], keeps_themes: bool) -> list[PlanRow]:
    """Return the rows, those of each part together, and what belongs to a part alone before what it has below it."""
    order: dict[tuple[str, ...], int] = {}
    for row in rows:
        for level in range(_ACTIVITY):
            order.setdefault(row.path[: level + 1], len(order))

    def place_of(at: int) -> list[tuple[bool, int]]:
        path = rows[at].path
        within = [(bool(path[level]), order[path[: level + 1]]) for level in range(_ACTIVITY)]
        return [*within, (bool(path[_ACTIVITY]), 0)]

    found, above = list[PlanRow](), tuple[str, ...]()
    for at in sorted(range(len(rows)), key=place_of):
        row = rows[at]
        cells = list(row.cells)
        for level in range(_ACTIVITY):
            is_same = above[: level + 1] == row.path[: level + 1]
            is_kept = keeps_themes and level == 0 and cells[0]
            cells[level] = "" if is_same and not is_kept else filled[at][level]
        found.append(row._replace(cells=tuple(cells)))
        above = row.path
    return found
