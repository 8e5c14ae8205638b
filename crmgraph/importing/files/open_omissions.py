"""What of an OpenDocument file is left out: texts that are struck through or hidden, comments and footnotes."""

import zipfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crmgraph.importing.files.markup import parse
from crmgraph.importing.files.omissions import HIDDEN, STRUCK, TAKEN_OUT, Omissions

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["leave_out", "margins", "unread_styles"]

_OFFICE, _STYLE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "style", "table", "text")
)
_MARGINS = {
    f"{_STYLE}{name}": what
    for what, names in (
        ("page header", ("header", "header-left", "header-first")),
        ("page footer", ("footer", "footer-left", "footer-first")),
    )
    for name in names
}


def unread_styles(root: "_Element") -> Mapping[str, str]:
    """The styles whose texts are not read, and why."""
    found = {}
    for properties in root.iter(f"{_STYLE}text-properties"):
        name = properties.getparent().get(f"{_STYLE}name", "")
        if properties.get(f"{_STYLE}text-line-through-style", "none") != "none":
            found[name] = STRUCK
        if properties.get(f"{_TEXT}display") == "none":
            found[name] = HIDDEN
    return found


def margins(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """What stands above and below the pages of a text, and which it is; those of a spreadsheet are seldom a person's.

    Raises etree.XMLSyntaxError where that is damaged.
    """
    names = archive.namelist()
    if "styles.xml" not in names or b".text" not in (archive.read("mimetype") if "mimetype" in names else b""):
        return
    for each in parse(archive.read("styles.xml")).iter(*_MARGINS):
        yield _MARGINS[each.tag], _text(each)


def leave_out(block: "_Element", styles: Mapping[str, str], omissions: Omissions) -> None:
    """Take what is struck through or hidden out of a paragraph or a table, and tell of its notes, too."""
    for comment in block.iter(f"{_OFFICE}annotation"):
        omissions.add("comment", _text(comment))
    for note in block.iter(f"{_TEXT}note"):
        omissions.add(note.get(f"{_TEXT}note-class", "footnote"), _text(note))
    for element, kind in [*_unread(block, styles, None)]:
        text = "".join(element.itertext())
        omissions.add(kind, text)
        element.clear(keep_tail=True)
        element.text = TAKEN_OUT if text.strip() else None


def _unread(element: "_Element", styles: Mapping[str, str], above: str | None) -> Iterator[tuple["_Element", str]]:
    """The paragraphs and spans that are struck through or hidden by a style, or their cell is, and which it is."""
    style = element.get(f"{_TEXT}style-name") or element.get(f"{_TABLE}style-name") or ""
    kind = styles.get(style, above)
    if kind is not None and element.tag in (f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}span"):
        yield element, kind
        return
    for child in element.iterchildren("*"):
        yield from _unread(child, styles, kind)


def _text(note: "_Element") -> str:
    return " ".join("".join(each.itertext()) for each in note.iter(f"{_TEXT}p"))
