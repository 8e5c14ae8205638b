"""The text of a file as received, and the origin of an imported plan, which is written down beside it."""

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
from crmgraph.texts import decode, read_start

ARCHIVE = b"PK\x03\x04"
"""The beginning of a ZIP archive, which documents of Word, workbooks and OpenDocument files are."""
# What a file is that is no text, by what is in it, and how its name ends for `crmgraph import`, if that reads it. The
# names of what an archive holds are not packed.
_IN_ARCHIVE = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument text", ".odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet", ".ods"),
    (b"word/", "a document of Word", ".docx"),
    (b"xl/", "a workbook of Excel", ".xlsx"),
    (ARCHIVE, "a ZIP archive", ""),
)
_AT_START = (
    (b"%pdf-", "a PDF", ""),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document or workbook of an old version of Office", ""),
    (b"{\\rtf", "a document in RTF", ""),
    (b"<!doctype html", "a web page", ".html"),
    (b"<html", "a web page", ".html"),
    (b"<?xml", "XML", ".xml"),
)
_BLANK = b"\xef\xbb\xbf \t\r\n"

LARGEST = 2 * 2**20
"""The largest file that is read as a plan, in bytes. The plan of the CRM has 15 thousand."""

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
"""A character that is no text. Those that count as blank space are read as such."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True)
class Source:
    """The text of a file and the sha256 of its bytes. Offsets count the code points of `text`.

    A byte-order mark says how the file is written; it is not part of `text`.
    """

    text: str
    file: Path | None = None
    sha256: str = ""

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of each line, its line end left out."""
        found = [(match.start(), match.start() + len(match[0].rstrip("\r\n"))) for match in _LINE.finditer(self.text)]
        # Nothing stands behind the last line end.
        return tuple(found[:-1] if len(found) > 1 and found[-1][0] == len(self.text) else found)

    def place(self, offset: int) -> Place:
        """Return the place of the character at `offset` (code points); line and column count from 1."""
        return Place.of(self.text, offset, self.file)


def read_source(file: Path, stream: BinaryIO | None = None) -> Source:
    """Return the text of a file, or of a stream that messages call so; it must be UTF-8, with a byte-order mark or not.

    Raises SourceError where it is missing, too large, no text, not UTF-8, or has a control character in it.
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
    """Return what a file is that is no text, and how its name ends if an import reads it; nothing for others."""
    begins = data.lstrip(_BLANK).lower()
    forms = [each[1:] for each in _AT_START if begins.startswith(each[0])]
    if data.startswith(ARCHIVE):
        forms = [each[1:] for each in _IN_ARCHIVE if each[0] in data]
    return forms[0] if forms else ("", "")


ORIGIN = ".origin.json"
"""The ending of the name of the file beside a plan that has its origin."""


class Origin(BaseModel):
    """A file that a plan was made of: its name, digest and media type, and the tables (or sheets) that were read.

    `imported` is the day, as 2026-11-28. `mapping` is the name of the file that says which columns are which, and
    `mapping_sha256` its digest; nothing where the columns were guessed. `source` is the address that the file is from,
    where somebody said it.
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
        """Return it as it is written down."""
        return self.model_dump_json(indent=2) + "\n"


def make_origin(file: Path, tables: tuple[str, ...], mapping: Path | None, source: str, today: date) -> Origin:
    """Return the origin of a plan that is made today of these tables of a file."""
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
    """Return the origin written down beside a plan, if any. Raises SourceError where what stands there is none."""
    file = plan.with_suffix(ORIGIN)
    try:
        return Origin.model_validate_json(file.read_bytes()) if file.is_file() else None
    except (OSError, ValidationError):
        raise SourceError(
            "this does not say where a plan is from as `crmgraph import` writes it; import the plan again, or remove "
            "this file",
            Place(file),
        ) from None
