"""Comparing words as readers do: without regard to accents, case and blank space."""

import re
import unicodedata
from dataclasses import dataclass

from crmgraph.caching import memoize

__all__ = ["Folded", "fold", "key", "tidy"]


@dataclass(frozen=True)
class Folded:
    """A folded text and, for each of its characters, the (start, end) of what it stands for in the original."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original text of the folded characters from `start` to `end` (exclusive, not empty)."""
        return self.spans[start][0], self.spans[end - 1][1]


# A plan's texts are looked through for every name and quotation.
@memoize(4096)
def fold(text: str) -> Folded:
    """`text` without accents, in lower case, each run of blank space as one space.

    Composed and decomposed accents fold alike, so do all kinds of space.
    """
    letters: list[str] = []
    spans: list[tuple[int, int]] = []
    for offset, character in enumerate(text):
        if unicodedata.combining(character):
            if spans:
                spans[-1] = (spans[-1][0], offset + 1)
            continue
        if character.isspace():
            if letters and letters[-1] == " ":
                spans[-1] = (spans[-1][0], offset + 1)
            else:
                letters.append(" ")
                spans.append((offset, offset + 1))
            continue
        for part in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(part):
                letters.append(part)
                spans.append((offset, offset + 1))
    return Folded("".join(letters), tuple(spans))


def key(text: str) -> str:
    """What two texts have in common when a reader would call them the same."""
    return fold(text).text.strip()


def tidy(text: str) -> str:
    """`text` for showing: composed accents (NFC), runs of blank space as one space, none at the ends."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
