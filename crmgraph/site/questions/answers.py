"""The answer to a query as pages show it: its rows in order, the words of the source beside them, and its columns.

The library's queries answer with names and, beside them, with the IRIs of what is named, for programs to go on with. On
a page a name leads to what it names, and words to where they stand: the columns that say the same again are left out
there, unless all are asked for, and so are those that have nothing in this answer. The same number may stand in several
themes of a plan: theirs is shown with it.
"""

import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import RdfFormat, parse
from starlette.exceptions import HTTPException

from crmgraph.errors import Bilingual
from crmgraph.reading.languages import key
from crmgraph.site.base import (
    GRAPHS,
    JSON_RESULTS,
    N_TRIPLES,
    TABLES,
    Record,
    Row,
    Site,
    Table,
    Term,
    bad_request,
    in_language,
    read_table,
    reference,
    term_of,
    texts_by,
)
from crmgraph.site.source import Quotation, read_contexts, read_quotations
from crmgraph.sparql import Format, Question
from crmgraph.sparql.engine import Snapshot

PARAMETERS = ("sort", "order", "page", "columns")
"""The parameters of an address that say how a page shows its rows."""

ROWS_SHOWN = 1000
"""The number of rows shown of an answer to a query that anybody wrote."""

_FORMS = {
    "order": ("asc|desc", "is asc or desc", "es asc o desc"),
    "page": (r"[1-9]\d{0,5}", "is a number from 1", "es un número a partir de 1"),
    "columns": ("all", "is all", "es all"),
}
_NUMERIC = ("integer", "decimal", "double", "float", "gYear", "nonNegativeInteger")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_DIGITS = re.compile(r"\d+", re.ASCII)
_MOST_DIGITS = 9
_NAMED = {
    "number": ("element", "part", "entry", "match"),
    "label": ("state", "theme", "element", "part", "thing"),
    "check": ("code",),
    "other_exact": ("other",),
}
"""The columns that a column of names may name, where its own name does not tell."""

_CONFIDENCE = "confidence_label"
_WORDS = "exact"
_PLACE = ("passage", "start", "end")
_THEMES = """
SELECT DISTINCT ?x ?theme ?label {
  VALUES ?x { %s }
  ?x cg:within ?theme . ?theme a cg:Theme ; cg:within ?plan ; rdfs:label ?label .
  FILTER EXISTS { ?other a cg:Theme ; cg:within ?plan FILTER (?other != ?theme) }
}"""


