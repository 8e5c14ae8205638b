"""Query results as spreadsheet workbooks (XLSX, ISO/IEC 29500)."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

from crmgraph.errors import Bilingual

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_XSD = "http://www.w3.org/2001/XMLSchema#"
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
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    links = count()

    def cell(value: Any, address: str = "", is_heading: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value)
        made.alignment = Alignment(vertical="top", wrap_text=True)
        is_link = address.startswith(("http://", "https://")) and len(address) <= _MAX_URL_LENGTH
        if is_link and next(links) < _MAX_LINKS:
            made.hyperlink = address
            made.font = Font(color=_LINK_COLOUR, underline="single")
        if isinstance(value, str):
            # Without this, openpyxl writes a text that begins with = as a formula.
            made.data_type = "s"
        if is_heading:
            made.font = Font(bold=True)
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
    pattern, read = _TYPES.get(term.get("datatype", "").removeprefix(_XSD), (_MATCHES_NOTHING, str))
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
