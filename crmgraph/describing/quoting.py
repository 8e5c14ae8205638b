"""Finding in the source the words that a table quotes."""

from collections.abc import Iterator

from crmgraph.reading.folding import fold, key, tidy
from crmgraph.reading.model import Passage

__all__ = ["find_quote", "within"]


def within(passage: Passage, start: int, end: int) -> Passage:
    """The part of a passage from `start` to `end`, which count from where the passage begins."""
    return Passage(passage.start + start, passage.start + end, passage.exact[start:end])


def find_quote(passage: Passage, quote: str, occurrence: int = 1) -> Passage:
    """Where in a passage the words of `quote` stand, the first time or at the given `occurrence`, from 1.

    Whole words; blank space and the composition of accents may differ, for a table cannot hold them as a source may.
    Raises ValueError where the words are not there so often.
    """
    spans = list(_spans(passage.exact, quote))
    if not spans:
        raise ValueError("these words are not there, whole and as they are written")
    if len(spans) < occurrence:
        raise ValueError(f"these words are there {'once' if len(spans) == 1 else f'{len(spans)} times'} and no more")
    return within(passage, *spans[occurrence - 1])


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    folded, wanted, words = fold(text), key(quote), tidy(quote)
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        start, end = folded.original(at, at + len(wanted))
        whole = not _is_within_word(folded.text, at) and not _is_within_word(folded.text, at + len(wanted))
        same = whole and tidy(text[start:end]) == words
        if same:
            yield start, end
        at = folded.text.find(wanted, at + (len(wanted) if same else 1))


def _is_within_word(folded: str, offset: int) -> bool:
    """Whether there is a letter or digit on each side; in a folded text no mark stands between them."""
    return 0 < offset < len(folded) and folded[offset - 1].isalnum() and folded[offset].isalnum()
