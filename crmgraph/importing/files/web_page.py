"""The tables of a web page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import span
from crmgraph.importing.files.markup import within
from crmgraph.importing.files.omissions import HIDDEN, STRUCK, TAKEN_OUT, Omissions
from crmgraph.importing.files.raised import raised
from crmgraph.importing.grid import Cell, Grid, spread

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["web_page"]

_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})


def web_page(data: bytes, file: Path) -> Iterator[Grid]:
    """The tables of the page, without those within others. Raises SourceError where it is none."""
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
    before: list[str] = []
    omissions = Omissions()
    for element in page.iter("table", "p", "h1", "h2", "h3", "h4", "title"):
        if next(element.iterancestors("table"), None) is not None:
            continue
        _leave_out(element, omissions)
        if element.tag == "table":
            caption = [_web_text(each) for each in element.iterchildren("caption")]
            rows = (
                [
                    Cell(_web_text(cell), span(cell.get("colspan")), span(cell.get("rowspan")))
                    for cell in row.iterchildren("td", "th")
                ]
                for row in within(element, "tr", "table")
            )
            grid = spread(element.get("id") or "", [*before, *caption], rows)
            yield replace(grid, left=tuple(omissions.told()))
            before, omissions = [], Omissions()
        elif element.tag != "title":
            before += _web_text(element).split("\n")


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
        style = child.get("style", "")
        if child.get("hidden") is not None or _NOT_SHOWN.search(style):
            yield child, HIDDEN
        elif child.tag in ("s", "strike", "del") or _STRUCK.search(style):
            yield child, STRUCK
        else:
            yield from _unread(child)


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
