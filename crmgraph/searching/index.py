"""What is searched: things with all that they are called and all that is said of them."""

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

__all__ = ["Column", "Entry", "Found", "Index", "Match", "Said", "Texts", "in_label"]

Column = Literal["names", "titles", "notes"]
"""How much a text counts: what a thing is called, the sentence that a part or a question is, or what explains it."""


@dataclass(frozen=True)
class Said:
    """A text of a thing: the words, their language (`""` for none), what they are of it, and how much that counts.

    `role` is a name for programs (`label`, `acronym`, `text` …). `is_own` where the thing is meant if just this is
    asked for.
    """

    text: str
    language: str
    role: str
    column: Column
    is_own: bool = False


@dataclass(frozen=True)
class Entry:
    """A thing that can be found: its IRI, or its path where it has none, the group that it is shown in, its labels by
    language, and its texts, of which those come first that tell best what it is.

    `weight` is how much it counts beside things of other groups, from 0 to 1. What `is_common` is called by words that
    are no name of it alone: whoever looks for one of them means the others, too. A thing comes `after` those of a group
    even where it is called just as what is looked for.
    """

    name: str
    group: str
    labels: Mapping[str, str]
    texts: tuple[Said, ...]
    weight: float = 1.0
    is_common: bool = False
    after: str = ""


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


_SHORTEST_BEGUN = 2
_LABEL, _ALTERNATIVE = "label", "alternative"
_NUMBERS = re.compile(r"\d+")
_Forms = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """Where a thing has what is looked for: the text that has most of it, with the places, and those in its label."""

    said: Said
    marks: tuple[Span, ...]
    label_marks: tuple[Span, ...]


