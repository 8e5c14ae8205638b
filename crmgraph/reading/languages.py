"""The language that a plan is written in, as far as its commonest words tell it."""

import re
from collections.abc import Iterable

__all__ = ["language_of", "other_language"]

_COMMON = {
    "es": frozenset(re.findall(r"\w+", "al con de del el en la las los para por que se sobre su un una y")),
    "en": frozenset(re.findall(r"\w+", "an and at be by for from in is it of on that the to was which with")),
}
"""Small words of each language that are none of the other's."""


def other_language(language: str) -> str:
    """The one that a plan in this language is translated into."""
    return "es" if language == "en" else "en"


def language_of(texts: Iterable[str]) -> str:
    """`en` where the small words of English are more in the texts than those of Spanish; else `es`."""
    said = [word for text in texts for word in re.findall(r"[^\W\d_]+", text.lower())]
    counts = {language: sum(word in common for word in said) for language, common in _COMMON.items()}
    return "en" if counts["en"] > counts["es"] else "es"
