"""The words of a text in their places, as they are looked for: without accents and case, and by their stems."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Literal, NamedTuple

import snowballstemmer

from crmgraph.caching import memoize
from crmgraph.linking.proposing import SMALL_WORDS
from crmgraph.reading.folding import key
from crmgraph.reading.languages import UNDERSTOOD

__all__ = [
    "LONGEST",
    "STEMMED",
    "Asked",
    "Piece",
    "Sought",
    "Span",
    "Word",
    "cleaned",
    "cut",
    "read_asked",
    "spans",
    "stem",
    "words_in",
]

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


LONGEST = 200
"""How many characters of what was typed are looked at."""

_MOST_SOUGHT = 16
_QUOTES = str.maketrans(dict.fromkeys("“”„«»″＂", '"'))
_ASKING = (
    "como cual cuales cuando cuanta cuantas cuanto cuantos donde estan hay quien quienes son "
    "are did do does how what when where which who whom whose why"
)
_SMALL = frozenset(_ASKING.split()).union(*(SMALL_WORDS[language] for language in UNDERSTOOD))

How = Literal["word", "begun", "phrase"]


@dataclass(frozen=True)
class Sought:
    """What is looked for: a word in any inflection, words that begin so, or words just as they are, in their order."""

    forms: tuple[str, ...]
    how: How = "word"
    stems: dict[str, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found = {language: stem(self.forms[0], language) for language in STEMMED} if self.how == "word" else {}
        object.__setattr__(self, "stems", {language: each for language, each in found.items() if each})

    def places(self, words: Sequence[Word], language: str) -> Iterator[tuple[int, int]]:
        """Where it stands among the words of a text in this language, from the first up to behind the last of them."""
        size = len(self.forms)
        if self.how == "phrase":
            said = tuple(word.form for word in words)
            yield from ((at, at + size) for at in range(len(said) - size + 1) if said[at : at + size] == self.forms)
            return
        for at, word in enumerate(words):
            if self.fits(word.form, language):
                yield at, at + 1

    def fits(self, form: str, language: str) -> bool:
        """Whether a word in this language is, begins with, or is an inflection of the word that is looked for."""
        if self.how == "begun":
            return form.startswith(self.forms[0])
        return form == self.forms[0] or (language in self.stems and stem(form, language) == self.stems[language])


@dataclass(frozen=True)
class Asked:
    """What was typed: what is looked for, whether its last word may have more letters to come, and all words."""

    typed: str
    sought: tuple[Sought, ...]
    is_begun: bool
    forms: tuple[str, ...]

    @cached_property
    def last(self) -> Sought | None:
        """The word that may have more letters to come."""
        return self.sought[-1] if self.is_begun and self.sought else None

    def as_typed(self, forms: Collection[str]) -> tuple[str, ...]:
        """These words as they were typed."""
        found = (self.typed[word.start : word.end] for word in words_in(self.typed) if word.form in forms)
        return tuple(dict.fromkeys(found))

    def with_words(self, instead: Mapping[str, str]) -> str:
        """What was typed, with other words in place of these."""
        text, at = "", 0
        for word in words_in(self.typed):
            if word.form in instead:
                text += self.typed[at : word.start] + instead[word.form]
                at = word.end
        return text + self.typed[at:]


def cleaned(typed: str) -> str:
    """What was typed as it can be shown again: no control characters, no blank space too many, not too long."""
    # What is not seen, such as a soft hyphen, parts no words.
    seen = (letter for letter in typed[: 4 * LONGEST] if unicodedata.category(letter) != "Cf")
    shown = "".join(letter if letter.isprintable() else " " for letter in seen)
    return " ".join(shown.split())[:LONGEST].strip()


def read_asked(typed: str) -> Asked:
    """What is looked for. Words between quotation marks are a phrase; small words count only among small words."""
    pieces = typed[:LONGEST].translate(_QUOTES).split('"')
    # What stands behind a quotation mark that nobody closed is no phrase.
    is_open = len(pieces) % 2 == 0
    sought: list[Sought] = []
    everything: list[str] = []
    for number, piece in enumerate(pieces):
        forms = tuple(word.form for word in words_in(piece))
        everything += forms
        if number % 2 and not (is_open and number == len(pieces) - 1):
            sought += [Sought(forms, "phrase")] if forms else []
        else:
            sought += (Sought((form,)) for form in forms)
    sought = list(dict.fromkeys(sought))
    telling = [each for each in sought if each.how == "phrase" or each.forms[0] not in _SMALL]
    kept = tuple((telling or sought)[:_MOST_SOUGHT])
    last = words_in(pieces[-1])
    is_begun = bool(last) and last[-1].end == len(pieces[-1]) and bool(kept) and kept[-1].forms == (last[-1].form,)
    return Asked(typed[:LONGEST], kept, is_begun, tuple(everything))


Span = tuple[int, int]
_LONGEST = 220
"""How many characters of a text are shown at most."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text: its words, and whether it is what was looked for."""

    text: str
    is_marked: bool = False


def spans(text: str, language: str, sought: Iterable[Sought]) -> tuple[tuple[Span, ...], int]:
    """The places of what is sought in a text, in their order and apart from each other, and how much of it is there."""
    words = words_in(text)
    found: set[Span] = set()
    there = 0
    for each in sought:
        places = [(words[first].start, words[last - 1].end) for first, last in each.places(words, language)]
        there += bool(places)
        found.update(places)
    apart: list[Span] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart), there


def cut(text: str, marks: Sequence[Span], longest: int = _LONGEST) -> tuple[Piece, ...]:
    """A text in pieces, marked or not; of one that is longer, the part where most is marked, with “…” at the cuts."""
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
    """From where to where a text is shown: where most is marked, and no word is cut in two where that can be helped."""
    if len(text) <= longest:
        return 0, len(text)
    begins = {max(first - longest // 4, 0): (first, last) for first, last in reversed(marks)} or {0: (0, 0)}
    start = max(begins, key=lambda begin: (_within(marks, begin, begin + longest), -begin))
    first, last = begins[start]
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first
    end = min(max(start + longest, last), len(text))
    if end < len(text):
        least = max((last for _, last in marks if last <= end), default=start)
        space = text.rfind(" ", least, end)
        end = space if space > start else end
    return start, end


def _within(marks: Sequence[Span], start: int, end: int) -> int:
    return sum(start <= first and last <= end for first, last in marks)