@dataclass(frozen=True)
class Found:
    """The things that have what was looked for, the best first.

    `sought` is what that was, and `names` what a thing is called, in folded words, that is meant itself. `meant` is
    what was looked for instead where nothing has the words `unknown`, and other words are like them. `is_part` where no
    thing has all of it, and these have most. `named` are the things that are called by single words of it, a group
    for each word, where there are several such words. `others` are further names of a common thing that was looked for;
    what has only those is found as well.
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
        """Where this thing has it; a text in this language is shown rather than another that has as much."""
        label = in_label(entry, language)
        sought = self.sought
        marked = [spans(said.text, said.language, sought) for said in entry.texts]
        if self.others and max(there for _, there in marked) < len(sought):
            by_others = [spans(said.text, said.language, self.others) for said in entry.texts]
            if any(there for _, there in by_others):
                marked, sought = by_others, self.others

        def rank(place: int) -> tuple[int, bool, bool, bool, int]:
            said = entry.texts[place]
            is_foreign = said.language not in (language, "")
            is_label = said.text == label and not is_foreign
            return -marked[place][1], not is_label, not self._is_named(said), is_foreign, place

        best = min(range(len(entry.texts)), key=rank)
        return Match(entry.texts[best], marked[best][0], spans(label, language, sought)[0])

    def _is_named(self, said: Said) -> bool:
        return said.is_own and _forms(said.text) in self.names


def in_label(entry: Entry, language: str) -> str:
    """The label of a thing in this language, or else in any."""
    return entry.labels.get(language) or next(iter(entry.labels.values()), entry.name)


class Index:
    """The texts of things, ready to be looked through from any thread."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._groups = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in self._entries))}
        self._texts = Texts(self._entries)
        self._own: dict[_Forms, set[int]] = defaultdict(set)
        self._labels: list[tuple[tuple[_Forms, str], ...]] = []
        for place, entry in enumerate(self._entries):
            own = {_forms(said.text) for said in entry.texts if said.is_own}
            for forms in own:
                self._own[forms].add(place)
            labels = ((_forms(said.text), said.language) for said in entry.texts if said.role == _LABEL)
            self._labels.append(tuple((forms, language) for forms, language in labels if forms in own))

    def search(self, typed: str) -> Found:
        """What has all that was typed; or what has words that are like it; or what has most of it.

        Then follows what has another name of a common thing that is called as what was typed.
        """
        asked = read_asked(typed)
        return self._with_other_names(self._found(asked), asked)

    def _found(self, asked: Asked) -> Found:
        known = [self._known(each, is_last=each == asked.last) for each in asked.sought]
        sought = [each for each in known if each]
        if len(sought) == len(known):
            found = self._having(sought, asked)
            if found.entries:
                return found
        return self._likely(known, asked) or self._part(sought, asked)

    def _with_other_names(self, found: Found, asked: Asked) -> Found:
        meant = [place for place in self._own.get(asked.forms, ()) if self._entries[place].is_common]
        texts = (said.text for place in meant for said in self._entries[place].texts if said.is_own)
        names = dict.fromkeys(forms for text in texts if (forms := _forms(text)) and forms != asked.forms)
        if not names:
            return found
        others = [Sought(forms, "phrase" if len(forms) > 1 else "word") for forms in names]
        scores = self._texts.having(others, all_of_it=False)
        ranked = self._ranked(scores, others, asked).entries
        entries = {entry.name: entry for entry in (*found.entries, *ranked)}
        return replace(found, entries=tuple(entries.values()), others=tuple(others))

    def _known(self, sought: Sought, *, is_last: bool) -> Sought | None:
        """What is sought, where any text may have it; the last word may have more letters to come."""
        if self._texts.has(sought):
            return sought
        begun = Sought(sought.forms, "begun")
        is_begun = is_last and len(sought.forms[0]) >= _SHORTEST_BEGUN
        return begun if is_begun and self._texts.has(begun) else None

    def _likely(self, known: Sequence[Sought | None], asked: Asked) -> Found | None:
        """What has all that is known, and words that are like the others."""
        unknown = [typed for typed, each in zip(asked.sought, known, strict=True) if not each]
        instead = {each.forms[0]: self._texts.like(each.forms[0]) for each in unknown if each.how == "word"}
        if not unknown or len(instead) < len(unknown) or not all(instead.values()):
            return None
        pairs = zip(asked.sought, known, strict=True)
        sought = [each or Sought((instead[typed.forms[0]],)) for typed, each in pairs]
        found = self._having(sought, asked)
        spelled = {typed: self._texts.spelling(meant) for typed, meant in instead.items()}
        told = replace(found, meant=asked.with_words(spelled), unknown=asked.as_typed(spelled))
        return told if found.entries else None

    def _part(self, known: Sequence[Sought], asked: Asked) -> Found:
        """What has most of what is known, where nothing has all of it."""
        counts: Counter[int] = Counter()
        for each in known:
            counts.update(self._texts.having([each], all_of_it=True).keys())
        most = max(counts.values(), default=0)
        kept = {place for place, count in counts.items() if count == most}
        scores = self._texts.having(known, all_of_it=False)
        return replace(self._ranked({place: scores[place] for place in kept}, known, asked), is_part=bool(kept))

    def _having(self, sought: Sequence[Sought], asked: Asked) -> Found:
        """What has all of it."""
        return self._ranked(self._texts.having(sought, all_of_it=True), sought, asked)

    def _ranked(self, scores: Mapping[int, float], sought: Sequence[Sought], asked: Asked) -> Found:
        """These things: first what is called just so, then what has all of it in a name, then by their scores.

        A label that is what was typed in another inflection goes before alternative names that are just that.

        Where several words are names of their own, what they name comes first, and is there even if it has no more.
        """
        names = frozenset((asked.forms, tuple(form for each in sought for form in each.forms)))
        if not scores:
            return Found((), tuple(sought), names)
        exact = {place for name in names for place in self._own.get(name, ())}
        called = self._texts.called(sought)
        inflected = {place for place in scores if self._is_inflected(place, asked)}
        by_label = {place for place in exact if not self._is_alternative(place, names)}
        named = [] if exact else self._named(sought)
        first = {place for places in named for place in places}
        before = {self._entries[place].after for place in exact} - {""}

        def order(place: int) -> int:
            entry = self._entries[place]
            if place in first or (place in by_label and not entry.after):
                return 0
            if not entry.after and (place in inflected or place in exact):
                return 1 if place in inflected else 2
            if entry.group in before:
                return 3
            return 4 if place in exact else 6 - (place in called)

        def rank(place: int) -> tuple[int, float, int, list[int]]:
            entry = self._entries[place]
            tie = self._groups[entry.group], [int(number) for number in _NUMBERS.findall(entry.name)]
            is_sure = place in first or place in exact
            return order(place), 0.0 if is_sure else scores[place] * entry.weight, *tie

        entries = tuple(self._entries[place] for place in sorted(scores.keys() | first, key=rank))
        told = tuple(tuple(self._entries[place] for place in sorted(places)) for places in named)
        return Found(entries, tuple(sought), names, named=told)

    def _is_inflected(self, place: int, asked: Asked) -> bool:
        """Whether the label of a thing is, word by word, what was typed or an inflection of it."""
        return any(
            len(forms) == len(asked.forms)
            and all(Sought((typed,)).fits(form, language) for typed, form in zip(asked.forms, forms, strict=True))
            for forms, language in self._labels[place]
        )

    def _is_alternative(self, place: int, names: frozenset[_Forms]) -> bool:
        """Whether a thing has these names as alternative ones alone."""
        own = (said for said in self._entries[place].texts if said.is_own and _forms(said.text) in names)
        return all(said.role == _ALTERNATIVE for said in own)

    def _named(self, sought: Sequence[Sought]) -> list[set[int]]:
        """The things of which each of these is a name of their own, where several are."""
        found = [
            {place for place in self._own.get(each.forms, ()) if not self._entries[place].is_common} for each in sought
        ]
        named = [places for places in found if places]
        return named if len(named) > 1 else []


def _forms(text: str) -> _Forms:
    return tuple(word.form for word in words_in(text))
