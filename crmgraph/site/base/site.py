"""The `Site` that pages query, and helpers for the terms, rows and texts in the results."""

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
from crmgraph.sparql.engine import Answer, Engine, Question, dataset_digest_of, is_as_built

JSON_RESULTS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
_LABELS = """
SELECT ?x ?label ?is_short {
  { %(which)s ?x rdfs:label ?label }
  UNION { %(which)s ?x a cg:Plan ; dcterms:alternative ?label BIND (true AS ?is_short) }
  UNION {
    %(which)s ?x a cg:Source ; rdfs:label ?printed . ?plan dcterms:source ?x ; dcterms:alternative ?name
    FILTER (LANG(?printed) = LANG(?name) && CONTAINS(?printed, ": "))
    BIND (STRLANG(CONCAT(STR(STRBEFORE(?printed, ": ")), ": ", STR(?name)), LANG(?name)) AS ?label)
    BIND (true AS ?is_short)
  }
}"""
_SOURCE_LANGUAGES = "SELECT ?source ?language { ?source a cg:Source ; dcterms:language ?language }"
_PREFIX = re.compile(r"([\w-]+):")
_FORBIDDEN_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_PYTHON_TYPES: Mapping[str, Callable[[str], str | float | bool]] = {
    "integer": int,
    "decimal": float,
    "boolean": lambda value: value == "true",
}
_CACHE_BYTES = 2**29
"""The size limit of the cache of `Site.cached`, in bytes."""

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)


class Term(NamedTuple):
    """An RDF term in a query result.

    Attributes:
        kind: `uri`, `literal`, `bnode` or `triple`.
        value: the IRI, the lexical form, the label of the blank node, or the triple in N-Triples.
        language: the language tag of a literal, or "".
        datatype: the IRI of the datatype of a literal; "" for xsd:string and rdf:langString.
    """

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        """Whether the term is an IRI."""
        return self.kind == "uri"

    @property
    def python_value(self) -> str | float | bool:
        """The value as a Python number or boolean if the datatype is numeric or xsd:boolean, else as a string."""
        return _PYTHON_TYPES.get(self.datatype.rpartition("#")[2], str)(self.value)

    @property
    def spoken_language(self) -> str:
        """The language of the words: `es` for a label with the tag `en-x-es`, which stands in for an English one."""
        return self.language.rpartition("-x-")[2]

    @property
    def turtle(self) -> str:
        """The IRI or literal in Turtle syntax."""
        if self.is_iri:
            return str(NamedNode(self.value))
        return str(
            Literal(
                self.value,
                datatype=NamedNode(self.datatype) if self.datatype else None,
                language=self.language or None,
            )
        )


Row = Mapping[str, Term]
"""A solution of a SELECT query: the terms by the names of variables, without unbound variables."""


Record = SimpleNamespace
"""An object whose attributes are the values that a query found for one thing; see `Site.records`."""


