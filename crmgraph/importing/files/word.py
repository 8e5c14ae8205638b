"""The tables of a Word document."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.importing.files.archive import open_archive
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import span
from crmgraph.importing.files.lines import lines
from crmgraph.importing.files.markup import within
from crmgraph.importing.grid import Cell, Grid, spread

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["word"]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word(data: bytes, file: Path) -> Iterator[Grid]:
    """The tables of the document. Raises SourceError where it is none."""
    import docx

    open_archive(data, file)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except Exception:  # it raises what it likes on broken files
        raise broken(file, "a Word document (.docx)") from None
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
            row for row in within(block, f"{_WORD}tr", f"{_WORD}tbl") if row.find(f"{_WORD}trPr/{_WORD}del") is None
        )
        yield spread(str(number), before, map(_word_cells, rows))
        before = []


def _word_cells(row: "_Element") -> Iterator[Cell]:
    skipped = row.find(f"{_WORD}trPr/{_WORD}gridBefore")
    yield from [Cell("")] * (0 if skipped is None else span(skipped.get(f"{_WORD}val")))
    for cell in within(row, f"{_WORD}tc", f"{_WORD}tr"):
        merged = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
        goes_on = merged is not None and merged.get(f"{_WORD}val", "continue") == "continue"
        width = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        text = "" if goes_on else "\n".join(map(_word_text, cell.iter(f"{_WORD}p")))
        yield Cell(text, 1 if width is None else span(width.get(f"{_WORD}val")))


def _word_text(paragraph: "_Element") -> str:
    """The text of a paragraph, with what was inserted and without what was deleted in tracked changes."""
    said = {f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
    return "".join(
        lines(each.text or "") if each.tag == f"{_WORD}t" else said[each.tag]
        for each in paragraph.iter(f"{_WORD}t", *said)
    )
