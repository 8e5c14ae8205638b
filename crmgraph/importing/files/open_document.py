"""The tables of an OpenDocument text or spreadsheet."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.importing.files.archive import open_archive
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import WIDEST
from crmgraph.importing.files.markup import parse, within
from crmgraph.importing.grid import Cell, Grid, spread

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["open_document"]

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_ANNOTATION = f"{{{_OFFICE}office:1.0}}annotation"
_TABLE, _TEXT = f"{{{_OFFICE}table:1.0}}", f"{{{_OFFICE}text:1.0}}"


def open_document(data: bytes, file: Path) -> Iterator[Grid]:
    """The tables of the document. Raises SourceError where it is none."""
    from lxml import etree

    archive = open_archive(data, file)
    try:
        root = parse(archive.read("content.xml"))
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile):
        raise broken(file, "an OpenDocument file") from None
    before: list[str] = []
    for element in root.iter(f"{_TABLE}table", f"{_TEXT}p", f"{_TEXT}h"):
        if next(element.iterancestors(f"{_TABLE}table"), None) is not None:
            continue
        if element.tag == f"{_TABLE}table":
            rows = within(element, f"{_TABLE}table-row", f"{_TABLE}table")
            yield spread(element.get(f"{_TABLE}name", ""), before, map(_open_cells, rows))
            before = []
        else:
            before += _open_text(element).split("\n")


def _open_cells(row: "_Element") -> Iterator[Cell]:
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        repeated = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), WIDEST)
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
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), WIDEST))
        elif name == "line-break":
            parts.append("\n")
        elif name == "tab":
            parts.append(" ")
        elif isinstance(child.tag, str) and name not in ("note", "annotation"):
            parts.append(_open_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
