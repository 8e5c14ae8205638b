"""The words of a text as they are compared, and the ways in which one and the same name is written."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from enum import Enum
from typing import NamedTuple

from crmgraph.reading.folding import fold, key, tidy

__all__ = [
    "Accents",
    "Word",
    "accents",
    "acronym_spellings",
    "addresses",
    "is_acronym",
    "singular_acronym",
    "spellings",
    "words",
]


class Accents(Enum):
    """How the accents of some words are."""

    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"


class Word(NamedTuple):
    """A word or a sign of a text: what it is compared by, and its place in code points, end exclusive."""

    form: str
    start: int
    end: int


_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# One character for one, so that places stay; folding drops a combining mark, and no number stands for a note.
_ALIKE = str.maketrans(
    dict.fromkeys("’‘ʼ´`", "'")
    | dict.fromkeys("‐‑–—−", "-")
    | dict.fromkeys(_INVISIBLE, "\u0301")
    | dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "^")
)
_PREFIXES = "anti|ex|extra|infra|inter|intra|micro|multi|no|pos|post|pre|pro|sub|super|supra|trans|ultra|vice"
_LETTER = r"[^\W_]"
_ADDRESS = (
    r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w.-]+"
    r"|(?<![\w.])(?:[\w-]{1,63}\.){1,5}(?:com|edu|gob|gov|int|mil|net|org)(?:\.[a-z]{2})?(?![\w.])"
)
_TOKEN = re.compile(
    rf"{_ADDRESS}|(?:(?<!{_LETTER})(?P<prefix>{_PREFIXES})-)?(?P<word>{_LETTER}+)"
    rf"(?:(?<={_LETTER}{{4}})(?:/(?:as?|os?)(?!{_LETTER})|\((?:as?|os?|es)\)))?"  # refugiados/as, refugiados(as)
    rf"|(?!(?<={_LETTER})-(?={_LETTER}))[^\w\s]|_"
)
_DOUBLED = re.compile(r"^(anti|extra|infra|intra|micro|multi|supra|ultra|vice)rr")
_HYPHENED = re.compile(rf"\b({_PREFIXES})-(?=\w)", re.IGNORECASE)
_APART = re.compile(rf"\b({_PREFIXES}) (?=\w)", re.IGNORECASE)
_SOLID = re.compile(r"\b(anti|extra|inter|intra|multi|vice)r?(?=\w{5})", re.IGNORECASE)
_HYPHENS = re.compile(r"[\s-]+")
_RUN = re.compile(rf"{_LETTER}+")
_PLURAL = re.compile(r"['’]?[sS]$")
_DOTTED = 3  # two letters with dots are mostly the initials of a person
_LONG_ACRONYM = 5
_LONGEST_RUN = 8


def addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses on the net stand in `text`, whose words and capitals are none of a sentence."""
    return [match.span() for match in re.finditer(_ADDRESS, text, re.IGNORECASE)]


def words(text: str) -> list[Word]:
    """The words and signs of `text`; a hyphen between two words is as good as a blank.

    A prefix with its hyphen (anti-inmigrantes) is one word with what follows, but not before a capital (pro-México).
    An ending for the other gender (refugiados/as) belongs to its word. An address on the net is one word.
    """
    return list(_words(text))


def _words(text: str) -> Iterator[Word]:
    folded = fold(text.translate(_ALIKE))
    for match in _TOKEN.finditer(folded.text):
        start, end = folded.original(match.start(), match.end())
        end = start + len(text[start:end].rstrip(_INVISIBLE))
        form = match["word"] or match[0]
        if match["prefix"]:
            middle, _ = folded.original(match.start("word"), match.end())
            if text[start].islower() and text[middle].isupper():
                yield Word(match["prefix"], start, middle - 1)
                start = middle
            else:
                form = match["prefix"] + form
        yield Word(_DOUBLED.sub(r"\1r", form), start, end)


def spellings(name: str) -> list[tuple[str, ...]]:
    """The words of a name as it stands, then with its prefixes joined or apart (Pro-Témpore, Pro Témpore)."""
    ways = (name, _HYPHENED.sub(r"\1 ", name), _APART.sub(r"\1-", name), _SOLID.sub(r"\1 ", name))
    return [tuple(word.form for word in words(way)) for way in dict.fromkeys(ways)]


def is_acronym(name: str) -> bool:
    """Whether a name is written in capitals because it is made of initials (OIM, CEPAL/CELADE, EE. UU., ONG’s)."""
    runs = _RUN.findall(singular_acronym(name))
    return name[:1].isupper() and len("".join(runs)) > 1 and all(map(_is_of_initials, runs))


def _is_of_initials(run: str) -> bool:
    return len(run) <= _LONGEST_RUN and 2 * sum(map(str.isupper, run)) > sum(map(str.isalpha, run))


def singular_acronym(name: str) -> str:
    """An acronym without the s of the plural: ONG of ONG’s."""
    return _PLURAL.sub("", name) if name[-1:].islower() else name


def accents(said: str, names: Collection[str]) -> Accents:
    """How the accents of words that name a thing are, beside those of its names; hyphens do not count.

    They are right where the words are one of the names, or none in anything but case and form.
    """
    said, *others = (tidy(_HYPHENS.sub(" ", name)).casefold() for name in (said, *names))
    alike = [name for name in others if key(name) == key(said)]
    if not alike or said in alike:
        return Accents.RIGHT
    marks = _marks(said)
    if any(marks == _marks(name) for name in alike):
        return Accents.RIGHT
    if all(marks < _marks(name) for name in alike):
        return Accents.MISSING
    return Accents.RIGHT if any(marks < _marks(name) for name in alike) else Accents.WRONG


def _marks(text: str) -> set[tuple[int, str]]:
    """The accents of a text, each with how many letters stand before it."""
    letters = 0
    marks = set()
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign):
            marks.add((letters, sign))
        else:
            letters += 1
    return marks


def acronym_spellings(name: str) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """The forms of an acronym, as it stands first: plural (ONGs, ONG’s), dotted (O.I.M.), or without its dots.

    With each goes how many capitals each of its words must have: all, but one where it is long enough to be read as
    a word (Acnur).
    """
    said = words(name)
    forms = tuple(word.form for word in said)
    capitals = tuple(sum(map(str.isupper, name[word.start : word.end])) for word in said)
    if len(forms) == 1 and len(name) >= _LONG_ACRONYM:
        capitals = (1,)
    ways = [(forms, capitals)]
    if forms[-1].isalpha() and forms[-2:-1] != ("'",):
        ways.append(((*forms[:-1], forms[-1] + "s"), capitals))
        ways.append(((*forms, "'", "s"), (*capitals, 0, 0)))
    if len(forms) == 1 and len(name) >= _DOTTED and name.isalpha() and name.isupper():
        dotted = tuple(sign for letter in forms[0] for sign in (letter, "."))
        count = (1, 0) * len(name)
        ways += [(dotted, count), (dotted[:-1], count[:-1])]
    if "." in forms:
        bare = [(form, count) for form, count in zip(forms, capitals, strict=True) if form != "."]
        without = tuple(form for form, _ in bare)
        ways += [(without, tuple(count for _, count in bare)), (("".join(without),), (sum(c for _, c in bare),))]
        ways.append((forms[:-1], capitals[:-1]))
    return ways
