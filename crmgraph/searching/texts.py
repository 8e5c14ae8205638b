"""The texts of things in tables of SQLite's FTS5, and all words that stand in them."""

import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from rapidfuzz import fuzz, process

from crmgraph.searching.asked import Sought
from crmgraph.searching.entries import Entry, Said
from crmgraph.searching.words import stem, words_in

__all__ = ["Texts"]

_COLUMNS = {"names": 10.0, "titles": 4.0, "notes": 1.0}
"""How much a word counts by where it stands; its stem counts half as much."""

_APART = " . "
"""What stands between two texts of a thing: no phrase goes over it."""

_SHORTEST_MISTYPED = 4
"""How many letters a word has at least that may be a slip of the pen; shorter ones are like too many others."""

_LEAST_LIKE = 75
"""How much a word is like another, of 100, where it may be a slip of the pen for it."""

_MOST_NEAR = 8
# The words come to it folded and stemmed, to be taken as they are.
_TABLE = "CREATE VIRTUAL TABLE {} USING fts5({}, tokenize = \"ascii tokenchars '.'\")"


class Texts:
    """The texts of things, which are called by their places. May be asked from any thread."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._spelled: dict[str, Counter[str]] = defaultdict(Counter)
        self._stems: set[str] = set()
        self._lock = Lock()
        self._tables = sqlite3.connect(":memory:", check_same_thread=False)
        self._columns = ", ".join(f"{name}, {name}_stems" for name in _COLUMNS)
        self._tables.execute(_TABLE.format("texts", self._columns))
        self._tables.execute(_TABLE.format("called", "thing UNINDEXED, names, names_stems"))
        for place, entry in enumerate(entries):
            self._add(place, entry)
        self._vocabulary = sorted(self._spelled)
        self._mistyped = [form for form in self._vocabulary if len(form) >= _SHORTEST_MISTYPED and form.isalpha()]

    def having(self, sought: Iterable[Sought], *, all_of_it: bool) -> dict[int, float]:
        """The things whose texts have all, or any, of what is sought, with how well: the less, the better."""
        weights = ", ".join(f"{weight}, {weight / 2}" for weight in _COLUMNS.values())
        expression = (" AND " if all_of_it else " OR ").join(_expression(each, _COLUMNS) for each in sought)
        found = self._rows(
            f"SELECT rowid, bm25(texts, {weights}) FROM texts WHERE texts MATCH ?",  # noqa: S608 - our own numbers
            expression,
        )
        return dict(found)

    def called(self, sought: Iterable[Sought]) -> set[int]:
        """The things of which one name has all of what is sought."""
        expression = " AND ".join(_expression(each, ("names",)) for each in sought)
        return {thing for (thing,) in self._rows("SELECT thing FROM called WHERE called MATCH ?", expression)}

    def has(self, sought: Sought) -> bool:
        """Whether any text may have what is sought."""
        if sought.how == "phrase":
            return all(form in self._spelled for form in sought.forms)
        form = sought.forms[0]
        if sought.how == "begun":
            place = bisect_left(self._vocabulary, form)
            return place < len(self._vocabulary) and self._vocabulary[place].startswith(form)
        return form in self._spelled or any(f"{name}.{each}" in self._stems for name, each in sought.stems.items())

    def like(self, form: str) -> str:
        """The word that this one may be a slip of the pen for, the most usual of those as like it; or nothing."""
        if len(form) < _SHORTEST_MISTYPED:
            return ""
        near = process.extract(form, self._mistyped, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE, limit=_MOST_NEAR)
        return max(near, key=lambda each: (each[1], self._spelled[each[0]].total()))[0] if near else ""

    def spelling(self, form: str) -> str:
        """A folded word as it is written most often, in capitals or not."""
        written = self._spelled[form]
        usual: Counter[str] = Counter()
        for each, count in written.items():
            usual[each.casefold()] += count
        most = usual.most_common(1)[0][0]
        return max((each for each in written if each.casefold() == most), key=lambda each: (written[each], each))

    def _add(self, place: int, entry: Entry) -> None:
        said: dict[str, list[str]] = {name: [] for name in _COLUMNS}
        stems: dict[str, list[str]] = {name: [] for name in _COLUMNS}
        for text in entry.texts:
            forms, stemmed = self._words(text)
            said[text.column].append(forms)
            stems[text.column].append(stemmed)
            if text.column == "names":
                self._tables.execute("INSERT INTO called VALUES (?, ?, ?)", (place, forms, stemmed))
        columns = [_APART.join(each[name]) for name in _COLUMNS for each in (said, stems)]
        self._tables.execute(
            f"INSERT INTO texts (rowid, {self._columns}) VALUES (?{', ?' * len(columns)})",  # noqa: S608 - our own names
            (place, *columns),
        )

    def _words(self, text: Said) -> tuple[str, str]:
        """The words of a text and their stems, as the tables have them."""
        words = words_in(text.text)
        for word in words:
            self._spelled[word.form][text.text[word.start : word.end]] += 1
        stems = [f"{text.language}.{found}" for word in words if (found := stem(word.form, text.language))]
        self._stems.update(stems)
        return " ".join(word.form for word in words), " ".join(stems)

    def _rows(self, query: str, expression: str) -> list[tuple[Any, ...]]:
        if not expression:
            return []
        with self._lock:
            return self._tables.execute(query, (expression,)).fetchall()


def _expression(sought: Sought, columns: Iterable[str]) -> str:
    """What is sought as FTS5 writes it. A form has letters, digits and dots only: none is an operator."""
    forms, stems = (f"{{{' '.join(f'{name}{end}' for name in columns)}}}" for end in ("", "_stems"))
    said = f'{forms} : "{" ".join(sought.forms)}"{" *" if sought.how == "begun" else ""}'
    stemmed = " OR ".join(f'"{language}.{each}"' for language, each in sought.stems.items())
    return f"({said} OR {stems} : ({stemmed}))" if stemmed else f"({said})"
