"""An answer as a workbook (ISO/IEC 29500), for those who go on in a spreadsheet."""

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
"""The first day that all spreadsheets count alike."""
_LONGEST = 32_767
"""Characters that a cell holds."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MOST_LINKS = 65_530
"""Links that a spreadsheet follows in a sheet."""
_LONGEST_ADDRESS = 2_079
"""Characters that the address of a link may have."""
_LINK_COLOUR = "0563C1"
_WIDEST, _NARROWEST = 60, 9
_CUT = Bilingual("(cut here: a cell holds no more)", "(cortado aquí: no cabe más en una celda)")

_Cell = tuple[Any, str]
"""The value of a cell, and the address that it leads to, or nothing."""


@dataclass(frozen=True)
class Note:
    """A line of the notes on an answer: its name, its words, and the address that they lead to, if any."""

    name: str
    words: str
    address: str = ""


def write_workbook(
    answer: bytes, titles: tuple[str, str], headings: Mapping[str, str], notes: Sequence[Note], language: str
) -> bytes:
    """Return a workbook with the rows of an answer (SPARQL 1.1 Query Results JSON Format) and a sheet of notes.

    `titles` are those of the two sheets, `headings` what stands above the columns, by their names, in place of these.
    Numbers, days and truth values are such cells and all else is text, never a formula; an IRI leads to where it is.
    What a cell cannot hold is cut, and says so in the `language`.
    """
    from openpyxl import Workbook

    document = json.loads(answer)
    names: list[str] = document["head"]["vars"]
    rows = [[_cell(row.get(name), language) for name in names] for row in document["results"]["bindings"]]
    about = [[(note.name, ""), (_text(note.words, language), note.address)] for note in notes]
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
        is_link = address.startswith(("http://", "https://")) and len(address) <= _LONGEST_ADDRESS
        if is_link and next(links) < _MOST_LINKS:
            made.hyperlink = address
            made.font = Font(color=_LINK_COLOUR, underline="single")
        if isinstance(value, str):
            # A text that begins as a formula does is none.
            made.data_type = "s"
        if is_heading:
            made.font = Font(bold=True)
        return made

    lines = [[(heading, "") for heading in headings], *rows] if headings else rows
    for place, column in enumerate(zip(*lines, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(value for value, _ in column)
    if headings:
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(lines)}"
        sheet.append([cell(heading, is_heading=True) for heading in headings])
    for row in rows:
        sheet.append([cell(*each, is_heading=not headings and place == 0) for place, each in enumerate(row)])


def _width(column: Iterable[Any]) -> int:
    longest = max((len(line) for value in column for line in str(value or "").splitlines()), default=0)
    return max(_NARROWEST, min(_WIDEST, longest + 2))


def _cell(term: Mapping[str, Any] | None, language: str) -> _Cell:
    """Return the value of a cell for a term, and the address that it leads to, if any."""
    if term is None:
        return None, ""
    if term["type"] == "triple":
        parts = (_cell(term["value"][part], language)[0] for part in ("subject", "predicate", "object"))
        return _text("<<( " + " ".join(map(str, parts)) + " )>>", language), ""
    text = term["value"]
    if term["type"] == "uri":
        return _text(text, language), text
    pattern, read = _TYPES.get(term.get("datatype", "").removeprefix(_XSD), (_NEVER, str))
    return (read(text) if pattern.fullmatch(text) else _text(text, language)), ""


def _day(text: str) -> date | str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= _FIRST_DAY else text


_NEVER = re.compile(r"(?!)")
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
    "date": (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), _day),
}
"""Values that a spreadsheet keeps as they are, of up to 15 digits: what they look like, and what reads them."""


def _text(text: str, language: str) -> str:
    text = _NOT_IN_XML.sub("\ufffd", text)
    if len(text) <= _LONGEST:
        return text
    cut = f" … {_CUT.spanish if language == 'es' else _CUT}"
    return text[: _LONGEST - len(cut)] + cut
