"""Changes that must change nothing: how blank space, line ends and accents are written."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import count

from crmgraph.checking import Finding
from crmgraph.reading.folding import key
from tests.checking.mutation.mutants import short

__all__ = ["CHANGES", "seen"]

_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


def _every(what: re.Pattern[str], new: str, nth: int) -> Callable[[str], str]:
    def change(text: str) -> str:
        turns = count(1)
        return what.sub(lambda found: new if next(turns) % nth == 0 else found[0], text)

    return change


def _broken_lines(text: str) -> str:
    """A cell's sentence goes on in the next line; the lines before the table are titles, each by itself."""
    head, tab, table = text.partition("\t")
    return head + tab + _every(_SPACE, "\n", 7)(table)


CHANGES: dict[str, Callable[[str], str]] = {
    "two blanks for one": _every(_SPACE, "  ", 3),
    "a hard blank here and there": _every(_SPACE, "\u00a0", 3),
    "hard blanks": _every(_SPACE, "\u00a0", 1),
    "blanks at the ends of lines": lambda text: text.replace("\n", "  \n"),
    "more empty lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "line breaks within a cell": _broken_lines,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of old Macs": lambda text: text.replace("\n", "\r"),
    "accents apart from their letters": lambda text: unicodedata.normalize("NFD", text),
    "accents as one with their letters": lambda text: unicodedata.normalize("NFC", text),
}


def seen(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """What people see of findings, however blank space and accents are written."""
    return sorted(
        (
            each.code,
            short(each.spot.element),
            key(each.spot.exact or ""),
            short(each.other.element) if each.other else "",
        )
        for each in findings
    )
