"""What a file has and its tables leave out: texts that are struck through or hidden, comments, footnotes."""

from collections.abc import Iterator

from crmgraph.reading.folding import tidy
from crmgraph.wording import first_of, quoted

__all__ = ["HIDDEN", "STRUCK", "TAKEN_OUT", "Omissions"]

STRUCK = "struck-through text"
HIDDEN = "hidden text"
TAKEN_OUT = "\ufdd1"
"""Stands where a text was taken out, until it is known whether its cell has any other: a character that no text has."""
_SHOWN = 60
_MOST = 8


class Omissions:
    """The texts that are left out, by what they are, such as “comment”."""

    def __init__(self) -> None:
        """None yet."""
        self._texts: dict[str, list[str]] = {}

    def add(self, what: str, text: str) -> None:
        """A text is left out, if it has words."""
        if text.strip():
            self._texts.setdefault(what, []).append(quoted(tidy(text), _SHOWN))

    def told(self) -> Iterator[str]:
        """How many of each there are, and their words."""
        for what, texts in self._texts.items():
            which = list(dict.fromkeys(texts))
            yield f"{len(texts)} {what}{'' if len(texts) == 1 else 's'} ({first_of(which, _MOST)})"
