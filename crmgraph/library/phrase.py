"""A question as a sentence with gaps, each of which the value of a parameter fills."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from crmgraph.errors import UsageError

__all__ = ["Phrase", "Piece", "read_phrase"]

_GAP = re.compile(r"\[(?P<aside>[^][{}]*)\{(?P<optional>[^{}]*)\}\]|\{(?P<name>[^{}]*)\}")


@dataclass(frozen=True)
class Piece:
    """Some words of a sentence, and the name of the parameter whose value follows them; none at the end.

    Those in the `aside` come before the value too, and are left out with it where it is left open.
    """

    words: str
    parameter: str = ""
    aside: str = ""

    @property
    def before(self) -> str:
        """All the words before the value."""
        return self.words + self.aside


Phrase = Mapping[str, tuple[Piece, ...]]
"""The pieces of a sentence in their order, by language."""


def read_phrase(texts: Mapping[str, str], known: Collection[str]) -> Phrase:
    """The sentence in each language, in which `{name}` is the gap of a parameter, `[, as {name}]` one with an aside.

    Raises UsageError where a gap is that of none of the `known` parameters or stands twice, where a language has other
    gaps than the first, or where a brace or bracket is left over.
    """
    phrase = {language: _pieces(text) for language, text in texts.items()}
    for language, pieces in phrase.items():
        gaps = [piece.parameter for piece in pieces[:-1]]
        for gap in gaps:
            if gap not in known:
                raise UsageError(f"the phrase has a gap {{{gap}}}, and there is no parameter {gap}")
        if len(set(gaps)) < len(gaps):
            raise UsageError(f"the phrase in {language} has a gap twice")
        if set(gaps) != {piece.parameter for piece in next(iter(phrase.values()))[:-1]}:
            raise UsageError(f"the phrase in {language} has other gaps than in the other language")
        if any(set(piece.words) & set("{}[]") for piece in pieces):
            raise UsageError(f"the phrase in {language} has a brace or bracket that belongs to no gap")
    return phrase


def _pieces(text: str) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for gap in _GAP.finditer(text):
        pieces.append(Piece(text[at : gap.start()], gap["name"] or gap["optional"] or "", gap["aside"] or ""))
        at = gap.end()
    return (*pieces, Piece(text[at:]))
