"""Words in the form in which they are searched: folded and stemmed.

Also search queries, and excerpts with marked matches.
"""

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
"""The languages for which stems are used, with their names in the Snowball library."""

LONGEST = 200
"""The maximum length of a query; the rest is ignored."""

_WORD = re.compile(
    # Letters that are doubled for a plural (EE. UU.), letters with dots between them (O.I.M.), numbers of parts
    # (7.1.1), and all other words.
    r"\b([^\W\d_])\1\.\s?([^\W\d_])\2\b\.?"
    r"|\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?"
    r"|\d+(?:\.\d+)+"
    r"|(?:[^\W_][\u0300-\u036f]*)+"
)
_CACHE_SIZE = 2**16
_MOST_TERMS = 16
_QUOTES = str.maketrans(dict.fromkeys("“”„«»″＂", '"'))
_QUOTED = re.compile(r'"(?P<phrase>[^"]*)"|[^"]+')
_QUESTION_WORDS = (
    "como cual cuales cuando cuanta cuantas cuanto cuantos donde estan hay quien quienes son "
    "are did do does how what when where which who whom whose why"
)
_STOP_WORDS = frozenset(_QUESTION_WORDS.split()).union(*(SMALL_WORDS[language] for language in UNDERSTOOD))
_LONGEST_EXCERPT = 220
_stemmers = {language: snowballstemmer.stemmer(name) for language, name in STEMMED.items()}
_lock = Lock()

Span = tuple[int, int]


class Word(NamedTuple):
    """A folded word of a text; `start` and `end` are code point offsets, end exclusive."""

    form: str
    start: int
    end: int


def words_in(text: str) -> list[Word]:
    """Return the words of a text. An acronym, with or without dots, is one word, and so is the number of a part."""
    found = (Word(_fold(match[0]), match.start(), match.end()) for match in _WORD.finditer(text))
    return [word for word in found if word.form]


@memoize(_CACHE_SIZE, longest=100)
def stem(form: str, language: str) -> str:
    """Return the stem of a folded word; empty for a language without stems, and for numbers.

    The stem is folded too, because users leave out accents.
    """
    if language not in STEMMED or form[0].isdigit():
        return ""
    # Stemmers have state and are not thread-safe.
    with _lock:
        found: str = _stemmers[language].stemWord(form)
    # In Spanish the stem of a folded word may have an accent again that its other forms lack.
    return key(found)


@memoize(_CACHE_SIZE, longest=100)
def _fold(written: str) -> str:
    kept = written if written[0].isdigit() else re.sub(r"[.\s]", "", written)
    folded = key(unicodedata.normalize("NFC", kept))
    return "".join(letter for letter in folded if letter.isalnum() or letter == ".")


@dataclass(frozen=True)
class SearchTerm:
    """A search term: a word in any inflection, the prefix of a word, or a phrase of exact words."""

    forms: tuple[str, ...]
    kind: Literal["word", "prefix", "phrase"] = "word"

    @cached_property
    def stems(self) -> dict[str, str]:
        """The stem of the word in each language, for a term of the kind `word`."""
        found = {language: stem(self.forms[0], language) for language in STEMMED} if self.kind == "word" else {}
        return {language: each for language, each in found.items() if each}

    def find_places(self, words: Sequence[Word], language: str) -> Iterator[Span]:
        """Yield the places of the term in a text, as pairs of word indexes, end exclusive."""
        forms, size = [word.form for word in words], len(self.forms)
        for at in range(len(forms) - size + 1):
            is_phrase = self.kind == "phrase" and tuple(forms[at : at + size]) == self.forms
            if is_phrase or (self.kind != "phrase" and self.matches_word(forms[at], language)):
                yield at, at + size

    def matches_word(self, form: str, language: str) -> bool:
        """Return whether the term, a word or a prefix, matches a folded word in this language."""
        if self.kind == "prefix":
            return form.startswith(self.forms[0])
        return form == self.forms[0] or (language in self.stems and stem(form, language) == self.stems[language])


@dataclass(frozen=True)
class SearchQuery:
    """A parsed query.

    Attributes:
        typed: The query as typed, cut at `LONGEST`.
        terms: The search terms.
        last: The last term, if the user may not have finished typing the word; otherwise None.
        forms: All words of the query, folded.
    """

    typed: str
    terms: tuple[SearchTerm, ...]
    last: SearchTerm | None
    forms: tuple[str, ...]

    def replace_words(self, instead: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        """Return the query with words replaced, and the replaced words as they were typed.

        `instead` maps folded words to the new words.
        """
        text, gone = self.typed, []
        for word in reversed([each for each in words_in(text) if each.form in instead]):
            gone.append(text[word.start : word.end])
            text = text[: word.start] + instead[word.form] + text[word.end :]
        return text, tuple(dict.fromkeys(reversed(gone)))


def clean_query(typed: str) -> str:
    """Return the query without control characters, repeated blank space and characters beyond `LONGEST`."""
    # Invisible characters, such as a soft hyphen, separate no words.
    seen = (letter for letter in typed[: 4 * LONGEST] if unicodedata.category(letter) != "Cf")
    shown = "".join(letter if letter.isprintable() else " " for letter in seen)
    return " ".join(shown.split())[:LONGEST].strip()


def parse_query(typed: str) -> SearchQuery:
    """Return the parsed query.

    Words in quotation marks form a phrase. Stop words are ignored unless there are no other words.
    """
    text = typed[:LONGEST].translate(_QUOTES)
    words = words_in(text)
    terms: dict[SearchTerm, None] = {}
    for part in _QUOTED.finditer(text):
        forms = tuple(word.form for word in words_in(part[0]))
        is_phrase = forms and part["phrase"] is not None
        terms |= dict.fromkeys([SearchTerm(forms, "phrase")] if is_phrase else [SearchTerm((form,)) for form in forms])
    significant = [each for each in terms if each.kind == "phrase" or each.forms[0] not in _STOP_WORDS]
    kept = tuple((significant or list(terms))[:_MOST_TERMS])
    is_unfinished = words and words[-1].end == len(text) and kept and kept[-1].forms == (words[-1].form,)
    return SearchQuery(typed[:LONGEST], kept, kept[-1] if is_unfinished else None, tuple(word.form for word in words))


class Piece(NamedTuple):
    """A piece of a text, marked if it matches the query."""

    text: str
    is_marked: bool = False


def find_spans(text: str, language: str, terms: Iterable[SearchTerm]) -> tuple[tuple[Span, ...], int]:
    """Return the merged, sorted spans of all matches in a text, and the number of terms that match."""
    words = words_in(text)
    places = [list(each.find_places(words, language)) for each in terms]
    found = {(words[first].start, words[last - 1].end) for each in places for first, last in each}
    apart: list[Span] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart), sum(map(bool, places))


def excerpt(text: str, marks: Sequence[Span], longest: int = _LONGEST_EXCERPT) -> tuple[Piece, ...]:
    """Return a text as marked and unmarked pieces.

    A long text is reduced to the part with most marks, with “…” at the cuts.
    """
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
    """Return the span of at most about `longest` characters that has most marks, extended to word boundaries."""
    if len(text) <= longest:
        return 0, len(text)

    def rank(mark: Span) -> tuple[int, int]:
        begin = max(mark[0] - longest // 4, 0)
        return sum(begin <= first and last <= begin + longest for first, last in marks), -begin

    first, last = max(marks, key=rank, default=(0, 0))
    start = text.rfind(" ", 0, max(first - longest // 4, 0)) + 1
    end = text.find(" ", max(start + longest, last))
    return start, len(text) if end < 0 else end
