"""The number and the gender of Spanish names of kinds of things, such as “funcionarios consulares”.

Written here because stemmers fall short of it both ways: Snowball has one stem for “trata”, “tratar” and “tratado”,
and two for “aerolínea” and “aerolíneas”.
"""

import re
from itertools import product

__all__ = ["inflections"]

_PREPOSITIONS = frozenset(
    {
        "a",
        "al",
        "ante",
        "con",
        "contra",
        "de",
        "del",
        "desde",
        "en",
        "entre",
        "hacia",
        "para",
        "por",
        "segun",
        "sin",
        "sobre",
    }
)
_FIXED = frozenset({"no", "ni", "el", "la", "los", "las", "un", "una", "unos", "unas"})
_LONGEST = 6
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxyz")
_PERSON = re.compile(r"(?:(?:ari|ad|id|er|an)os?|(?:nin|hij|alumn|expert|medic)os?|[dst]or(?:es)?)$")
_MASCULINE = re.compile(r"(?:o(s?)|(?<=[dst])or(?:e(s))?)$")


def inflections(name: tuple[str, ...], people: bool) -> set[tuple[str, ...]]:
    """The other forms of a name given as folded words: in the other number, and where `people` feminine ones too.

    What stands behind a preposition stays as it is. A feminine name has no masculine form: “funcionarios” are men and
    women, “funcionarias” are not. Where the rules leave two forms open both are given, for nobody writes the wrong
    one (“autoridade”).
    """
    end = next((place for place, word in enumerate(name) if word in _PREPOSITIONS), len(name))
    head, rest = name[:end], name[end:]
    if not head or not head[0].isalpha() or len(head) > _LONGEST:
        return set()
    other = _singulars if _is_plural(head[0]) else _plurals
    forms = {head, *product(*(other(word) for word in head))}
    if people and _PERSON.search(head[0]):
        forms |= {tuple(map(_feminine, form)) for form in forms}
    return {(*form, *rest) for form in forms} - {name}


def _varies(word: str) -> bool:
    return word.isalpha() and len(word) > 2 and word not in _FIXED


def _is_plural(word: str) -> bool:
    """Whether a word can be one; “país” and “crisis” are not."""
    return word.endswith("s") and word[-2:-1] not in _CONSONANTS and not word.endswith("is")


def _plurals(word: str) -> tuple[str, ...]:
    if not _varies(word):
        return (word,)
    if word.endswith("z"):
        return (word[:-1] + "ces",)
    return (word + ("es" if word[-1] in _CONSONANTS else "s"),)


def _singulars(word: str) -> tuple[str, ...]:
    """Those that can be: “redes” is the plural of “red”, “sedes” that of “sede”."""
    if not _varies(word) or not _is_plural(word):
        return (word,)
    found = [word[:-1]]
    if word.endswith("ces"):
        found.append(word[:-3] + "z")
    elif word.endswith("es") and word[-3] in "dlnrs" and word[-4:-3] not in _CONSONANTS:
        found.append(word[:-2])
    return tuple(found)


def _feminine(word: str) -> str:
    if not _varies(word):
        return word
    return _MASCULINE.sub(
        lambda ending: ("or" if "r" in ending[0] else "") + "a" + (ending[1] or ending[2] or ""), word
    )
