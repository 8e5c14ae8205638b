"""The reader of web pages.

A paragraph, list or table inside a table cell is part of the text of the cell. Source: the HTML standard.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from crmgraph.importing.tables import (
    BULLET,
    HIDDEN,
    RAISED,
    STRUCK,
    Cell,
    Document,
    Grid,
    Omissions,
    Paragraph,
    Run,
    expand_merged_cells,
    format_number,
    own_descendants,
    parse_span,
)

_LINE_THROUGH = re.compile(r"(?i)text-decoration[^;]*line-through")
_NOT_SHOWN = re.compile(r"(?i)(?:^|;)\s*(display\s*:\s*none|visibility\s*:\s*(hidden|collapse))")
_HIDDEN_BLOCKS = {"tr": "hidden row", "tbody": "hidden row", "table": "hidden table"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINES = frozenset({"p", "div", "li", "tr", "ul", "ol", *_HEADINGS})
_BLOCKS = _LINES | frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dl", "dt", "fieldset",
     "figcaption", "figure", "footer", "form", "header", "hr", "html", "main", "nav", "pre", "section",
     "summary", "table"}
)  # fmt: skip
_NO_TEXT = ("head", "script", "style", "template", "noscript")
_AROUND = ("nav", "aside", "footer", "form")
_LIST_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_CAPTION_LEVEL = len(_HEADINGS)


class _PageReader:
    """A reader of the blocks of a page, in the order of the page.

    The text between two blocks is a paragraph. The texts of navigation and the like are omitted.
    """

    def __init__(self, page: etree._Element) -> None:
        """Find the main content of the page: its element `main`, or else its only `article`, or else the whole page."""
        articles = page.findall(".//article")
        main = page.find(".//main")
        self._main = main if main is not None else articles[0] if len(articles) == 1 else None
        self._above_main = [] if self._main is None else [*self._main.iterancestors()]
        self._page = page
        self.omissions = Omissions()
        self._blocks: list[Paragraph | Grid] = []
        self._text: list[Run] = []

    def document(self) -> Document:
        """Return the content of the page."""
        self._walk(self._page, self._main is None)
        return Document(tuple(self._blocks), (), self.omissions.summaries())

    def _walk(self, element: etree._Element, is_main: bool, depth: int = 0, label: str = "", heading: int = 0) -> None:
        """Read the content of a block.

        Args:
            element: The element.
            is_main: Whether it is part of the main content.
            depth: The depth of the list item that it is in.
            label: The number or bullet of its first paragraph.
            heading: The level of the heading that it is.
        """
        self._text.append(_text_run(element.text))
        count = parse_span(element.get("start"))
        for child in element:
            name = child.tag if isinstance(child.tag, str) else "script"
            is_inside = is_main or child is self._main or name in _HEADINGS
            if name not in _BLOCKS and next(child.iter(*_BLOCKS), None) is None:
                self._text += _child_runs(child)
            else:
                label = self._end_paragraph(is_main, depth, label, heading)
                if why := _omission_kind(child):
                    self.omissions.add(_HIDDEN_BLOCKS.get(name, why), " ".join(child.itertext()))
                elif name in _AROUND or not (is_inside or child in self._above_main):
                    self.omissions.add("navigation text", " ".join(child.itertext()))
                elif name == "table":
                    self._add_table(child)
                elif name == "li":
                    count = parse_span(child.get("value"), count)
                    self._walk(child, is_inside, depth + 1, _list_label(element, count))
                    count += 1
                else:
                    level = _HEADINGS.index(name) + 1 if name in _HEADINGS else heading
                    self._walk(child, is_inside, depth, label, level)
                    label = ""
            self._text.append(_text_run(child.tail))
        self._end_paragraph(is_main, depth, label, heading)

    def _add_table(self, table: etree._Element) -> None:
        captions = (_html_text(each, self.omissions) for each in table.iterchildren("caption"))
        self._blocks += (Paragraph(each, _CAPTION_LEVEL) for each in captions if each)
        self._blocks.append(expand_merged_cells(table.get("id") or "", _html_rows(table, self.omissions)))

    def _end_paragraph(self, is_main: bool, depth: int, label: str, heading: int) -> str:
        """Add the text since the last block as a paragraph, or omit it; return the label of the next one."""
        lines = self.omissions.filter_runs(self._text).split("\n")
        text = "\n".join(re.sub("[ \t]+", " ", line).strip(" ") for line in lines).strip("\n")
        self._text.clear()
        if not is_main:
            self.omissions.add("navigation text", text)
        elif text:
            self._blocks.append(Paragraph(text, heading, depth, label))
        return "" if text else label


def _html_rows(table: etree._Element, omissions: Omissions) -> Iterator[list[Cell]]:
    for row in own_descendants(table, "tr", "table"):
        why = _omission_kind(row) or _omission_kind(row.getparent())
        omissions.add(why, " ".join(row.itertext()) if why else "")
        yield [
            Cell(_html_text(cell, omissions), parse_span(cell.get("colspan")), parse_span(cell.get("rowspan")))
            for cell in ([] if why else row.iterchildren("td", "th"))
        ]


def _html_text(element: etree._Element, omissions: Omissions) -> str:
    """Return the text of an element with white space collapsed as in a browser."""
    lines = omissions.filter_runs(_html_runs(element)).split("\n")
    return "\n".join(re.sub("[ \t]+", " ", line).strip(" ") for line in lines).strip("\n")


def _html_runs(element: etree._Element) -> Iterator[Run]:
    """Yield the runs of an element. Blocks and breaks begin new lines, and list items get a bullet."""
    if why := _omission_kind(element):
        yield " ".join(element.itertext()), why
        return
    yield _text_run(element.text)
    for child in element:
        yield from _child_runs(child)
        yield _text_run(child.tail)


def _child_runs(child: etree._Element) -> Iterator[Run]:
    """Yield the runs of an element within a text, without its tail."""
    name = child.tag if isinstance(child.tag, str) else "script"
    edge = "\n" if name in _LINES or name == "br" else ""
    if name == "sup":
        yield "".join(child.itertext()), RAISED
    elif name not in _NO_TEXT:
        bullet = "" if name != "li" else "◦ " if next(child.iterancestors("li"), None) is not None else f"{BULLET} "
        yield edge + bullet, ""
        yield from _html_runs(child)
        yield "" if name == "br" else edge, ""


def _text_run(text: str | None) -> Run:
    return re.sub(r"[\r\n]", " ", text or ""), ""


def _list_label(items: etree._Element, number: int) -> str:
    """Return the label of an item of a list."""
    format = _LIST_TYPES.get(items.get("type", "1"), "decimal")
    return f"{format_number(number, format)}." if items.tag == "ol" else BULLET


def _omission_kind(element: etree._Element) -> str:
    """Return the reason why an element is left out: it is hidden or struck through. Empty if it is read."""
    style = element.get("style", "")
    if element.get("hidden") is not None or _NOT_SHOWN.search(style):
        return _HIDDEN_BLOCKS.get(element.tag, HIDDEN)
    return STRUCK if element.tag in ("s", "strike", "del") or _LINE_THROUGH.search(style) else ""


def read_html(data: bytes, file: Path) -> Document:  # noqa: ARG001
    """Return the content of a web page. Raises exceptions of lxml if it is damaged."""
    # A page in another encoding declares it.
    encoding = "utf-8" if data.decode("utf-8", "replace").encode() == data else None
    page = html.document_fromstring(data, parser=html.HTMLParser(no_network=True, encoding=encoding))
    return _PageReader(page).document()
