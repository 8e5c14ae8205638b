"""The reader of Word documents.

A document is a sequence of paragraphs, headings and tables. A paragraph or table inside a table cell is part of the
text of the cell. Source: ECMA-376 Part 1 (WordprocessingML).
"""

import io
import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

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
    format_number,
    normalize_lines,
    open_archive,
    outermost,
    own_descendants,
    parse_span,
    parse_xml,
)

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTES = ("comment", "footnote", "endnote")
_OFF = ("0", "false", "off")
_HEADING = re.compile("(?i)heading ([1-9])")
_MOST_DIGITS = 7


def _qualified(path: str) -> str:
    return "/".join(f"{_WORD}{step}" for step in path.split("/"))


_BREAKS = {_qualified("tab"): " ", _qualified("br"): "\n", _qualified("cr"): "\n", _qualified("noBreakHyphen"): "-"}


def _attribute_value(element: etree._Element, path: str, default: str = "") -> str | None:
    """Return the `val` attribute of the element at a path of WordprocessingML; None if there is no such element.

    `default` is returned if the element has no such attribute.
    """
    found = element.find(_qualified(path))
    return None if found is None else found.get(_qualified("val"), default)


class _WordReader:
    """A reader of a Word document, with the styles and notes that its paragraphs refer to."""

    def __init__(self, data: bytes) -> None:
        """Read the parts of a document. Raises exceptions of python-docx and lxml if it is damaged."""
        import docx

        document = docx.Document(io.BytesIO(data))
        self.omissions = Omissions()
        self.body = document.element.body
        self._notes: dict[tuple[str, str], str] = {}
        for relation in (each for each in document.part.rels.values() if not each.is_external):
            what = relation.reltype.rpartition("/")[2].removesuffix("s")
            if what in _NOTES:
                self._notes |= {
                    (what, each.get(_qualified("id"), "")): _plain_text(each, " ")
                    for each in parse_xml(relation.target_part.blob).iterchildren(_qualified(what))
                }
            elif what in ("header", "footer"):
                paragraphs = parse_xml(relation.target_part.blob).iter(_qualified("p"))
                self.omissions.add(f"page {what}", " ".join(map(_plain_text, paragraphs)))
        styles = {
            each.get(_qualified("styleId"), ""): each for each in document.styles.element.iterfind(_qualified("style"))
        }
        self._kinds = {name: _run_kind(each, {}) for name, each in styles.items()}
        self._numbering = _Numbering(document.part, styles)
        # The names of heading styles are English in documents of any language.
        self._headings = {
            style: int(found[1])
            for style, each in styles.items()
            if (found := _HEADING.fullmatch(_attribute_value(each, "name") or ""))
        }

    def document(self) -> Document:
        """Return the paragraphs and tables of the body, including those in content controls."""
        numbers = count(1)
        blocks = tuple(
            expand_merged_cells(str(next(numbers)), self._rows(block))
            if block.tag == _qualified("tbl")
            else self._paragraph(block)
            for block in outermost(self.body, _qualified("tbl"), _qualified("p"))
        )
        return Document(blocks, self.omissions.take_asides(), self.omissions.summaries())

    def _rows(self, table: etree._Element) -> Iterator[list[Cell]]:
        for row in own_descendants(table, _qualified("tr"), _qualified("tbl")):
            cells = [Cell("")] * parse_span(_attribute_value(row, "trPr/gridBefore"), 0)
            for cell in own_descendants(row, _qualified("tc"), _qualified("tr")):
                is_continuation = _attribute_value(cell, "tcPr/vMerge", "continue") == "continue"
                text = cell_text([*map(self._paragraph, cell.iter(_qualified("p")))])
                cells.append(
                    Cell(
                        "" if is_continuation else text,
                        parse_span(_attribute_value(cell, "tcPr/gridSpan")),
                        is_continuation=is_continuation,
                    )
                )
            if row.find(_qualified("trPr/del")) is None:
                yield cells

    def _paragraph(self, paragraph: etree._Element) -> Paragraph:
        style = _attribute_value(paragraph, "pPr/pStyle") or ""
        depth, label = self._numbering.next_label(paragraph, style)
        heading = self._headings.get(style, 0)
        return Paragraph(self._text(paragraph), heading, 0 if heading else depth, label)

    def _text(self, paragraph: etree._Element) -> str:
        """Return the text of a paragraph. Tracked insertions are included, tracked deletions are not."""
        return self.omissions.filter_runs(self._runs(paragraph))

    def _runs(self, paragraph: etree._Element) -> Iterator[Run]:
        """Yield the runs of a paragraph; notes, comments and deleted text are runs with that kind."""
        references = {_qualified(f"{what}Reference"): what for what in _NOTES}
        for each in paragraph.iter(_qualified("t"), _qualified("delText"), *_BREAKS, *references):
            if what := references.get(each.tag):
                yield self._notes.get((what, each.get(_qualified("id"), "")), ""), what
            else:
                kind = "deleted text" if each.tag == _qualified("delText") else _run_kind(each.getparent(), self._kinds)
                yield _BREAKS.get(each.tag) or normalize_lines(each.text or ""), kind


