"""An index over things: which of them have what is looked for, the best first."""

import re
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from rapidfuzz import fuzz, process

from crmgraph.searching.asked import Asked, Sought, read_asked
from crmgraph.searching.entries import Entry, Said
from crmgraph.searching.marking import Span, spans
from crmgraph.searching.words import STEMMED, stem, words_in

__all__ = ["Found", "Index", "Match", "in_label"]

_COLUMNS = {"names": 10.0, "titles": 4.0, "notes": 1.0}
"""How much a word counts by where it stands; its stem counts half as much."""

_APART = " . "
"""What stands between two texts of a thing: no phrase goes over it."""

_SHORTEST_BEGUN = 2
_SHORTEST_MISTYPED = 4
"""How many letters a word has at least that may be a slip of the pen; shorter ones are like too many others."""

_LEAST_LIKE = 75
"""How much a word is like another, of 100, where it may be a slip of the pen for it."""

_MOST_NEAR = 8
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class Match:
    """Where a thing has what is looked for: the text that has most of it, with the places, and those in its label."""

    said: Said
    marks: tuple[Span, ...]
    label_marks: tuple[Span, ...]


@dataclass(frozen=True)
class Found:
    """The things that have what was looked for, the best first.

    `sought` is what that was, `forms` all words that were typed. `meant` is what was looked for instead where nothing
    has the words `unknown`, and other words are like them. `is_part` where no thing has all of it, and these have most.
    """

    entries: tuple[Entry, ...]
    sought: tuple[Sought, ...]
    forms: tuple[str, ...]
    meant: str = ""
    unknown: tuple[str, ...] = ()
    is_part: bool = False

    def match(self, entry: Entry, language: str) -> Match:
        """Where this thing has it; a text in this language is shown rather than another that has as much."""
        label = in_label(entry, language)
        marked = {said: spans(said.text, said.language, self.sought) for said in entry.texts}
        order = {said: place for place, said in enumerate(entry.texts)}

        def rank(said: Said) -> tuple[bool, int, bool, bool, int]:
            is_asked = said.is_own and tuple(word.form for word in words_in(said.text)) == self.forms
            is_label = said.text == label and said.language in (language, "")
            return not is_asked, -marked[said][1], not is_label, said.language not in (language, ""), order[said]

        best = min(entry.texts, key=rank)
        return Match(best, marked[best][0], spans(label, language, self.sought)[0])


def in_label(entry: Entry, language: str) -> str:
    """The label of a thing in this language, or else in any."""
    return entry.labels.get(language) or next(iter(entry.labels.values()), entry.name)


