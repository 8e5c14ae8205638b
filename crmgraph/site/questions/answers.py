"""Which rows of an answer a page shows, and in which order: by a column that the visitor chose, a part at a time."""

import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from starlette.exceptions import HTTPException

from crmgraph.reading.folding import key
from crmgraph.site.base.representations import GRAPHS, TABLES
from crmgraph.site.base.site import JSON_RESULTS, N_TRIPLES, Row, Site, Term, in_language, read_table, reference
from crmgraph.site.source import Context, Quotation, contexts, document, quotations, words_at
from crmgraph.sparql import Format, Question
from crmgraph.sparql.question import Snapshot
from crmgraph.wording import Bilingual

__all__ = [
    "PARAMETERS",
    "ROWS_SHOWN",
    "Arrangement",
    "Layout",
    "Result",
    "evaluate",
    "forms_of",
    "layout_of",
    "naming",
    "read_by_people",
]

PARAMETERS = ("sort", "order", "page", "columns")
"""The parameters of an address that say how a page shows its rows."""

_ORDERS = ("asc", "desc")
_EVERY = "all"
_NUMERIC = ("integer", "decimal", "double", "float", "gYear", "nonNegativeInteger")
_DIGITS = re.compile(r"(\d+)", re.ASCII)
_MOST_DIGITS = 9

_Rank = tuple[int, Decimal, tuple[tuple[int, int, str], ...], str]


