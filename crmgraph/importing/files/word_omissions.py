"""What of a Word document is left out: texts that are struck through or hidden, comments and footnotes."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crmgraph.importing.files.markup import parse
from crmgraph.importing.files.omissions import HIDDEN, STRUCK, TAKEN_OUT, Omissions

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Notes", "leave_out", "margins", "notes", "unread_styles"]

Notes = Mapping[tuple[str, str], str]
"""The texts of comments, footnotes and endnotes, by what they are and their identifiers."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KINDS = {"strike": STRUCK, "dstrike": STRUCK, "vanish": HIDDEN}
_NOTES = ("comment", "footnote", "endnote")
_MARGINS = {"header": "page header", "footer": "page footer"}


def notes(document: Any) -> Notes:
    """The notes of a document. Raises etree.XMLSyntaxError where they are damaged."""
    found = {}
    for relation in document.part.rels.values():
        what = relation.reltype.rpartition("/")[2].removesuffix("s")
        if what in _NOTES and not relation.is_external:
            for each in parse(relation.target_part.blob).iterchildren(f"{_WORD}{what}"):
                found[what, each.get(f"{_WORD}id", "")] = _text(each, "t", " ")
    return found


def margins(document: Any) -> Iterator[tuple[str, str]]:
    """What stands above and below the pages of a document, and which it is.

    Raises etree.XMLSyntaxError where that is damaged.
    """
    for relation in document.part.rels.values():
        what = _MARGINS.get(relation.reltype.rpartition("/")[2])
        if what is not None and not relation.is_external:
            paragraphs = parse(relation.target_part.blob).iter(f"{_WORD}p")
            yield what, " ".join(_text(each, "t") for each in paragraphs)


def unread_styles(styles: "_Element") -> Mapping[str, str]:
    """The styles of characters whose texts are not read, and why."""
    return {
        style.get(f"{_WORD}styleId", ""): kind
        for style in styles.iterfind(f"{_WORD}style")
        if (kind := _kind(style, {})) is not None
    }


def leave_out(block: "_Element", styles: Mapping[str, str], found: Notes, omissions: Omissions) -> None:
    """Take what is struck through or hidden out of a paragraph or a table, and tell of its notes and deletions, too."""
    for paragraph in [*block.iter(f"{_WORD}p")]:
        for what, text in _unread(paragraph, styles):
            omissions.add(what, text)
        omissions.add("deleted text", _text(paragraph, "delText"))
        for what in _NOTES:
            for reference in paragraph.iter(f"{_WORD}{what}Reference"):
                omissions.add(what, found.get((what, reference.get(f"{_WORD}id", "")), ""))


def _unread(paragraph: "_Element", styles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The texts that are taken out of a paragraph, those of each kind together."""
    texts: dict[str, str] = {}
    for run in [*paragraph.iter(f"{_WORD}r")]:
        kind = _kind(run, styles)
        if kind is not None:
            texts[kind] = texts.get(kind, "") + _text(run, "t")
            for each in [*run.iterchildren(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr")]:
                if each.tag == f"{_WORD}t":
                    each.text = TAKEN_OUT if (each.text or "").strip() else ""
                else:
                    run.remove(each)
    yield from texts.items()


def _kind(holder: "_Element", styles: Mapping[str, str]) -> str | None:
    """Why the text of a run, or of a style, is not read."""
    for name, kind in _KINDS.items():
        said = holder.find(f"{_WORD}rPr/{_WORD}{name}")
        if said is not None:
            return kind if said.get(f"{_WORD}val", "1") not in ("0", "false", "off") else None
    style = holder.find(f"{_WORD}rPr/{_WORD}rStyle")
    return None if style is None else styles.get(style.get(f"{_WORD}val", ""))


def _text(element: "_Element", tag: str, between: str = "") -> str:
    return between.join(each.text or "" for each in element.iter(f"{_WORD}{tag}"))
