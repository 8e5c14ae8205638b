"""What the pages of the site stand on: a way to ask, the names, the library and the identity of the dataset."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from crmgraph.http.languages import marked, translations
from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import LANGUAGE_IRIS, ONTOLOGY, Names
from crmgraph.sparql import Answer, Engine, Question
from crmgraph.sparql.states import dataset_of, is_as_built

__all__ = [
    "SURE",
    "Certainty",
    "Row",
    "Site",
    "Table",
    "Term",
    "certainty_in",
    "certainty_of",
    "doubt",
    "in_language",
    "read_table",
    "reference",
    "with_doubt",
]

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
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_BEFORE_COLON = re.compile(r"([\w-]+):")
_NOT_IN_AN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


class Term(NamedTuple):
    """One value in an answer: `kind` is `uri`, `literal`, `bnode` or `triple`."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        """Whether the value is an IRI."""
        return self.kind == "uri"

    @property
    def turtle(self) -> str:
        """The IRI or literal as Turtle writes it."""
        if self.is_iri:
            return f"<{self.value}>"
        quoted = f'"{self.value.translate(_ESCAPES)}"'
        if self.language:
            return f"{quoted}@{self.language}"
        return f"{quoted}^^<{self.datatype}>" if self.datatype else quoted


Row = Mapping[str, Term]


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query: its columns, and a row for each solution (without the unbound columns)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Site:
    """What the pages need to know. `seconds` is the time limit of one query of a page, or of a visitor.

    `digest` is that of the dataset that was built, `report` the file with its findings in JSON. `written` tells in
    which state the data are where they are written to; None where nobody writes to them here.
    `contact` is an e-mail or web address of whoever runs it; empty where they gave none.
    `gone` is set when the visitor has left, for whom nothing more is asked then; None where nobody watches. `client` is
    who visits (see Question).
    """

    pool: Engine
    names: Names
    digest: str
    library: Mapping[str, LibraryQuestion]
    seconds: float = 30.0
    report: Path | None = None
    contact: str = ""
    gone: Event | None = None
    client: str = ""
    written: Callable[[], str] | None = None

    @property
    def state(self) -> str:
        """What names the data as they are now."""
        return self.written() if self.written else self.pool.state or self.digest

    @property
    def is_as_built(self) -> bool:
        """Whether the data are as a build made them, so that what it computed of them holds."""
        return self.state == self.digest or is_as_built(self.state)

    @property
    def origin(self) -> str:
        """The digest of the dataset that the data were built as; nothing where nobody knows."""
        return self.digest if self.state == self.digest else dataset_of(self.state)

    @property
    def may_keep(self) -> bool:
        """Whether what was read holds until the state is another: nobody else can change the data."""
        return self.pool.state is None

    def ask(self, question: Question, seconds: float) -> Answer:
        """The answer to a question of the visitor's within so many seconds. Raises AnswerError where there is none."""
        return self.pool.answer(replace(question, client=self.client), seconds, self.gone)

    def select(self, query: str) -> tuple[Row, ...]:
        """The rows of a SELECT query of our own; our prefixes that it uses are declared."""
        return read_table(self.results(query)).rows

    def recall(self, query: str) -> tuple[Row, ...]:
        """The rows as `select` has them, kept while the data are the same where they may be: what many pages need."""
        return _recalled(_Recalled(self.state, query, self)) if self.may_keep else self.select(query)

    def results(self, query: str) -> bytes:
        """The answer to a SELECT query of our own as it comes, to be read by `read_table`."""
        return self.table(query, JSON_RESULTS)

    def table(self, query: str, media_type: str) -> bytes:
        """The answer to a SELECT query of our own, written in this media type."""
        return self._answer(query, media_type, N_TRIPLES)

    def construct(self, query: str, media_type: str) -> bytes:
        """The graph of a CONSTRUCT query of our own, written in this media type."""
        return self._answer(query, JSON_RESULTS, media_type)

    def labels(self, iris: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """The labels of these IRIs by language (`""` for none), for those that have any; of plans, and of the
        documents that they were read from, the short names.

        All labels there are are kept as by `recall`, for most pages need some here and some there.
        """
        wanted = set(iris)
        if self.may_keep:
            known = _all_labels(_Recalled(self.state, _LABELS % {"which": ""}, self))
            return {iri: known[iri] for iri in wanted if iri in known}
        values = " ".join(sorted(map(reference, wanted)))
        query = _LABELS % {"which": f"VALUES ?x {{ {values} }}"}
        return _labels_by_iri(self.select(query)) if values else {}

    def language_of(self, source: str) -> str:
        """Return the tag (BCP 47) of the language that the source with this IRI is written in; empty if not known."""
        known = {row["source"].value: row["language"].value for row in self.recall(_LANGUAGES)}
        return next((tag for tag, iri in LANGUAGE_IRIS.items() if iri == known.get(source)), "")

    def _answer(self, query: str, result_type: str, graph_type: str) -> bytes:
        # All prefixes would take longer to read than most queries.
        used = set(_BEFORE_COLON.findall(query))
        declared = ((prefix, iri) for prefix, iri in self.names.prefixes().items() if prefix in used)
        prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in declared)
        question = Question(
            text=prologue + query,
            result_type=result_type,
            graph_type=graph_type,
            prefixes=self.names.prefixes(),
        )
        return self.ask(question, self.seconds).body


