"""Text folded for comparing words as readers do: without regard to accents, case and blank space."""

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
        """Return the span in the original text of the folded characters from `start` to `end` (exclusive)."""
        return self.spans[start][0], self.spans[end - 1][1]


# A plan's texts are looked through for every name and quotation.
@memoize(4096)
def fold(text: str) -> Folded:
    """Return a text without accents, in lower case, each run of blank space as one space.

    Composed and decomposed accents fold alike, so do all kinds of space.
    """
    letters: list[str] = []
    spans: list[tuple[int, int]] = []
    for offset, character in enumerate(text):
        is_space, is_mark = character.isspace(), unicodedata.combining(character)
        if is_mark or (is_space and letters[-1:] == [" "]):
            if spans:
                spans[-1] = (spans[-1][0], offset + 1)
            continue
        folded = " " if is_space else unicodedata.normalize("NFKD", character).casefold()
        parts = [part for part in folded if not unicodedata.combining(part)]
        letters += parts
        spans += [(offset, offset + 1)] * len(parts)
    return Folded("".join(letters), tuple(spans))


def key(text: str) -> str:
    """Return the folded text without space at its ends, equal for two texts that a reader would call the same."""
    return fold(text).text.strip()


def tidy(text: str) -> str:
    """Return a text for showing: composed accents (NFC), runs of blank space as one space, none at the ends."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
