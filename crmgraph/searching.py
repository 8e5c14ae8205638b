"""Full-text search for things, by the words in their names and in other texts about them."""

import re
import sqlite3
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Any, Literal, NamedTuple

import snowballstemmer
from rapidfuzz import fuzz, process

from crmgraph.caching import memoize
from crmgraph.extraction.names import Word
from crmgraph.linking import SMALL_WORDS
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
    r"|(?:[^\W_][\u0300-\u036f\u00ad\u200b-\u200d]*)+"
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
        languages = STEMMED if self.kind == "word" else ()
        return {language: found for language in languages if (found := stem(self.forms[0], language))}

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


Column = Literal["names", "titles", "notes"]
"""The columns of the index: names of a thing; the sentence that is the text of a part or question; and explanations."""

_WEIGHTS = {"names": 10.0, "titles": 4.0, "notes": 1.0}
"""The weight of a matching word in each column. A matching stem has half the weight."""

_TEXT_SEPARATOR = " . "
"""Separates the texts of a thing, so that no phrase matches across two texts."""

_MIN_MISSPELT_LENGTH = 4
"""The minimum number of letters of words for which misspellings are considered.

Shorter words resemble too many others.
"""

_MIN_SIMILARITY = 75
"""The minimum similarity, in per cent, of a misspelt word to the correct one."""

_MOST_SIMILAR = 8
_MIN_PREFIX_LENGTH = 2
_NUMBERS = re.compile(r"\d+")
# Words are folded and stemmed before, so the tokenizer only separates them.
_TABLE = "CREATE VIRTUAL TABLE {} USING fts5({}, tokenize = \"ascii tokenchars '.'\")"

