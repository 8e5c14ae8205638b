"""The answer to a visitor's query as the site shows it: a table, a truth value or triples, and the source's words."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from crmgraph.site.answers.arranging import Arrangement
from crmgraph.site.base.representations import GRAPHS, TABLES
from crmgraph.site.base.site import JSON_RESULTS, N_TRIPLES, Row, Site, Term, read_table
from crmgraph.site.source import Context, Quotation, contexts, document, quotations, words_at
from crmgraph.sparql import Format, Question
from crmgraph.sparql.question import Snapshot

__all__ = ["ROWS_SHOWN", "Result", "evaluate", "forms_of"]

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