@dataclass(frozen=True)
class Arrangement:
    """The column that rows are sorted by, empty for the order of the answer, and the page that is shown, from 1.

    A page has `size` rows. `is_whole` is whether all columns are shown, and not only those that people read.
    """

    column: str = ""
    is_descending: bool = False
    page: int = 1
    size: int = 100
    is_whole: bool = False

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Arrangement":
        """Return what the parameters of an address ask for. Raises HTTPException 400 for a value that is none."""
        for name, (pattern, english, spanish) in _FORMS.items():
            if name in parameters and not re.fullmatch(pattern, parameters[name], re.ASCII):
                raise bad_request(f"The parameter {name} {english}.", f"El parámetro {name} {spanish}.")
        is_descending, page = parameters.get("order") == "desc", int(parameters.get("page", "1"))
        return cls(parameters.get("sort", ""), is_descending, page, is_whole="columns" in parameters)

    def shown(self, columns: Sequence[str], rows: Sequence[Row]) -> tuple[Row, ...]:
        """Return the rows of this page. Rows without a value in the column come last; equal ones keep their order.

        Raises HTTPException 400 where there is no such column, 404 where there is no such page.
        """
        if self.column and self.column not in columns:
            there = ", ".join(columns)
            raise bad_request(f"The parameter sort is one of {there}.", f"El parámetro sort es una de {there}.")
        last = self.pages(len(rows))
        if self.page > last:
            raise HTTPException(404, Bilingual(f"The answer has {last} pages.", f"La respuesta tiene {last} páginas."))
        if self.column:
            valued = [row for row in rows if self.column in row]
            valued.sort(key=lambda row: _rank(row[self.column]), reverse=self.is_descending)
            rows = [*valued, *(row for row in rows if self.column not in row)]
        return tuple(rows[(self.page - 1) * self.size : self.page * self.size])

    def pages(self, total: int) -> int:
        """Return the number of pages for so many rows."""
        return max(1, -(-total // self.size))

    def query(self, values: Mapping[str, str], **changes: Any) -> str:
        """Return the query string that shows the answer for these values so, or with `changes` of this arrangement."""
        new = replace(self, **changes)
        order, page = "desc" if new.is_descending else "", str(new.page) if new.page > 1 else ""
        own = {"sort": new.column, "order": order, "page": page, "columns": "all" if new.is_whole else ""}
        return "?" + urlencode({**values, **{name: value for name, value in own.items() if value}})


@dataclass(frozen=True)
class Result:
    """An answer: its `form` is SELECT, ASK, CONSTRUCT or DESCRIBE; `rows` are those shown, as the arrangement says.

    `words` has, for each row shown, the passages of the source that it points to. `seconds` is how long it took.
    `snapshots` answered in the place of endpoints that did not. `every` is all rows in the order of the answer. `lines`
    has, by IRI, the passages that say nothing by themselves, as a figure does, in the line where they stand.
    """

    form: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    words: tuple[tuple[Quotation, ...], ...]
    truth: bool | None
    seconds: float
    snapshots: tuple[Snapshot, ...]
    every: tuple[Row, ...]
    arrangement: Arrangement
    lines: Mapping[str, Record]

    @property
    def total(self) -> int:
        """The number of all rows."""
        return len(self.every)

    @property
    def words_column(self) -> str:
        """The column that holds the words of the source; empty where they are shown in a column of their own."""
        return _WORDS if _WORDS in self.columns else ""

    @property
    def adds_words(self) -> bool:
        """Whether the words of the source are shown in a column of their own."""
        return any(self.words) and not self.words_column


def evaluate(
    site: Site, question: Question, seconds: float, arrangement: Arrangement = Arrangement(size=ROWS_SHOWN)
) -> Result:
    """Return the answer to a question within so many seconds, whatever its media types, with its rows as arranged.

    Raises AnswerError where there is no answer, HTTPException where no rows are arranged so.
    """
    began = time.perf_counter()
    answer = site.ask(replace(question, result_type=JSON_RESULTS, graph_type=N_TRIPLES), seconds)
    took = time.perf_counter() - began
    truth = b"true" in answer.body if answer.form == "ASK" else None
    table = Table((), ())
    if answer.media_type == N_TRIPLES:
        table = _triples(answer.body)
    elif truth is None:
        table = read_table(answer.body)
    shown = arrangement.shown(table.columns, table.rows)
    words = _words(site, shown)
    # Words without a letter say nothing by themselves.
    bare = {each for of_row in words for each in of_row if not any(map(str.isalpha, each.exact))}
    lines = read_contexts(site, bare)
    return Result(
        answer.form, table.columns, shown, words, truth, took, answer.snapshots, table.rows, arrangement, lines
    )


def forms_of(result: Result | None) -> Sequence[Format]:
    """Return the forms that an answer can be downloaded in."""
    if result and result.form == "ASK":
        return [form for form in TABLES if form.short in ("json", "xml")]
    return GRAPHS if result and result.form in ("CONSTRUCT", "DESCRIBE") else TABLES


@dataclass(frozen=True)
class Layout:
    """How a table shows an answer: its `columns`, those it leaves out, and what each column means, by language.

    `naming` has, by each column of names, the column with the IRIs of what they name. `labels` are those of the IRIs
    that are shown themselves. `themes` has the name of the theme of a part and its language, where its plan has several
    and no column has it. Where it `is_whole`, everything is shown as files have it.
    """

    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, str]]
    naming: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_whole: bool = False

    def thing(self, row: Row, column: str) -> Term | None:
        """Return what a name in this column leads to: the IRI of what it names, or the code of a check."""
        found = self._named(row, column)
        return found if found and (found.is_iri or self.naming[column] == "code") else None

    def value(self, row: Row, column: str) -> Term:
        """Return what stands in this column: a date or a duration as such where the column has only its code."""
        value, named = row[column], self._named(row, column)
        return named if named and named.datatype and named.value == value.value else value

    def leaves_open(self, rows: Iterable[Row]) -> bool:
        """Return whether some of these rows have no degree of certainty, while the table has a column for it."""
        return _CONFIDENCE in self.columns and any(_CONFIDENCE not in row for row in rows)

    def theme(self, row: Row, column: str) -> tuple[str, str]:
        """Return the theme of the part that this column shows; nothing where a column before has shown it."""
        before = self.columns[: self.columns.index(column)]
        found = self.themes.get(self._part(row, column), ("", ""))
        return ("", "") if found in (self.themes.get(self._part(row, each)) for each in before) else found

    def nameless(self, row: Row, column: str) -> str:
        """Return the IRI of what this column should name, where nothing in the row does; empty elsewhere."""
        named = self._named(row, column)
        same = [each for each in self.columns if self.naming.get(each, "") == self.naming.get(column)]
        is_first = column == next(iter(same), "") and not any(each in row for each in same)
        return named.value if named and named.is_iri and is_first else ""

    def _named(self, row: Row, column: str) -> Term | None:
        return row.get(self.naming.get(column, ""))

    def _part(self, row: Row, column: str) -> str:
        """Return the IRI that the column shows, or of the part whose number it shows; empty for any other."""
        term = self._named(row, column) if _is_number(column) else row.get(column)
        is_shown = column in row or self.nameless(row, column)
        return term.value if is_shown and term and term.is_iri else ""


