"""An index: a table of all things of a kind, as a page and as data. A query fills each column."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from starlette.responses import Response

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    CSV,
    GRAPHS,
    JSON,
    PAGE_FORMS,
    PageRequest,
    Record,
    Row,
    Site,
    Term,
    Texts,
    data_response,
    distinct_values_by,
    in_language,
    iri_ref,
    json_response,
    name_key,
    question_path,
    rows_by,
    write_csv,
)

INDEX_FORMS = (*PAGE_FORMS, CSV)
_PARTS = """
SELECT DISTINCT ?iri ?place ?number ?theme {
  ?iri cg:within {plan} . ?iri cg:order ?place .
  OPTIONAL { ?iri cg:number ?number }
  OPTIONAL { ?iri cg:within ?theme . ?theme a cg:Theme }
}"""
# The short names of a process are its other names of at most 24 characters, or all of them if it has no acronym that is
# the same in every language.
_SHORT_NAMES = """
SELECT ?x ?value {
  { ?x skos:notation ?sign ; skos:altLabel ?value
    FILTER (STR(?value) = STR(?sign)) FILTER NOT EXISTS { ?x a cg:State } }
  UNION {
    ?x a cg:ConsultativeProcess ; skos:altLabel ?value
    FILTER (STRLEN(STR(?value)) <= 24 || NOT EXISTS { ?x skos:notation ?acronym })
  }
}"""


class CellType(NamedTuple):
    """A type of the values in the cells of a column.

    Attributes:
        none: The value of an empty cell.
        read: Makes a value from the terms of a thing (at least one) and the parts of the plan by IRI.
        iris: Returns the IRIs in a value.
        data: Returns the value as JSON.
        text: Returns the value as text for CSV, given a function that returns the name of an IRI, and the language.
    """

    none: Any
    read: Callable[[Sequence[Term], Mapping[str, Record]], Any] = lambda terms, _: terms[0].value
    iris: Callable[[Any], Iterable[str]] = lambda _: ()
    data: Callable[[Any], object] = lambda value: value
    text: Callable[[Any, Callable[[str], str], str], str] = lambda value, *_: str(value or "")


def _shortest_texts(terms: Iterable[Term], _: object = None) -> Texts:
    """Return the shortest of these texts in each language."""
    longest_first = sorted(terms, key=lambda term: (len(term.value), term.value), reverse=True)
    return {term.language: term.value for term in sorted(longest_first, key=attrgetter("language"))}


CELL_TYPES: Mapping[str, CellType] = {
    # A text, by language.
    "texts": CellType(
        None, read=_shortest_texts, text=lambda texts, _, language: in_language(texts or {}, language)[0]
    ),
    "date": CellType(""),
    # Two dates separated by a slash; an unknown one is written `..`.
    "period": CellType(""),
    "number": CellType(0, read=lambda terms, _: len(terms)),
    # True or false; None if unknown.
    "truth": CellType(
        None,
        read=lambda terms, _: any(term.value == "true" for term in terms),
        text=lambda value, *_: "" if value is None else str(value).lower(),
    ),
    "thing": CellType("", iris=lambda iri: filter(None, [iri]), text=lambda iri, name, _: name(iri) if iri else ""),
    "things": CellType(
        (),
        read=lambda terms, _: tuple(sorted(term.value for term in terms)),
        iris=lambda iris: iris,
        data=list,
        text=lambda iris, name, _: "; ".join(map(name, iris)),
    ),
    # Things, each with the number of its occurrences.
    "counted": CellType(
        (),
        read=lambda terms, _: tuple(Counter(term.value for term in terms).most_common()),
        iris=lambda counts: (iri for iri, _ in counts),
        data=lambda counts: [{"iri": iri, "times": times} for iri, times in counts],
        text=lambda counts, name, _: "; ".join(f"{name(iri)} ({times})" for iri, times in counts),
    ),
    # Parts of the plan, in the order of the document.
    "parts": CellType(
        (),
        read=lambda terms, parts: tuple(
            sorted((parts[term.value] for term in terms if term.value in parts), key=attrgetter("place"))
        ),
        iris=lambda parts: (iri for part in parts for iri in (part.iri, part.theme)),
        data=lambda parts: [{"iri": p.iri, "number": p.number or None, "theme": p.theme} for p in parts],
        text=lambda parts, *_: "; ".join(part.iri for part in parts),
    ),
}
"""The cell types by their names, which templates use."""


@dataclass(frozen=True)
class Column:
    """A column of an index.

    Attributes:
        name: Its name in data.
        heading: Its heading, in English and marked for translation.
        cell_type: The name of the type of its cells: a key of CELL_TYPES.
        query: A SPARQL pattern with placeholders (see `fill_placeholders`). It binds ?value for each thing ?x; for the
            type `counted`, it also binds the ?element of each occurrence.
        is_below: Whether the value is shown below the name of the thing instead of in a column.
        is_of: The name of the column whose cells also show this value; empty for a column of its own.
    """

    name: str
    heading: str
    cell_type: str
    query: str
    is_below: bool = False
    is_of: str = ""

    def values(self, site: Site) -> Mapping[str, Any]:
        """Return the values of the column by the IRI of the thing; things without a value are left out."""
        more = " ?element" if self.cell_type == "counted" else ""
        rows = site.select(f"SELECT DISTINCT ?x ?value{more} {{ {fill_placeholders(site, self.query)} }}")
        parts, read = plan_parts(site) if self.cell_type == "parts" else {}, CELL_TYPES[self.cell_type].read
        return {x: read(terms, parts) for x, terms in _terms_by_thing(rows).items()}


def _terms_by_thing(rows: Iterable[Row]) -> dict[str, list[Term]]:
    """Return the terms ?value by the IRI of ?x. Rows without ?value are left out."""
    valued = [row for row in rows if "value" in row]
    return {x: [row["value"] for row in each] for (x,), each in rows_by(valued, "x").items()}


@dataclass(frozen=True)
class Kind:
    """A kind of things that has an index.

    Attributes:
        path: The path of the index.
        title: Its title, marked for translation.
        lead: Its introduction, marked for translation.
        summary: A description for OpenAPI.
        things: The SPARQL pattern that each thing ?x fulfils.
        columns: The columns of the index.
        arrange: Returns the sections, given the site, the entries sorted by name, and the language.
        questions: The values of parameters, by the name of a library question with a similar answer; the closest
            first.
        classes: The local names of the classes of the things.
        scheme: The name of the concept scheme that contains the things; empty for things that are no concepts.
        example: The id of a concept of that scheme.
        grouped: The SPARQL pattern for the entries ?x and the ?group of each; empty if it is the same as `things`.
        has_years: Whether the page states the years that the plan mentions.
    """

    path: str
    title: str
    lead: str
    summary: str
    things: str
    columns: Sequence[Column]
    arrange: Callable[[Site, Sequence[Record], str], Sequence[Record]]
    questions: Mapping[str, Mapping[str, str]]
    classes: Sequence[str] = ()
    scheme: str = ""
    example: str = ""
    grouped: str = ""
    has_years: bool = False

    def address(self, iri: str) -> str:
        """Return the path of the page of a concept of the scheme; empty for the IRI of anything else."""
        scheme, _, name = iri.partition("#")
        return f"{self.path}/{name}" if self.scheme and scheme == f"{ONTOLOGY}/{self.scheme}" else ""


@dataclass(frozen=True)
class Index:
    """The content of an index.

    A section has the `entries` under a heading: a `name` in data, and a `heading`, in English and marked for
    translation, or the `iri` of a thing whose name is the heading instead.

    An entry has the `iri` of a thing, and:
        cells: The values of its cells, by the name of the column.
        groups: The IRIs of the groups that contain the thing, such as its class, or the broader concepts.
        level: How deep it is nested below other entries; 0 for the top.
        also_below: The IRIs of other entries that it also appears below.

    Attributes:
        columns: The columns of the table.
        sections: The sections that have entries.
        labels: The full names of all things in the table, by IRI and language.
        short: The short names of things, such as acronyms, by IRI and language.
    """

    columns: Sequence[Column]
    sections: Sequence[Record]
    labels: Mapping[str, Texts]
    short: Mapping[str, Texts]

    @property
    def unique_entries(self) -> Iterable[tuple[Record, Record]]:
        """Each entry once, with the first section that contains it."""
        found: dict[str, tuple[Record, Record]] = {}
        for section in self.sections:
            for entry in section.entries:
                found.setdefault(entry.iri, (section, entry))
        return found.values()

    def abbreviations(self, language: str) -> list[tuple[str, str]]:
        """Return pairs of a short name in the table and the full name that it stands for, sorted by short name."""
        things = [column.name for column in self.columns if column.cell_type == "things"]
        named = {iri for _, entry in self.unique_entries for name in things for iri in entry.cells[name]}
        pairs = {(self.short_name(iri, language), self.name(iri, language)) for iri in named}
        return sorted((pair for pair in pairs if pair[0] != pair[1]), key=lambda pair: name_key(pair[0]))

    def columns_with_values(self, section: Record) -> list[Column]:
        """Return the columns in which at least one entry of the section has a value."""
        names_with_values = {
            column.is_of or column.name
            for column in self.columns
            for entry in section.entries
            if entry.cells[column.name] or entry.cells[column.name] is False
        }
        return [column for column in self.columns if column.name in names_with_values]

    def name(self, iri: str, language: str) -> str:
        """Return the name of a thing in a language, or its IRI if it has no name."""
        return in_language(self.labels.get(iri, {}), language)[0] or iri

    def short_name(self, iri: str, language: str) -> str:
        """Return the short name of a thing in a language, or its full name if it has no short one."""
        return in_language(self.short.get(iri, {}), language)[0] or self.name(iri, language)

    def sort_by_short_name(self, iris: Iterable[str], language: str) -> list[str]:
        """Return the IRIs sorted by the names that the page shows: short names where there are any."""
        return sorted(iris, key=lambda iri: name_key(self.short_name(iri, language)))

    def as_json(self) -> dict[str, object]:
        """Return the index as a JSON object: the entries as `things`, and the `labels` of all IRIs in them."""
        types = {column.name: CELL_TYPES[column.cell_type] for column in self.columns}
        return {
            "things": [
                {
                    "iri": entry.iri,
                    "label": self.labels.get(entry.iri, {}),
                    "section": section.name,
                    **{name: cell_type.data(entry.cells[name]) for name, cell_type in types.items()},
                }
                for section, entry in self.unique_entries
            ],
            "labels": dict(sorted(self.labels.items())),
        }

    def as_csv(self, language: str) -> str:
        """Return the index as CSV with names in this language. Several values in a cell are separated by `; `."""
        name = partial(self.name, language=language)
        rows = (
            [
                entry.iri,
                name(entry.iri),
                section.name,
                *(
                    CELL_TYPES[column.cell_type].text(entry.cells[column.name], name, language)
                    for column in self.columns
                ),
            ]
            for section, entry in self.unique_entries
        )
        return write_csv(["iri", "label", "section", *(column.name for column in self.columns)], rows)


def years_of_plan(site: Site) -> tuple[str, ...]:
    """Return the first and the last year that the plan mentions: the default period of library questions."""
    return tuple(each.default for each in site.library["meetings-during-plan"].parameters if each.type == "integer")


def fill_placeholders(site: Site, query: str) -> str:
    """Return the query with `{plan}`, `{from}` and `{to}` replaced by the plan and its first and last year."""
    plan, (first, last) = iri_ref(site.names.id("plan", "crm")), years_of_plan(site)
    return query.replace("{plan}", plan).replace("{from}", first).replace("{to}", last)


def plan_parts(site: Site) -> dict[str, Record]:
    """Return the parts of the plan of the RCM, by IRI.

    Attributes of the result:
        iri: The IRI of the part.
        theme: The IRI of its theme; empty for none.
        place: Its position in the document.
        number: Its printed number; empty for none.
    """
    return {part.iri: part for part in site.records(fill_placeholders(site, _PARTS), "iri", is_cached=True)}


def read_index(site: Site, kind: Kind, language: str) -> Index:
    """Return the index of a kind; the entries are sorted by their names in this language."""
    rows = site.select(f"SELECT DISTINCT ?x ?group {{ {kind.grouped or kind.things} }}")
    groups = distinct_values_by(rows, "x", "group")
    values = {column.name: (column.values(site), CELL_TYPES[column.cell_type].none) for column in kind.columns}
    iris = dict.fromkeys(row["x"].value for row in rows)
    entries = [
        Record(
            iri=iri,
            cells={name: found.get(iri, none) for name, (found, none) in values.items()},
            groups=groups.get(iri, ()),
            level=0,
            also_below=(),
        )
        for iri in sorted(iris, key=name_keys(site, iris, language).__getitem__)
    ]
    sections = [section for section in kind.arrange(site, entries, language) if section.entries]
    named = {section.iri for section in sections}
    for entry in (entry for section in sections for entry in section.entries):
        cells = (CELL_TYPES[column.cell_type].iris(entry.cells[column.name]) for column in kind.columns)
        named.update([entry.iri], *cells)
    return Index(kind.columns, sections, site.labels(named), {} if kind.scheme else short_names(site))


def short_names(site: Site) -> dict[str, Texts]:
    """Return the short names of all things that have one, by IRI and language."""
    return {
        iri: _shortest_texts(terms) for iri, terms in _terms_by_thing(site.select(_SHORT_NAMES, is_cached=True)).items()
    }


def name_keys(site: Site, iris: Collection[str], language: str) -> dict[str, list[tuple[int, str]]]:
    """Return a sort key for each IRI, based on the name of the thing in a language."""
    labels = site.labels(iris)
    return {iri: name_key(in_language(labels.get(iri, {}), language)[0]) for iri in iris}


def index_page(visit: PageRequest, kind: Kind, kinds: Sequence[tuple[str, str]]) -> Response:
    """Return the index of a kind as a page, as JSON or CSV, or as a graph.

    `kinds` are the paths and titles of all indexes, which the page links to.
    """
    site, language = visit.site, visit.language
    if visit.form in GRAPHS:
        return visit.respond_with_data(f"CONSTRUCT {{ ?x ?p ?o }} WHERE {{ {kind.things} ?x ?p ?o }}")
    index = read_index(site, kind, language)
    if visit.form == JSON:
        return json_response(index.as_json(), indent=1)
    if visit.form == CSV:
        return data_response(index.as_csv(language), CSV.media_type, is_language_dependent=True)
    context = {
        "kind": kind,
        "kinds": kinds,
        "index": index,
        "years": years_of_plan(site) if kind.has_years else None,
        "total": len(list(index.unique_entries)),
        "questions": [
            (site.library[name], question_path(site.library[name], values)) for name, values in kind.questions.items()
        ],
    }
    return visit.render("index.html", context, offers=INDEX_FORMS[1:])
