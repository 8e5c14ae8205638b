"""The tables of an OpenDocument text or spreadsheet."""

import zipfile
from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.importing.files.archive import open_archive
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import span
from crmgraph.importing.files.markup import parse, within
from crmgraph.importing.files.omissions import Omissions
from crmgraph.importing.files.open_omissions import leave_out, margins, unread_styles
from crmgraph.importing.files.raised import raised
from crmgraph.importing.grid import Cell, Grid, spread

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["open_document"]

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_ANNOTATION = f"{{{_OFFICE}office:1.0}}annotation"
_STYLE, _TABLE, _TEXT = (f"{{{_OFFICE}{name}:1.0}}" for name in ("style", "table", "text"))


def open_document(data: bytes, file: Path) -> Iterator[Grid]:
    """The tables of the document, and one without rows for what stands below. Raises SourceError where it is none."""
    from lxml import etree

    archive = open_archive(data, file)
    try:
        root, beside = parse(archive.read("content.xml")), list(margins(archive))
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile):
        raise broken(file, "an OpenDocument file") from None
    above = frozenset(_raising(root))
    unread = unread_styles(root)
    before: list[str] = []
    heading = ""
    omissions = Omissions()
    for what, text in beside:
        omissions.add(what, text)
    for element in root.iter(f"{_TABLE}table", f"{_TEXT}p", f"{_TEXT}h"):
        if next(element.iterancestors(f"{_TABLE}table"), None) is not None:
            continue
        leave_out(element, unread, omissions)
        if element.tag == f"{_TABLE}table":
            rows = (
                row for each in within(element, f"{_TABLE}table-row", f"{_TABLE}table") for row in _rows(each, above)
            )
            grid = spread(element.get(f"{_TABLE}name", ""), before, rows)
            yield replace(grid, left=tuple(omissions.told()), heading=heading)
            before, omissions, heading = [], Omissions(), ""
        else:
            before += _open_text(element, above).split("\n")
            heading = _open_text(element, above) if element.tag == f"{_TEXT}h" else heading
    yield Grid("", tuple(before), (), left=tuple(omissions.told()))


def _raising(root: "_Element") -> Iterator[str]:
    """The names of the styles that raise what they are given to."""
    for properties in root.iter(f"{_STYLE}text-properties"):
        if properties.get(f"{_STYLE}text-position", "").startswith(("super", "33%")):
            yield properties.getparent().get(f"{_STYLE}name", "")


def _rows(row: "_Element", above: Container[str]) -> Iterator[list[Cell]]:
    """The cells of a row, as often as it is repeated; without words, and where nothing spans into it, once."""
    cells = list(_open_cells(row, above))
    is_used = any(cell.text for cell in cells) or row.find(f"{_TABLE}covered-table-cell") is not None
    yield from [cells] * (span(row.get(f"{_TABLE}number-rows-repeated")) if is_used else 1)


def _open_cells(row: "_Element", above: Container[str]) -> Iterator[Cell]:
    """The cells of a row but those into which another spans, which are written, too."""
    for cell in row.iterchildren(f"{_TABLE}table-cell"):
        repeated = span(cell.get(f"{_TABLE}number-columns-repeated"))
        text = _cell_text(cell, above)
        columns, rows = (span(cell.get(f"{_TABLE}number-{each}-spanned")) for each in ("columns", "rows"))
        yield from [Cell(text, columns, rows)] * (repeated if text else min(repeated, 50))


def _cell_text(cell: "_Element", above: Container[str]) -> str:
    """The paragraphs of a cell, those of a list behind bullets; one alone is no list."""
    paragraphs = [
        each
        for each in cell.iter(f"{_TEXT}p", f"{_TEXT}h")
        if next(each.iterancestors(_ANNOTATION, f"{_TEXT}note"), None) is None
    ]
    listed = [each for each in paragraphs if next(each.iterancestors(f"{_TEXT}list-item", cell.tag)).tag != cell.tag]
    points = set(listed if len(listed) > 1 else ())
    return "\n".join(("• " if each in points else "") + _open_text(each, above) for each in paragraphs)


def _open_text(element: "_Element", above: Container[str]) -> str:
    """The text of a paragraph: runs of spaces, tabs and line breaks are elements (ODF 1.3, part 3, section 6.1)."""
    parts = [element.text or ""]
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name == "s":
            parts.append(" " * span(child.get(f"{_TEXT}c")))
        elif name == "line-break":
            parts.append("\n")
        elif name == "tab":
            parts.append(" ")
        elif isinstance(child.tag, str) and name not in ("note", "annotation"):
            text = _open_text(child, above)
            parts.append(raised(text) if child.get(f"{_TEXT}style-name") in above else text)
        parts.append(child.tail or "")
    return "".join(parts)
