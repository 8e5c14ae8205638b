"""The text of a file as received: its fingerprint, its lines, and the place of a character."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from crmgraph.errors import Place, SourceError
from crmgraph.texts import decode, read_start

__all__ = ["CONTROL", "LARGEST", "OtherForm", "Source", "form_of", "read_source", "read_stream"]


class OtherForm(NamedTuple):
    """What a file is that is no text, and what its name ends in for `crmgraph import`; nothing, where it reads none."""

    what: str
    ending: str = ""


_WORD = OtherForm("a document of Word", ".docx")
_WORKBOOK = OtherForm("a workbook of Excel", ".xlsx")
_TEXT_DOCUMENT = OtherForm("an OpenDocument text", ".odt")
_SPREADSHEET = OtherForm("an OpenDocument spreadsheet", ".ods")
_ZIP = OtherForm("a ZIP archive")
_PACKED = b"PK\x03\x04"
_IN_ARCHIVE = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", _TEXT_DOCUMENT),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", _SPREADSHEET),
    (b"word/", _WORD),
    (b"xl/", _WORKBOOK),
)
"""What is somewhere in an archive, as it stands, for the names of what it holds are not packed."""
_FIRST_BYTES = (
    (b"%PDF-", OtherForm("a PDF")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OtherForm("a document or workbook of an old version of Office")),
    (b"{\\rtf", OtherForm("a document in RTF")),
)
_MARKUP = (
    (b"<!doctype html", OtherForm("a web page", ".html")),
    (b"<html", OtherForm("a web page", ".html")),
    (b"<?xml", OtherForm("XML", ".xml")),
)
_BLANK = b"\xef\xbb\xbf \t\r\n"


def form_of(data: bytes) -> OtherForm | None:
    """What the bytes of a file, or its first some thousands, are; None where they may be a text."""
    if data.startswith(_PACKED):
        return next((form for sign, form in _IN_ARCHIVE if sign in data), _ZIP)
    begins = data.lstrip(_BLANK).lower()
    known = [form for sign, form in _FIRST_BYTES if data.startswith(sign)]
    return next(iter([*known, *(form for sign, form in _MARKUP if begins.startswith(sign))]), None)


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
    lines: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    """(start, end) of each line, its line end left out."""

    def __post_init__(self) -> None:
        found: list[tuple[int, int]] = []
        for match in _LINE.finditer(self.text):
            if match.start() == len(self.text) and found:
                break
            found.append((match.start(), match.start() + len(match[0].rstrip("\r\n"))))
        object.__setattr__(self, "lines", tuple(found))

    def place(self, offset: int) -> Place:
        """Where the character at `offset` (code points) stands; line and column count from 1."""
        return Place.of(self.text, offset, self.file)


def read_source(file: Path) -> Source:
    """The text of `file`, which must be UTF-8, with or without a byte-order mark.

    Raises SourceError where the file is missing, too large, no text, not UTF-8, or has a control character in it.
    """
    return _source(read_start(file, SourceError, LARGEST + 1), file)


def read_stream(stream: BinaryIO, name: Path) -> Source:
    """The text that comes through `stream`, called `name` in messages. Raises SourceError as `read_source` does."""
    return _source(stream.read(LARGEST + 1), name)


def _source(data: bytes, file: Path) -> Source:
    form = form_of(data)
    if form is not None:
        if form.ending:
            ends = "" if file.suffix.lower() == form.ending else f", where its name ends in {form.ending}"
            advice = f"`crmgraph import` makes one of it{ends}"
        else:
            advice = "save the plan as .docx or .xlsx, and make one of that by `crmgraph import`"
        raise SourceError(f"this is {form.what}, and no plan in text; {advice}", Place(file))
    if len(data) > LARGEST:
        raise SourceError(f"this is larger than {LARGEST:,} bytes, the most that is read", Place(file))
    source = Source(decode(data, SourceError, file), file, hashlib.sha256(data).hexdigest())
    stray = CONTROL.search(source.text)
    if stray is not None:
        raise SourceError(
            f"character U+{ord(stray[0]):04X} is a control character and no text; take it out and try again",
            source.place(stray.start()),
        )
    return source