class Table(NamedTuple):
    """The result of a SELECT query: the names of its variables, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Site:
    """The dataset and the settings that pages use.

    Attributes:
        pool: the engine that answers queries.
        names: the namespaces of the dataset.
        digest: the digest of the dataset as it was built.
        library: the questions of the library, by name.
        seconds: the time limit of a query.
        report: the JSON file with the findings of the build, if it exists.
        contact: an e-mail or web address of the operator, or "".
        cancel_event: is set when the visitor disconnects, which cancels queries; None if the connection is not watched.
        client: the IP address of the visitor (see Question).
        read_state: returns the current state of a dataset that this server can write to; None for a read-only dataset.
        cache: what `cached` stores.
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
    read_state: Callable[[], str] | None = None
    cache: SizedCache[Any] = field(default_factory=lambda: SizedCache(_CACHE_BYTES), compare=False, repr=False)

    @property
    def state(self) -> str:
        """The identifier of the current state of the data. It changes whenever the data change."""
        return self.read_state() if self.read_state else self.pool.state or self.digest

    @property
    def is_as_built(self) -> bool:
        """Whether the data are unchanged since a build, so that the files made by the build describe them."""
        return self.state == self.digest or is_as_built(self.state)

    @property
    def built_digest(self) -> str:
        """The digest of the built dataset that the data come from; "" if unknown."""
        return self.digest if self.state == self.digest else dataset_digest_of(self.state)

    @property
    def may_cache(self) -> bool:
        """Whether no other program can change the data: results may then be cached until their state changes."""
        return self.pool.state is None

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the result of `make`. If `may_cache` is true, results are cached by `key` until the data change."""
        if not self.may_cache:
            return make()
        state = self.state
        kept: T | None = self.cache.get(state, key)
        if kept is None:
            kept = make()
            self.cache.put(state, key, kept)
        return kept

    def ask(self, question: Question, seconds: float) -> Answer:
        """Return the answer to a question of the visitor, with a time limit in seconds.

        Raises AnswerError if the question cannot be answered.
        """
        return self.pool.answer(replace(question, client=self.client), seconds, self.cancel_event)

    def read(self, query: str, *, is_cached: bool = False) -> Table:
        """Return the result of a SELECT query of ours. Our prefixes need no declaration in the query.

        `is_cached` caches the result until the data change; it is meant for queries of many pages.
        """
        if is_cached:
            return self.cached(query, lambda: self.read(query))
        return read_table(self.answer(query, JSON_RESULTS))

    def select(self, query: str, *, is_cached: bool = False) -> tuple[Row, ...]:
        """Return the rows of a SELECT query of ours (see `read`)."""
        return self.read(query, is_cached=is_cached).rows

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
        """Return a record for each group of rows of a SELECT query of ours, in the order of the rows.

        Each column becomes an attribute of the record: the first value in the group as a Python value, or "".

        Arguments:
            query: the query.
            keys: the columns by which rows are grouped.
            language: the preferred language of texts.
            texts: the columns whose attribute is the text in this language (see `in_language`). The attribute
                NAME_language is the language of the text found; for the column `label` this is `language`.
            lists: the columns whose attribute is the list of their distinct values.
            terms: the columns whose values remain terms.
            is_cached: whether to cache the result of the query.
        """
        table, found = self.read(query, is_cached=is_cached), []
        for rows in rows_by(table.rows, *keys).values():
            first = {name: next((row[name] for row in rows if name in row), None) for name in table.columns}
            values: dict[str, Any] = {
                name: "" if term is None else term if name in terms else term.python_value
                for name, term in first.items()
            }
            for name in texts:
                language_name = "language" if name == "label" else f"{name}_language"
                values[name], values[language_name] = in_language(texts_by_language(rows, name), language)
            for name in lists:
                values[name] = list(dict.fromkeys(row[name].python_value for row in rows if name in row))
            found.append(Record(**values))
        return found

    def answer(self, query: str, media_type: str) -> bytes:
        """Return the result of a SELECT or CONSTRUCT query of ours in this media type.

        Our prefixes need no declaration in the query.
        """
        # Parsing declarations of all prefixes takes longer than most queries.
        used, prefixes = set(_PREFIX.findall(query)), self.names.prefixes()
        prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items() if prefix in used)
        question = Question(prologue + query, result_type=media_type, graph_type=media_type, prefixes=prefixes)
        return self.ask(question, self.seconds).body

    def labels(self, iris: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Return the labels of these IRIs, by IRI and language tag ("" for none). IRIs without labels are left out.

        Plans and their source documents have their short names as labels. The labels of all things are cached together.
        """
        # Unbound values give empty IRIs.
        wanted = {iri for iri in iris if iri}
        if not wanted:
            return {}
        known = (
            self.cached("labels", lambda: self._labels(""))
            if self.may_cache
            else self._labels(f"VALUES ?x {{ {' '.join(sorted(map(iri_ref, wanted)))} }}")
        )
        return {iri: known[iri] for iri in wanted if iri in known}

    def language_of(self, source: str) -> str:
        """Return the language tag (BCP 47) of the source document with this IRI, or "" if unknown."""
        known = {row["source"].value: row["language"].value for row in self.select(_SOURCE_LANGUAGES, is_cached=True)}
        return next((tag for tag, iri in LANGUAGE_IRIS.items() if iri == known.get(source)), "")

    def _labels(self, which: str) -> dict[str, dict[str, str]]:
        rows = self.select(_LABELS % {"which": which})
        found = texts_by((row for row in rows if "is_short" not in row), "x", "label")
        # The title printed on a plan is often only “Plan of Action”, so its short name replaces it.
        return found | texts_by((row for row in rows if "is_short" in row), "x", "label")