_Forms = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A text of a thing.

    Attributes:
        language: Its language; empty for none.
        role: Its role, such as `label` or `acronym`.
        column: The column of the index that contains the text.
        is_own: Whether the text is a name of the thing, so that a search for exactly this text means the thing.
    """

    text: str
    language: str
    role: str
    column: Column
    is_own: bool = False


@dataclass(frozen=True)
class Entry:
    """A thing in the index.

    Attributes:
        name: Its IRI or path.
        group: The group of results in which it is listed.
        labels: Its label in each language.
        texts: Its texts, the most important first.
        weight: The weight of its group, from 0 to 1.
        is_common: Whether its names may name other things too. A search for one of these names then also finds things
            with the other names.
        after: A group whose entries come before this one, even if its name equals the query; empty for none.
    """

    name: str
    group: str
    labels: Mapping[str, str]
    texts: tuple[Text, ...]
    weight: float = 1.0
    is_common: bool = False
    after: str = ""


@dataclass(frozen=True)
class Match:
    """The text of a thing that matches best, with the spans of matches (`marks`), and the spans in the label."""

    text: Text
    marks: tuple[Span, ...]
    label_marks: tuple[Span, ...]


@dataclass(frozen=True)
class SearchResult:
    """The results of a search.

    Attributes:
        entries: The things found, the best first.
        terms: The search terms.
        names: The word sequences that count as the exact name of a thing.
        corrected: The corrected query, if results are those for corrected words; otherwise empty.
        unknown_words: The words of the query that were corrected.
        is_partial: Whether no thing matches all terms, and the results are those that match most of them.
        entries_by_name: For each term that is a name, the things with this name; empty unless there are several such
            terms.
        other_terms: Synonyms that were searched too: if the query is a name of a common thing (`Entry.is_common`), the
            other names of this thing.
    """

    entries: tuple[Entry, ...]
    terms: tuple[SearchTerm, ...]
    names: frozenset[_Forms]
    corrected: str = ""
    unknown_words: tuple[str, ...] = ()
    is_partial: bool = False
    entries_by_name: tuple[tuple[Entry, ...], ...] = ()
    other_terms: tuple[SearchTerm, ...] = ()

    def match(self, entry: Entry, language: str) -> Match:
        """Return the match of a thing. Of texts with equally many terms, one in this language is preferred."""
        label, terms = label_in(entry, language), self.terms
        marked = [find_spans(text.text, text.language, terms) for text in entry.texts]
        if self.other_terms and max(count for _, count in marked) < len(terms):
            by_others = [find_spans(text.text, text.language, self.other_terms) for text in entry.texts]
            if any(count for _, count in by_others):
                marked, terms = by_others, self.other_terms

        def rank(place: int) -> tuple[int, bool, bool, bool, int]:
            text = entry.texts[place]
            is_foreign = text.language not in (language, "")
            is_label = text.text == label and not is_foreign
            is_named = text.is_own and _folded_words(text.text) in self.names
            return -marked[place][1], not is_label, not is_named, is_foreign, place

        best = min(range(len(entry.texts)), key=rank)
        return Match(entry.texts[best], marked[best][0], find_spans(label, language, terms)[0])


def label_in(entry: Entry, language: str) -> str:
    """Return the label of a thing in this language, or else in any language."""
    return entry.labels.get(language) or next(iter(entry.labels.values()), entry.name)


class FullTextTables:
    """The full-text tables of the texts of things, and the vocabulary of these texts. Thread-safe.

    Things are identified by their positions in `entries`.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._spellings: dict[str, Counter[str]] = defaultdict(Counter)
        self._stems: set[str] = set()
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        names = ", ".join(f"{name}, {name}_stems" for name in _WEIGHTS)
        self._connection.execute(_TABLE.format("texts", names))
        self._connection.execute(_TABLE.format("called", "thing UNINDEXED, names, names_stems"))
        for place, entry in enumerate(entries):
            written = {name: [self._words(each) for each in entry.texts if each.column == name] for name in _WEIGHTS}
            columns = [
                _TEXT_SEPARATOR.join(pair[half] for pair in each) for each in written.values() for half in (0, 1)
            ]
            insert = f"INSERT INTO texts (rowid, {names}) VALUES (?{', ?' * len(columns)})"  # noqa: S608 - our own names
            self._connection.execute(insert, (place, *columns))
            self._connection.executemany(
                "INSERT INTO called VALUES (?, ?, ?)", ((place, *each) for each in written["names"])
            )
        self._vocabulary = sorted(self._spellings)
        self._correctable = [form for form in self._vocabulary if len(form) >= _MIN_MISSPELT_LENGTH and form.isalpha()]

    def search(self, terms: Iterable[SearchTerm], *, all_of_it: bool) -> dict[int, float]:
        """Return the things that match all terms, or any of them, each with its BM25 score (lower is better)."""
        weights = ", ".join(f"{weight}, {weight / 2}" for weight in _WEIGHTS.values())
        query = f"SELECT rowid, bm25(texts, {weights}) FROM texts WHERE texts MATCH ?"  # noqa: S608 - our own numbers
        return dict(self._rows(query, (" AND " if all_of_it else " OR ").join(_expression(each) for each in terms)))

    def search_names(self, terms: Iterable[SearchTerm]) -> set[int]:
        """Return the things with a single name that matches all terms."""
        expression = " AND ".join(_expression(each, ("names",)) for each in terms)
        return {thing for (thing,) in self._rows("SELECT thing FROM called WHERE called MATCH ?", expression)}

    def may_match(self, term: SearchTerm) -> bool:
        """Return whether the vocabulary has the words of a term. A phrase may still match no text."""
        form = term.forms[0]
        if term.kind == "phrase":
            return all(each in self._spellings for each in term.forms)
        if term.kind == "prefix":
            place = bisect_left(self._vocabulary, form)
            return place < len(self._vocabulary) and self._vocabulary[place].startswith(form)
        return form in self._spellings or any(f"{name}.{each}" in self._stems for name, each in term.stems.items())

    def find_correction(self, form: str) -> str:
        """Return the word of the vocabulary of which `form` may be a misspelling; empty if there is none.

        Among equally similar words, the most frequent is chosen.
        """
        if len(form) < _MIN_MISSPELT_LENGTH:
            return ""
        near = process.extract(
            form, self._correctable, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=_MOST_SIMILAR
        )
        return max(near, key=lambda each: (each[1], self._spellings[each[0]].total()))[0] if near else ""

    def usual_spelling(self, form: str) -> str:
        """Return the most frequent spelling of a folded word, with accents and case."""
        written = self._spellings[form]
        return max(written, key=lambda each: (written[each], each))

    def _words(self, text: Text) -> tuple[str, str]:
        """Return the folded words and the stems of a text, as stored in the tables. Add them to the vocabulary."""
        words = words_in(text.text)
        for word in words:
            self._spellings[word.form][text.text[word.start : word.end]] += 1
        stems = [f"{text.language}.{found}" for word in words if (found := stem(word.form, text.language))]
        self._stems.update(stems)
        return " ".join(word.form for word in words), " ".join(stems)

    def _rows(self, query: str, expression: str) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, (expression,)).fetchall() if expression else []


def _expression(term: SearchTerm, columns: Iterable[str] = tuple(_WEIGHTS)) -> str:
    """Return a term as a query expression of FTS5.

    Words consist of letters, digits and dots, so they are no operators.
    """
    forms, stems = (f"{{{' '.join(f'{name}{end}' for name in columns)}}}" for end in ("", "_stems"))
    words = f'{forms} : "{" ".join(term.forms)}"{" *" if term.kind == "prefix" else ""}'
    stemmed = " OR ".join(f'"{language}.{each}"' for language, each in term.stems.items())
    return f"({words} OR {stems} : ({stemmed}))" if stemmed else f"({words})"


