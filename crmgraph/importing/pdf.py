"""The reader of PDF documents whose text can be selected.

A PDF has no paragraphs and tables, only characters and lines at places of a page. Tables are found by their ruling
lines, headings by their fonts, and paragraphs by the distance of their lines. A table that goes on on the next page is
joined.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from crmgraph.errors import Place, SourceError
from crmgraph.importing.tables import MOST_CELLS, Document, Grid, Paragraph, Position

_MOST_PAGES = 500
_TOLERANCE = 2.0
"""The difference, in points, within which two places are the same."""
_LEADING = 1.45
"""The largest distance between the tops of two lines of a paragraph, in heights of a line."""
_NOTE_MARK = re.compile(r"(?:\d{1,3}|\*+|[†‡§]|\(\d{1,3}\))\s")
_CONTINUATION = re.compile(r"[^\W\d_A-ZÀ-ÞŒŠŽ]|[(,;)]")


class _Line(NamedTuple):
    """A line of text, with its font. The places are in points from the left and the top of the page."""

    text: str
    left: float
    right: float
    top: float
    size: float
    is_bold: bool
    page: int


def _lines(page: Any) -> list[_Line]:
    """Return the lines of a page or of a part of it."""
    found = []
    for line in page.extract_text_lines(return_chars=True):
        chars = [each for each in line["chars"] if each["text"].strip()]
        size, _ = Counter(round(each["size"], 1) for each in chars).most_common(1)[0]
        is_bold = all("bold" in each["fontname"].lower() for each in chars)
        found.append(_Line(line["text"], line["x0"], line["x1"], line["top"], size, is_bold, page.page_number))
    return found


def _flowing_text(lines: Sequence[_Line], right: float) -> str:
    """Return the text of lines. A line end stays if the next word would have had room before the right margin.

    A word that is divided at a line end keeps its hyphen.
    """
    text = lines[0].text if lines else ""
    for line, following in pairwise(lines):
        word = following.text.split()[0]
        width = (following.right - following.left) * (len(word) + 1) / max(len(following.text), 1)
        text += "\n" if line.right + width < right - _TOLERANCE else "" if line.text.endswith("-") else " "
        text += following.text
    return text


def _grid(table: Any, page: Any) -> Grid:
    """Return a table of a page, with its merged cells."""
    edges = [sorted({round(each[side]) for each in table.cells}) for side in (0, 1)]

    def places(cell: tuple[float, ...], side: int) -> range:
        starts = edges[side]
        end = round(cell[side + 2])
        first = starts.index(round(cell[side]))
        return range(first, max(first + 1, sum(start < end - _TOLERANCE for start in starts)))

    texts: dict[Position, str] = {}
    spans: dict[Position, Position] = {}
    for cell in table.cells:
        first, *covered = ((row, column) for row in places(cell, 1) for column in places(cell, 0))
        inner = page.crop(cell, strict=False)
        texts[first] = _flowing_text(_lines(inner), cell[2] - _TOLERANCE)
        spans |= dict.fromkeys(covered, first)
    columns, rows = map(len, edges)
    if rows * columns > MOST_CELLS:
        raise OverflowError
    cells = tuple(tuple(texts.get((row, column), "") for column in range(columns)) for row in range(rows))
    return Grid("", (), cells, spans=spans, pages=(page.page_number,) * rows)


def _joined(grid: Grid, more: Grid) -> Grid:
    """Return a table joined with its continuation on the next page.

    Repeated headings are left out, and the rest of a row that was broken is added to it.
    """
    repeated = next((at for at, (own, row) in enumerate(zip(grid.rows, more.rows, strict=False)) if own != row), 0)
    rows = [list(row) for row in more.rows[repeated:]]
    above = list(grid.rows)
    first = next((cell for cell in rows[0] if cell), "") if rows else ""
    broken = int(bool(_CONTINUATION.match(first)))
    if broken:
        above[-1] = tuple(f"{own} {rest}".strip() for own, rest in zip(above[-1], rows[0], strict=True))
    down = len(above) - repeated - broken

    def moved(position: Position) -> Position | None:
        return (position[0] + down, position[1]) if position[0] >= repeated + broken else None

    spans = {place: start for own, first in more.spans.items() if (place := moved(own)) and (start := moved(first))}
    return replace(
        grid,
        rows=(*above, *map(tuple, rows[broken:])),
        spans={**grid.spans, **spans},
        pages=(*grid.pages, *more.pages[repeated + broken :]),
    )


def _body_size(lines: Sequence[_Line]) -> float:
    """Return the size in which most of the text is set."""
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def _blocks(pages: Sequence[tuple[list[_Line], list[tuple[float, Grid]]]]) -> Iterator[Paragraph | Grid]:
    """Yield the paragraphs and tables of the pages, which are given as lines and as tables with their tops."""
    everything = [line for lines, _ in pages for line in lines]
    body = _body_size(everything)
    larger = sorted({line.size for line in everything if line.size > body}, reverse=True)
    right = max((line.right for line in everything), default=0)

    def level(line: _Line) -> int:
        return larger.index(line.size) + 1 if line.size in larger else len(larger) + 1 if line.is_bold else 0

    grid: Grid | None = None
    for lines, tables in pages:
        places = sorted([*((line.top, line) for line in lines), *tables], key=lambda each: each[0])
        paragraph: list[_Line] = []
        for _, each in (*places, (0, None)):
            if paragraph and not (
                isinstance(each, _Line)
                and each.top - paragraph[-1].top < _LEADING * each.size
                and level(each) == level(paragraph[-1])
            ):
                yield Paragraph(_flowing_text(paragraph, right), level(paragraph[0]), page=paragraph[0].page)
                paragraph = []
            if isinstance(each, _Line):
                paragraph.append(each)
            if isinstance(each, Grid):
                is_same = grid is not None and len(grid.rows[0]) == len(each.rows[0])
                if grid is not None and not is_same:
                    yield grid
                grid = _joined(grid, each) if grid is not None and is_same else each
            elif each is not None and grid is not None:
                yield grid
                grid = None
    if grid is not None:
        yield grid


def _running_lines(pages: Sequence[list[_Line]]) -> set[tuple[str, int]]:
    """Return the text and place of the lines that most pages have: page headers and footers, with their numbers."""
    counts = Counter(_running_key(line) for lines in pages for line in lines)
    return {key for key, count in counts.items() if count > 1 and 2 * count >= len(pages) - 1}


def _footnotes(lines: Sequence[_Line], below: float, body: float) -> list[list[_Line]]:
    """Return the footnotes at the foot of a page, below its last table: they begin with a mark, in a smaller type."""
    notes: list[list[_Line]] = []
    for line in lines:
        if line.top > below and line.size < body:
            if _NOTE_MARK.match(line.text):
                notes.append([line])
            elif notes:
                notes[-1].append(line)
        else:
            notes.clear()
    return notes


def _running_key(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.top / _TOLERANCE / 2)


def read_pdf(data: bytes, file: Path) -> Document:
    """Return the content of a PDF document, with the page of each paragraph and row.

    Raises SourceError if a page has no text, as a scanned page, or if there are too many pages, and exceptions of
    pdfplumber if the file is damaged.
    """
    import pdfplumber

    pages = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        if len(document.pages) > _MOST_PAGES:
            raise SourceError(f"it has more than {_MOST_PAGES} pages", Place(file))
        for page in document.pages:
            tables = [each for each in page.find_tables() if len(each.cells) > 1]
            outside = page
            for table in tables:
                outside = outside.outside_bbox(table.bbox, strict=False)
            if page.images and not page.chars:
                raise SourceError(
                    f"page {page.page_number} is a picture, in which no text can be selected; recognise its text first",
                    Place(file),
                )
            pages.append((_lines(outside), [(table.bbox[1], _grid(table, page)) for table in tables]))
            page.close()
    running = _running_lines([lines for lines, _ in pages])
    half = float(document.pages[0].height) / 2 if document.pages else 0
    asides = dict.fromkeys(
        ("page header" if line.top < half else "page footer", line.text)
        for lines, _ in pages
        for line in lines
        if _running_key(line) in running
    )
    kept = [([line for line in lines if _running_key(line) not in running], tables) for lines, tables in pages]
    body = _body_size([line for lines, _ in kept for line in lines])
    for lines, grids in kept:
        for note in _footnotes(lines, max((top for top, _ in grids), default=0), body):
            asides["footnote", _flowing_text(note, max(line.right for line in lines))] = None
            del lines[lines.index(note[0]) : lines.index(note[-1]) + 1]
    return Document(tuple(_blocks(kept)), tuple(asides))
