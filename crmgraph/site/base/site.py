"""The site as its pages see it: queries to the dataset, the terms in their answers, names, library and limits."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from crmgraph.caching import SizedCache
from crmgraph.http.languages import marked, translations
from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import LANGUAGE_IRIS, ONTOLOGY, PREFIXES, Names
from crmgraph.sparql import Answer, Engine, Question
from crmgraph.sparql.engine import dataset_digest_of, is_as_built

JSON_RESULTS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
_LABELS = """
SELECT ?x ?label ?is_short {
  { %(which)s ?x rdfs:label|skos:prefLabel ?label }
  UNION { %(which)s ?x a cg:Plan ; dcterms:alternative ?label BIND (true AS ?is_short) }
  UNION {
    %(which)s ?x a cg:Source ; rdfs:label ?printed . ?plan dcterms:source ?x ; dcterms:alternative ?name
    FILTER (LANG(?printed) = LANG(?name) && CONTAINS(?printed, ": "))
    BIND (STRLANG(CONCAT(STR(STRBEFORE(?printed, ": ")), ": ", STR(?name)), LANG(?name)) AS ?label)
    BIND (true AS ?is_short)
  }
}"""
_LANGUAGES = "SELECT ?source ?language { ?source a cg:Source ; dcterms:language ?language }"
_BEFORE_COLON = re.compile(r"([\w-]+):")
_NOT_IN_AN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_PYTHON_TYPES: Mapping[str, Callable[[str], str | float | bool]] = {
    "integer": int,
    "decimal": float,
    "boolean": lambda value: value == "true",
}
_KEPT_BYTES = 2**29
"""The most memory for what `Site.keep` keeps."""

T = TypeVar("T")


class Term(NamedTuple):
    """A value in an answer: `kind` is `uri`, `literal`, `bnode` or `triple`."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        """Whether the value is an IRI."""
        return self.kind == "uri"

    @property
    def plain(self) -> str | float | bool:
        """The value as Python has it: a number, a truth value, or a text."""
        read = _PYTHON_TYPES.get(self.datatype.rpartition("#")[2], str)
        return read(self.value)

    @property
    def turtle(self) -> str:
        """The IRI or literal as Turtle writes it."""
        if self.is_iri:
            return str(NamedNode(self.value))
        datatype = NamedNode(self.datatype) if self.datatype else None
        return str(Literal(self.value, datatype=datatype, language=self.language or None))


Row = Mapping[str, Term]
"""A solution: the terms by their variables, without the unbound ones."""


Record = SimpleNamespace
"""What is said of one thing, by attributes, as templates take it; see `Site.records`."""


class Table(NamedTuple):
    """The answer to a SELECT query."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Site:
    """The site as its pages see it.

    `seconds` is the time limit of a query of a page, or of a visitor. `digest` is that of the dataset that was built,
    `report` the JSON file with its findings. `contact` is an e-mail or web address of the operator, or empty.
    `cancel_event` is set when the visitor disconnects, and then no more queries are sent; None where the connection is
    not watched. `client` is the address of the visitor (see Question). `written` returns the state of data that are
    written to; None where they are not written to here.
    """

    pool: Engine
    names: Names
    digest: str
    library: Mapping[str, LibraryQuestion]
    seconds: float = 30.0
    report: Path | None = None
    contact: str = ""
    cancel_event: Event | None = None
    client: str = ""
    written: Callable[[], str] | None = None
    cache: SizedCache[Any] = field(default_factory=lambda: SizedCache(_KEPT_BYTES), compare=False, repr=False)

    @property
    def state(self) -> str:
        """The name of the state that the data are in now."""
        return self.written() if self.written else self.pool.state or self.digest

    @property
    def is_as_built(self) -> bool:
        """Whether the data are as a build made them, so that what it computed of them holds."""
        return self.state == self.digest or is_as_built(self.state)

    @property
    def origin(self) -> str:
        """The digest of the dataset that the data were built as; empty where it is not known."""
        return self.digest if self.state == self.digest else dataset_digest_of(self.state)

    @property
    def may_cache(self) -> bool:
        """Whether what was read holds until the state changes: nobody else can change the data."""
        return self.pool.state is None

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returns, once for the state of the data where `may_cache`."""
        if not self.may_cache:
            return make()
        state = self.state
        kept: T | None = self.cache.get(state, key)
        if kept is None:
            kept = make()
            self.cache.put(state, key, kept)
        return kept

    def ask(self, question: Question, seconds: float) -> Answer:
        """Return the answer to a question of the visitor within so many seconds. Raises AnswerError without one."""
        return self.pool.answer(replace(question, client=self.client), seconds, self.cancel_event)

    def read(self, query: str, *, is_cached: bool = False) -> Table:
        """Return the answer to a SELECT query of ours, for which our prefixes are declared; what many need is kept."""
        if is_cached:
            return self.cached(query, lambda: self.read(query))
        return read_table(self.answer(query, JSON_RESULTS))

    def select(self, query: str) -> tuple[Row, ...]:
        """Return the rows of a SELECT query of ours."""
        return self.read(query).rows

    def select_cached(self, query: str) -> tuple[Row, ...]:
        """Return the rows as `select` does, for what many pages need: they are kept."""
        return self.read(query, is_cached=True).rows

    def records(
        self,
        query: str,
        *keys: str,
        language: str = "",
        texts: Sequence[str] = (),
        lists: Sequence[str] = (),
        terms: Sequence[str] = (),
        is_cached: bool = False,
    ) -> list[Record]:
        """Return what a SELECT query of ours says of each thing, in the order of the rows.

        A thing is what has the same values in the columns `keys`. Columns are attributes: those in `texts` the text in
        the language, and by NAME_language that which it is in (of a label, `language`); those in `lists` all values;
        others the first value that there is, or an empty text. Values are as Python has them, or terms in `terms`.
        """
        table, found = self.read(query, is_cached=is_cached), []
        for rows in rows_by(table.rows, *keys).values():
            first = {name: next((row[name] for row in rows if name in row), None) for name in table.columns}
            values: dict[str, Any] = {
                name: "" if term is None else term if name in terms else term.plain for name, term in first.items()
            }
            for name in texts:
                spoken = "language" if name == "label" else f"{name}_language"
                values[name], values[spoken] = in_language(texts_in(rows, name), language)
            for name in lists:
                values[name] = list(dict.fromkeys(row[name].plain for row in rows if name in row))
            found.append(Record(**values))
        return found

    def answer(self, query: str, media_type: str) -> bytes:
        """Return the answer to a SELECT query of ours, or the graph of a CONSTRUCT query, in this media type."""
        # All prefixes would take longer to read than most queries.
        used, prefixes = set(_BEFORE_COLON.findall(query)), self.names.prefixes()
        prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items() if prefix in used)
        question = Question(prologue + query, result_type=media_type, graph_type=media_type, prefixes=prefixes)
        return self.ask(question, self.seconds).body

    def labels(self, iris: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Return the labels of these IRIs by language (`""` for none), for those that have any.

        Plans, and the documents that they were read from, have their short names. All labels are kept together, for
        most pages need some here and some there.
        """
        # Rows may lack a value.
        wanted = {iri for iri in iris if iri}
        if not wanted:
            return {}
        if self.may_cache:
            known = self.cached("labels", lambda: self._labels(""))
        else:
            known = self._labels(f"VALUES ?x {{ {' '.join(sorted(map(reference, wanted)))} }}")
        return {iri: known[iri] for iri in wanted if iri in known}

    def language_of(self, source: str) -> str:
        """Return the tag (BCP 47) of the language that the source with this IRI is written in; empty if not known."""
        known = {row["source"].value: row["language"].value for row in self.select_cached(_LANGUAGES)}
        return next((tag for tag, iri in LANGUAGE_IRIS.items() if iri == known.get(source)), "")

    def _labels(self, which: str) -> dict[str, dict[str, str]]:
        rows = self.select(_LABELS % {"which": which})
        found = texts_by((row for row in rows if "is_short" not in row), "x", "label")
        # The document of a plan often has no more printed over it than “Plan of Action”.
        return found | texts_by((row for row in rows if "is_short" in row), "x", "label")


