"""An index: a table of all things of a kind, filled by a query for each column, as a page and as data."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    CSV,
    GRAPHS,
    JSON,
    PAGE_FORMS,
    TABLES,
    Links,
    PageRequest,
    Row,
    Site,
    Term,
    Texts,
    data_response,
    distinct_values_by,
    in_language,
    language_value,
    name_key,
    reference,
    rows_by,
    text_of,
    write_csv,
)

INDEX_FORMS = (*PAGE_FORMS, CSV)
_DOWNLOADS = sorted((form for form in TABLES if form.short in ("csv", "json")), key=attrgetter("short"))
_PARTS = """
SELECT DISTINCT ?x ?order ?number ?theme {
  ?x cg:within %s . ?x cg:order ?order .
  OPTIONAL { ?x cg:number ?number }
  OPTIONAL { ?x cg:within ?theme . ?theme a cg:Theme }
}"""
# A longer name of a process is short where the process has no acronym, for each language has its own.
_SHORT_NAMES = """
SELECT ?x ?value {
  { ?x skos:notation ?sign ; skos:altLabel ?value
    FILTER (STR(?value) = STR(?sign)) FILTER NOT EXISTS { ?x a cg:State } }
  UNION {
    ?x a cg:ConsultativeProcess ; skos:altLabel ?value
    FILTER (STRLEN(STR(?value)) <= 24 || NOT EXISTS { ?x skos:notation ?acronym })
  }
}"""


class Part(NamedTuple):
    """A part of the plan: the IRI of its theme, its place, its printed number (empty where it has none), its IRI."""

    theme: str
    place: int
    number: str
    iri: str


class Form(NamedTuple):
    """The form of the cells of a column: the value for none, and functions that read, name and write a value.

    `read` makes one of the values in the rows of a query, of which there is at least one, and of the parts of the plan
    by IRI.
    `iris` returns the IRIs in it, `data` what JSON has, `text` what CSV has, given a function that names an IRI and the
    language.
    """

    none: Any
    read: Callable[[Sequence[Term], Mapping[str, Part]], Any] = lambda terms, _: terms[0].value
    iris: Callable[[Any], Iterable[str]] = lambda _: ()
    data: Callable[[Any], object] = lambda value: value
    text: Callable[[Any, Callable[[str], str], str], str] = lambda value, *_: str(value or "")


def _shortest(terms: Iterable[Term], _: object = None) -> Texts:
    """Return the shortest of these texts in each language."""
    longest_first = sorted(terms, key=lambda term: (len(term.value), term.value), reverse=True)
    return {term.language: term.value for term in sorted(longest_first, key=attrgetter("language"))}


FORMS: Mapping[str, Form] = {
    # Texts by language.
    "texts": Form(None, read=_shortest, text=lambda texts, _, language: in_language(texts or {}, language)[0]),
    "date": Form(""),
    # Two dates with / between them, `..` for one that is not known.
    "period": Form(""),
    "number": Form(0, read=lambda terms, _: len(terms)),
    # None where nobody knows whether it is so.
    "truth": Form(
        None,
        read=lambda terms, _: any(term.value == "true" for term in terms),
        text=lambda value, *_: "" if value is None else str(value).lower(),
    ),
    "thing": Form("", iris=lambda iri: filter(None, [iri]), text=lambda iri, name, _: name(iri) if iri else ""),
    "things": Form(
        (),
        read=lambda terms, _: tuple(sorted(term.value for term in terms)),
        iris=lambda iris: iris,
        data=list,
        text=lambda iris, name, _: "; ".join(map(name, iris)),
    ),
    # Things with how many times each.
    "counted": Form(
        (),
        read=lambda terms, _: tuple(Counter(term.value for term in terms).most_common()),
        iris=lambda counts: (iri for iri, _ in counts),
        data=lambda counts: [{"iri": iri, "times": times} for iri, times in counts],
        text=lambda counts, name, _: "; ".join(f"{name(iri)} ({times})" for iri, times in counts),
    ),
    # Parts of the plan in its order.
    "parts": Form(
        (),
        read=lambda terms, parts: tuple(
            sorted((parts[term.value] for term in terms if term.value in parts), key=attrgetter("place"))
        ),
        iris=lambda parts: (iri for part in parts for iri in (part.iri, part.theme)),
        data=lambda parts: [{"iri": p.iri, "number": p.number or None, "theme": p.theme} for p in parts],
        text=lambda parts, *_: "; ".join(part.iri for part in parts),
    ),
}
"""The forms of columns by their names, which templates go by."""


@dataclass(frozen=True)
class Column:
    """A column: its name in data, its heading in English, marked for translation, the name of its form, its values.

    These are what `query`, when `filled`, binds to ?value for each ?x; what is `counted` is so in each ?element. On a
    page, a column that `is_below` stands below the name of each thing, one that `is_of` another in its cell.
    """

    name: str
    heading: str
    form: str
    query: str
    is_below: bool = False
    is_of: str = ""

    def values(self, site: Site) -> Mapping[str, Any]:
        """Return the values by the IRIs of the things that have any."""
        more = " ?element" if self.form == "counted" else ""
        rows = site.select(f"SELECT DISTINCT ?x ?value{more} {{ {filled(site, self.query)} }}")
        parts, read = plan_parts(site) if self.form == "parts" else {}, FORMS[self.form].read
        return {x: read(terms, parts) for x, terms in _terms_by_thing(rows).items()}


def _terms_by_thing(rows: Iterable[Row]) -> dict[str, list[Term]]:
    """Return each ?value by its ?x, of rows that have both."""
    valued = [row for row in rows if "value" in row]
    return {x: [row["value"] for row in each] for (x,), each in rows_by(valued, "x").items()}


@dataclass(frozen=True)
class Entry:
    """A thing in an index with the values of its columns by their names, and the groups that it is in.

    One below others has a `level` above 0, and may stand below others too (`also_below`, their IRIs).
    """

    iri: str
    values: Mapping[str, Any]
    groups: Sequence[str] = ()
    level: int = 0
    also_below: Sequence[str] = ()

    def get(self, name: str) -> Any:
        """Return the value of a column."""
        return self.values[name]


@dataclass(frozen=True)
class Section:
    """Entries that belong together, under a heading in English, marked for translation, or that of a thing (`iri`)."""

    name: str
    heading: str
    entries: list[Entry]
    iri: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of things: the path of its index, its title, a sentence on it, and a summary for OpenAPI.

    `things` is the pattern that ?x fulfils, `grouped` one that lists what is in the index with each ?group that it is
    in, where that is another. `arrange` returns the sections of a site's entries, which are in the order of their names
    in a language. `questions` are those of the library that answer the same, the nearest first, with their values. The
    things are of one of the `classes` (their names in our ontology), or concepts of the `scheme` of that name, of which
    one is the `example`. The page of one that `has_years` tells which years the plan speaks of.
    """

    path: str
    title: str
    lead: str
    summary: str
    things: str
    columns: Sequence[Column]
    arrange: Callable[[Site, Sequence[Entry], str], Sequence[Section]]
    questions: Mapping[str, Mapping[str, str]]
    classes: Sequence[str] = ()
    scheme: str = ""
    example: str = ""
    grouped: str = ""
    has_years: bool = False

    def address(self, iri: str) -> str:
        """Return the path of the page of a concept of the scheme with this IRI; empty for anything else."""
        scheme, _, name = iri.partition("#")
        return f"{self.path}/{name}" if self.scheme and scheme == f"{ONTOLOGY}/{self.scheme}" else ""


