"""What a word was meant to be that differs in one stroke from a word of a name."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

__all__ = ["AcronymCorrections", "Corrections", "StateCorrections", "is_long"]

_LONG_WORD = 7
_SHORTEST_STATE, _SHORTEST_TURNED = 6, 5
_LONG_ACRONYM = 5
_UNREADABLE = 4
_VOWELS = frozenset("aeiou")
_ALIKE = {"i": "y", "y": "i"}
_DOUBLED = re.compile(r"([a-z])\1")
_WORDS = 3
_WORD = 4


def is_long(name: Collection[str]) -> bool:
    """Whether a name is long enough to be known in spite of an error: it has three words of four letters or more."""
    return sum(len(word) >= _WORD for word in name) >= _WORDS


class Corrections:
    """The long words of `names` (lists of folded words) by what a slip makes of them.

    A slip is a letter that is missing, too many, wrong, or out of turn with the next. The first letter and the last
    two are right: a difference there mostly makes another word (emigración) or another form (refugiadas); but two
    letters out of turn make none, neither at the end nor in a shorter word. Words that are `known` are as they are
    meant.
    """

    def __init__(self, names: Iterable[Collection[str]], known: Collection[str]) -> None:
        """Sorts the words by what they must share with a slip."""
        self._known = frozenset(known)
        alphabetic = {word for name in names for word in name if len(word) >= _WORD and word.isalpha()}
        words = {word for word in alphabetic if len(word) >= _LONG_WORD}
        turned: dict[str, set[str]] = defaultdict(set)
        for word in alphabetic:
            for slip in _turned(word):
                turned[slip].add(word)
        self._turned = _sure(turned, self._known)
        by_ends: dict[tuple[str, str], list[str]] = defaultdict(list)
        for word in sorted(words):
            by_ends[word[0], word[-2:]].append(word)
        self._by_ends = dict(by_ends)

    def of(self, word: str) -> str | None:
        """The word that `word` was meant to be; None where there is none, or more than one."""
        if word in self._turned:
            return self._turned[word]
        alike = self._by_ends.get((word[0], word[-2:]))
        if alike is None or len(word) < _LONG_WORD - 1 or word in self._known or not word.isalpha():
            return None
        found = extract(word, alike, scorer=OSA.distance, score_cutoff=1, limit=2)
        return found[0][0] if len(found) == 1 else None


class StateCorrections:
    """Words of the names of States by what a slip makes of them, where they are written as names.

    Of a name of one word, that has seven letters, any slip of `Corrections`; that has six, only one that seldom makes
    another word: a letter missing, doubled, or out of turn. So it is with each word of a longer name, which has its
    other words to be known by. Shorter names have too many words about them (Chile, Chine, chiles), and those of four
    letters so many that not even two letters out of turn are a slip (Mali, mail; Peru, preu).
    """

    def __init__(self, names: Iterable[Collection[str]], known: Collection[str]) -> None:
        """Works out the slips; `known` words are as they are meant."""
        names = [tuple(name) for name in names]
        slips: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for word in name:
                if word.isalpha() and len(word) >= (_SHORTEST_STATE if len(name) == 1 else _WORD):
                    for slip in _slips(word) | _dropped(word) | _misheard(word):
                        slips[slip].add(word)
        alone = [word for name in names if len(name) == 1 for word in name]
        for word in filter(str.isalpha, alone):
            for slip in _misspelt(word):
                slips[slip].add(word)
        self._meant = _sure(slips, known)
        self._simple = _simply(alone)
        self._known = frozenset(known)
        self._long = Corrections([(word,) for word in alone if len(word) >= _SHORTEST_TURNED], known)

    def of(self, word: str) -> str | None:
        """The word that `word` was meant to be; None where there is none, or more than one."""
        return self._meant.get(word) or self._long.of(word) or self._of_doubled(word)

    def _of_doubled(self, word: str) -> str | None:
        """The long word of which `word` only has other letters doubled (Phillipines, Morroco)."""
        meant = self._simple.get(_simple(word)) if len(word) >= _LONG_WORD - 1 and word not in self._known else None
        return None if meant == word else meant


class AcronymCorrections:
    """Acronyms by what a slip makes of them: a letter doubled, or out of turn with the next.

    Another letter mostly makes another body's acronym (UNODA beside UNODC), and so may these in a short one, unless it
    cannot be read as a word (GCRM).
    """

    def __init__(self, known: Iterable[Collection[str]], acronyms: Iterable[str]) -> None:
        """Works out the slips of each acronym; those that are `known` names are no slips."""
        slips: dict[str, set[str]] = defaultdict(set)
        for acronym in acronyms:
            least = _LONG_ACRONYM if _VOWELS & set(acronym) else _UNREADABLE
            if len(acronym) >= least and acronym.isalpha():
                for slip in _slips(acronym):
                    slips[slip].add(acronym)
        self._meant = _sure(slips, {name[0] for name in map(tuple, known) if len(name) == 1})

    def of(self, word: str) -> str | None:
        """The acronym, folded, that `word` was meant to be; None where there is none, or more than one."""
        return self._meant.get(word)


def _sure(slips: Mapping[str, Collection[str]], known: Collection[str]) -> dict[str, str]:
    """What each slip was meant to be, where that is one thing and the slip is no word."""
    return {slip: next(iter(meant)) for slip, meant in slips.items() if len(meant) == 1 and slip not in known}


def _slips(word: str) -> set[str]:
    """A letter doubled, or out of turn with the next."""
    doubled = {word[:place] + letter + word[place:] for place, letter in enumerate(word)}
    return (doubled | _turned(word)) - {word}


def _turned(word: str) -> set[str]:
    """Two letters, the first aside, out of turn."""
    turned = {word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 1)}
    return turned - {word}


def _dropped(word: str) -> set[str]:
    """A letter missing; of the last but one only a u, for others make another form or word (Alemania, alemana)."""
    end = len(word) - (1 if word[-2] == "u" else 2)
    return {word[:place] + word[place + 1 :] for place in range(1, end)}


def _misspelt(word: str) -> set[str]:
    """An i for a y and a y for an i (Lybia, Egipt), and an ending that is another's (Argentinia, like Bolivia)."""
    places = [place for place, letter in enumerate(word) if letter in _ALIKE] if len(word) >= _SHORTEST_TURNED else []
    slips = {word[:place] + _ALIKE[word[place]] + word[place + 1 :] for place in places}
    if {"i", "y"} <= set(word) and places:
        slips.add("".join(_ALIKE.get(letter, letter) for letter in word))
    if len(word) > _LONG_WORD and word[-1] == "a" and word[-2] not in _VOWELS:
        slips.add(word[:-1] + "ia")
    return slips - {word}


def _simple(word: str) -> str:
    """A word without the second of letters that are doubled."""
    return _DOUBLED.sub(r"\1", word)


def _simply(words: Iterable[str]) -> dict[str, str]:
    """The long words that have a letter doubled, by what they are without it; none where several are the same so."""
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        if len(word) >= _LONG_WORD and _simple(word) != word:
            found[_simple(word)].add(word)
    return _sure(found, ())


def _misheard(word: str) -> set[str]:
    """An ending that no form of a word has: z for s, and i or u before it (Honduraz, Hondurus)."""
    if len(word) < _LONG_WORD or not word.endswith("s") or word[-2] not in _VOWELS:
        return set()
    return {word[:-1] + "z", word[:-2] + "is", word[:-2] + "us"} - {word}
