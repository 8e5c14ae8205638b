"""What the beginning and the end of a period are called, in a heading or in what a calendar says."""

import re

from crmgraph.reading.folding import key

__all__ = ["BEGINNING", "END", "is_beginning", "is_end"]

_WHEN = r"(?:fecha|date|data|mes|mois|month|ano|annee|year)"
_FORESEEN = (
    r"(?:estimad[oa]|estimee?|planejad[oa]|planificad[oa]|previst[oa]|prevue?|programad[oa]|tentativ[oa]"
    r"|estimated|expected|planned|proposed|target)"
)


def _called(words: str) -> str:
    """A pattern for one of these words, alone or with those that make it a date: start, planned start date."""
    return (
        rf"(?:{_FORESEEN} )?(?:{_WHEN} )?(?:{_FORESEEN} )?(?:(?:de|du|do|da|of) )?(?:{words})(?: {_WHEN})?"
        rf"(?: {_FORESEEN})?(?: ?\([^()]*\))?"
    )


# In English, Spanish, French and Portuguese, without accents.
BEGINNING = _called("inicio|inicial|comienzo|inicia|comienza|start|starting|begin|begins|beginning|debut")
END = _called(
    "fin|fim|final|termino|terminacion|finalizacion|culminacion|finaliza|termina|cierre|conclusion|conclusao"
    "|encerramento|achevement|cloture|end|ends|ending|finish|completion|closing"
)
"""Patterns for folded texts."""


def is_beginning(heading: str) -> bool:
    """Whether a heading is that of beginnings."""
    return _is_called(heading, BEGINNING)


def is_end(heading: str) -> bool:
    """Whether a heading is that of ends."""
    return _is_called(heading, END)


def _is_called(heading: str, pattern: str) -> bool:
    """Whether it is called so, in each of the languages that it is in (“Start date / Fecha de inicio”)."""
    bare = re.sub(r"\([^()]*\)", "", heading)
    return all(re.fullmatch(pattern, key(part)) for part in re.split(r"[/|\n]", bare))
