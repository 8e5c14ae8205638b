"""The tables in a file, by what its name says it is. Nothing in a file leads anywhere else, and none is too large."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmgraph.errors import Place, SourceError
from crmgraph.importing.grid import Cell, Grid, spread
from crmgraph.texts import decode, read_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["ENDINGS", "LARGEST", "read_tables"]

LARGEST = 16 * 2**20
"""The largest file that is read, in bytes."""

_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
_MOST_UNPACKED = 128 * 2**20
_MOST_CELLS = 500_000
_WIDEST = 1000
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_ANNOTATION = f"{{{_OFFICE}office:1.0}}annotation"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLE, _TEXT = f"{{{_OFFICE}table:1.0}}", f"{{{_OFFICE}text:1.0}}"


def read_tables(file: Path) -> list[Grid]:
    """The tables in the file, in their order. Raises SourceError where it cannot be read, or has none."""
    read = _READERS.get(file.suffix.lower())
    if read is None:
        raise SourceError(f"its name should end in one of {', '.join(ENDINGS)}, which say what it is", Place(file))
    data = read_bytes(file, SourceError, LARGEST)
    if not data:
        raise SourceError("the file is empty", Place(file))
    grids = [grid for grid in read(data, file) if any(map(any, grid.rows))]
    if not grids:
        raise SourceError("there is no table with words in this file", Place(file))
    if sum(len(grid.rows) * len(grid.rows[0]) for grid in grids) > _MOST_CELLS:
        raise SourceError(f"its tables have more than {_MOST_CELLS:,} cells", Place(file))
    return grids


def _delimited(data: bytes, file: Path) -> Iterator[Grid]:
    text = decode(data, SourceError, file)
    delimiter = "\t" if file.suffix.lower() == ".tsv" else max(",;", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SourceError(f"this is not CSV: {error}; look at the quotation marks", Place(file)) from None
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, 1):
        # A comma within a text that has no quotation marks around it would move all behind it.
        if len(row) > width and any(cell.strip() for cell in row[width:]) and width > 1:
            raise SourceError(
                f"row {number} has {len(row)} cells, the first {width}; look for a missing quotation mark", Place(file)
            )
    yield spread(file.stem, (), ([Cell(_lines(cell)) for cell in row] for row in rows))


def _workbook(data: bytes, file: Path) -> Iterator[Grid]:
    import openpyxl

    _check_archive(data, file)
    try:
        shown, written = (openpyxl.load_workbook(io.BytesIO(data), data_only=is_shown) for is_shown in (True, False))
    except Exception:  # it raises what it likes on broken files
        raise _broken(file, "an Excel workbook (.xlsx)") from None
    for sheet in shown.worksheets:
        if sheet.max_row * sheet.max_column > _MOST_CELLS:
            raise SourceError(f"the sheet {sheet.title} has more than {_MOST_CELLS:,} cells", Place(file))
        for row in written[sheet.title].iter_rows():
            for cell in row:
                if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                    raise SourceError(
                        f"cell {cell.coordinate} of the sheet {sheet.title} has a formula and no result; open the "
                        "file in a spreadsheet program and save it there",
                        Place(file),
                    )
        rows = ([Cell(_lines(_said(cell.value))) for cell in row] for row in sheet.iter_rows())
        yield spread(sheet.title, (), rows)


def _said(value: Any) -> str:
    if value is None:
        return ""
    # As the sheet shows them: a day without a time, and a number that is whole.
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _document(data: bytes, file: Path) -> Iterator[Grid]:
    import docx

    _check_archive(data, file)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except Exception:  # it raises what it likes on broken files
        raise _broken(file, "a Word document (.docx)") from None
    before: list[str] = []
    number = 0
    # What stands in a content control is part of the text, too.
    for block in body.iter(f"{_WORD}p", f"{_WORD}tbl"):
        if next(block.iterancestors(f"{_WORD}tbl"), None) is not None:
            continue
        if block.tag == f"{_WORD}p":
            before += _word_text(block).split("\n")
            continue
        number += 1
        rows = (
            row for row in _within(block, f"{_WORD}tr", f"{_WORD}tbl") if row.find(f"{_WORD}trPr/{_WORD}del") is None
        )
        yield spread(str(number), before, map(_word_cells, rows))
        before = []


def _word_cells(row: "_Element") -> Iterator[Cell]:
    skipped = row.find(f"{_WORD}trPr/{_WORD}gridBefore")
    yield from [Cell("")] * (0 if skipped is None else _span(skipped.get(f"{_WORD}val")))
    for cell in _within(row, f"{_WORD}tc", f"{_WORD}tr"):
        merged = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
        goes_on = merged is not None and merged.get(f"{_WORD}val", "continue") == "continue"
        width = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        text = "" if goes_on else "\n".join(map(_word_text, cell.iter(f"{_WORD}p")))
        yield Cell(text, 1 if width is None else _span(width.get(f"{_WORD}val")))


def _word_text(paragraph: "_Element") -> str:
    """The text of a paragraph, with what was inserted and without what was deleted in tracked changes."""
    said = {f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
    return "".join(
        _lines(each.text or "") if each.tag == f"{_WORD}t" else said[each.tag]
        for each in paragraph.iter(f"{_WORD}t", *said)
    )


def _within(element: "_Element", tag: str, holder: str) -> "Iterator[_Element]":
    """The elements of this tag that stand in this one and not in another `holder` within it."""
    for each in element.iter(tag):
        if next(each.iterancestors(holder), None) is element:
            yield each


def _open_document(data: bytes, file: Path) -> Iterator[Grid]:
    from lxml import etree

    archive = _check_archive(data, file)
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(archive.read("content.xml"), parser)
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile):
        raise _broken(file, "an OpenDocument file") from None
    before: list[str] = []
    for element in root.iter(f"{_TABLE}table", f"{_TEXT}p", f"{_TEXT}h"):
        if next(element.iterancestors(f"{_TABLE}table"), None) is not None:
            continue
        if element.tag == f"{_TABLE}table":
            rows = _within(element, f"{_TABLE}table-row", f"{_TABLE}table")
            yield spread(element.get(f"{_TABLE}name", ""), before, map(_open_cells, rows))
            before = []
        else:
            before += _open_text(element).split("\n")


def _open_cells(row: "_Element") -> Iterator[Cell]:
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        repeated = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), _WIDEST)
        paragraphs = cell.iter(f"{_TEXT}p", f"{_TEXT}h") if cell.tag.endswith("}table-cell") else ()
        paragraphs = (each for each in paragraphs if next(each.iterancestors(_ANNOTATION), None) is None)
        # A cell that others are covered by is followed by these.
        text = "\n".join(map(_open_text, paragraphs))
        yield from [Cell(text)] * (repeated if text else min(repeated, 50))


def _open_text(element: "_Element") -> str:
    """The text of a paragraph: runs of spaces, tabs and line breaks are elements (ODF 1.3, part 3, section 6.1)."""
    parts = [element.text or ""]
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name == "s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), _WIDEST))
        elif name == "line-break":
            parts.append("\n")
        elif name == "tab":
            parts.append(" ")
        elif isinstance(child.tag, str) and name not in ("note", "annotation"):
            parts.append(_open_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _web_page(data: bytes, file: Path) -> Iterator[Grid]:
    from lxml import etree, html

    try:
        data.decode()
        encoding: str | None = "utf-8"
    except UnicodeDecodeError:
        # What the page itself says.
        encoding = None
    try:
        page = html.document_fromstring(data, parser=html.HTMLParser(no_network=True, encoding=encoding))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise _broken(file, "a page with a table") from None
    before: list[str] = []
    for element in page.iter("table", "p", "h1", "h2", "h3", "h4", "title"):
        if next(element.iterancestors("table"), None) is not None:
            continue
        if element.tag == "table":
            caption = [_web_text(each) for each in element.iterchildren("caption")]
            rows = (
                [
                    Cell(_web_text(cell), _span(cell.get("colspan")), _span(cell.get("rowspan")))
                    for cell in row.iterchildren("td", "th")
                ]
                for row in _within(element, "tr", "table")
            )
            yield spread(element.get("id") or "", [*before, *caption], rows)
            before = []
        elif element.tag != "title":
            before += _web_text(element).split("\n")


_BLOCKS = frozenset({"p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})


def _web_text(element: "_Element") -> str:
    """The text as a browser shows it: blank space counts once, and blocks and breaks begin lines."""
    lines = "".join(_web_parts(element)).split("\n")
    return "\n".join(re.sub("[ \t]+", " ", line).strip(" ") for line in lines).strip("\n")


def _web_parts(element: "_Element") -> Iterator[str]:
    yield _one_line(element.text)
    for child in element:
        name = child.tag if isinstance(child.tag, str) else "script"
        if name == "br":
            yield "\n"
        elif name not in ("script", "style"):
            edge = "\n" if name in _BLOCKS else ""
            yield edge
            yield from _web_parts(child)
            yield edge
        yield _one_line(child.tail)


def _one_line(text: str | None) -> str:
    return re.sub(r"[\r\n]", " ", text or "")


def _span(given: str | None) -> int:
    return min(int(given), _WIDEST) if given and given.isdecimal() else 1


def _check_archive(data: bytes, file: Path) -> zipfile.ZipFile:
    """The archive that such a file is. Raises SourceError where it is none, or would be too large when unpacked."""
    if data.startswith(_LOCKED):
        raise SourceError("this is an older Office file, or one with a password; save it anew without one", Place(file))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise _broken(file, f"a {file.suffix.lower()} file") from None
    if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
        raise SourceError(f"unpacked it has more than {_MOST_UNPACKED:,} bytes", Place(file))
    return archive


def _broken(file: Path, what: str) -> SourceError:
    return SourceError(f"this is not {what}, or it is damaged", Place(file))


def _lines(text: str) -> str:
    """The text with line feeds between its lines, and no tab, which would begin a cell."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\t", " ")


_READERS: Mapping[str, Callable[[bytes, Path], Iterator[Grid]]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".xlsx": _workbook,
    ".docx": _document,
    ".odt": _open_document,
    ".ods": _open_document,
    ".html": _web_page,
    ".htm": _web_page,
}
ENDINGS = tuple(_READERS)
"""How the names of files end that can be read."""
