"""An index: all things of a kind in a table, each with what one wants to know of it at a glance."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crmgraph.site.base.site import Row, Site, in_language, reference

__all__ = [
    "Column",
    "Entry",
    "Form",
    "Index",
    "Part",
    "PlanParts",
    "Section",
    "Texts",
    "Value",
    "descriptions",
    "folded",
    "grouped",
    "indexed",
    "plan_of",
    "plan_parts",
    "short_names",
]

Texts = Mapping[str, str]
"""What something is called, or said to be, by language."""

Form = Literal["texts", "thing", "things", "counted", "number", "date", "period", "truth", "parts"]
"""What stands in the cells of a column: words in both languages, the IRI of a thing or those of several, IRIs with how
many times each, a number, a date as precise as it is known, a period (its dates with / between them, `..` for one that
is not known), whether something is so (None where nobody knows), or parts of the plan."""

_EMPTY: tuple[object, ...] = ("", 0, (), {}, None)


@dataclass(frozen=True, order=True)
class Part:
    """A part of the plan, with its printed number (empty where it has none) and the IRI of its theme."""

    theme: str
    place: int
    number: str
    iri: str


Value = str | int | bool | None | Texts | tuple[str, ...] | tuple[tuple[str, int], ...] | tuple[Part, ...]


@dataclass(frozen=True)
class Column:
    """A column: its name in data, its heading in English, marked for translation, and the form of its cells.

    On a page, one that `is_below` stands below the name of each thing, and one that `is_of` another in its cell.
    """

    name: str
    heading: str
    form: Form
    is_below: bool = False
    is_of: str = ""


@dataclass(frozen=True)
class Entry:
    """A thing in an index, with the values of its columns by their names; one below others has a `level` above 0, and
    may stand below others too (`also_below`, their IRIs)."""

    iri: str
    values: Mapping[str, Value]
    level: int = 0
    also_below: tuple[str, ...] = ()

    def get(self, name: str) -> Value:
        """The value of a column; None where nothing is known."""
        return self.values.get(name)


@dataclass(frozen=True)
class Section:
    """Entries that belong together, under a heading in English, marked for translation, or that of a thing (`iri`)."""

    name: str
    heading: str
    entries: tuple[Entry, ...]
    iri: str = ""


@dataclass(frozen=True)
class Index:
    """The columns beside the name of each thing, the sections, and what all that they name is called, at length and,
    where it has such a name, in `short`; and the first and the last year that the plan speaks of, where a column tells
    what was in them."""

    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    labels: Mapping[str, Texts] = field(default_factory=dict)
    short: Mapping[str, Texts] = field(default_factory=dict)
    years: tuple[int, int] | None = None

    @property
    def listed(self) -> Iterator[tuple[Section, Entry]]:
        """Each thing once, with the section that it first stands in."""
        seen: set[str] = set()
        for section in self.sections:
            for entry in section.entries:
                if entry.iri not in seen:
                    seen.add(entry.iri)
                    yield section, entry

    def shortened(self, language: str) -> list[tuple[str, str]]:
        """The short names that stand in cells, in a language, each with what it stands for; in alphabetical order."""
        columns = [column.name for column in self.columns if column.form == "things"]
        values = (entry.get(name) for _, entry in self.listed for name in columns)
        named = {iri for value in values if isinstance(value, tuple) for iri in value if isinstance(iri, str)}
        pairs = {(self._short(iri, language), self.name(iri, language)) for iri in named}
        return sorted((pair for pair in pairs if pair[0] and pair[0] != pair[1]), key=lambda pair: folded(pair[0]))

    def shown(self, section: Section) -> tuple[Column, ...]:
        """The columns of which some entry of a section has something to say, with those that stand in their cells."""
        kept = (column for column in self.columns if not column.is_of)
        return tuple(
            column
            for column in kept
            if any(_tells(entry.get(each)) for entry in section.entries for each in self._in_cell(column))
        )

    def _in_cell(self, column: Column) -> list[str]:
        return [column.name, *(each.name for each in self.columns if each.is_of == column.name)]

    def name(self, iri: str, language: str) -> str:
        """What a thing is called in a language; its IRI where nothing is known."""
        return in_language(self.labels.get(iri, {}), language)[0] or iri

    def in_order(self, iris: Iterable[str], language: str) -> list[str]:
        """Things by the names that a page has for them: the short ones of those that have such."""
        return sorted(iris, key=lambda iri: folded(self._short(iri, language) or self.name(iri, language)))

    def _short(self, iri: str, language: str) -> str:
        return in_language(self.short.get(iri, {}), language)[0]

    def as_json(self) -> str:
        """All of it in JSON: `things` as they stand in the table, and the `labels` of all IRIs in them."""
        things = [
            {
                "iri": entry.iri,
                "label": self.labels.get(entry.iri, {}),
                "section": section.name,
                **{column.name: _as_data(entry.get(column.name)) for column in self.columns},
            }
            for section, entry in self.listed
        ]
        labels = {iri: self.labels[iri] for iri in sorted(self.labels)}
        return json.dumps({"things": things, "labels": labels}, ensure_ascii=False, indent=1) + "\n"

    def as_csv(self, language: str) -> str:
        """The table in CSV (RFC 4180), with names in this language; several values of a cell stand behind `; `."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(["iri", "label", "section", *(column.name for column in self.columns)])
        for section, entry in self.listed:
            cells = (self._as_text(entry.get(column.name), language) for column in self.columns)
            writer.writerow([entry.iri, self.name(entry.iri, language), section.name, *cells])
        return out.getvalue()

    def _as_text(self, value: Value, language: str) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Mapping):
            return in_language(value, language)[0]
        if isinstance(value, tuple):
            return "; ".join(self._one_as_text(each, language) for each in value)
        return self.name(value, language) if isinstance(value, str) and value in self.labels else str(value or "")

    def _one_as_text(self, value: str | tuple[str, int] | Part, language: str) -> str:
        if isinstance(value, Part):
            return value.iri
        if isinstance(value, tuple):
            return f"{self.name(value[0], language)} ({value[1]})"
        return self.name(value, language)


