"""Words that say when something is to happen, on what condition, or how far it has come, in no date and no status."""

import re

from crmgraph.describing.timing.occasion_words import ANYWHERE, OPENING, WHOLE
from crmgraph.reading.folding import fold

__all__ = ["find_occasion"]

_NUMBER = r"^(?:\d+(?:\.\d+)+\.?)?[ -]*(?:(?:calendario|cuando|fecha|schedule|when|date) ?: ?)?"
_MODIFIER = r"(?:(?:solo|solamente|only|unicamente|preferentemente|no|not|just) )?"
_OPENS = re.compile(rf"{_NUMBER}{_MODIFIER}(?P<words>{OPENING} [^\W_]{{2,}})")
_WHOLE = re.compile(rf"{_NUMBER}(?:\(|la |el |the )?(?P<words>{WHOLE})[ .;)]*$")
_ANYWHERE = tuple(re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])") for words in ANYWHERE)


def find_occasion(text: str) -> tuple[int, int] | None:
    """Where a schedule entry says when or how things stand with words of any kind, first of all; the end is exclusive.

    Whether it says more, such as a date, is not asked.
    """
    folded = fold(text)
    opening = _OPENS.match(folded.text) or _WHOLE.match(folded.text)
    if opening is not None:
        return folded.original(*opening.span("words"))
    begun = re.match(_NUMBER, folded.text)
    start = begun.end() if begun else 0
    found = [match.span() for words in _ANYWHERE if (match := words.search(folded.text, start))]
    return folded.original(*min(found)) if found else None
