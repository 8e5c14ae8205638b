"""The model of a plan: the text of its file, and a tree of immutable parts, each with its passage in the text."""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, BinaryIO

from pydantic import AfterValidator, BaseModel, ValidationError

from crmgraph.errors import Place, SourceError
from crmgraph.files import decode, read_start, sha256_of
from crmgraph.reading.languages import language_of, tidy

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
    (b"%pdf-", "a PDF", ".pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document or workbook of an old version of Office", ""),
    (b"{\\rtf", "a document in RTF", ""),
    (b"<!doctype html", "a web page", ".html"),
    (b"<html", "a web page", ".html"),
    (b"<?xml", "XML", ".xml"),
)
_BLANK = b"\xef\xbb\xbf \t\r\n"

LARGEST = 2 * 2**20
"""The maximum size of a plan file, in bytes. The plan of the RCM has 15 thousand."""

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
    data = read_start(file, SourceError, LARGEST + 1, stream)
    what, ending = detect_format(data)
    if what:
        ends = "" if file.suffix.lower() == ending else f", where its name ends in {ending}"
        other = "save the plan as .docx or .xlsx, and make one of that by `crmgraph import`"
        advice = f"`crmgraph import` makes one of it{ends}" if ending else other
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

    The suffix is empty if `crmgraph import` does not read the format. For plain text, both are empty.
    """
    begins = data.lstrip(_BLANK).lower()
    archives = ((what, suffix) for sign, what, suffix in _ARCHIVE_FORMATS if data.startswith(ARCHIVE) and sign in data)
    others = ((what, suffix) for sign, what, suffix in _OTHER_FORMATS if begins.startswith(sign))
    return next(chain(archives, others), ("", ""))


ORIGIN = ".origin.json"
"""The suffix of the file beside a plan in which its origin is recorded."""


class Origin(BaseModel, frozen=True, extra="forbid"):
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

    file: str
    sha256: str
    media_type: str
    tables: tuple[str, ...]
    imported: Annotated[str, AfterValidator(lambda day: date.fromisoformat(day).isoformat())]
    mapping: str = ""
    mapping_sha256: str = ""
    source: str = ""


def make_origin(file: Path, tables: tuple[str, ...], mapping: Path | None, source: str, today: date) -> Origin:
    """Return the record for a plan that is imported from the given tables of a file on the day `today`."""
    return Origin(
        file=file.name,
        sha256=sha256_of(file),
        media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        tables=tables,
        imported=today.isoformat(),
        mapping=mapping.name if mapping else "",
        mapping_sha256=sha256_of(mapping) if mapping else "",
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


class Attachment(Enum):
    """How the parent of a part was determined."""

    PRINTED_NUMBER = "printed-number"
    POSITION = "position"
    ONLY_CANDIDATE = "only-candidate"
    WITHIN_WORDS = "within-words"
    FILE_ROW = "file-row"


@dataclass(frozen=True, order=True)
class Passage:
    """A passage of the source: `source.text[start:end] == exact`.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        exact: The text.
    """

    start: int
    end: int
    exact: str


@dataclass(frozen=True, order=True)
class Leaf(Passage):
    """One of the passages into which all non-blank characters of the source are divided.

    Attributes:
        row: The row of the table: 0 for the lines before the table, 1 for the headings.
        column: The column, counted from 1; None in row 0.
    """

    row: int
    column: int | None


@dataclass(frozen=True)
class Part:
    """A part of a plan.

    Attributes:
        id: The path of the part below the IRI of the plan.
        number: The printed number; None if there is none, or only one in brackets from an import.
        text: The text without the number.
        passage: The passage with number and text.
        attached_by: How the parent was determined.
        parts: The parts that belong to this one.
    """

    id: str
    number: str | None
    text: str
    passage: Passage
    attached_by: Attachment
    parts: tuple["Part", ...] = ()

    @property
    def kind(self) -> str:
        """The name of the class, such as "Objective"."""
        return type(self).__name__

    def walk(self) -> Iterator[tuple["Part", "Part | None"]]:
        """Yield this part (with None) and its descendants, each with its parent; parents come before their parts."""
        yield self, None
        for part in self.parts:
            for inner, parent in part.walk():
                yield inner, parent or self


@dataclass(frozen=True)
class Theme(Part):
    """A theme. Its number, if any, may be a letter or a Roman numeral.

    Attributes:
        repeats: The passages that repeat the title, as on a new page.
    """

    repeats: tuple[Passage, ...] = ()


class Objective(Part):
    """An objective; its number has one part, such as 7."""


class Action(Part):
    """An action for the implementation of an objective; its number has two parts, such as 7.1."""


class Activity(Part):
    """An activity: a number with three parts, such as 7.1.1, or a line without a number in the activities column."""


class ScheduleEntry(Part):
    """A schedule entry; its number has four parts, such as 7.1.1.1."""


class Note(Part):
    """A line that begins with "Nota:" and belongs to the part above it."""


@dataclass(frozen=True)
class Referral(Part):
    """A phrase that refers the reader to the work plan of another body.

    Attributes:
        target: The name of the body, as in the text.
    """

    target: str = ""


@dataclass(frozen=True)
class CrossReference(Part):
    """A phrase that refers the reader to another part of the same plan.

    Attributes:
        target_kind: The kind of the other part, such as "Objective".
        target_number: Its number in the text; empty for a theme.
        number_passage: The passage of the number; None for a theme.
        target_theme: The id of the theme of the other part; None if no theme has the title in the text.
        target: The id of the other part; None if there is no such part.
        theme_passage: The passage with the title of the theme; None if the text names no theme.
    """

    target_kind: str = ""
    target_number: str = ""
    number_passage: Passage | None = None
    target_theme: str | None = None
    target: str | None = None
    theme_passage: Passage | None = None


@dataclass(frozen=True)
class Plan:
    """A plan.

    Attributes:
        id: The id, a segment of the IRIs of its parts.
        source: The text of the file.
        themes: The themes, in document order.
        leaves: The passages that together contain all non-blank characters of the source.
    """

    id: str
    title: str
    source: Source
    themes: tuple[Theme, ...]
    leaves: tuple[Leaf, ...]

    @cached_property
    def language(self) -> str:
        """The language of the plan: es, en, fr or pt (see `language_of`)."""
        return language_of((leaf.exact for leaf in self.leaves), (leaf.exact for leaf in self.leaves if leaf.row == 1))

    def heading(self, *rows: int) -> str:
        """Return the texts in these rows, separated by slashes: 0 is the lines above the table, 1 its headings."""
        return " / ".join(tidy(leaf.exact) for leaf in self.leaves if leaf.row in rows)

    def walk(self) -> Iterator[tuple[Part, Part | None]]:
        """Return every part with its parent (None for a theme), in document order; parents come before their parts."""
        return chain.from_iterable(theme.walk() for theme in self.themes)