@dataclass(frozen=True)
class Arrangement:
    """The column that the rows are sorted by, none for the order of the answer; and which part of them, from 1.

    A part has `size` rows. `is_whole` is whether all columns are shown, and not those alone that people read.
    """

    column: str = ""
    is_descending: bool = False
    page: int = 1
    size: int = 100
    is_whole: bool = False

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Arrangement":
        """What the parameters of an address ask for. Raises HTTPException 400 for an order or a part that is none."""
        order, page = parameters.get("order", "asc"), parameters.get("page", "1")
        if order not in _ORDERS:
            raise _refusal("order is asc or desc", "order es asc o desc")
        if not re.fullmatch(r"[1-9]\d{0,5}", page, re.ASCII):
            raise _refusal("page is a number from 1", "page es un número a partir de 1")
        if parameters.get("columns", _EVERY) != _EVERY:
            raise _refusal("columns is all", "columns es all")
        is_whole = "columns" in parameters
        return cls(parameters.get("sort", ""), order == "desc", int(page), is_whole=is_whole)

    def shown(self, columns: Sequence[str], rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows of this part. Raises HTTPException 400 where there is no such column, 404 no such part."""
        if self.column and self.column not in columns:
            there = ", ".join(columns)
            raise _refusal(f"sort is one of {there}", f"sort es una de {there}")
        if self.page > self.pages(len(rows)):
            last = self.pages(len(rows))
            raise HTTPException(404, Bilingual(f"The answer has {last} pages.", f"La respuesta tiene {last} páginas."))
        start = (self.page - 1) * self.size
        return tuple(self._sorted(rows)[start : start + self.size])

    def pages(self, total: int) -> int:
        """How many parts so many rows have."""
        return max(1, -(-total // self.size))

    def query(self, values: Mapping[str, str]) -> str:
        """The query string of the page that shows the answer for these values in this way."""
        own = {"sort": self.column, "order": "desc" if self.is_descending else "", "page": str(self.page)}
        own["columns"] = _EVERY if self.is_whole else ""
        kept = {name: value for name, value in own.items() if value and (name, value) != ("page", "1")}
        return "?" + urlencode({**values, **kept})

    def by(self, column: str) -> "Arrangement":
        """The rows by this column from its beginning, or the other way round where they are so already."""
        turned = self.column == column and not self.is_descending
        return replace(self, column=column, is_descending=turned, page=1)

    def at(self, page: int) -> "Arrangement":
        """The same rows, another part of them."""
        return replace(self, page=page)

    def with_columns(self, is_whole: bool) -> "Arrangement":
        """The same rows with all columns, or with those that people read."""
        return replace(self, is_whole=is_whole)

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        """What has no value in the column comes last, either way; what is equal there stays in its order."""
        if not self.column:
            return list(rows)
        valued = [row for row in rows if self.column in row]
        valued.sort(key=lambda row: _rank(row[self.column]), reverse=self.is_descending)
        return [*valued, *(row for row in rows if self.column not in row)]


def _rank(term: Term) -> _Rank:
    """Numbers by their size and before words; in words, numbers count as such (2.10 comes after 2.9)."""
    if term.datatype.rpartition("#")[2] in _NUMERIC:
        try:
            number = Decimal(term.value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return 0, number, (), ""
    parts = _DIGITS.split(key(term.value))
    words = tuple(
        (0, int(part), "") if place % 2 and len(part) <= _MOST_DIGITS else (1, 0, part)
        for place, part in enumerate(parts)
        if part
    )
    return 1, Decimal(0), words, term.value


def _refusal(english: str, spanish: str) -> HTTPException:
    return HTTPException(400, Bilingual(f"The parameter {english}.", f"El parámetro {spanish}."))


ROWS_SHOWN = 1000
"""How many rows are shown of an answer that nobody arranges."""

_AS_IT_COMES = Arrangement(size=ROWS_SHOWN)
_PASSAGE_PATH = re.compile(r"source/.+/\d+-\d+")


@dataclass(frozen=True)
class Result:
    """An answer: `form` is SELECT, ASK, CONSTRUCT or DESCRIBE; `total` counts all rows, `rows` holds those shown.

    `words` has, for each row shown, the passages of the source that the row points to. `seconds` is how long it took
    to answer; `snapshots` answered in the place of endpoints that did not. `every` row is there in the order of the
    answer, and `arrangement` says which are shown and how. `lines` has those passages in their place, by IRI, that say
    nothing by themselves, as a figure does.
    """

    form: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    words: tuple[tuple[Quotation, ...], ...]
    total: int
    truth: bool | None
    seconds: float
    snapshots: tuple[Snapshot, ...]
    every: tuple[Row, ...] = ()
    arrangement: Arrangement = _AS_IT_COMES
    lines: Mapping[str, Context] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are shown."""
        return self.total > len(self.rows)

    @property
    def words_column(self) -> str:
        """The column that holds the source's words already; empty where they are to be shown in one of their own."""
        return "exact" if "exact" in self.columns else ""

    @property
    def adds_words(self) -> bool:
        """Whether the source's words are to be shown in a column of their own."""
        return any(self.words) and not self.words_column


def evaluate(site: Site, question: Question, seconds: float, arrangement: Arrangement = _AS_IT_COMES) -> Result:
    """Answer the question within so many seconds, whatever its media types, and show its rows as arranged.

    Raises AnswerError if it gets no answer, HTTPException where there are no rows that are arranged so.
    """
    began = time.perf_counter()
    answer = site.ask(replace(question, result_type=JSON_RESULTS, graph_type=N_TRIPLES), seconds)
    took = time.perf_counter() - began
    if answer.media_type == N_TRIPLES:
        columns: tuple[str, ...] = ("subject", "predicate", "object")
        rows = tuple(sorted(_triples(answer.body), key=lambda row: tuple(term.value for term in row.values())))
        truth = None
    elif answer.form == "ASK":
        columns, rows, truth = (), (), b"true" in answer.body
    else:
        table = read_table(answer.body)
        columns, rows, truth = table.columns, table.rows, None
    shown = arrangement.shown(columns, rows)
    words = _words(site, shown)
    lines = contexts(site, {each for of_row in words for each in of_row if each.iri and _says_nothing(each.exact)})
    total, copies = len(rows), answer.snapshots
    return Result(answer.form, columns, shown, words, total, truth, took, copies, rows, arrangement, lines)


def forms_of(result: Result | None) -> Sequence[Format]:
    """The forms that an answer can be downloaded in."""
    if result and result.form == "ASK":
        return [form for form in TABLES if form.short in ("json", "xml")]
    return GRAPHS if result and result.form in ("CONSTRUCT", "DESCRIBE") else TABLES


def _says_nothing(words: str) -> bool:
    return not any(character.isalpha() for character in words)


def _triples(body: bytes) -> Iterable[Row]:
    def term(node: object) -> Term:
        if isinstance(node, NamedNode):
            return Term("uri", node.value)
        if isinstance(node, BlankNode):
            return Term("bnode", node.value)
        if isinstance(node, Literal):
            return Term("literal", node.value, node.language or "", node.datatype.value)
        return Term("triple", str(node))

    for quad in parse(body, format=RdfFormat.N_TRIPLES):
        yield {"subject": term(quad.subject), "predicate": term(quad.predicate), "object": term(quad.object)}


def _words(site: Site, rows: tuple[Row, ...]) -> tuple[tuple[Quotation, ...], ...]:
    """The passages that each row names by their IRIs or by columns ?start and ?end."""
    named = [[term.value for term in row.values() if _is_passage(site, term)] for row in rows]
    ranges = [_range(row) if not iris else None for row, iris in zip(rows, named, strict=True)]
    found = quotations(site, {iri for iris in named for iri in iris})
    source = site.names.id("source", "crm")
    whole = document(site, source) if any(ranges) else None
    words = []
    for iris, places in zip(named, ranges, strict=True):
        quoted = [found[iri] for iri in iris if iri in found]
        if places and whole and (at := words_at(whole, *places)):
            quoted.append(at)
        words.append(tuple(quoted))
    return tuple(words)


def _is_passage(site: Site, term: Term) -> bool:
    space = site.names.id()
    return term.is_iri and term.value.startswith(space) and bool(_PASSAGE_PATH.fullmatch(term.value[len(space) :]))


def _range(row: Row) -> tuple[int, int] | None:
    try:
        return int(row["start"].value), int(row["end"].value)
    except (KeyError, ValueError):
        return None


_ENDINGS = ("_label", "_number")
_CODE = "code"
_NAMED = {
    "number": ("element", "part", "entry", "match"),
    "label": ("state", "theme", "element", "part", "thing"),
    "check": (_CODE,),
    "other_exact": ("other",),
}
_NUMBER = "number"
_THEME = "theme_label"
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
class Layout:
    """How a table shows an answer: its `columns`, those that it leaves out, and what each column means, by language.

    `naming` has, by each column of names, the column with the IRIs of what they name. `labels` are those of the IRIs
    that are shown themselves. `themes` has what the theme of a part is called, and in which language, where its plan
    has several and no column tells it. Where it `is_whole`, everything is shown as files have it.
    """

    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, str]]
    naming: Mapping[str, str]
    labels: Mapping[str, str]
    themes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_whole: bool = False

    def has(self, row: Row, column: str) -> bool:
        """Whether there is anything to show of the row in this column."""
        return column in row or bool(self.nameless(row, column))

    def thing(self, row: Row, column: str) -> Term | None:
        """What a name in this column leads to: the IRI of what it names, or the code of a check."""
        named = self.naming.get(column, "")
        found = row.get(named)
        return found if found and (found.is_iri or named == _CODE) else None

    def value(self, row: Row, column: str) -> Term:
        """What stands in this column: a date or a duration as such where the column has only its code."""
        said, named = row[column], row.get(self.naming.get(column, ""))
        return named if named and not named.is_iri and named.datatype and named.value == said.value else said

    def leaves_open(self, rows: Iterable[Row]) -> bool:
        """Whether some of these rows do not say how certain they are, while the table has a column for it."""
        return _CONFIDENCE in self.columns and any(_CONFIDENCE not in row for row in rows)

    def theme(self, row: Row, column: str) -> tuple[str, str]:
        """The theme of the part that this column shows, or its number; nothing where a column before has told it."""
        told = self.themes.get(self._part(row, column), ("", ""))
        before = self.columns[: self.columns.index(column)]
        return ("", "") if told in (self.themes.get(self._part(row, each)) for each in before) else told

    def is_unnumbered(self, row: Row, column: str) -> bool:
        """Whether the column is one of numbers and what it is about has none."""
        return _is_number(column) and column not in row

    def _part(self, row: Row, column: str) -> str:
        """The IRI that the column shows, or of that whose number it shows; empty for any other."""
        named = self.naming.get(column, "") if _is_number(column) else column
        return row[named].value if self.has(row, column) and named in row and row[named].is_iri else ""

    def nameless(self, row: Row, column: str) -> str:
        """The IRI of what this column should name, where nothing in the row does; empty elsewhere."""
        named = self.naming.get(column, "")
        if named not in row or not row[named].is_iri:
            return ""
        first = next(each for each in self.columns if self.naming.get(each) == named)
        is_named = any(each in row for each, of in self.naming.items() if of == named)
        return "" if is_named or column != first else row[named].value