class Index:
    """The texts of things, ready to be looked through from any thread."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._groups = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in self._entries))}
        self._own: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._spelled: dict[str, Counter[str]] = defaultdict(Counter)
        self._stems: set[str] = set()
        self._lock = Lock()
        self._texts = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(f"{name}, {name}_stems" for name in _COLUMNS)
        # Our own words come to it, ready to be taken as they are.
        self._texts.execute(f"CREATE VIRTUAL TABLE texts USING fts5({columns}, tokenize = \"ascii tokenchars '.'\")")
        places = ", ".join("?" * 2 * len(_COLUMNS))
        rows = ((row, *self._row(row, entry)) for row, entry in enumerate(self._entries))
        self._texts.executemany(f"INSERT INTO texts (rowid, {columns}) VALUES (?, {places})", rows)  # noqa: S608 - ours
        self._vocabulary = sorted(self._spelled)
        self._mistyped = [form for form in self._vocabulary if len(form) >= _SHORTEST_MISTYPED and form.isalpha()]

    def __len__(self) -> int:
        return len(self._entries)

    def search(self, typed: str) -> Found:
        """What has all that was typed; or what has words that are like it; or what has most of it."""
        asked = read_asked(typed)
        known = [self._known(each, is_last=each == asked.last) for each in asked.sought]
        sought = tuple(each for each in known if each)
        if sought and len(sought) == len(known):
            found = self._found(self._ranked(sought, " AND ", asked), sought, asked)
            if found.entries:
                return found
        return self._likely(known, asked) or self._part(asked)

    def _likely(self, known: Sequence[Sought | None], asked: Asked) -> Found | None:
        """What has words that are like those of which nobody knows, and all others."""
        likely = [each or self._like(typed) for each, typed in zip(known, asked.sought, strict=True)]
        sought = tuple(each for each in likely if each)
        if all(known) or len(sought) < len(likely):
            return None
        found = self._found(self._ranked(sought, " AND ", asked), sought, asked)
        if not found.entries:
            return None
        instead = {
            typed.forms[0]: self._spelling(now.forms[0])
            for typed, now, was in zip(asked.sought, sought, known, strict=True)
            if not was
        }
        return replace(found, meant=asked.with_words(instead), unknown=asked.as_typed(instead))

    def _row(self, row: int, entry: Entry) -> Iterator[str]:
        said: dict[str, list[str]] = {name: [] for name in _COLUMNS}
        stems: dict[str, list[str]] = {name: [] for name in _COLUMNS}
        for text in entry.texts:
            words = words_in(text.text)
            said[text.column].append(" ".join(word.form for word in words))
            for word in words:
                self._spelled[word.form][text.text[word.start : word.end]] += 1
            if text.language in STEMMED:
                stemmed = [stem(word.form, text.language) for word in words]
                stems[text.column].append(" ".join(f"{text.language}.{each}" for each in stemmed if each))
                self._stems.update(f"{text.language}.{each}" for each in stemmed if each)
            if text.is_own:
                self._own[tuple(word.form for word in words)].add(row)
        for name in _COLUMNS:
            yield from (_APART.join(said[name]), _APART.join(stems[name]))

    def _known(self, sought: Sought, *, is_last: bool) -> Sought | None:
        """What is looked for, where any text may have it; a word that has no end yet as one that begins so."""
        if sought.how == "phrase":
            return sought if all(form in self._spelled for form in sought.forms) else None
        form = sought.forms[0]
        if form in self._spelled or any(f"{name}.{each}" in self._stems for name, each in sought.stems.items()):
            return sought
        if is_last and len(form) >= _SHORTEST_BEGUN:
            place = bisect_left(self._vocabulary, form)
            if place < len(self._vocabulary) and self._vocabulary[place].startswith(form):
                return Sought(sought.forms, "begun")
        return None

    def _like(self, sought: Sought) -> Sought | None:
        """The word of which what was typed may be a slip of the pen; the most usual of several that are as like it."""
        form = sought.forms[0]
        if sought.how == "phrase" or len(form) < _SHORTEST_MISTYPED:
            return None
        near = process.extract(form, self._mistyped, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE, limit=_MOST_NEAR)
        if not near:
            return None
        return Sought((max(near, key=lambda each: (each[1], self._spelled[each[0]].total()))[0],))

    def _spelling(self, form: str) -> str:
        """A folded word as it is written most often, in capitals or not."""
        usual: Counter[str] = Counter()
        for written, count in self._spelled[form].items():
            usual[written.casefold()] += count
        most = usual.most_common(1)[0][0]
        return max((w for w in self._spelled[form] if w.casefold() == most), key=lambda w: (self._spelled[form][w], w))

    def _part(self, asked: Asked) -> Found:
        """What has most of what was typed, where nothing has all of it."""
        counts: Counter[int] = Counter()
        sought = []
        for each in asked.sought:
            known = self._known(each, is_last=each == asked.last)
            if known:
                having = self._rows(_expression(known)).keys()
                counts.update(having)
                sought += [known] if having else []
        most = max(counts.values(), default=0)
        if not most:
            return Found((), (), asked.forms)
        kept = {row for row, count in counts.items() if count == most}
        rows = [row for row in self._ranked(sought, " OR ", asked) if row in kept]
        return replace(self._found(rows, sought, asked), is_part=True)

    def _found(self, rows: Iterable[int], sought: Iterable[Sought], asked: Asked) -> Found:
        return Found(tuple(self._entries[row] for row in rows), tuple(sought), asked.forms)

    def _ranked(self, sought: Sequence[Sought], how: str, asked: Asked) -> list[int]:
        """The things that have it: first what is called just so, then what has all of it in its names."""
        scores = self._rows(how.join(map(_expression, sought)))
        exact = self._own.get(asked.forms, set())
        in_names = " AND ".join(_expression(each, ("names",)) for each in sought)
        named = self._rows(in_names)

        def rank(row: int) -> tuple[int, float, int, list[int]]:
            entry = self._entries[row]
            natural = [int(number) for number in _NUMBERS.findall(entry.name)]
            if row in exact:
                return 0, 0.0, self._groups[entry.group], natural
            return 1 if row in named else 2, scores[row] * entry.weight, self._groups[entry.group], natural

        return sorted(scores, key=rank)

    def _rows(self, expression: str) -> dict[int, float]:
        """The rows that an expression of FTS5 matches, with how well: the less, the better."""
        weights = ", ".join(f"{weight}, {weight / 2}" for weight in _COLUMNS.values())
        with self._lock:
            return dict(
                self._texts.execute(
                    f"SELECT rowid, bm25(texts, {weights}) FROM texts WHERE texts MATCH ?",  # noqa: S608 - ours
                    (expression,),
                )
            )


def _expression(sought: Sought, columns: Iterable[str] = tuple(_COLUMNS)) -> str:
    """What is looked for as FTS5 writes it. A form has letters, digits and dots only: none is an operator."""
    forms, stems = (f"{{{' '.join(f'{name}{end}' for name in columns)}}}" for end in ("", "_stems"))
    said = f'{forms} : "{" ".join(sought.forms)}"{" *" if sought.how == "begun" else ""}'
    stemmed = " OR ".join(f'"{language}.{each}"' for language, each in sought.stems.items())
    return f"({said} OR {stems} : ({stemmed}))" if stemmed else f"({said})"
