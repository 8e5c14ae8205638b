"""What a file is that its name does not say, or that no plan is read from, and what to do with it."""

import io
import zipfile
from pathlib import Path

from crmgraph.errors import Place, SourceError

__all__ = ["check_ending", "saved_otherwise"]

_ZIP = b"PK\x03\x04"
_PDF = b"%PDF-"
_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
_MEMBERS = {"xl/workbook.xml": ".xlsx", "word/document.xml": ".docx"}
_MEDIA_TYPES = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
_A_PDF = (
    "this is a PDF, which says only where letters stand and not what a table is; open it in a word processor "
    "or spreadsheet, look its table through, and save that as .docx or .xlsx"
)
_PROGRAMS = {".xlsx": "a spreadsheet", ".docx": "a word processor"}
_SAVED_AS = {
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".numbers", ".fods", ".ots"), ".xlsx"),
    **dict.fromkeys((".doc", ".docm", ".dot", ".dotx", ".dotm", ".rtf", ".pages", ".fodt", ".ott"), ".docx"),
}
"""As what files with other endings can be saved, so that their tables are read."""
_TEXTS = frozenset({".csv", ".tsv", ".html", ".htm", ".xml", ".stratml"})


def saved_otherwise(file: Path) -> str | None:
    """What to do with a file whose tables are read once it is saved as another kind, by the ending of its name."""
    ending = file.suffix.lower()
    if ending == ".pdf":
        return _A_PDF
    if ending not in _SAVED_AS:
        return None
    wanted = _SAVED_AS[ending]
    return f"a file whose name ends in {ending} is not read; open it in {_PROGRAMS[wanted]} and save it as {wanted}"


def check_ending(data: bytes, file: Path) -> None:
    """Raise SourceError where the file is plainly something else than the ending of its name says."""
    ending = file.suffix.lower()
    if data.startswith(_LOCKED):
        raise SourceError(
            "this is an older Office file, or one with a password; save it as .xlsx or .docx, without a password",
            Place(file),
        )
    if data.startswith(_PDF):
        raise SourceError(_A_PDF, Place(file))
    if not data.startswith(_ZIP):
        return
    kind = _kind(data)
    if kind not in ("", ending) or (not kind and ending in _TEXTS):
        raise SourceError(
            f"this is {f'a {kind} file' if kind else 'an archive'}, though its name ends in {ending}"
            + (f"; call it {file.stem}{kind} and try again" if kind else ""),
            Place(file),
        )


def _kind(data: bytes) -> str:
    """The ending that files like this archive have; empty where that cannot be told."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < len(data):
                return _MEDIA_TYPES.get(archive.read("mimetype").strip(), "")
            return next((ending for name, ending in _MEMBERS.items() if name in names), "")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return ""
