"""File formats: detection by content, ZIP archives with XML in them, and advice for formats that are not read."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from crmgraph.errors import Place, SourceError
from crmgraph.files import read_bytes
from crmgraph.reading.languages import tidy
from crmgraph.reading.source import ARCHIVE, detect_format

LARGEST = 16 * 2**20
"""The maximum size of a file, in bytes."""
_MOST_UNPACKED = 128 * 2**20
_WIDEST = 1000
_A_PDF = (
    "this is a PDF, which says only where letters stand and not what a table is; open it in a word processor "
    "or spreadsheet, look its table through, and save that as .docx or .xlsx"
)
_REFUSED = {
    b"%PDF-": _A_PDF,
    bytes.fromhex("d0cf11e0a1b11ae1"): (
        "this is an older Office file, or one with a password; save it as .xlsx or .docx, without a password"
    ),
}
"""The advice for a file whose content begins with these bytes."""
_SAVED_AS = {
    ".pdf": _A_PDF,
    **dict.fromkeys(
        (".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".numbers", ".fods", ".ots"),
        "a file whose name ends in {} is not read; open it in a spreadsheet and save it as .xlsx",
    ),
    **dict.fromkeys(
        (".doc", ".docm", ".dot", ".dotx", ".dotm", ".rtf", ".pages", ".fodt", ".ott"),
        "a file whose name ends in {} is not read; open it in a word processor and save it as .docx",
    ),
}
_TEXTS = frozenset({".csv", ".tsv", ".html", ".htm", ".xml", ".stratml"})
_PROPERTIES = {**dict.fromkeys((".docx", ".xlsx"), "docProps/core.xml"), **dict.fromkeys((".odt", ".ods"), "meta.xml")}


def damaged_error(file: Path, what: str) -> SourceError:
    """Return the error for a file that is damaged or not of the format `what`."""
    return SourceError(f"this is not {what}, or it is damaged", Place(file))


def conversion_advice(file: Path) -> str | None:
    """Return advice to save the file in another format, for formats that are not read; None for other formats."""
    ending = file.suffix.lower()
    return _SAVED_AS[ending].format(ending) if ending in _SAVED_AS else None


def check_suffix(data: bytes, file: Path) -> None:
    """Raise SourceError if the content of a file is clearly of another format than its suffix."""
    for beginning, said in _REFUSED.items():
        if data.startswith(beginning):
            raise SourceError(said, Place(file))
    ending = file.suffix.lower()
    kind = detect_format(data)[1] if data.startswith(ARCHIVE) else ending
    if kind != ending and (kind or ending in _TEXTS):
        what, advice = (f"a {kind} file", f"; call it {file.stem}{kind} and try again") if kind else ("an archive", "")
        raise SourceError(f"this is {what}, though its name ends in {ending}{advice}", Place(file))


def open_archive(data: bytes, file: Path) -> zipfile.ZipFile:
    """Return the ZIP archive in `data`. Raises SourceError if it is damaged or larger than the limit when unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise damaged_error(file, f"a {file.suffix.lower()} file") from None
    if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
        raise SourceError(f"unpacked it has more than {_MOST_UNPACKED:,} bytes", Place(file))
    return archive


def title_property(file: Path) -> str:
    """Return the title in the document properties of a file; empty if there is none.

    Raises SourceError if the file cannot be read or is too large.
    """
    try:
        place = _PROPERTIES[file.suffix.lower()]
        archive = open_archive(read_bytes(file, SourceError, LARGEST), file)
        title = tidy(parse_xml(archive.read(place)).findtext(".//{http://purl.org/dc/elements/1.1/}title") or "")
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile):
        return ""
    # The default title that Word writes.
    return "" if title == "Word Document" else title


def parse_xml(data: bytes) -> etree._Element:
    """Return the root element. Entities are not resolved and nothing is fetched. Raises etree.XMLSyntaxError."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def own_descendants(element: etree._Element, tag: str, holder: str) -> Iterator[etree._Element]:
    """Yield the descendants with the tag `tag` whose nearest ancestor with the tag `holder` is `element` itself."""
    yield from (each for each in element.iter(tag) if next(each.iterancestors(holder), None) is element)


def parse_span(given: str | None, default: int = 1) -> int:
    """Return a column or row count from an attribute, at most 1000; `default` if it is missing or invalid."""
    return min(int(given), _WIDEST) if given and given.isdecimal() else default
