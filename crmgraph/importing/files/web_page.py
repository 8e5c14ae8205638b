"""The tables of a web page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.importing.columns import column_of
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import span
from crmgraph.importing.files.markup import within
from crmgraph.importing.files.omissions import HIDDEN, STRUCK, TAKEN_OUT, Omissions
from crmgraph.importing.files.raised import raised
from crmgraph.importing.grid import Cell, Grid, spread
from crmgraph.wording import quoted

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["web_page"]

_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"(?:^|;)\s*(display\s*:\s*none|visibility\s*:\s*(hidden|collapse))", re.IGNORECASE)
_HIDDEN = {"tr": "hidden row", "tbody": "hidden row", "table": "hidden table"}
_BLOCKS = frozenset({"p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_READ = ("table", "p", *_HEADINGS)
_AROUND = ("header", "nav", "aside", "footer")
_AROUND_TOLD = "paragraph of the page around it"
_NO_TEXT = frozenset({"head", "script", "style", "template", "noscript"})
_SHOWN = 40


def web_page(data: bytes, file: Path) -> Iterator[Grid]:
    """The tables of the page that are shown, and one without rows for what stands below. Raises SourceError where it is
    none.

    One within another is a part of its cell; but where the outer one only lays out the page, and the inner one has the
    headings of a plan, the inner one is the table.
    """
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
        raise broken(file, "a page with a table") from None
    tables = list(page.iter("table"))
    plans = [table for table in tables if _has_headings(table)]
    layouts = {around for table in plans for around in table.iterancestors("table")}.difference(plans)
    beside = tuple(_beside(layouts))
    before: list[str] = []
    heading = ""
    omissions = Omissions()
    for element in page.iter(*_READ):
        if element in layouts or not layouts.issuperset(element.iterancestors("table")):
            continue
        if any(map(_why_unread, (element, *element.iterancestors()))):
            omissions.add(_HIDDEN.get(element.tag, HIDDEN), " ".join(element.itertext()))
            continue
        if element.tag == "p" and next(element.iterancestors(*_AROUND), None) is not None:
            omissions.add(_AROUND_TOLD, _web_text(element))
            continue
        _leave_out(element, omissions)
        if element.tag == "table":
            grid = _grid(element, before)
            yield replace(grid, left=(*omissions.told(), *beside), heading=_caption(element) or heading)
            before, omissions, heading = [], Omissions(), ""
        else:
            before += _web_text(element).split("\n")
            heading = _web_text(element) if element.tag in _HEADINGS else heading
    omissions.add("text outside of tables, paragraphs and headings", " ".join(_beside_blocks(page)))
    yield Grid("", tuple(before), (), left=tuple(omissions.told()))


def _grid(table: "_Element", before: Sequence[str]) -> Grid:
    caption = _caption(table)
    rows = (
        [Cell(_web_text(cell), span(cell.get("colspan")), span(cell.get("rowspan"))) for cell in _cells(row)]
        for row in within(table, "tr", "table")
    )
    return spread(table.get("id") or "", [*before, *filter(None, [caption])], rows)


def _caption(table: "_Element") -> str:
    return "\n".join(_web_text(each) for each in table.iterchildren("caption"))


def _cells(row: "_Element") -> "Iterator[_Element]":
    yield from row.iterchildren("td", "th")


def _own_cells(row: "_Element") -> Iterator[str]:
    """The texts of the cells of a row but those that hold a table."""
    return (_web_text(cell) for cell in _cells(row) if cell.find(".//table") is None)


def _has_headings(table: "_Element") -> bool:
    """Whether a row of it has the headings of a plan, and not only a table within it."""
    rows = ({column_of(text) for text in _own_cells(row)} - {None} for row in within(table, "tr", "table"))
    return any(len(found) > 1 for found in rows)


def _beside_blocks(element: "_Element") -> Iterator[str]:
    """What is shown on the page and stands in no table, paragraph or heading, such as its navigation."""
    if not isinstance(element.tag, str) or element.tag in _READ or element.tag in _NO_TEXT or _why_unread(element):
        return
    yield element.text or ""
    for child in element:
        yield from _beside_blocks(child)
        yield child.tail or ""


def _beside(layouts: "Iterable[_Element]") -> Iterator[str]:
    """What stands in tables that only lay out a page, beside the tables within them."""
    words = [text for table in layouts for row in within(table, "tr", "table") for text in _own_cells(row) if text]
    if words:
        yield f"what stands beside the table on the page ({', '.join(quoted(text, _SHOWN) for text in words)})"


def _leave_out(block: "_Element", omissions: Omissions) -> None:
    """Take what is struck through or hidden out of a paragraph or a table."""
    for element, kind in [*_unread(block)]:
        text = " ".join(element.itertext())
        omissions.add(kind, text)
        element.clear(keep_tail=True)
        element.text = TAKEN_OUT if text.strip() else None


def _unread(element: "_Element") -> Iterator[tuple["_Element", str]]:
    """The elements within this one that are struck through or hidden, and which it is."""
    for child in element.iterchildren("*"):
        if why := _why_unread(child):
            yield child, why
        else:
            yield from _unread(child)


def _why_unread(element: "_Element") -> str:
    """Why an element is left out; nothing where it is read."""
    style = element.get("style", "")
    if element.get("hidden") is not None or _NOT_SHOWN.search(style):
        return _HIDDEN.get(element.tag, HIDDEN)
    return STRUCK if element.tag in ("s", "strike", "del") or _STRUCK.search(style) else ""


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
        elif name == "sup":
            yield raised("".join(_web_parts(child)))
        elif name not in ("script", "style"):
            edge = "\n" if name in _BLOCKS else ""
            yield edge
            yield _point(child) if name == "li" else ""
            yield from _web_parts(child)
            yield edge
        yield _one_line(child.tail)


def _point(item: "_Element") -> str:
    """What a browser shows before an item of a list."""
    if item.getparent().tag == "ol":
        return f"{sum(1 for _ in item.itersiblings('li', preceding=True)) + 1}. "
    return "◦ " if next(item.iterancestors("li"), None) is not None else "• "


def _one_line(text: str | None) -> str:
    return re.sub(r"[\r\n]", " ", text or "")
