"""An answer as a workbook (ISO/IEC 29500), for those who go on in a spreadsheet."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from crmgraph.wording import Bilingual

__all__ = ["MEDIA_TYPE", "Note", "write_workbook"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = {
    _XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "gYear")
}  # fmt: skip
_NUMBERS = {_XSD + name for name in ("decimal", "double", "float")}
_MOST_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""
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
    rows = [[_value(row.get(name), language) for name in names] for row in document["results"]["bindings"]]
    book = Workbook(write_only=True)
    above = [headings.get(name, name) for name in names]
    _add_sheet(book, titles[0], above, rows)
    about = [[_text(note.name, language), _linked(_text(note.words, language), note.address)] for note in notes]
    _add_sheet(book, titles[1], [], about)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class _Link(str):
    """A text that leads to an address."""

    __slots__ = ("address",)
    address: str


def _linked(text: str, address: str) -> str:
    """The text, as a link where the address is one of the web that a spreadsheet takes."""
    if not address.startswith(("http://", "https://")) or len(address) > _LONGEST_ADDRESS:
        return text
    link = _Link(text)
    link.address = address
    return link


def _add_sheet(book: Any, title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    left = _MOST_LINKS
    wrapped = Alignment(vertical="top", wrap_text=True)

    def cell(value: Any, is_heading: bool) -> Any:
        nonlocal left
        made = WriteOnlyCell(sheet, str(value) if isinstance(value, _Link) else value)
        if isinstance(value, _Link) and left:
            left -= 1
            made.hyperlink = value.address
            made.font = Font(color=_LINK_COLOUR, underline="single")
        made.alignment = wrapped
        if isinstance(value, str):
            # A text that begins as a formula does is none.
            made.data_type = "s"
        if isinstance(value, date):
            made.number_format = "yyyy-mm-dd"
        if is_heading:
            made.font = Font(bold=True)
        return made

    lines = [*([headings] if headings else []), *rows]
    for place, column in enumerate(zip(*lines, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    if headings:
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(lines)}"
    for place, line in enumerate(lines):
        is_heading = bool(headings) and place == 0
        sheet.append([cell(value, is_heading or (not headings and at == 0)) for at, value in enumerate(line)])


def _width(column: Iterable[Any]) -> int:
    longest = max((len(line) for value in column for line in str(value or "").splitlines()), default=0)
    return max(_NARROWEST, min(_WIDEST, longest + 2))


def _value(term: Mapping[str, Any] | None, language: str) -> Any:
    """Return the value of a cell for a term: a number, a day, a truth value or a text; None for no term."""
    if term is None:
        return None
    if term["type"] == "triple":
        parts = (_value(term["value"][part], language) for part in ("subject", "predicate", "object"))
        return _text("<<( " + " ".join(map(str, parts)) + " )>>", language)
    if term["type"] == "uri":
        return _linked(_text(term["value"], language), term["value"])
    text, datatype = term["value"], term.get("datatype", "")
    if len(text) <= _MOST_DIGITS + 2:
        if datatype in _INTEGERS and re.fullmatch(r"[+-]?\d{1,15}", text, re.ASCII):
            return int(text)
        if datatype in _NUMBERS and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", text, re.ASCII):
            return float(text)
        if datatype == _XSD + "boolean" and text in ("true", "false", "1", "0"):
            return text in ("true", "1")
        if datatype == _XSD + "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return _day(text)
    return _text(text, language)


def _day(text: str) -> date | str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= _FIRST_DAY else text


def _text(text: str, language: str) -> str:
    text = _NOT_IN_XML.sub("\ufffd", text)
    if len(text) <= _LONGEST:
        return text
    cut = f" … {_CUT.spanish if language == 'es' else _CUT}"
    return text[: _LONGEST - len(cut)] + cut
