"""What a word was meant to be that differs in one stroke from a word of a long name."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

__all__ = ["AcronymCorrections", "Corrections", "is_long"]

_LONG_WORD = 7
_LONG_ACRONYM = 5
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


class AcronymCorrections:
    """Acronyms by what a slip makes of them: a letter doubled, or out of turn with the next.

    Another letter mostly makes another body's acronym (UNODA beside UNODC), and so it may be in a short one.
    """

    def __init__(self, known: Iterable[Collection[str]], acronyms: Iterable[str]) -> None:
        """Works out the slips of each acronym; those that are `known` names are no slips."""
        names = {name[0] for name in map(tuple, known) if len(name) == 1}
        slips: dict[str, set[str]] = defaultdict(set)
        for acronym in acronyms:
            if len(acronym) >= _LONG_ACRONYM and acronym.isalpha():
                for slip in _slips(acronym) - names:
                    slips[slip].add(acronym)
        self._meant = {slip: meant.pop() for slip, meant in slips.items() if len(meant) == 1}

    def of(self, word: str) -> str | None:
        """The acronym, folded, that `word` was meant to be; None where there is none, or more than one."""
        return self._meant.get(word)


def _slips(word: str) -> set[str]:
    doubled = {word[:place] + letter + word[place:] for place, letter in enumerate(word)}
    turned = {word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 1)}
    return doubled | turned
