"""The reader of OpenDocument texts and spreadsheets.

A paragraph or table inside a table cell is part of the text of the cell. Source: OASIS OpenDocument 1.3 Part 3.
"""

import zipfile
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from lxml import etree

from crmgraph.importing.tables import (
    BULLET,
    HIDDEN,
    RAISED,
    STRUCK,
    Cell,
    Document,
    Omissions,
    Paragraph,
    Run,
    cell_text,
    expand_merged_cells,
    open_archive,
    outermost,
    own_descendants,
    parse_span,
    parse_xml,
)

_OFFICE, _STYLE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "style", "table", "text")
)
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_MARGINS = {
    f"{_STYLE}{part}{which}": f"page {part}" for part in ("header", "footer") for which in ("", "-left", "-first")
}
_MOST_EMPTY = 50
"""The limit for a repeated empty cell. A spreadsheet may repeat one to the end of the sheet."""


class _OpenDocumentReader:
    """A reader of an OpenDocument file, with the styles that its paragraphs refer to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read the parts of a document. Raises KeyError, BadZipFile or XMLSyntaxError if it is damaged."""
        self._root = parse_xml(archive.read("content.xml"))
        self.omissions = Omissions()
        names = archive.namelist()
        # The headers and footers of a spreadsheet are mostly defaults of the program.
        if "styles.xml" in names and b".text" in (archive.read("mimetype") if "mimetype" in names else b""):
            for each in parse_xml(archive.read("styles.xml")).iter(*_MARGINS):
                self.omissions.add(_MARGINS[each.tag], _open_plain_text(each))
        self._kinds = {
            properties.getparent().get(f"{_STYLE}name", ""): kind
            for properties in self._root.iter(f"{_STYLE}text-properties")
            if (kind := _style_kind(properties))
        }

    def document(self) -> Document:
        """Return the paragraphs and tables of the document."""
        blocks = tuple(
            expand_merged_cells(element.get(f"{_TABLE}name", ""), self._rows(element))
            if element.tag == f"{_TABLE}table"
            else self._paragraph(element, "")
            for element in outermost(self._root, f"{_TABLE}table", *_PARAGRAPHS)
            if next(element.iterancestors(f"{_OFFICE}annotation", f"{_TEXT}note"), None) is None
        )
        return Document(blocks, self.omissions.take_asides(), self.omissions.summaries())

    def _paragraph(self, element: etree._Element, kind: str) -> Paragraph:
        """Return a paragraph. `kind` is the kind of text of the enclosing element."""
        heading = parse_span(element.get(f"{_TEXT}outline-level")) if element.tag == f"{_TEXT}h" else 0
        items = element.iterancestors(f"{_TEXT}list-item", f"{_TABLE}table-cell")
        depth = len([*takewhile(lambda each: each.tag == f"{_TEXT}list-item", items)])
        text = self.omissions.filter_runs(self._runs(element, kind))
        return Paragraph(text, heading, 0 if heading else depth, BULLET if depth else "")

    def _rows(self, table: etree._Element) -> Iterator[list[Cell]]:
        """Yield each row as often as it is repeated; a row without text and without merged cells only once."""
        for row in own_descendants(table, f"{_TABLE}table-row", f"{_TABLE}table"):
            cells = [each for cell in row.iterchildren(f"{_TABLE}table-cell") for each in self._cells(cell)]
            is_used = any(cell.text for cell in cells) or row.find(f"{_TABLE}covered-table-cell") is not None
            yield from [cells] * (parse_span(row.get(f"{_TABLE}number-rows-repeated")) if is_used else 1)

    def _cells(self, cell: etree._Element) -> list[Cell]:
        """Return a cell as often as it is repeated. The cells that it covers are separate elements in the file."""
        for comment in cell.iterchildren(f"{_OFFICE}annotation"):
            self.omissions.add("comment", _open_plain_text(comment))
        kind = self._kinds.get(cell.get(f"{_TABLE}style-name", ""), "")
        paragraphs = [
            self._paragraph(each, kind)
            for each in cell.iter(*_PARAGRAPHS)
            if next(each.iterancestors(f"{_OFFICE}annotation", f"{_TEXT}note"), None) is None
        ]
        text = cell_text(paragraphs)
        columns, rows = (parse_span(cell.get(f"{_TABLE}number-{each}-spanned")) for each in ("columns", "rows"))
        repeated = parse_span(cell.get(f"{_TABLE}number-columns-repeated"))
        return [Cell(text, columns, rows)] * (repeated if text else min(repeated, _MOST_EMPTY))

    def _runs(self, element: etree._Element, above: str) -> Iterator[Run]:
        """Yield the runs of a paragraph. `above` is the kind of text of the enclosing element.

        Spaces, tabs and line breaks are elements. Source: OpenDocument 1.3 Part 3, section 6.1.
        """
        kind = self._kinds.get(element.get(f"{_TEXT}style-name", ""), above)
        yield element.text or "", kind
        for child in element:
            name = str(child.tag).rpartition("}")[2]
            if name in ("s", "tab", "line-break"):
                yield "\n" if name == "line-break" else " " * parse_span(child.get(f"{_TEXT}c")), kind
            elif name in ("note", "annotation"):
                yield (
                    _open_plain_text(child),
                    child.get(f"{_TEXT}note-class", "footnote") if name == "note" else "comment",
                )
            elif isinstance(child.tag, str):
                yield from self._runs(child, kind)
            yield child.tail or "", kind


def _style_kind(properties: etree._Element) -> str:
    """Return the kind of a `Run` with these text properties."""
    if properties.get(f"{_TEXT}display") == "none":
        return HIDDEN
    if properties.get(f"{_STYLE}text-line-through-style", "none") != "none":
        return STRUCK
    return RAISED if properties.get(f"{_STYLE}text-position", "").startswith(("super", "33%")) else ""


def _open_plain_text(element: etree._Element) -> str:
    return " ".join("".join(each.itertext()) for each in element.iter(f"{_TEXT}p"))


def read_open_document(data: bytes, file: Path) -> Document:
    """Return the content of an OpenDocument file. Raises exceptions of zipfile and lxml if it is damaged."""
    return _OpenDocumentReader(open_archive(data, file)).document()