class Index:
    """The search index. Thread-safe."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._groups = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in self._entries))}
        self._texts = FullTextTables(self._entries)
        self._places_by_own_name: dict[_Forms, set[int]] = defaultdict(set)
        for place, entry in enumerate(self._entries):
            for name in (text.text for text in entry.texts if text.is_own):
                self._places_by_own_name[_folded_words(name)].add(place)

    def search(self, typed: str) -> SearchResult:
        """Return the results of a query.

        These are the things that match all terms. If there are none, they are the things that match with corrected
        words, or else those that match most terms. If the query is a name of a thing that `is_common`, things with its
        other names follow.
        """
        query = parse_query(typed)
        known = [self._find_known_term(each, is_last=each == query.last) for each in query.terms]
        terms = [each for each in known if each]
        found = self._search_all(terms, query) if len(terms) == len(known) else None
        if not found or not found.entries:
            found = self._search_with_corrections(known, query) or self._search_partial(terms, query)
        common = [place for place in self._places_by_own_name.get(query.forms, ()) if self._entries[place].is_common]
        texts = (text.text for place in common for text in self._entries[place].texts if text.is_own)
        names = dict.fromkeys(forms for text in texts if (forms := _folded_words(text)) and forms != query.forms)
        if not names:
            return found
        others = [SearchTerm(forms, "phrase" if len(forms) > 1 else "word") for forms in names]
        ranked = self._rank(self._texts.search(others, all_of_it=False), others, query).entries
        entries = {entry.name: entry for entry in (*found.entries, *ranked)}
        return replace(found, entries=tuple(entries.values()), other_terms=tuple(others))

    def _find_known_term(self, term: SearchTerm, *, is_last: bool) -> SearchTerm | None:
        """Return the term if the vocabulary has its words; otherwise None.

        If `is_last`, the word may be unfinished, and the result may be a term for words with this prefix.
        """
        if self._texts.may_match(term):
            return term
        prefix = SearchTerm(term.forms, "prefix")
        return (
            prefix if is_last and len(term.forms[0]) >= _MIN_PREFIX_LENGTH and self._texts.may_match(prefix) else None
        )

    def _search_with_corrections(self, known: Sequence[SearchTerm | None], query: SearchQuery) -> SearchResult | None:
        """Return the results with unknown words corrected; None if a word cannot be corrected or nothing is found."""
        pairs = list(zip(query.terms, known, strict=True))
        unknown = [typed for typed, each in pairs if not each]
        instead = {each.forms[0]: self._texts.find_correction(each.forms[0]) for each in unknown if each.kind == "word"}
        if not unknown or len(instead) < len(unknown) or not all(instead.values()):
            return None
        found = self._search_all([each or SearchTerm((instead[typed.forms[0]],)) for typed, each in pairs], query)
        corrected, typed = query.replace_words(
            {form: self._texts.usual_spelling(each) for form, each in instead.items()}
        )
        return replace(found, corrected=corrected, unknown_words=typed) if found.entries else None

    def _search_partial(self, known: Sequence[SearchTerm], query: SearchQuery) -> SearchResult:
        """Return the things that match most terms."""
        counts: Counter[int] = Counter()
        for each in known:
            counts.update(self._texts.search([each], all_of_it=True).keys())
        most = max(counts.values(), default=0)
        scores = self._texts.search(known, all_of_it=False)
        kept = {place: scores[place] for place, count in counts.items() if count == most}
        return replace(self._rank(kept, known, query), is_partial=bool(kept))

    def _search_all(self, terms: Sequence[SearchTerm], query: SearchQuery) -> SearchResult:
        return self._rank(self._texts.search(terms, all_of_it=True), terms, query)

    def _rank(self, scores: Mapping[int, float], terms: Sequence[SearchTerm], query: SearchQuery) -> SearchResult:
        """Return the results, ranked.

        Things named exactly as the query come first, then things with a name that matches all terms, then the others by
        score. If several terms are names of things, these things come first, even if they match no other term.
        """
        names = frozenset((query.forms, tuple(form for each in terms for form in each.forms)))
        if not scores:
            return SearchResult((), tuple(terms), names)
        exact = {place for name in names for place in self._places_by_own_name.get(name, ())}
        with_whole_name = self._texts.search_names(terms)
        by_label = {
            place
            for place in exact
            for text in self._entries[place].texts
            if text.is_own and text.role != "alternative" and _folded_words(text.text) in names
        }
        groups = (
            {place for place in self._places_by_own_name.get(each.forms, ()) if not self._entries[place].is_common}
            for each in terms
        )
        several = [places for places in groups if places and not exact]
        named = several if len(several) > 1 else []
        first = {place for places in named for place in places}
        before = {self._entries[place].after for place in exact} - {""}

        def order(place: int) -> int:
            entry = self._entries[place]
            if place in first or (place in by_label and not entry.after):
                return 0
            if place in exact and not entry.after:
                return 1
            if entry.group in before:
                return 2
            return 3 if place in exact else 5 - (place in with_whole_name)

        def rank(place: int) -> tuple[int, float, int, list[int]]:
            entry = self._entries[place]
            score = 0.0 if place in first or place in exact else scores[place] * entry.weight
            return order(place), score, self._groups[entry.group], [int(each) for each in _NUMBERS.findall(entry.name)]

        entries = tuple(self._entries[place] for place in sorted(scores.keys() | first, key=rank))
        named_entries = tuple(tuple(self._entries[place] for place in sorted(places)) for places in named)
        return SearchResult(entries, tuple(terms), names, entries_by_name=named_entries)


def _folded_words(text: str) -> _Forms:
    return tuple(word.form for word in words_in(text))
