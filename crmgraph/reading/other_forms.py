"""Files that are no text at all, known by their first bytes, and what to do with them."""

from typing import NamedTuple

__all__ = ["OtherForm", "form_of"]


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
