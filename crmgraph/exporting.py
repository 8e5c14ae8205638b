"""Exports of the dataset: as RDF, a plan as a text table, and query results as workbooks (XLSX, ISO/IEC 29500)."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path
from shutil import copymode
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from pyoxigraph import QuerySolutions, RdfFormat, Store, serialize

from crmgraph.errors import Bilingual, Place, UsageError
from crmgraph.namespaces import PREFIXES, Names

FORMATS = ("render", "ttl", "nq", "jsonld")

_LEAVES = """PREFIX cg: <https://w3id.org/crmgraph/ontology#>
SELECT ?row ?column ?exact WHERE {
  ?leaf cg:start ?start ; cg:row ?row ; cg:exact ?exact .
  OPTIONAL { ?leaf cg:column ?column }
} ORDER BY ?start"""


def export(store: Store, format: str, out: BinaryIO, names: Names, graph: str | None = None) -> None:
    """Write the dataset to `out` in one of the `FORMATS`.

    Turtle is the union of all graphs; N-Quads and JSON-LD keep the graphs apart. "render" is the text table of a plan.
    `graph` restricts the export to one named graph, given by its name below …/graph/, such as "plan/crm", or by its
    IRI. Raises UsageError if the dataset has no such graph.
    """
    if format == "render":
        out.write(render(store, (graph or "plan/crm").removeprefix("plan/"), names).encode())
        return
    graphs = {str(each.value): each for each in store.named_graphs()}
    chosen = graphs.get(names.graph(graph)) or graphs.get(graph) if graph else None
    if graph and chosen is None:
        known = ", ".join(sorted(iri.removeprefix(names.graph("")) for iri in graphs))
        raise UsageError(f"there is no graph {graph}; there are {known}")
    quads = sorted(store.quads_for_pattern(None, None, None, chosen), key=str)
    if format == "ttl":
        serialize(dict.fromkeys(quad.triple for quad in quads), out, RdfFormat.TURTLE, prefixes=names.prefixes())
    elif format == "jsonld":
        serialize(quads, out, RdfFormat.JSON_LD, prefixes=names.prefixes())
    else:
        serialize(quads, out, RdfFormat.N_QUADS)


def render(store: Store, plan: str, names: Names) -> str:
    """Return the text table of a plan, made from its graph `source/…`. It equals the document except for blank space.

    `plan` is the id of the plan. Raises UsageError if the store has no such plan.
    """
    source = names.graph("source", plan)
    found = store.query(_LEAVES, default_graph=[graph for graph in store.named_graphs() if graph.value == source])
    assert isinstance(found, QuerySolutions)
    text = text_of_leaves(
        (int(leaf["row"].value), int(leaf["column"].value) if leaf["column"] else None, leaf["exact"].value)
        for leaf in found
    )
    if not text:
        raise UsageError(f"there is no plan {plan} in the dataset")
    return text


def text_of_leaves(leaves: Iterable[tuple[int, int | None, str]]) -> str:
    """Return the text table of some leaf passages.

    A leaf is its row, its column and its text. Leaves before the table have None as column. The leaves are in the order
    of the source. Empty if no leaf is in the table.
    """
    cells: defaultdict[tuple[int, int | None], list[str]] = defaultdict(list)
    for row, column, exact in leaves:
        cells[row if column else 0, column].append(exact)
    titles = "\n\n".join(cells.pop((0, None), ()))
    last = max((row for row, _ in cells), default=0)
    table = ("\t" + "\n\n".join(cells[row, column]) + "\n" for row in range(1, last + 1) for column in range(1, 6))
    return f"{titles}\n\n{''.join(table)}" if last else ""


XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FIRST_DAY = date(1900, 3, 1)
"""The first date that all spreadsheet programs represent by the same number; earlier dates are written as text."""
_MAX_CHARACTERS = 32_767
"""The maximum number of characters in a cell."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAX_LINKS = 65_530
"""The maximum number of links in a sheet."""
_MAX_URL_LENGTH = 2_079
"""The maximum number of characters in the URL of a link."""
_LINK_COLOUR = "0563C1"
_MAX_WIDTH, _MIN_WIDTH = 60, 9
_CUT_REMARK = Bilingual("(cut here: a cell holds no more)", "(cortado aquí: no cabe más en una celda)")

_Cell = tuple[Any, str]
"""The value of a cell, and the URL that it links to, or an empty string."""


@dataclass(frozen=True)
class Note:
    """A row of the sheet of notes about a query result.

    Attributes:
        name: The label in the first column.
        words: The text in the second column.
        address: The URL that the text links to; empty without a link.
    """

    name: str
    words: str
    address: str = ""


