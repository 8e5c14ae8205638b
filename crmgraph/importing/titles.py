"""The title that a file gives itself in its properties, where none stands above its table."""

import zipfile
from pathlib import Path

from crmgraph.errors import SourceError
from crmgraph.importing.files.archive import open_archive
from crmgraph.importing.files.limits import LARGEST
from crmgraph.importing.files.markup import parse
from crmgraph.reading.folding import tidy
from crmgraph.texts import read_bytes

__all__ = ["title_in"]

_PROPERTIES = {
    ".docx": "docProps/core.xml",
    ".xlsx": "docProps/core.xml",
    ".odt": "meta.xml",
    ".ods": "meta.xml",
}
"""Where they are, by how the name of a file ends."""

_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_OF_PROGRAMS = ("Word Document",)
"""What programs write there when nobody does."""


def title_in(file: Path) -> str:
    """The title among the properties of the file; nothing where it has none. Raises SourceError as reading it does."""
    from lxml import etree

    place = _PROPERTIES.get(file.suffix.lower())
    if place is None:
        return ""
    archive = open_archive(read_bytes(file, SourceError, LARGEST), file)
    try:
        title = tidy(parse(archive.read(place)).findtext(f".//{_TITLE}") or "")
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile):
        return ""
    return "" if title in _OF_PROGRAMS else title