def layout_of(site: Site, meanings: Mapping[str, Mapping[str, str]], result: Result, language: str) -> Layout:
    """Return how a page shows an answer to a question of the library, by the meanings of its columns, in a language."""
    every = result.columns
    if result.arrangement.is_whole:
        return Layout(every, (), meanings, is_whole=True)
    readable = Layout(read_by_people(every), (), meanings, naming(every))
    columns = tuple(
        column
        for column in readable.columns
        if any(column in row or readable.nameless(row, column) for row in result.every)
    )
    bare = replace(readable, columns=columns, left_out=tuple(each for each in every if each not in columns))
    cells = [(row, column) for row in result.rows for column in columns]
    shown = {row[column].value for row, column in cells if column in row and row[column].is_iri}
    shown |= {bare.nameless(row, column) for row, column in cells} - {""}
    labels = {iri: in_language(found, language)[0] for iri, found in site.labels(shown).items()}
    numbered = {bare.naming[column] for column in columns if _is_number(column) and column in bare.naming}
    parts = {row[named].value for row in result.rows for named in numbered if named in row and row[named].is_iri}
    themes = _themes(site, shown | parts, language) if numbered and "theme_label" not in columns else {}
    return replace(bare, labels=labels, themes=themes)


def naming(columns: Collection[str]) -> dict[str, str]:
    """Return, by each column that holds names, the column with the IRIs of what they name."""
    found = {
        column: column.removesuffix(end) for end in ("_label", "_number") for column in columns if column.endswith(end)
    }
    named = set(found.values())
    for name, candidates in _NAMED.items():
        there = [each for each in candidates if each in columns]
        unnamed = [each for each in there if each not in named]
        # A number may be of what has a name in another column, too.
        found[name] = next(iter(unnamed or (there if name == "number" else ())), "")
    return {name: of for name, of in found.items() if name in columns and of in columns}


def read_by_people(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns without the IRIs of what others name, and without the places of words that are there.

    The words of the source come last.
    """
    repeated = {*naming(columns).values(), *(_PLACE if _WORDS in columns else ())}
    return tuple(sorted((column for column in columns if column not in repeated), key=_WORDS.__eq__))


def _rank(term: Term) -> tuple[int, Decimal, str, str]:
    """Return the sort key of a value: numbers by size, before words; within words, 2.10 comes after 2.9."""
    if term.datatype.rpartition("#")[2] in _NUMERIC and _NUMBER.fullmatch(term.value):
        return 0, Decimal(term.value), "", ""
    return 1, Decimal(0), _DIGITS.sub(lambda found: found[0].zfill(_MOST_DIGITS), key(term.value)), term.value


def _triples(body: bytes) -> Table:
    """Return the statements of a graph in N-Triples, sorted."""
    columns = ("subject", "predicate", "object")
    rows = [
        {name: term_of(getattr(quad, name)) for name in columns} for quad in parse(body, format=RdfFormat.N_TRIPLES)
    ]
    return Table(columns, tuple(sorted(rows, key=lambda row: [row[name].value for name in columns])))


def _words(site: Site, rows: tuple[Row, ...]) -> tuple[tuple[Quotation, ...], ...]:
    """Return the passages that each row names by their IRIs."""
    found = read_quotations(site, {each.value for row in rows for each in row.values() if each.is_iri})
    named = (dict.fromkeys(each.value for each in row.values()) for row in rows)
    return tuple(tuple(found[iri] for iri in iris if iri in found) for iris in named)


def _is_number(column: str) -> bool:
    return column == "number" or column.endswith("_number")


def _themes(site: Site, parts: Iterable[str], language: str) -> dict[str, tuple[str, str]]:
    """Return the name of the theme of each of these parts that is in one of several, and its language."""
    rows = site.select(_THEMES % " ".join(sorted(map(reference, parts))))
    named = {iri: in_language(found, language) for iri, found in texts_by(rows, "theme", "label").items()}
    themes = {row["x"].value: named[row["theme"].value] for row in rows}
    # A name that its document has in capitals stands beside others here.
    return {iri: (name.capitalize() if name.isupper() else name, tongue) for iri, (name, tongue) in themes.items()}