def _run_kind(run: etree._Element, styles: dict[str, str]) -> str:
    """Return the kind of a `Run` or style; `styles` maps the id of a character style to its kind."""
    for name, kind in (("strike", STRUCK), ("dstrike", STRUCK), ("vanish", HIDDEN)):
        said = _attribute_value(run, f"rPr/{name}", "1")
        if said is not None:
            return "" if said in _OFF else kind
    own = styles.get(_attribute_value(run, "rPr/rStyle") or "", "")
    return own or (RAISED if _attribute_value(run, "rPr/vertAlign") == "superscript" else "")


def _plain_text(element: etree._Element, between: str = "") -> str:
    return between.join(each.text or "" for each in element.iter(_qualified("t")))


class _Level(NamedTuple):
    """A level of a list: the format of its numbers, the text around them such as "%1.%2", and the first number."""

    format: str
    text: str
    start: int
    style: str


class _Numbering:
    """The automatic numbers of a document, counted in the order of its paragraphs.

    Source: ECMA-376 Part 1, section 17.9 (Numbering).
    """

    def __init__(self, part: Any, styles: Mapping[str, etree._Element]) -> None:
        relations = [
            each for each in part.rels.values() if each.reltype.endswith("/numbering") and not each.is_external
        ]
        root = parse_xml(relations[0].target_part.blob) if relations else etree.Element("none")
        levels = {
            each.get(_qualified("abstractNumId")): {
                int(level.get(_qualified("ilvl"), "0")): _Level(
                    _attribute_value(level, "numFmt") or "decimal",
                    _attribute_value(level, "lvlText") or "",
                    _int(_attribute_value(level, "start"), 1),
                    _attribute_value(level, "pStyle") or "",
                )
                for level in each.iterchildren(_qualified("lvl"))
            }
            for each in root.iterchildren(_qualified("abstractNum"))
        }
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        for each in root.iterchildren(_qualified("num")):
            id, abstract = each.get(_qualified("numId"), ""), _attribute_value(each, "abstractNumId") or ""
            self._lists[id] = abstract, levels.get(abstract, {})
            for override in each.iterchildren(_qualified("lvlOverride")):
                if (start := _attribute_value(override, "startOverride")) is not None:
                    self._restarts[id, _int(override.get(_qualified("ilvl")), 0)] = _int(start, 1)
        self._styles = {name: self._of_style(name, styles) for name in styles}
        self._counts: dict[str, dict[int, int]] = {}

    def _of_style(self, name: str, styles: Mapping[str, etree._Element]) -> tuple[str, int]:
        """Return the list and level of a paragraph style, perhaps inherited; an empty id if it has none."""
        seen, level, at = set[str](), None, name
        while at in styles and at not in seen:
            seen.add(at)
            given = _attribute_value(styles[at], "pPr/numPr/ilvl")
            level = _int(given, 0) if level is None and given is not None else level
            if (id := _attribute_value(styles[at], "pPr/numPr/numId")) is not None:
                own = (number for number, each in self._lists.get(id, ("", {}))[1].items() if each.style == name)
                return id, next(own, level or 0)
            at = _attribute_value(styles[at], "basedOn") or ""
        return "", 0

    def next_label(self, paragraph: etree._Element, style: str) -> tuple[int, str]:
        """Return the depth of a paragraph in its list, counted from 1, and its label; (0, "") outside of lists."""
        id, level = self._styles.get(style, ("", 0))
        id = _attribute_value(paragraph, "pPr/numPr/numId") or id
        level = _int(_attribute_value(paragraph, "pPr/numPr/ilvl"), level)
        abstract, levels = self._lists.get(id, ("", {}))
        if id in ("", "0") or level not in levels:
            return (1, BULLET) if id not in ("", "0") else (0, "")
        counts = self._counts.setdefault(abstract, {})
        start = self._restarts.pop((id, level), None)
        counts[level] = start if start is not None else counts.get(level, levels[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if levels[level].format == "bullet":
            return level + 1, BULLET

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            count = counts.setdefault(at, levels[at].start if at in levels else 1)
            return format_number(count, levels[at].format if at in levels else "decimal")

        return level + 1, re.sub(r"%(\d)", number, levels[level].text).strip()


def _int(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < _MOST_DIGITS else default


def read_word(data: bytes, file: Path) -> Document:
    """Return the content of a Word document (.docx). Raises exceptions of python-docx if it is damaged."""
    open_archive(data, file)
    return _WordReader(data).document()
