"""What a word was meant to be that differs in one stroke from a word of a long name."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

__all__ = ["Corrections", "is_long"]

_LONG_WORD = 7
_WORDS = 3
_WORD = 4


def is_long(name: Collection[str]) -> bool:
    """Whether a name is long enough to be known in spite of an error: it has three words of four letters or more."""
    return sum(len(word) >= _WORD for word in name) >= _WORDS


class Corrections:
    """The long words of `names` (lists of folded words) by what a slip makes of them.

    A slip is a letter that is missing, too many, wrong, or out of turn with the next. The first letter and the last
    two are right: a difference there mostly makes another word (emigración) or another form (refugiadas). Words that
    are `known` are as they are meant.
    """

    def __init__(self, names: Iterable[Collection[str]], known: Collection[str]) -> None:
        """Sorts the words by what they must share with a slip."""
        self._known = frozenset(known)
        words = {word for name in names for word in name if len(word) >= _LONG_WORD and word.isalpha()}
        by_ends: dict[tuple[str, str], list[str]] = defaultdict(list)
        for word in sorted(words):
            by_ends[word[0], word[-2:]].append(word)
        self._by_ends = dict(by_ends)

    def of(self, word: str) -> str | None:
        """The word that `word` was meant to be; None where there is none, or more than one."""
        alike = self._by_ends.get((word[0], word[-2:]))
        if alike is None or len(word) < _LONG_WORD - 1 or word in self._known or not word.isalpha():
            return None
        found = extract(word, alike, scorer=OSA.distance, score_cutoff=1, limit=2)
        return found[0][0] if len(found) == 1 else None