def layout_of(site: Site, meanings: Mapping[str, Mapping[str, str]], result: Result, language: str) -> Layout:
    """How the answer to a question of the library, whose columns mean this, is shown in a language."""
    every = result.columns
    if result.arrangement.is_whole:
        return Layout(every, (), meanings, {}, {}, is_whole=True)
    readable = Layout(read_by_people(every), (), meanings, naming(every), {})
    columns = tuple(column for column in readable.columns if any(readable.has(row, column) for row in result.every))
    left_out = tuple(column for column in every if column not in columns)
    bare = replace(readable, columns=columns, left_out=left_out)
    shown = {row[column].value for row in result.rows for column in columns if column in row and row[column].is_iri}
    shown |= {bare.nameless(row, column) for row in result.rows for column in columns} - {""}
    labels = {iri: in_language(said, language)[0] for iri, said in site.labels(shown).items()}
    parts = {row[of].value for row in result.rows for of in _numbered(bare) if of in row and row[of].is_iri}
    themes = _themes(site, shown | parts, language) if _numbered(bare) and _THEME not in columns else {}
    return replace(bare, labels=labels, themes=themes)


def _numbered(layout: Layout) -> set[str]:
    """The columns with the IRIs of what the numbers that are shown are of."""
    return {of for column, of in layout.naming.items() if _is_number(column) and column in layout.columns}