def read_table(body: bytes) -> Table:
    """Return the table in SPARQL results JSON (SPARQL 1.1 Query Results JSON Format, section 3)."""
    found = parse_query_results(body, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise TypeError("not the answer to a SELECT query")
    columns = tuple(variable.value for variable in found.variables)
    rows = ({name: term_of(node) for name, node in zip(columns, row, strict=True) if node} for row in found)
    return Table(columns, tuple(rows))


def term_of(node: NamedNode | BlankNode | Literal | Triple) -> Term:
    """Return a term as pages have it."""
    if isinstance(node, Literal):
        is_plain = node.language or node.datatype.value == PREFIXES["xsd"] + "string"
        return Term("literal", node.value, node.language or "", "" if is_plain else node.datatype.value)
    if isinstance(node, Triple):
        return Term("triple", str(node))
    return Term("uri" if isinstance(node, NamedNode) else "bnode", node.value)


def reference(iri: str) -> str:
    """Return the IRI as SPARQL writes it. Raises ValueError where it holds a character that no IRI may hold."""
    if _NOT_IN_AN_IRI.search(iri):
        raise ValueError(f"not an IRI: {iri!r}")
    return f"<{iri}>"


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return the text in this language, else in English, Spanish or any other, and the language that it is in."""
    return next(((texts[each], each) for each in (language, "en", "es", *texts) if each in texts), ("", ""))


_DEGREES = {
    f"{ONTOLOGY}/confidence#medium": marked("medium certainty"),
    f"{ONTOLOGY}/confidence#low": marked("low certainty"),
    f"{ONTOLOGY}/confidence#none": marked("no source"),
}


class Certainty(NamedTuple):
    """How certain a statement is: its IRI, and the degree in English, marked for translation; both empty where high."""

    iri: str = ""
    label: str = ""


CERTAIN = Certainty()
"""High certainty."""


def certainty_pattern(variable: str) -> str:
    """Return the part of a query that `certainty_in` reads, for the statement in this variable."""
    return f"""
  OPTIONAL {{ {variable} cg:confidence ?degree FILTER (?degree != confidence:high) BIND ({variable} AS ?doubted) }}"""


def certainty_in(row: Row) -> Certainty:
    """Return the certainty of the statement in a row of a query with `certainty_pattern`."""
    return Certainty(row["doubted"].value, _DEGREES.get(row["degree"].value, "")) if "doubted" in row else CERTAIN


def certainty_of(statements: Iterable[Certainty]) -> Certainty:
    """Return the certainty of what several statements say together: high if any is, else that of the first."""
    found = list(statements)
    return CERTAIN if CERTAIN in found else found[0]


def with_certainty(text: str, certainty: Certainty, language: str) -> str:
    """Return the text, followed in brackets by its certainty where that is not high."""
    return f"{text} ({translations(language).gettext(certainty.label)})" if certainty.label else text


Texts = Mapping[str, str]
"""Texts by the tag of their language, which is empty for none."""


def text_of(row: Row, name: str) -> str:
    """Return the value of a column, empty where it is unbound."""
    return row[name].value if name in row else ""


def local_name(iri: str) -> str:
    """Return what follows the `#` of an IRI, or all of an IRI without one."""
    return iri.rpartition("#")[2]


def rows_by(rows: Iterable[Row], *names: str) -> dict[tuple[str, ...], list[Row]]:
    """Return the rows by their values of these columns, in the order of the first of each."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(text_of(row, name) for name in names), []).append(row)
    return found


def distinct_values_by(rows: Iterable[Row], key: str, name: str) -> dict[str, list[str]]:
    """Return the values of one column by those of another, each once; rows that lack either are passed over."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if key in row and name in row:
            found.setdefault(row[key].value, {})[row[name].value] = None
    return {each: list(values) for each, values in found.items()}


def texts_in(rows: Iterable[Row], name: str) -> dict[str, str]:
    """Return the texts of a column by language."""
    return {row[name].language: row[name].value for row in rows if name in row}


def texts_by(rows: Iterable[Row], key: str, name: str) -> dict[str, dict[str, str]]:
    """Return the texts of a column by the values of another and by language."""
    return {value: texts_in(each, name) for (value,), each in rows_by(rows, key).items()}


def name_key(text: str) -> list[tuple[int, str]]:
    """Return a key that sorts names as readers do: without accents and case, and 2 before 10."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    runs = re.findall(r"\d+|\D+", plain.casefold())
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in runs]


def write_csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table in CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
    return out.getvalue()
