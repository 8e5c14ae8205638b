"""The order in which the words of a name stand, and what they are joined by: the south of Sudan is not South Sudan."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from crmgraph.caching import memoize
from crmgraph.linking.spelling import LONGEST, all_words_of, ended, is_small

__all__ = ["OF", "Turn", "turns_of", "two_of"]

_REMEMBERED = 8192
"""How many names are remembered: those of things, which are compared again and again, and some that people write."""

_AND = frozenset(("y", "e", "and"))
_BESIDE = re.compile(r"[,;:+/|•·\t\n]|\s[-–—]\s")
"""What stands between two things that are named one after the other, as “y” and “and” do between two that are one."""

OF = "of"
"""The tie that says least of how two things belong together."""

_TIES = {
    word: tie
    for tie, words in {
        OF: "de del da do of", "to": "a al to", "by": "by por", "for": "for para", "in": "at en in", "on": "on sobre",
        "as": "as",
    }.items()
    for word in words.split()
}  # fmt: skip
"""The small words that say how what is behind them belongs to what is before."""

_SIDES = frozenset(re.findall(r"\w+", "norte sur este oeste north south east west nord sud est ouest sul leste"))
"""The south of a country, or of a continent, is no country, though that may be called after it."""

_TURNED = re.compile(r"([^,()]+)(?:,([^,()]+)|\(([^()]+)\))\s*")
_TWICE = re.compile(r"\s*(.+?)\s*(?:\((.+)\)|\s[-–—/]\s(.+))\s*")


class Turn(NamedTuple):
    """The words of a name in an order, without small ones, the places in it before which two things are joined, those
    of them where something other than a word does so, and by which sort of small word the words at a place belong to
    what is before them.
    """

    words: tuple[str, ...]
    joints: frozenset[int]
    breaks: frozenset[int]
    ties: Mapping[int, str]


@memoize(_REMEMBERED)
def turns_of(name: str) -> tuple[Turn, ...]:
    """The orders in which the words of a name may be meant: as they stand, and as in an index (“Sudan, South”)."""
    found = [_turn(name)]
    turned = _TURNED.fullmatch(name[:LONGEST])
    if turned:
        first, *behind = turned.groups()
        found.append(_turn(" ".join((*(each for each in behind if each), first))))
    return tuple(found)


def two_of(name: str) -> tuple[str, ...]:
    """The two names of which the second is in brackets or behind a dash, as acronyms are; none where it is but one."""
    both = _TWICE.fullmatch(name[:LONGEST])
    return tuple(group for group in both.groups() if group) if both else ()


def _turn(name: str) -> Turn:
    words: list[str] = []
    joints, breaks = set(), set()
    ties = {}
    for piece in _BESIDE.split(name[:LONGEST].replace("&", " and ")):
        if words:
            breaks.add(len(words))
        for word in all_words_of(piece):
            if not is_small(word):
                words.append(word)
            elif words and (word in _AND or words[-1] in _SIDES):
                joints.add(len(words))
            elif word in _TIES:
                ties[len(words)] = _TIES[word]
    # Behind the last word there is nothing that could be joined or tied.
    within = frozenset(range(len(words)))
    tied = {place: tie for place, tie in ties.items() if place in within}
    return Turn(ended(words), within & (joints | breaks), within & breaks, tied)