def _is_number(column: str) -> bool:
    return column == _NUMBER or column.endswith(f"_{_NUMBER}")


def _themes(site: Site, parts: Iterable[str], language: str) -> dict[str, tuple[str, str]]:
    """What the theme of each of these is called that is in one of several, with the language that it is in."""
    rows = site.select(_THEMES % " ".join(sorted(reference(iri) for iri in parts)))
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        labels.setdefault(row["theme"].value, {})[row["label"].language] = row["label"].value
    named = {iri: in_language(said, language) for iri, said in labels.items()}
    return {row["x"].value: _uncapitalised(*named[row["theme"].value]) for row in rows}


def _uncapitalised(name: str, tongue: str) -> tuple[str, str]:
    """A name that its document has in capitals, as it stands beside others."""
    return name.capitalize() if name.isupper() else name, tongue


def naming(columns: Collection[str]) -> dict[str, str]:
    """By each column that holds names, the column with the IRIs of what they name."""
    found = {column: column.removesuffix(end) for end in _ENDINGS for column in columns if column.endswith(end)}
    named = set(found.values())
    for name, candidates in _NAMED.items():
        there = [each for each in candidates if each in columns]
        unnamed = [each for each in there if each not in named]
        # A number may be of what has a name in another column, too.
        found[name] = next(iter(unnamed or (there if name == _NUMBER else ())), "")
    return {name: of for name, of in found.items() if name in columns and of in columns}


def read_by_people(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns without the IRIs of what others name, and without the places of words that are there themselves.

    The words of the source come last.
    """
    said_otherwise = {*naming(columns).values(), *(_PLACE if _WORDS in columns else ())}
    return tuple(sorted((column for column in columns if column not in said_otherwise), key=_WORDS.__eq__))