@dataclass(frozen=True)
class Index:
    """The columns beside the names of the things, the sections that are not empty, and the names of all in them.

    `labels` are the names at length, `short` the short ones of what has such.
    """

    columns: Sequence[Column]
    sections: Sequence[Section]
    labels: Mapping[str, Texts]
    short: Mapping[str, Texts]

    @property
    def listed(self) -> Iterable[tuple[Section, Entry]]:
        """Each thing once, with the section that it first stands in."""
        found: dict[str, tuple[Section, Entry]] = {}
        for section in self.sections:
            for entry in section.entries:
                found.setdefault(entry.iri, (section, entry))
        return found.values()

    def shortened(self, language: str) -> list[tuple[str, str]]:
        """Return the short names in the cells in a language, each with what it stands for, in alphabetical order."""
        things = [column.name for column in self.columns if column.form == "things"]
        named = {iri for _, entry in self.listed for name in things for iri in entry.get(name)}
        pairs = {(self.short_name(iri, language), self.name(iri, language)) for iri in named}
        return sorted((pair for pair in pairs if pair[0] != pair[1]), key=lambda pair: name_key(pair[0]))

    def shown(self, section: Section) -> list[Column]:
        """Return the columns in whose cells some entry of a section has something."""
        told = {
            column.is_of or column.name
            for column in self.columns
            for entry in section.entries
            if entry.get(column.name) or entry.get(column.name) is False
        }
        return [column for column in self.columns if column.name in told]

    def name(self, iri: str, language: str) -> str:
        """Return the name of a thing in a language, or its IRI where it has none."""
        return in_language(self.labels.get(iri, {}), language)[0] or iri

    def short_name(self, iri: str, language: str) -> str:
        """Return the short name of a thing in a language, or where it has none, its name."""
        return in_language(self.short.get(iri, {}), language)[0] or self.name(iri, language)

    def in_order(self, iris: Iterable[str], language: str) -> list[str]:
        """Return things by the names that a page has for them: the short ones of those that have such."""
        return sorted(iris, key=lambda iri: name_key(self.short_name(iri, language)))

    def as_json(self) -> str:
        """Return all of it in JSON: `things` as they stand in the table, and the `labels` of all IRIs in them."""
        things = [
            {
                "iri": entry.iri,
                "label": self.labels.get(entry.iri, {}),
                "section": section.name,
                **{column.name: FORMS[column.form].data(entry.get(column.name)) for column in self.columns},
            }
            for section, entry in self.listed
        ]
        document = {"things": things, "labels": dict(sorted(self.labels.items()))}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def as_csv(self, language: str) -> str:
        """Return the table in CSV with names in this language; several values of a cell have `; ` between them."""
        name = partial(self.name, language=language)
        header = ["iri", "label", "section", *(column.name for column in self.columns)]
        rows = (
            [
                entry.iri,
                name(entry.iri),
                section.name,
                *(FORMS[column.form].text(entry.get(column.name), name, language) for column in self.columns),
            ]
            for section, entry in self.listed
        )
        return write_csv(header, rows)