def write_workbook(
    answer: bytes, titles: tuple[str, str], headings: Mapping[str, str], notes: Sequence[Note], language: str
) -> bytes:
    """Return a workbook with the rows of a query result, and a sheet of notes.

    Numbers, dates and booleans become cells of these types. All other values become text, never formulas, and IRIs
    become links. A text that is too long for a cell is cut.

    Args:
        answer: The result in the SPARQL 1.1 Query Results JSON Format.
        titles: The titles of the two sheets.
        headings: The headings of the columns, by the name of the variable. The default heading is the name.
        notes: The rows of the sheet of notes.
        language: The language of the remark at the end of a text that was cut.
    """
    from openpyxl import Workbook

    document = json.loads(answer)
    names: list[str] = document["head"]["vars"]
    rows = [[_cell_of(row.get(name), language) for name in names] for row in document["results"]["bindings"]]
    about = [[(note.name, ""), (_cell_text(note.words, language), note.address)] for note in notes]
    book = Workbook(write_only=True)
    _add_sheet(book, titles[0], [headings.get(name, name) for name in names], rows)
    _add_sheet(book, titles[1], [], about)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _add_sheet(book: Any, title: str, headings: Sequence[str], rows: Sequence[Sequence[_Cell]]) -> None:
    import openpyxl
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    links = count()

    def cell(value: Any, address: str = "", is_heading: bool = False) -> Any:
        made = openpyxl.cell.WriteOnlyCell(sheet, value)
        made.alignment = openpyxl.styles.Alignment(vertical="top", wrap_text=True)
        is_link = address.startswith(("http://", "https://")) and len(address) <= _MAX_URL_LENGTH
        if is_link and next(links) < _MAX_LINKS:
            made.hyperlink = address
            made.font = openpyxl.styles.Font(color=_LINK_COLOUR, underline="single")
        # Without this, openpyxl writes a text that begins with = as a formula.
        made.data_type = "s" if isinstance(value, str) else made.data_type
        if is_heading:
            made.font = openpyxl.styles.Font(bold=True)
        return made

    lines = [[(heading, "") for heading in headings], *rows] if headings else rows
    for place, column in enumerate(zip(*lines, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _column_width(value for value, _ in column)
    if headings:
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(lines)}"
        sheet.append([cell(heading, is_heading=True) for heading in headings])
    for row in rows:
        sheet.append([cell(*each, is_heading=not headings and place == 0) for place, each in enumerate(row)])


def _column_width(column: Iterable[Any]) -> int:
    longest = max((len(line) for value in column for line in str(value or "").splitlines()), default=0)
    return max(_MIN_WIDTH, min(_MAX_WIDTH, longest + 2))


def _cell_of(term: Mapping[str, Any] | None, language: str) -> _Cell:
    """Return the cell for an RDF term in the results format; None is an unbound variable."""
    if term is None:
        return None, ""
    if term["type"] == "triple":
        parts = (_cell_of(term["value"][part], language)[0] for part in ("subject", "predicate", "object"))
        return _cell_text("<<( " + " ".join(map(str, parts)) + " )>>", language), ""
    text = term["value"]
    if term["type"] == "uri":
        return _cell_text(text, language), text
    pattern, read = _TYPES.get(term.get("datatype", "").removeprefix(PREFIXES["xsd"]), (_MATCHES_NOTHING, str))
    return (read(text) if pattern.fullmatch(text) else _cell_text(text, language)), ""


def _date_or_text(text: str) -> date | str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= _FIRST_DAY else text


_MATCHES_NOTHING = re.compile(r"(?!)")
_TYPES: Mapping[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    **dict.fromkeys(
        ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "gYear"),
        (re.compile(r"[+-]?\d{1,15}", re.ASCII), int),
    ),
    **dict.fromkeys(
        ("decimal", "double", "float"),
        (re.compile(r"(?=.{1,17}$)[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII), float),
    ),
    "boolean": (re.compile("true|false|1|0"), ("true", "1").__contains__),
    "date": (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), _date_or_text),
}
"""The datatypes whose values become typed cells: a pattern of the accepted values, and the conversion.

Numbers may have up to 15 digits, as spreadsheet programs round longer ones."""


def _cell_text(text: str, language: str) -> str:
    text = _NOT_IN_XML.sub("\ufffd", text)
    if len(text) <= _MAX_CHARACTERS:
        return text
    cut = f" … {_CUT_REMARK.spanish if language == 'es' else _CUT_REMARK}"
    return text[: _MAX_CHARACTERS - len(cut)] + cut


@contextmanager
def atomic_writer(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose contents replace `file` when the context ends without an error.

    If the context ends with an error, `file` is unchanged. A device or a pipe is written to directly. Raises UsageError
    if the file cannot be written.
    """
    try:
        if file.exists() and not file.is_file():
            with file.open("wb") as out:
                yield out
            return
        place = file.resolve()
        with TemporaryDirectory(prefix=f".{place.name[:99]}-", dir=place.parent) as folder:
            fresh = Path(folder) / "fresh"
            with fresh.open("wb") as out:
                yield out
            if place.exists():
                copymode(place, fresh)
            fresh.replace(place)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(file)) from None
