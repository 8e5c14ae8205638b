"""Words of texts as they are looked for, without accents and case and by their stems; what was typed; and its marks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Literal, NamedTuple

import snowballstemmer

from crmgraph.caching import memoize
from crmgraph.linking.proposing import SMALL_WORDS
from crmgraph.reading.languages import UNDERSTOOD, key

STEMMED = {"es": "spanish", "en": "english"}
"""The languages whose inflections are known, with the names that the stemmers have for them."""

LONGEST = 200
"""The most characters of what was typed that are looked at."""

_WORD = re.compile(
    # Letters that are doubled for a plural (EE. UU.), letters with dots between them (O.I.M.), numbers of parts
    # (7.1.1), and all other words.
    r"\b([^\W\d_])\1\.\s?([^\W\d_])\2\b\.?"
    r"|\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?"
    r"|\d+(?:\.\d+)+"
    r"|(?:[^\W_][\u0300-\u036f]*)+"
)
_REMEMBERED = 2**16
_MOST_SOUGHT = 16
_QUOTES = str.maketrans(dict.fromkeys("“”„«»″＂", '"'))
_QUOTED = re.compile(r'"(?P<phrase>[^"]*)"|[^"]+')
_QUESTION_WORDS = (
    "como cual cuales cuando cuanta cuantas cuanto cuantos donde estan hay quien quienes son "
    "are did do does how what when where which who whom whose why"
)
_SMALL = frozenset(_QUESTION_WORDS.split()).union(*(SMALL_WORDS[language] for language in UNDERSTOOD))
_LONGEST_SHOWN = 220
_stemmers = {language: snowballstemmer.stemmer(name) for language, name in STEMMED.items()}
_lock = Lock()

Span = tuple[int, int]


class Word(NamedTuple):
    """A word, folded, and its place in the text: from `start` up to `end`, in characters."""

    form: str
    start: int
    end: int


def words_in(text: str) -> list[Word]:
    """Return the words of a text. An acronym is one word with dots or without, and so is the number of a part."""
    found = (Word(_form(match[0]), match.start(), match.end()) for match in _WORD.finditer(text))
    return [word for word in found if word.form]


@memoize(_REMEMBERED, longest=100)
def stem(form: str, language: str) -> str:
    """Return the stem of a folded word, which its inflections share; empty where these are not known.

    The stem of a word is that of the same without its accents, for people leave them out.
    """
    if language not in STEMMED or form[0].isdigit():
        return ""
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


@dataclass(frozen=True)
class Sought:
    """A word in any inflection, words that begin so, or a phrase of words just as they are."""

    forms: tuple[str, ...]
    how: Literal["word", "begun", "phrase"] = "word"

    @cached_property
    def stems(self) -> dict[str, str]:
        """The stem of a word in each language that has one."""
        found = {language: stem(self.forms[0], language) for language in STEMMED} if self.how == "word" else {}
        return {language: each for language, each in found.items() if each}

    def places(self, words: Sequence[Word], language: str) -> Iterator[Span]:
        """Yield its places among the words of a text in this language: the first word, and that behind the last."""
        forms, size = [word.form for word in words], len(self.forms)
        for at in range(len(forms) - size + 1):
            is_phrase = self.how == "phrase" and tuple(forms[at : at + size]) == self.forms
            if is_phrase or (self.how != "phrase" and self.fits(forms[at], language)):
                yield at, at + size

    def fits(self, form: str, language: str) -> bool:
        """Return whether a word in this language is, begins with, or is an inflection of the word that is sought."""
        if self.how == "begun":
            return form.startswith(self.forms[0])
        return form == self.forms[0] or (language in self.stems and stem(form, language) == self.stems[language])


@dataclass(frozen=True)
class Asked:
    """What was typed: what is sought, the last word if it may have more letters to come, and all words."""

    typed: str
    sought: tuple[Sought, ...]
    last: Sought | None
    forms: tuple[str, ...]

    def with_words(self, instead: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        """Return what was typed, with other words in place of these, and these as they were typed."""
        text, gone = self.typed, []
        for word in reversed([each for each in words_in(text) if each.form in instead]):
            gone.append(text[word.start : word.end])
            text = text[: word.start] + instead[word.form] + text[word.end :]
        return text, tuple(dict.fromkeys(reversed(gone)))


def cleaned(typed: str) -> str:
    """Return what was typed as it can be shown: without control characters and needless blank space, not too long."""
    # What is not seen, such as a soft hyphen, parts no words.
    seen = (letter for letter in typed[: 4 * LONGEST] if unicodedata.category(letter) != "Cf")
    shown = "".join(letter if letter.isprintable() else " " for letter in seen)
    return " ".join(shown.split())[:LONGEST].strip()


def read_asked(typed: str) -> Asked:
    """Return what is sought. Words between quotation marks are a phrase; small words count only among small words."""
    text = typed[:LONGEST].translate(_QUOTES)
    words = words_in(text)
    sought: dict[Sought, None] = {}
    for part in _QUOTED.finditer(text):
        forms = tuple(word.form for word in words_in(part[0]))
        is_phrase = forms and part["phrase"] is not None
        sought |= dict.fromkeys([Sought(forms, "phrase")] if is_phrase else [Sought((form,)) for form in forms])
    telling = [each for each in sought if each.how == "phrase" or each.forms[0] not in _SMALL]
    kept = tuple((telling or list(sought))[:_MOST_SOUGHT])
    is_begun = words and words[-1].end == len(text) and kept and kept[-1].forms == (words[-1].form,)
    return Asked(typed[:LONGEST], kept, kept[-1] if is_begun else None, tuple(word.form for word in words))


class Piece(NamedTuple):
    """A piece of a text, and whether it is what was sought."""

    text: str
    is_marked: bool = False


def spans(text: str, language: str, sought: Iterable[Sought]) -> tuple[tuple[Span, ...], int]:
    """Return the places in a text of what is sought, in order and apart, and how much of it is there."""
    words = words_in(text)
    places = [list(each.places(words, language)) for each in sought]
    found = {(words[first].start, words[last - 1].end) for each in places for first, last in each}
    apart: list[Span] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart), sum(map(bool, places))


def cut(text: str, marks: Sequence[Span], longest: int = _LONGEST_SHOWN) -> tuple[Piece, ...]:
    """Return a text in pieces, marked or not; of a long one, the part where most is marked, with “…” at the cuts."""
    start, end = _window(text, marks, longest)
    pieces = [Piece("… ")] if start else []
    at = start
    for first, last in marks:
        if start <= first and last <= end:
            pieces += (Piece(text[at:first]), Piece(text[first:last], is_marked=True))
            at = last
    pieces += (Piece(text[at:end]), Piece(" …" if end < len(text) else ""))
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, marks: Sequence[Span], longest: int) -> Span:
    """Return the part of a text that has most marks, from and to the edges of words where that can be."""
    if len(text) <= longest:
        return 0, len(text)

    def rank(mark: Span) -> tuple[int, int]:
        begin = max(mark[0] - longest // 4, 0)
        return sum(begin <= first and last <= begin + longest for first, last in marks), -begin

    first, last = max(marks, key=rank, default=(0, 0))
    start = text.rfind(" ", 0, max(first - longest // 4, 0)) + 1
    end = text.find(" ", max(start + longest, last))
    return start, len(text) if end < 0 else end
