"""The text of a plan file, and the record of the file that a plan was imported from."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, BinaryIO

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from crmgraph.errors import Place, SourceError
from crmgraph.files import decode, read_start

ARCHIVE = b"PK\x03\x04"
"""The first bytes of a ZIP archive, the container format of Word, Excel and OpenDocument files."""
# Formats other than plain text: bytes of the content, the name of the format, and the suffix for `crmgraph import`
# if it reads the format. The names of the files in an archive are not compressed.
_ARCHIVE_FORMATS = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument text", ".odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet", ".ods"),
    (b"word/", "a document of Word", ".docx"),
    (b"xl/", "a workbook of Excel", ".xlsx"),
    (ARCHIVE, "a ZIP archive", ""),
)
_OTHER_FORMATS = (
    (b"%pdf-", "a PDF", ""),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document or workbook of an old version of Office", ""),
    (b"{\\rtf", "a document in RTF", ""),
    (b"<!doctype html", "a web page", ".html"),
    (b"<html", "a web page", ".html"),
    (b"<?xml", "XML", ".xml"),
)
_BLANK = b"\xef\xbb\xbf \t\r\n"

LARGEST = 2 * 2**20
"""The maximum size of a plan file, in bytes. The plan of the CRM has 15 thousand."""

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
"""A control character that is not white space."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True)
class Source:
    """The text of a file.

    Attributes:
        text: The text, without a byte order mark. Offsets are in code points.
        file: The file; None for a text without a file.
        sha256: The SHA-256 digest of the bytes of the file, in hexadecimal.
    """

    text: str
    file: Path | None = None
    sha256: str = ""

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """The start and end offset of each line, without its line end."""
        found = [(match.start(), match.start() + len(match[0].rstrip("\r\n"))) for match in _LINE.finditer(self.text)]
        # The text after the last line end is no line if it is empty.
        return tuple(found[:-1] if len(found) > 1 and found[-1][0] == len(self.text) else found)

    def place(self, offset: int) -> Place:
        """Return the line and column, counted from 1, of the code point offset `offset`."""
        return Place.of(self.text, offset, self.file)


def read_source(file: Path, stream: BinaryIO | None = None) -> Source:
    """Return the text of a file or stream, which must be in UTF-8.

    Raises SourceError if the file is missing, too large, not text, not UTF-8, or contains a control character.

    Args:
        file: The file.
        stream: A stream to read instead of the file, which then only gives its name to messages.
    """
    data = stream.read(LARGEST + 1) if stream else read_start(file, SourceError, LARGEST + 1)
    what, ending = detect_format(data)
    if what:
        ends = "" if file.suffix.lower() == ending else f", where its name ends in {ending}"
        advice = "save the plan as .docx or .xlsx, and make one of that by `crmgraph import`"
        advice = f"`crmgraph import` makes one of it{ends}" if ending else advice
        raise SourceError(f"this is {what}, and no plan in text; {advice}", Place(file))
    if len(data) > LARGEST:
        raise SourceError(f"this is larger than {LARGEST:,} bytes, the most that is read", Place(file))
    source = Source(decode(data, SourceError, file), file, hashlib.sha256(data).hexdigest())
    if stray := CONTROL.search(source.text):
        raise SourceError(
            f"character U+{ord(stray[0]):04X} is a control character and no text; take it out and try again",
            source.place(stray.start()),
        )
    return source


def detect_format(data: bytes) -> tuple[str, str]:
    """Return the format of a file that is not plain text, and the suffix under which `crmgraph import` reads it.

    The suffix is empty if it is not read. For plain text, both are empty.
    """
    begins = data.lstrip(_BLANK).lower()
    forms = [each[1:] for each in _OTHER_FORMATS if begins.startswith(each[0])]
    if data.startswith(ARCHIVE):
        forms = [each[1:] for each in _ARCHIVE_FORMATS if each[0] in data]
    return forms[0] if forms else ("", "")


ORIGIN = ".origin.json"
"""The suffix of the file beside a plan in which its origin is recorded."""


class Origin(BaseModel):
    """The record of the file that a plan was imported from.

    Attributes:
        file: The name of the file.
        sha256: Its SHA-256 digest, in hexadecimal.
        tables: The names of the tables or sheets that were read.
        imported: The date of the import, as 2026-11-28.
        mapping: The name of the mapping file; empty if the mapping was guessed.
        mapping_sha256: Its SHA-256 digest; empty if the mapping was guessed.
        source: The address from which the file comes; empty if unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    sha256: str
    media_type: str
    tables: tuple[str, ...]
    imported: Annotated[str, AfterValidator(lambda day: date.fromisoformat(day).isoformat())]
    mapping: str = ""
    mapping_sha256: str = ""
    source: str = ""

    def as_json(self) -> str:
        """Return the record as JSON, as it is saved."""
        return self.model_dump_json(indent=2) + "\n"


def make_origin(file: Path, tables: tuple[str, ...], mapping: Path | None, source: str, today: date) -> Origin:
    """Return the record for a plan that is imported from the given tables of a file on the day `today`."""
    return Origin(
        file=file.name,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        tables=tables,
        imported=today.isoformat(),
        mapping=mapping.name if mapping else "",
        mapping_sha256=hashlib.sha256(mapping.read_bytes()).hexdigest() if mapping else "",
        source=source,
    )


def read_origin(plan: Path) -> Origin | None:
    """Return the origin recorded beside a plan; None if there is none. Raises SourceError if it is malformed."""
    file = plan.with_suffix(ORIGIN)
    try:
        return Origin.model_validate_json(file.read_bytes()) if file.is_file() else None
    except (OSError, ValidationError):
        raise SourceError(
            "this does not say where a plan is from as `crmgraph import` writes it; import the plan again, or remove "
            "this file",
            Place(file),
        ) from None
