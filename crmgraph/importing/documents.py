"""Readers of Word documents, OpenDocument files, web pages and StratML.

A document in each of the first three formats is a sequence of paragraphs, headings and tables. Each reader yields these
blocks, and `_combine_blocks` assigns the paragraphs to the tables. A paragraph or table inside a table cell is part of
the text of the cell. In StratML, the Strategy Markup Language, goals and objectives are one table. Sources: ECMA-376
Part 1 (WordprocessingML), OASIS OpenDocument 1.3 Part 3, the HTML standard, ISO 17469-1 and ANSI/AIIM 22 (StratML).
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from lxml import etree, html

from crmgraph.errors import Place, SourceError, quoted
from crmgraph.importing.tables import (
    HIDDEN,
    RAISED,
    STRUCK,
    Cell,
    Grid,
    Omissions,
    Run,
    expand_merged_cells,
    normalize_lines,
    open_archive,
    own_descendants,
    parse_span,
    parse_xml,
)

_Paragraph = tuple[str, bool]
"""A paragraph outside tables: its text, and whether it is a heading."""


def _combine_blocks(blocks: Iterable[_Paragraph | Grid], omissions: Omissions) -> Iterator[Grid]:
    """Yield each table with the paragraphs before it.

    A last grid without rows contains the paragraphs after the last table.
    """
    before: list[str] = []
    heading = ""
    for block in chain(blocks, [Grid("", (), ())]):
        if isinstance(block, Grid):
            yield replace(block, before=tuple(before), omissions=omissions.take_summaries(), heading=heading)
            before, heading = [], ""
        else:
            text, is_heading = block
            before += text.split("\n")
            heading = text if is_heading else heading


def _cell_text(paragraphs: Sequence[tuple[str, bool]]) -> str:
    """Return the text of a cell from (text, is a list item) pairs. List items get bullets if there are at least two."""
    is_list = sum(is_listed for _, is_listed in paragraphs) > 1
    return "\n".join(f"• {text}" if is_list and is_listed else text for text, is_listed in paragraphs)


def _outermost(root: etree._Element, table: str, *others: str) -> Iterator[etree._Element]:
    """Yield, in document order, the tables and the elements with the tags `others` that are not inside a table."""
    yield from (each for each in root.iter(table, *others) if next(each.iterancestors(table), None) is None)


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTES = ("comment", "footnote", "endnote")
_OFF = ("0", "false", "off")


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
        self._listing = {name for name, each in styles.items() if each.find(_qualified("pPr/numPr")) is not None}
        # The names of heading styles are English in documents of any language.
        self._headings = {
            name
            for name, each in styles.items()
            if (_attribute_value(each, "name") or "").lower().startswith("heading ")
        }

    def blocks(self) -> Iterator[_Paragraph | Grid]:
        """Yield the paragraphs and tables of the body, including those in content controls."""
        numbers = count(1)
        for block in _outermost(self.body, _qualified("tbl"), _qualified("p")):
            yield (
                expand_merged_cells(str(next(numbers)), self._rows(block))
                if block.tag == _qualified("tbl")
                else (self._text(block), _attribute_value(block, "pPr/pStyle") in self._headings)
            )

    def _rows(self, table: etree._Element) -> Iterator[list[Cell]]:
        for row in own_descendants(table, _qualified("tr"), _qualified("tbl")):
            cells = [Cell("")] * parse_span(_attribute_value(row, "trPr/gridBefore"), 0)
            for cell in own_descendants(row, _qualified("tc"), _qualified("tr")):
                is_continuation = _attribute_value(cell, "tcPr/vMerge", "continue") == "continue"
                text = _cell_text([(self._text(each), self._is_listed(each)) for each in cell.iter(_qualified("p"))])
                cells.append(
                    Cell(
                        "" if is_continuation else text,
                        parse_span(_attribute_value(cell, "tcPr/gridSpan")),
                        is_continuation=is_continuation,
                    )
                )
            if row.find(_qualified("trPr/del")) is None:
                yield cells

    def _is_listed(self, paragraph: etree._Element) -> bool:
        """Return whether the paragraph is a list item, by its own properties or those of its style."""
        own = _attribute_value(paragraph, "pPr/numPr/numId")
        return own != "0" if own is not None else _attribute_value(paragraph, "pPr/pStyle") in self._listing

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


def read_word(data: bytes, file: Path) -> Iterator[Grid]:
    """Yield the tables of a Word document (.docx). Raises exceptions of python-docx if it is damaged."""
    open_archive(data, file)
    reader = _WordReader(data)
    yield from _combine_blocks(reader.blocks(), reader.omissions)


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

    def blocks(self) -> Iterator[_Paragraph | Grid]:
        """Yield the paragraphs and tables of the document."""
        for element in _outermost(self._root, f"{_TABLE}table", *_PARAGRAPHS):
            yield (
                expand_merged_cells(element.get(f"{_TABLE}name", ""), self._rows(element))
                if element.tag == f"{_TABLE}table"
                else (self.omissions.filter_runs(self._runs(element, "")), element.tag == f"{_TEXT}h")
            )

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
            (
                self.omissions.filter_runs(self._runs(each, kind)),
                next(each.iterancestors(f"{_TEXT}list-item", cell.tag)) is not cell,
            )
            for each in cell.iter(*_PARAGRAPHS)
            if next(each.iterancestors(f"{_OFFICE}annotation", f"{_TEXT}note"), None) is None
        ]
        text = _cell_text(paragraphs)
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


def read_open_document(data: bytes, file: Path) -> Iterator[Grid]:
    """Yield the tables of an OpenDocument file. Raises exceptions of zipfile and lxml if it is damaged."""
    reader = _OpenDocumentReader(open_archive(data, file))
    yield from _combine_blocks(reader.blocks(), reader.omissions)


_LINE_THROUGH = re.compile(r"(?i)text-decoration[^;]*line-through")
_NOT_SHOWN = re.compile(r"(?i)(?:^|;)\s*(display\s*:\s*none|visibility\s*:\s*(hidden|collapse))")
_HIDDEN_BLOCKS = {"tr": "hidden row", "tbody": "hidden row", "table": "hidden table"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINES = frozenset({"p", "div", "li", "tr", "ul", "ol", *_HEADINGS})
_NOT_OUTSIDE = frozenset({"table", "p", *_HEADINGS, "head", "script", "style", "template", "noscript"})


def _html_blocks(page: etree._Element, omissions: Omissions) -> Iterator[_Paragraph | Grid]:
    """Yield the visible paragraphs, headings and tables of a page, and add the rest to `omissions`."""
    for element in _outermost(page, "table", "p", *_HEADINGS):
        if any(map(_omission_kind, (element, *element.iterancestors()))):
            omissions.add(_HIDDEN_BLOCKS.get(element.tag, HIDDEN), " ".join(element.itertext()))
        elif element.tag == "p" and next(element.iterancestors("header", "nav", "aside", "footer"), None) is not None:
            omissions.add("paragraph of the page around it", _html_text(element, omissions))
        elif element.tag == "table":
            yield from ((_html_text(each, omissions), True) for each in element.iterchildren("caption"))
            yield expand_merged_cells(element.get("id") or "", _html_rows(element, omissions))
        else:
            yield _html_text(element, omissions), element.tag in _HEADINGS
    omissions.add("text outside of tables, paragraphs and headings", " ".join(_texts_outside_blocks(page)))


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


def _texts_outside_blocks(element: etree._Element) -> Iterator[str]:
    """Yield the texts of a page that are outside tables, paragraphs and headings, such as those of its navigation."""
    if isinstance(element.tag, str) and element.tag not in _NOT_OUTSIDE and not _omission_kind(element):
        yield element.text or ""
        for child in element:
            yield from _texts_outside_blocks(child)
            yield child.tail or ""


def _html_runs(element: etree._Element) -> Iterator[Run]:
    """Yield the runs of an element. Blocks and breaks begin new lines, and list items get a bullet."""
    if why := _omission_kind(element):
        yield " ".join(element.itertext()), why
        return
    yield re.sub(r"[\r\n]", " ", element.text or ""), ""
    for child in element:
        name = child.tag if isinstance(child.tag, str) else "script"
        edge = "\n" if name in _LINES or name == "br" else ""
        if name == "sup":
            yield "".join(child.itertext()), RAISED
        elif name not in ("script", "style"):
            bullet = "" if name != "li" else "◦ " if next(child.iterancestors("li"), None) is not None else "• "
            yield edge + bullet, ""
            yield from _html_runs(child)
            yield "" if name == "br" else edge, ""
        yield re.sub(r"[\r\n]", " ", child.tail or ""), ""


def _omission_kind(element: etree._Element) -> str:
    """Return the reason why an element is left out: it is hidden or struck through. Empty if it is read."""
    style = element.get("style", "")
    if element.get("hidden") is not None or _NOT_SHOWN.search(style):
        return _HIDDEN_BLOCKS.get(element.tag, HIDDEN)
    return STRUCK if element.tag in ("s", "strike", "del") or _LINE_THROUGH.search(style) else ""


def read_html(data: bytes, file: Path) -> Iterator[Grid]:  # noqa: ARG001
    """Yield the tables of a web page. Raises exceptions of lxml if it is damaged."""
    # A page in another encoding declares it.
    encoding = "utf-8" if data.decode("utf-8", "replace").encode() == data else None
    page = html.document_fromstring(data, parser=html.HTMLParser(no_network=True, encoding=encoding))
    omissions = Omissions()
    yield from _combine_blocks(_html_blocks(page, omissions), omissions)


_ISO = "urn:ISO:std:iso:17469:tech:xsd:"
_ROOTS = frozenset(
    {
        f"{{{_ISO}stratml_core}}StrategicPlan",
        f"{{{_ISO}PerformancePlanOrReport}}PerformancePlanOrReport",
        # The namespaces before StratML became an ISO standard.
        "{http://www.stratml.net}StrategicPlan",
        "{http://www.stratml.net/PerformancePlanOrReport}PerformancePlanOrReport",
    }
)
_STRATML_COLUMNS = (
    "No.", "Goal", "Description of the goal", "Stakeholders of the goal", "Other information of the goal",
    "No.", "Objective", "Stakeholders of the objective", "Performance indicators", "Other information of the objective",
)  # fmt: skip
_OF_THE_GOAL = 5
_SHOWN = 60
_LEFT = {
    **{
        f"{core}{{*}}{tag}": name
        for tag, name in {
            "Description": "the description",
            "OtherInformation": "other information",
            "Vision": "the vision",
            "Mission": "the mission",
            "Value": "the values",
            "AdministrativeInformation": "the administrative information",
        }.items()
        for core in ("", "{*}StrategicPlanCore/")
    },
    ".//{*}Organization/{*}Acronym": "the acronym of the organization",
    ".//{*}Organization/{*}Description": "the description of the organization",
    ".//{*}Organization/{*}Stakeholder": "the stakeholders of the organization",
    ".//{*}Identifier": "the identifiers",
    ".//{*}Relationship": "the relationships",
}
"""Phrases for the content of a plan that is outside its goals, by the path of the element."""
_TYPES = {
    "PerformancePlanOrReport": "the type of the plan",
    "Stakeholder": "the types of the stakeholders",
    "PerformanceIndicator": "the types of the performance indicators",
}
"""The elements whose type is in an attribute, and the phrase for it."""


def read_stratml(data: bytes, file: Path) -> Iterator[Grid]:
    """Yield one table with the goals and objectives of a plan.

    Raises SourceError if the file is not StratML, and exceptions of lxml if it is not XML.
    """
    root = parse_xml(data)
    name = etree.QName(root)
    if root.tag not in _ROOTS:
        space = f"the namespace {name.namespace[:_SHOWN]}" if name.namespace else "no namespace"
        raise SourceError(
            f"this XML is not StratML: it begins with <{name.localname[:_SHOWN]}> in {space}, and a plan in StratML "
            f"with <StrategicPlan> or <PerformancePlanOrReport> in the namespace {_ISO}…",
            Place(file),
        )
    if (entity := next(root.iter(etree.Entity), None)) is not None:
        raise SourceError(f"it has the entity {entity.text}, and none is read; write what it stands for", Place(file))
    rows = [row for goal in root.iter("{*}Goal") for row in _goal_rows(goal, file)]
    used = [
        at
        for at, heading in enumerate(_STRATML_COLUMNS)
        if heading in ("Goal", "Objective") or any(row[at] for row in rows)
    ]
    table = tuple(tuple(row[at] for at in used) for row in (_STRATML_COLUMNS, *rows))
    title = _child_text(root, "Name")
    organizations = [said for each in root.iter("{*}Organization") if (said := _child_text(each, "Name"))]
    assumption = f"lines of the title are the names of the organizations: {', '.join(map(quoted, organizations))}"
    yield Grid(
        title or file.stem,
        (*filter(None, [title]), *organizations),
        table if rows else (),
        tuple(_omitted_content(root)),
        assumptions=(assumption,) if organizations else (),
    )


def _omitted_content(root: etree._Element) -> Iterator[str]:
    """Yield a phrase for each kind of content of the plan that has no column in the table."""
    yield from dict.fromkeys(name for path, name in _LEFT.items() if any(map(_element_text, root.iterfind(path))))
    # Attributes in a namespace, such as the location of the schema, are not content of the plan.
    yield from (
        name
        for tag, name in _TYPES.items()
        if any(not str(each).startswith("{") for element in root.iter(f"{{*}}{tag}") for each in element.attrib)
    )


def _goal_rows(goal: etree._Element, file: Path) -> Iterator[tuple[str, ...]]:
    """Yield a row for each objective of a goal; one row for the goal alone if it has no objective."""
    objectives = [each for each in own_descendants(goal, "{*}Objective", "{*}Goal") if _name_and_description(each)]
    name, description, number = (_child_text(goal, tag) for tag in ("Name", "Description", "SequenceIndicator"))
    title = name or description
    if not title and not number and objectives:
        said = quoted(_name_and_description(objectives[0]), _SHOWN)
        raise SourceError(f"the goal above {said} has neither a name nor a description; give it one", Place(file))
    if title and re.fullmatch(r"\d{1,2}|[IVX]{1,5}|[A-Z]", number):
        # With a dot, the number is recognised as that of the theme.
        number += "."
    own = (
        number,
        title,
        description if name else "",
        _child_texts(goal, "Stakeholder"),
        _child_text(goal, "OtherInformation"),
    )
    numbers = [_child_text(each, "SequenceIndicator") for each in objectives]
    parts = [each.rpartition(".") for each in numbers]
    if len({above for above, _, _ in parts}) == 1 and all(last.isdecimal() for _, _, last in parts):
        # All begin with the number of the goal, so only the last part is kept.
        numbers = [last for _, _, last in parts]
    for place, (objective, indicator) in enumerate(zip(objectives, numbers, strict=True)):
        yield (
            *(("",) * _OF_THE_GOAL if place else own),
            indicator,
            _name_and_description(objective),
            _child_texts(objective, "Stakeholder"),
            _child_texts(objective, "PerformanceIndicator"),
            _child_text(objective, "OtherInformation"),
        )
    if not objectives and (title or number):
        yield (*own, *("",) * (len(_STRATML_COLUMNS) - _OF_THE_GOAL))


def _name_and_description(element: etree._Element) -> str:
    """Return the name and the description of an element, as one text."""
    name, description = _child_text(element, "Name"), _child_text(element, "Description")
    colon = "" if name.endswith((".", ":", ";", "?", "!")) else ":"
    return f"{name}{colon} {description}" if name and description and name != description else name or description


def _child_texts(element: etree._Element, tag: str) -> str:
    """Return the texts of the children with this tag, one line each."""
    return "\n".join(filter(None, map(_element_text, element.iterchildren(f"{{*}}{tag}"))))


def _child_text(element: etree._Element, tag: str) -> str:
    """Return the text of the first child with this tag; empty if there is none."""
    return _element_text(element.find(f"{{*}}{tag}"))


def _element_text(element: etree._Element | None) -> str:
    """Return the text content of an element without comments, with white space collapsed."""
    return "" if element is None else " ".join(" ".join(element.itertext("*")).split())