@dataclass(frozen=True)
class _Recalled:
    """A query to the data in one state; whichever site asks it."""

    state: str
    query: str
    site: Site = field(compare=False)


@lru_cache(maxsize=128)
def _recalled(asked: _Recalled) -> tuple[Row, ...]:
    return asked.site.select(asked.query)


@lru_cache(maxsize=1)
def _all_labels(asked: _Recalled) -> Mapping[str, Mapping[str, str]]:
    return _labels_by_iri(asked.site.select(asked.query))


def _labels_by_iri(rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    short: dict[str, dict[str, str]] = {}
    for row in rows:
        labels = short if "is_short" in row else found
        labels.setdefault(row["x"].value, {})[row["label"].language] = row["label"].value
    # What the document of a plan prints over it is often no more than “Plan of Action”.
    return found | short


def read_table(body: bytes) -> Table:
    """The table that is written in SPARQL results JSON (SPARQL 1.1 Query Results JSON Format, section 3)."""
    document = json.loads(body)
    rows = tuple({name: _term(value) for name, value in binding.items()} for binding in document["results"]["bindings"])
    return Table(tuple(document["head"]["vars"]), rows)


def reference(iri: str) -> str:
    """The IRI as it is written in SPARQL. Raises ValueError where it holds a character that no IRI may hold."""
    if _NOT_IN_AN_IRI.search(iri):
        raise ValueError(f"not an IRI: {iri!r}")
    return f"<{iri}>"


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """The text in this language, else in English, Spanish or any other, with the language that it is in."""
    for candidate in (language, "en", "es", *texts):
        if candidate in texts:
            return texts[candidate], candidate
    return "", ""


def _term(value: Mapping[str, Any]) -> Term:
    if value["type"] == "triple":
        parts = (_term(value["value"][place]) for place in ("subject", "predicate", "object"))
        return Term("triple", "<<( " + " ".join(part.value for part in parts) + " )>>")
    kind = "literal" if value["type"] == "typed-literal" else value["type"]
    return Term(kind, value["value"], value.get("xml:lang", ""), value.get("datatype", ""))


_WORDS = {
    f"{ONTOLOGY}/confidence#medium": marked("medium certainty"),
    f"{ONTOLOGY}/confidence#low": marked("low certainty"),
    f"{ONTOLOGY}/confidence#none": marked("no source"),
}


@dataclass(frozen=True)
class Certainty:
    """How certain the statement with this IRI is: the IRI of a degree. Both are empty where nobody has doubts."""

    iri: str = ""
    degree: str = ""

    @property
    def words(self) -> str:
        """The degree in English, marked for translation; nothing where nobody has doubts."""
        return _WORDS.get(self.degree, "")


SURE = Certainty()
"""That of what nobody doubts."""


def doubt(variable: str) -> str:
    """The piece of a query that `certainty_in` reads: how certain the statement in the variable is, if below high."""
    return f"""
  OPTIONAL {{ {variable} cg:confidence ?degree FILTER (?degree != confidence:high) BIND ({variable} AS ?doubted) }}"""


def certainty_in(row: Row) -> Certainty:
    """How certain the statement of a row is, by the query that has `doubt`."""
    return Certainty(row["doubted"].value, row["degree"].value) if "doubted" in row else SURE


def certainty_of(statements: Iterable[Certainty]) -> Certainty:
    """How certain what several statements say together is: in doubt, as the first is, only where each of them is."""
    all_of_them = list(statements)
    return SURE if SURE in all_of_them else all_of_them[0]


def with_doubt(text: str, certainty: Certainty, language: str) -> str:
    """The text, and in brackets how certain it is, where somebody has doubts: as pages mark it, for plain text."""
    return f"{text} ({translations(language).gettext(certainty.words)})" if certainty.words else text
