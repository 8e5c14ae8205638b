"""The words of a text in their places, as they are looked for: without accents and case, and by their stems."""

import re
import unicodedata
from threading import Lock
from typing import NamedTuple

import snowballstemmer

from crmgraph.caching import memoize
from crmgraph.reading.folding import key

__all__ = ["STEMMED", "Word", "stem", "words_in"]

STEMMED = {"es": "spanish", "en": "english"}
"""The languages whose inflections are known, with what they are called by the stemmers."""

_WORD = re.compile(
    # Letters that are doubled for a plural (EE. UU.), letters with dots between them (O.I.M.), numbers of parts
    # (7.1.1), and all other words.
    r"\b([^\W\d_])\1\.\s?([^\W\d_])\2\b\.?"
    r"|\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?"
    r"|\d+(?:\.\d+)+"
    r"|(?:[^\W_][\u0300-\u036f]*)+"
)
_REMEMBERED = 2**16
_stemmers = {language: snowballstemmer.stemmer(name) for language, name in STEMMED.items()}
_lock = Lock()


class Word(NamedTuple):
    """A word, folded, and where it stands in its text: from `start` up to `end`, in characters."""

    form: str
    start: int
    end: int


def words_in(text: str) -> list[Word]:
    """The words of a text. An acronym is one word with dots or without, and so is the number of a part."""
    found = (Word(_form(match[0]), match.start(), match.end()) for match in _WORD.finditer(text))
    return [word for word in found if word.form]


def stem(form: str, language: str) -> str:
    """What a folded word has in common with its inflections in this language; nothing where they are not known.

    The stem of a word is that of the same without its accents, for people leave them out.
    """
    return _stem(form, language) if language in STEMMED and not form[0].isdigit() else ""


@memoize(_REMEMBERED, longest=100)
def _stem(form: str, language: str) -> str:
    # A stemmer keeps the word that it works on.
    with _lock:
        found: str = _stemmers[language].stemWord(form)
    # In Spanish the stem of a folded word may have an accent again that its other forms lack.
    return key(found)


@memoize(_REMEMBERED, longest=100)
def _form(written: str) -> str:
    kept = written if written[0].isdigit() else re.sub(r"[.\s]", "", written)
    folded = key(unicodedata.normalize("NFC", kept))
    return "".join(letter for letter in folded if letter.isalnum() or letter == ".")