def read_table(body: bytes) -> Table:
    """Parse SPARQL results JSON (SPARQL 1.1 Query Results JSON Format, section 3).

    Raises TypeError for the result of an ASK query.
    """
    found = parse_query_results(body, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise TypeError("not the answer to a SELECT query")
    columns = tuple(variable.value for variable in found.variables)
    rows = ({name: term_of(node) for name, node in zip(columns, row, strict=True) if node} for row in found)
    return Table(columns, tuple(rows))


def term_of(node: NamedNode | BlankNode | Literal | Triple) -> Term:
    """Convert a term of pyoxigraph to a Term."""
    if isinstance(node, Literal):
        is_plain = node.language or node.datatype.value == PREFIXES["xsd"] + "string"
        return Term("literal", node.value, node.language or "", "" if is_plain else node.datatype.value)
    if isinstance(node, Triple):
        return Term("triple", str(node))
    return Term("uri" if isinstance(node, NamedNode) else "bnode", node.value)


def iri_ref(iri: str) -> str:
    """Return the IRI in angle brackets, as SPARQL requires.

    Raises ValueError if it contains a character that IRIs may not contain.
    """
    if _FORBIDDEN_IN_IRI.search(iri):
        raise ValueError(f"not an IRI: {iri!r}")
    return f"<{iri}>"


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return the text in this language, or else in English, Spanish or any other, and the language of this text.

    `texts` has texts by language tag. Return two empty strings if there is no text.
    """
    return next(((texts[each], each) for each in (language, "en", "es", *texts) if each in texts), ("", ""))


_CERTAINTY_LABELS = {
    f"{ONTOLOGY}/confidence#medium": marked("medium certainty"),
    f"{ONTOLOGY}/confidence#low": marked("low certainty"),
    f"{ONTOLOGY}/confidence#none": marked("no source"),
}


class Certainty(NamedTuple):
    """The degree of certainty of a statement. Both attributes are "" if certainty is high.

    Attributes:
        iri: the IRI of the statement.
        label: the degree in English, marked for translation, such as "low certainty".
    """

    iri: str = ""
    label: str = ""


CERTAIN = Certainty()
"""The certainty of a statement that is certain, or whose certainty is not stated."""


def certainty_pattern(variable: str) -> str:
    """Return the graph pattern that adds the columns for `certainty_in` to a query.

    `variable` is the variable of the statement, such as `?membership`.
    """
    return f"""
  OPTIONAL {{ {variable} cg:confidence ?degree FILTER (?degree != confidence:high) BIND ({variable} AS ?doubted) }}"""


def certainty_in(row: Row) -> Certainty:
    """Return the certainty of the statement in a row of a query that contains a `certainty_pattern`."""
    return (
        Certainty(row["doubted"].value, _CERTAINTY_LABELS.get(row["degree"].value, "")) if "doubted" in row else CERTAIN
    )


def certainty_of(statements: Iterable[Certainty]) -> Certainty:
    """Return the joint certainty of several statements with the same content: high if one is, else that of the first.

    Raises IndexError if there are no statements.
    """
    found = list(statements)
    return CERTAIN if CERTAIN in found else found[0]


def with_certainty(text: str, certainty: Certainty, language: str) -> str:
    """Return the text, followed by its degree of certainty in brackets if that is not high."""
    return f"{text} ({translations(language).gettext(certainty.label)})" if certainty.label else text


Texts = Mapping[str, str]
"""Texts by language tag; the tag is "" for a text without a language."""


def value_or_empty(row: Row, name: str) -> str:
    """Return the value of a column in a row, or "" if it is unbound."""
    return row[name].value if name in row else ""


def local_name(iri: str) -> str:
    """Return the part of an IRI after the `#`, or the whole IRI if it has none."""
    return iri.rpartition("#")[2]


def grouped(items: Iterable[T], key: Callable[[T], Key]) -> dict[Key, list[T]]:
    """Return items in lists by their key, in the order of first appearance."""
    found: dict[Key, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def rows_by(rows: Iterable[Row], *names: str) -> dict[tuple[str, ...], list[Row]]:
    """Group rows by their values in these columns, in the order of first appearance; unbound values count as ""."""
    return grouped(rows, lambda row: tuple(value_or_empty(row, name) for name in names))


def distinct_values_by(rows: Iterable[Row], key: str, name: str) -> dict[str, list[str]]:
    """Return the distinct values of the column `name` for each value of the column `key`.

    Rows without a value in one of the two columns are ignored.
    """
    valued = rows_by((row for row in rows if key in row and name in row), key)
    return {value: list(dict.fromkeys(row[name].value for row in each)) for (value,), each in valued.items()}


def texts_by_language(rows: Iterable[Row], name: str) -> dict[str, str]:
    """Return the texts of the column `name` by the tag of their own language: that of `en-x-es` is `es`."""
    return {row[name].spoken_language: row[name].value for row in rows if name in row}


def texts_by(rows: Iterable[Row], key: str, name: str) -> dict[str, dict[str, str]]:
    """Return the texts of the column `name` by language tag, for each value of the column `key`."""
    return {value: texts_by_language(each, name) for (value,), each in rows_by(rows, key).items()}


def name_key(text: str) -> list[tuple[int, str]]:
    """Return a sort key for names that ignores accents and case and sorts numbers by value: 2 before 10."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in re.findall(r"\d+|\D+", plain.casefold())]


def write_csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
    return out.getvalue()