def indexed(site: Site, columns: Sequence[Column], sections: Iterable[Section], short: Mapping[str, Texts]) -> Index:
    """The index of these sections, without those that are empty, with the labels of all that is in it."""
    kept = tuple(section for section in sections if section.entries)
    named = {iri for section in kept for iri in _named(section, columns)}
    return Index(tuple(columns), kept, site.labels(named), short)


def folded(text: str) -> list[tuple[int, str]]:
    """A key that sorts names as a reader looks for them: without accents and case, and 2 before 10."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    runs = re.findall(r"\d+|\D+", plain.casefold())
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in runs]


def _tells(value: Value) -> bool:
    return value is False or value not in _EMPTY


def _named(section: Section, columns: Sequence[Column]) -> Iterator[str]:
    if section.iri:
        yield section.iri
    for entry in section.entries:
        yield entry.iri
        for column in columns:
            yield from _named_in(entry.get(column.name), column.form)


def _named_in(value: Value, form: Form) -> Iterator[str]:
    if form == "thing" and isinstance(value, str) and value:
        yield value
    elif isinstance(value, tuple):
        for each in value:
            if isinstance(each, Part):
                yield from (each.iri, each.theme)
            else:
                yield each[0] if isinstance(each, tuple) else each


def _as_data(value: Value) -> object:
    if not isinstance(value, tuple):
        return value
    return [_one_as_data(each) for each in value]


def _one_as_data(value: str | tuple[str, int] | Part) -> object:
    if isinstance(value, Part):
        return {"iri": value.iri, "number": value.number or None, "theme": value.theme}
    return {"iri": value[0], "times": value[1]} if isinstance(value, tuple) else value


_PARTS = """
SELECT DISTINCT ?x ?order ?number ?theme {
  ?x cg:within %s . ?x cg:order ?order .
  OPTIONAL { ?x cg:number ?number }
  OPTIONAL { ?x cg:within ?theme . ?theme a cg:Theme }
}"""
_SHORT = """
SELECT ?x ?name {
  { ?x skos:notation ?sign ; skos:altLabel ?name FILTER (STR(?name) = STR(?sign)) FILTER NOT EXISTS { ?x a cg:State } }
  UNION {
    ?x a cg:ConsultativeProcess ; skos:altLabel ?name
    FILTER (STRLEN(STR(?name)) <= 24 || NOT EXISTS { ?x skos:notation ?acronym })
  }
}"""
_DESCRIPTIONS = "SELECT ?x ?text { ?x a %s ; dcterms:description ?text }"


@dataclass(frozen=True)
class PlanParts:
    """The parts of a plan by their IRIs."""

    known: Mapping[str, Part]

    def listed(self, iris: Iterable[str]) -> tuple[Part, ...]:
        """Those of these IRIs that are parts of the plan, each once, in the order of the plan."""
        found = {self.known[iri] for iri in iris if iri in self.known}
        return tuple(sorted(found, key=lambda part: part.place))

    def only(self, elements: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
        """Of the IRIs in each list those of parts of the plan; lists without any are left out."""
        kept = {key: [iri for iri in iris if iri in self.known] for key, iris in elements.items()}
        return {key: iris for key, iris in kept.items() if iris}


def plan_of(site: Site) -> str:
    """The plan that the site is about, as it is written in SPARQL."""
    return reference(site.names.id("plan", "crm"))


def plan_parts(site: Site) -> PlanParts:
    """All parts of the plan that the site is about."""
    known = {}
    for row in site.recall(_PARTS % plan_of(site)):
        number, theme = (row[name].value if name in row else "" for name in ("number", "theme"))
        known[row["x"].value] = Part(theme, int(row["order"].value), number, row["x"].value)
    return PlanParts(known)


def short_names(site: Site) -> dict[str, Texts]:
    """The acronyms that are names too, and other short names of processes, by the IRI of the thing, and by language.

    A longer name of a process is one where it has no acronym, for each language has its own.
    """
    return _texts(site.recall(_SHORT), "name")


def descriptions(site: Site, kind: str) -> dict[str, Texts]:
    """What each thing of this class (as SPARQL has it, `cg:Agent`) is, by its IRI, and by language."""
    return _texts(site.select(_DESCRIPTIONS % kind), "text")


def grouped(rows: Iterable[Row], key: str, name: str) -> dict[str, list[str]]:
    """The values of one column by those of another, each once, in their order; rows without either are passed over."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if key in row and name in row:
            found.setdefault(row[key].value, {})[row[name].value] = None
    return {each: list(values) for each, values in found.items()}


def _texts(rows: Iterable[Row], name: str) -> dict[str, Texts]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        texts = found.setdefault(row["x"].value, {})
        text = row[name]
        # Of several, the shortest.
        if len(text.value) <= len(texts.get(text.language, text.value)):
            texts[text.language] = text.value
    return dict(found)
