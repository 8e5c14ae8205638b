"""Long titles of instruments that a text gives without one or two of their words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

__all__ = ["Shortened"]

_LEAST, _MOST_MISSING, _OPENING = 6, 2, 2
"""How many words that count a title must have, how many may be missing, and how many must open it."""
_WORD, _STEM = 4, 5
"""How many letters make a word count, and how many of a people's name are the same in all its forms."""


class Shortened:
    """Titles by the words that open them, to be known where one or two of the words that follow are missing.

    Words of three letters or fewer and signs do not count. A word that says of which State or people an instrument is
    cannot be missing, for without it the title may be another's.
    """

    def __init__(self, titles: Iterable[Sequence[str]], peoples: Collection[str]) -> None:
        """Sorts the titles (rows of folded words); `peoples` are the words of the names of States."""
        self._telling = {word[:_STEM] for word in peoples if len(word) >= _WORD}
        self._titles: dict[tuple[str, ...], list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
        for title in titles:
            weighty = tuple(filter(_counts, title))
            if len(weighty) >= _LEAST:
                self._titles[weighty[:_OPENING]].append((weighty, tuple(title)))

    def find(self, said: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Where folded words give such a title, as the first place and that behind the last, and which it is."""
        places = [place for place, word in enumerate(said) if _counts(word)] if self._titles else []
        for turn in range(len(places)):
            row = tuple(said[place] for place in places[turn : turn + _OPENING])
            for weighty, title in self._titles.get(row, ()):
                count = self._count([said[place] for place in places[turn : turn + len(weighty)]], weighty)
                if count:
                    yield places[turn], places[turn + count - 1] + 1, title

    def _count(self, said: Sequence[str], title: Sequence[str]) -> int:
        """How many of the words give the title but for one or two words; 0 where they do not, or give all of it."""
        at = 0
        for count, word in enumerate(said, 1):
            try:
                found = title.index(word, at, at + _MOST_MISSING + 1)
            except ValueError:
                return 0
            if any(missing[:_STEM] in self._telling for missing in title[at:found]):
                return 0
            at = found + 1
            if at == len(title):
                return count if 0 < len(title) - count <= _MOST_MISSING else 0
        return 0


def _counts(word: str) -> bool:
    return len(word) >= _WORD
