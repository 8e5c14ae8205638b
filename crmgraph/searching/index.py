"""An index of things by their texts, in tables of SQLite's FTS5: which have what is sought, the best first."""

import re
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Literal

from rapidfuzz import fuzz, process

from crmgraph.searching.words import Asked, Sought, Span, read_asked, spans, stem, words_in

Column = Literal["names", "titles", "notes"]
"""The kinds of texts: a name of a thing, the sentence that a part or a question is, or an explanation."""

_WEIGHTS = {"names": 10.0, "titles": 4.0, "notes": 1.0}
"""The weight of a word by where it stands; its stem has half of it."""

_APART = " . "
"""Parts two texts of a thing, so that no phrase goes over both."""

_SHORTEST_MISTYPED = 4
"""The fewest letters of a word that may be misspelt; shorter ones are like too many others."""

_LEAST_LIKE = 75
"""The least likeness of a word to one that it may be misspelt for, of 100."""

_MOST_NEAR = 8
_SHORTEST_BEGUN = 2
_NUMBERS = re.compile(r"\d+")
# The words come to it folded and stemmed, to be taken as they are.
_TABLE = "CREATE VIRTUAL TABLE {} USING fts5({}, tokenize = \"ascii tokenchars '.'\")"

_Forms = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A text of a thing, with its language (empty for none), its role, such as `label` or `acronym`, and its kind.

    It `is_own` where the thing is meant by a search for just this text.
    """

    text: str
    language: str
    role: str
    column: Column
    is_own: bool = False


@dataclass(frozen=True)
class Entry:
    """A thing that can be found: its IRI or its path, its group, its labels by language, and its texts, the best first.

    `weight` is that of its group, from 0 to 1. A thing that `is_common` has words as names that are not its alone: a
    search for one of them means the other names too. A thing comes `after` those of a group even where its name is just
    what is sought.
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
    """The text of a thing that has most of what is sought, with the marks in it, and those in the label."""

    text: Text
    marks: tuple[Span, ...]
    label_marks: tuple[Span, ...]


@dataclass(frozen=True)
class Found:
    """The things that have what is sought, the best first.

    `names` are the names, in folded words, by which a thing itself is meant. `meant` is what was looked for instead
    where nothing has the words `unknown`, and others are like them. `is_part` where no thing has all, and these have
    most. `named` are the things that single words are names of, a group for each word, where there are several such
    words. `others` are further names of a common thing that is sought; what has only these is found as well.
    """

    entries: tuple[Entry, ...]
    sought: tuple[Sought, ...]
    names: frozenset[_Forms]
    meant: str = ""
    unknown: tuple[str, ...] = ()
    is_part: bool = False
    named: tuple[tuple[Entry, ...], ...] = ()
    others: tuple[Sought, ...] = ()

    def match(self, entry: Entry, language: str) -> Match:
        """Return the match of a thing; a text in this language goes before another that has as much."""
        label, sought = in_label(entry, language), self.sought
        marked = [spans(text.text, text.language, sought) for text in entry.texts]
        if self.others and max(count for _, count in marked) < len(sought):
            by_others = [spans(text.text, text.language, self.others) for text in entry.texts]
            if any(count for _, count in by_others):
                marked, sought = by_others, self.others

        def rank(place: int) -> tuple[int, bool, bool, bool, int]:
            text = entry.texts[place]
            is_foreign = text.language not in (language, "")
            is_label = text.text == label and not is_foreign
            is_named = text.is_own and _forms(text.text) in self.names
            return -marked[place][1], not is_label, not is_named, is_foreign, place

        best = min(range(len(entry.texts)), key=rank)
        return Match(entry.texts[best], marked[best][0], spans(label, language, sought)[0])


def in_label(entry: Entry, language: str) -> str:
    """Return the label of a thing in this language, or else in any."""
    return entry.labels.get(language) or next(iter(entry.labels.values()), entry.name)


