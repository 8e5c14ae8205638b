"""The tables of a Word document."""

import io
from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.importing.files.archive import open_archive
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import span
from crmgraph.importing.files.lines import lines
from crmgraph.importing.files.markup import within
from crmgraph.importing.files.omissions import Omissions
from crmgraph.importing.files.raised import raised
from crmgraph.importing.files.word_omissions import leave_out, margins, notes, unread_styles
from crmgraph.importing.grid import Cell, Grid, spread

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["word"]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word(data: bytes, file: Path) -> Iterator[Grid]:
    """The tables of the document, and one without rows for what stands below. Raises SourceError where it is none."""
    import docx

    open_archive(data, file)
    try:
        document = docx.Document(io.BytesIO(data))
        body, styles = document.element.body, document.styles.element
        noted, unread, beside = notes(document), unread_styles(styles), list(margins(document))
    except Exception:  # it raises what it likes on broken files
        raise broken(file, "a Word document (.docx)") from None
    listing = frozenset(
        style.get(f"{_WORD}styleId")
        for style in styles.iterfind(f"{_WORD}style")
        if style.find(f"{_WORD}pPr/{_WORD}numPr") is not None
    )
    before: list[str] = []
    omissions = Omissions()
    for what, text in beside:
        omissions.add(what, text)
    titling = frozenset(_heading_styles(styles))
    heading = ""
    number = 0
    # What stands in a content control is part of the text, too.
    for block in body.iter(f"{_WORD}p", f"{_WORD}tbl"):
        if next(block.iterancestors(f"{_WORD}tbl"), None) is not None:
            continue
        leave_out(block, unread, noted, omissions)
        if block.tag == f"{_WORD}p":
            text = _word_text(block)
            before += text.split("\n")
            style = block.find(f"{_WORD}pPr/{_WORD}pStyle")
            heading = text if style is not None and style.get(f"{_WORD}val") in titling else heading
            continue
        number += 1
        rows = (
            row for row in within(block, f"{_WORD}tr", f"{_WORD}tbl") if row.find(f"{_WORD}trPr/{_WORD}del") is None
        )
        grid = spread(str(number), before, (_word_cells(row, listing) for row in rows))
        yield replace(grid, left=tuple(omissions.told()), heading=heading)
        before, omissions, heading = [], Omissions(), ""
    yield Grid("", tuple(before), (), left=tuple(omissions.told()))


def _heading_styles(styles: "_Element") -> Iterator[str]:
    """The styles of headings, which are called so in a document in any language."""
    for style in styles.iterfind(f"{_WORD}style"):
        name = style.find(f"{_WORD}name")
        if name is not None and name.get(f"{_WORD}val", "").lower().startswith("heading "):
            yield style.get(f"{_WORD}styleId", "")


def _word_cells(row: "_Element", listing: Container[str]) -> Iterator[Cell]:
    skipped = row.find(f"{_WORD}trPr/{_WORD}gridBefore")
    yield from [Cell("")] * (0 if skipped is None else span(skipped.get(f"{_WORD}val")))
    for cell in within(row, f"{_WORD}tc", f"{_WORD}tr"):
        merged = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
        goes_on = merged is not None and merged.get(f"{_WORD}val", "continue") == "continue"
        width = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        text = "" if goes_on else _cell_text(cell, listing)
        yield Cell(text, 1 if width is None else span(width.get(f"{_WORD}val")), goes_on=goes_on)


def _cell_text(cell: "_Element", listing: Container[str]) -> str:
    """The paragraphs of a cell. Those of a list have their bullets from its style; one alone is no list."""
    paragraphs = [(_word_text(each), _is_listed(each, listing)) for each in cell.iter(f"{_WORD}p")]
    is_list = sum(is_listed for _, is_listed in paragraphs) > 1
    return "\n".join(f"• {text}" if is_list and is_listed else text for text, is_listed in paragraphs)


def _is_listed(paragraph: "_Element", listing: Container[str]) -> bool:
    """Whether Word shows a bullet or a number before a paragraph, by its own properties or by those of its style."""
    own = paragraph.find(f"{_WORD}pPr/{_WORD}numPr/{_WORD}numId")
    if own is not None:
        return bool(own.get(f"{_WORD}val") != "0")
    style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    return style is not None and style.get(f"{_WORD}val") in listing


def _word_text(paragraph: "_Element") -> str:
    """The text of a paragraph, with what was inserted and without what was deleted in tracked changes."""
    said = {f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
    return "".join(
        _run_text(each) if each.tag == f"{_WORD}t" else said[each.tag] for each in paragraph.iter(f"{_WORD}t", *said)
    )


def _run_text(text: "_Element") -> str:
    said = lines(text.text or "")
    align = text.getparent().find(f"{_WORD}rPr/{_WORD}vertAlign")
    return raised(said) if align is not None and align.get(f"{_WORD}val") == "superscript" else said
