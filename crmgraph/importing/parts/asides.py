"""Rows of a table that are no part of a plan: its totals, and the notes that stand under it."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = ["Asides", "asides", "told"]

Asides = Mapping[int, tuple[str, str]]
"""For rows that are no part of a plan, by their place, what they are and their words."""

_WHOLE = re.compile(r"((gran|grand|sub)[- ]?)?(total(es|s)?|sumas?|sum)( (general(es)?|parcial(es)?|global(es)?))?")
_PART = re.compile(
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
_MARK = re.compile(r"[*†‡§¹²³⁰-⁹]|\(\*+\)|\[\d{1,2}\]|\d{1,2}/\s")
_FEWEST_WORDS = 8
"""So many words and a full stop at their end are a sentence, and no title."""
_SHOWN = 60


def asides(rows: Sequence[Sequence[str]], left: int, over: Container[int]) -> Asides:
    """Which of the rows below the headings are no part of a plan.

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


def told(found: Asides) -> Iterator[str]:
    """How many of each kind there are, and their words, each once."""
    for kind in ("total", "note"):
        words = [said for _, (each, said) in sorted(found.items()) if each == kind]
        if words:
            shown = ", ".join(quoted(said, _SHOWN) for said in dict.fromkeys(words))
            yield f"{len(words)} {kind}{'' if len(words) == 1 else 's'} ({shown})"


def _totals(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """The rows that say nothing of their own but that they are a total, and amounts."""
    above: dict[int, str] = {}
    for place, row in enumerate(rows):
        said = {column: key(cell) for column, cell in enumerate(row) if cell.strip()}
        amounts = {column for column, cell in said.items() if _AMOUNT.fullmatch(cell)}
        new = {cell for column, cell in said.items() if column not in amounts and above.get(column) != cell}
        if len(new) == 1:
            words = new.pop()
            bare = words.strip(" :.=*")
            if _WHOLE.fullmatch(bare) or (amounts and _PART.fullmatch(bare)):
                yield place, next(tidy(row[column]) for column, cell in said.items() if cell == words)
                continue
        above.update(said)


def _is_note(text: str, is_below: bool) -> bool:
    """Whether what stands alone in a row is a note; below the table also what has only the look of one."""
    if _NOTE.match(key(text)):
        return True
    is_sentence = text.rstrip().endswith(".") and len(text.split()) >= _FEWEST_WORDS
    return is_below and (is_sentence or _MARK.match(text.strip()) is not None)