class Texts:
    """The texts of things in tables, and all words that stand in them. Safe to use from several threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._spelled: dict[str, Counter[str]] = defaultdict(Counter)
        self._stems: set[str] = set()
        self._lock = Lock()
        self._tables = sqlite3.connect(":memory:", check_same_thread=False)
        names = ", ".join(f"{name}, {name}_stems" for name in _WEIGHTS)
        self._tables.execute(_TABLE.format("texts", names))
        self._tables.execute(_TABLE.format("called", "thing UNINDEXED, names, names_stems"))
        for place, entry in enumerate(entries):
            written = {name: [self._words(each) for each in entry.texts if each.column == name] for name in _WEIGHTS}
            columns = [_APART.join(pair[half] for pair in each) for each in written.values() for half in (0, 1)]
            insert = f"INSERT INTO texts (rowid, {names}) VALUES (?{', ?' * len(columns)})"  # noqa: S608 - our own names
            self._tables.execute(insert, (place, *columns))
            self._tables.executemany(
                "INSERT INTO called VALUES (?, ?, ?)", ((place, *each) for each in written["names"])
            )
        self._vocabulary = sorted(self._spelled)
        self._mistyped = [form for form in self._vocabulary if len(form) >= _SHORTEST_MISTYPED and form.isalpha()]

    def having(self, sought: Iterable[Sought], *, all_of_it: bool) -> dict[int, float]:
        """Return the places of the things that have all, or any, of what is sought, with scores, lower if better."""
        weights = ", ".join(f"{weight}, {weight / 2}" for weight in _WEIGHTS.values())
        query = f"SELECT rowid, bm25(texts, {weights}) FROM texts WHERE texts MATCH ?"  # noqa: S608 - our own numbers
        return dict(self._rows(query, (" AND " if all_of_it else " OR ").join(_expression(each) for each in sought)))

    def called(self, sought: Iterable[Sought]) -> set[int]:
        """Return the places of the things of which one name has all of what is sought."""
        expression = " AND ".join(_expression(each, ("names",)) for each in sought)
        return {thing for (thing,) in self._rows("SELECT thing FROM called WHERE called MATCH ?", expression)}

    def has(self, sought: Sought) -> bool:
        """Return whether any text may have what is sought."""
        form = sought.forms[0]
        if sought.how == "phrase":
            return all(each in self._spelled for each in sought.forms)
        if sought.how == "begun":
            place = bisect_left(self._vocabulary, form)
            return place < len(self._vocabulary) and self._vocabulary[place].startswith(form)
        return form in self._spelled or any(f"{name}.{each}" in self._stems for name, each in sought.stems.items())

    def like(self, form: str) -> str:
        """Return the word that this one may be misspelt for, the most usual of those as like it; or nothing."""
        if len(form) < _SHORTEST_MISTYPED:
            return ""
        near = process.extract(form, self._mistyped, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE, limit=_MOST_NEAR)
        return max(near, key=lambda each: (each[1], self._spelled[each[0]].total()))[0] if near else ""

    def spelling(self, form: str) -> str:
        """Return a folded word as it is written most often, in capitals or not."""
        written = self._spelled[form]
        return max(written, key=lambda each: (written[each], each))

    def _words(self, text: Text) -> tuple[str, str]:
        """Return the words of a text and their stems, as the tables have them."""
        words = words_in(text.text)
        for word in words:
            self._spelled[word.form][text.text[word.start : word.end]] += 1
        stems = [f"{text.language}.{found}" for word in words if (found := stem(word.form, text.language))]
        self._stems.update(stems)
        return " ".join(word.form for word in words), " ".join(stems)

    def _rows(self, query: str, expression: str) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._tables.execute(query, (expression,)).fetchall() if expression else []


def _expression(sought: Sought, columns: Iterable[str] = tuple(_WEIGHTS)) -> str:
    """Return what is sought as FTS5 writes it. A form has letters, digits and dots only: none is an operator."""
    forms, stems = (f"{{{' '.join(f'{name}{end}' for name in columns)}}}" for end in ("", "_stems"))
    words = f'{forms} : "{" ".join(sought.forms)}"{" *" if sought.how == "begun" else ""}'
    stemmed = " OR ".join(f'"{language}.{each}"' for language, each in sought.stems.items())
    return f"({words} OR {stems} : ({stemmed}))" if stemmed else f"({words})"


class Index:
    """The index of things. Safe to use from several threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._groups = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in self._entries))}
        self._texts = Texts(self._entries)
        self._own: dict[_Forms, set[int]] = defaultdict(set)
        for place, entry in enumerate(self._entries):
            for text in entry.texts:
                if text.is_own:
                    self._own[_forms(text.text)].add(place)

    def search(self, typed: str) -> Found:
        """Return what has all that was typed; or what has words that are like it; or what has most of it.

        Then follows what has another name of a common thing whose name was typed.
        """
        asked = read_asked(typed)
        known = [self._known(each, is_last=each == asked.last) for each in asked.sought]
        sought = [each for each in known if each]
        found = self._having(sought, asked) if len(sought) == len(known) else None
        if not found or not found.entries:
            found = self._likely(known, asked) or self._part(sought, asked)
        common = [place for place in self._own.get(asked.forms, ()) if self._entries[place].is_common]
        texts = (text.text for place in common for text in self._entries[place].texts if text.is_own)
        names = dict.fromkeys(forms for text in texts if (forms := _forms(text)) and forms != asked.forms)
        if not names:
            return found
        others = [Sought(forms, "phrase" if len(forms) > 1 else "word") for forms in names]
        ranked = self._ranked(self._texts.having(others, all_of_it=False), others, asked).entries
        entries = {entry.name: entry for entry in (*found.entries, *ranked)}
        return replace(found, entries=tuple(entries.values()), others=tuple(others))

    def _known(self, sought: Sought, *, is_last: bool) -> Sought | None:
        """Return what is sought, where any text may have it; the last word may have more letters to come."""
        if self._texts.has(sought):
            return sought
        begun = Sought(sought.forms, "begun")
        return begun if is_last and len(sought.forms[0]) >= _SHORTEST_BEGUN and self._texts.has(begun) else None

    def _likely(self, known: Sequence[Sought | None], asked: Asked) -> Found | None:
        """Return what has all that is known, and words that are like the others."""
        pairs = list(zip(asked.sought, known, strict=True))
        unknown = [typed for typed, each in pairs if not each]
        instead = {each.forms[0]: self._texts.like(each.forms[0]) for each in unknown if each.how == "word"}
        if not unknown or len(instead) < len(unknown) or not all(instead.values()):
            return None
        found = self._having([each or Sought((instead[typed.forms[0]],)) for typed, each in pairs], asked)
        meant, typed = asked.with_words({form: self._texts.spelling(each) for form, each in instead.items()})
        return replace(found, meant=meant, unknown=typed) if found.entries else None

    def _part(self, known: Sequence[Sought], asked: Asked) -> Found:
        """Return what has most of what is known, where nothing has all of it."""
        counts: Counter[int] = Counter()
        for each in known:
            counts.update(self._texts.having([each], all_of_it=True).keys())
        most = max(counts.values(), default=0)
        scores = self._texts.having(known, all_of_it=False)
        kept = {place: scores[place] for place, count in counts.items() if count == most}
        return replace(self._ranked(kept, known, asked), is_part=bool(kept))

    def _having(self, sought: Sequence[Sought], asked: Asked) -> Found:
        return self._ranked(self._texts.having(sought, all_of_it=True), sought, asked)

    def _ranked(self, scores: Mapping[int, float], sought: Sequence[Sought], asked: Asked) -> Found:
        """Return these things: first those with just this name, then those with all in a name, then by their scores.

        Where several words are names, what they name comes first, and is found even if it has no more.
        """
        names = frozenset((asked.forms, tuple(form for each in sought for form in each.forms)))
        if not scores:
            return Found((), tuple(sought), names)
        exact = {place for name in names for place in self._own.get(name, ())}
        called = self._texts.called(sought)
        by_label = {
            place
            for place in exact
            for text in self._entries[place].texts
            if text.is_own and text.role != "alternative" and _forms(text.text) in names
        }
        groups = (
            {place for place in self._own.get(each.forms, ()) if not self._entries[place].is_common} for each in sought
        )
        named = [] if exact else [places for places in groups if places]
        if len(named) == 1:
            named = []
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
            return 3 if place in exact else 5 - (place in called)

        def rank(place: int) -> tuple[int, float, int, list[int]]:
            entry = self._entries[place]
            score = 0.0 if place in first or place in exact else scores[place] * entry.weight
            return order(place), score, self._groups[entry.group], [int(each) for each in _NUMBERS.findall(entry.name)]

        entries = tuple(self._entries[place] for place in sorted(scores.keys() | first, key=rank))
        named_entries = tuple(tuple(self._entries[place] for place in sorted(places)) for places in named)
        return Found(entries, tuple(sought), names, named=named_entries)


def _forms(text: str) -> _Forms:
    return tuple(word.form for word in words_in(text))