def plan_of(site: Site) -> str:
    """Return the plan that the site is about, as SPARQL has it."""
    return reference(site.names.id("plan", "crm"))


def years_of_plan(site: Site) -> tuple[str, ...]:
    """Return the first and the last year that the plan speaks of, as the library's question on them has it."""
    parameters = site.library["meetings-during-plan"].parameters
    return tuple(each.default for each in parameters if each.type == "integer")


def filled(site: Site, query: str) -> str:
    """Return a query with the plan, its first and its last year in place of `{plan}`, `{from}` and `{to}`."""
    first, last = years_of_plan(site)
    return query.replace("{plan}", plan_of(site)).replace("{from}", first).replace("{to}", last)


def plan_parts(site: Site) -> dict[str, Part]:
    """Return the parts of the plan that the site is about, by IRI."""
    return {
        row["x"].value: Part(text_of(row, "theme"), int(row["order"].value), text_of(row, "number"), row["x"].value)
        for row in site.select_cached(_PARTS % plan_of(site))
    }


def read_index(site: Site, kind: Kind, language: str) -> Index:
    """Return the index of a kind, in the order of the names in this language."""
    rows = site.select(f"SELECT DISTINCT ?x ?group {{ {kind.grouped or kind.things} }}")
    groups = distinct_values_by(rows, "x", "group")
    values = {column.name: (column.values(site), FORMS[column.form].none) for column in kind.columns}
    iris = dict.fromkeys(row["x"].value for row in rows)
    key = name_keys(site, iris, language)
    entries = [
        Entry(iri, {name: found.get(iri, none) for name, (found, none) in values.items()}, groups.get(iri, ()))
        for iri in sorted(iris, key=key.__getitem__)
    ]
    sections = [section for section in kind.arrange(site, entries, language) if section.entries]
    named = {section.iri for section in sections}
    for entry in (entry for section in sections for entry in section.entries):
        cells = (FORMS[column.form].iris(entry.get(column.name)) for column in kind.columns)
        named.update([entry.iri], *cells)
    return Index(kind.columns, sections, site.labels(named), {} if kind.scheme else short_names(site))


def short_names(site: Site) -> dict[str, Texts]:
    """Return the short names of all that has any, by IRI and language."""
    return {iri: _shortest(terms) for iri, terms in _terms_by_thing(site.select_cached(_SHORT_NAMES)).items()}


def name_keys(site: Site, iris: Collection[str], language: str) -> dict[str, list[tuple[int, str]]]:
    """Return keys that sort things by their names in a language."""
    labels = site.labels(iris)
    return {iri: name_key(in_language(labels.get(iri, {}), language)[0]) for iri in iris}


def index_page(visit: PageRequest, kind: Kind, kinds: Sequence[tuple[str, str]]) -> Response:
    """Return all things of a kind as a page, as JSON or CSV, or as a graph; `kinds` has the paths and titles of all."""
    site, links, language = visit.site, visit.links, visit.language
    if visit.form in GRAPHS:
        return visit.data(f"CONSTRUCT {{ ?x ?p ?o }} WHERE {{ {kind.things} ?x ?p ?o }}")
    index = read_index(site, kind, language)
    if visit.form == JSON:
        return data_response(index.as_json(), JSON.media_type)
    if visit.form == CSV:
        return data_response(index.as_csv(language), CSV.media_type, is_language_dependent=True)
    context = {
        "kind": kind,
        "kinds": kinds,
        "index": index,
        "years": years_of_plan(site) if kind.has_years else None,
        "total": len(list(index.listed)),
        "questions": [_question(site, links, *each, language) for each in kind.questions.items()],
    }
    return visit.render("index.html", context, offers=INDEX_FORMS[1:])


def _question(
    site: Site, links: Links, name: str, values: Mapping[str, str], language: str
) -> tuple[LibraryQuestion, str, Sequence[tuple[str, str]]]:
    """Return a question, the path of its page with these values, and where its answer is to be had."""
    question = site.library[name]
    given = {**language_value(question, language), **values}
    path, query = f"/queries/{question.name}", "?" + urlencode(given) if given else ""
    return question, path + query, [(form.label, links.data(f"{path}.{form.extension}{query}")) for form in _DOWNLOADS]
