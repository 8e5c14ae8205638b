"""Raised digits, such as the marks of footnotes, as the characters that look like them."""

import re

__all__ = ["raised"]

_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARK = re.compile(r"[\[(]?(\d+(?:\s*,\s*\d+)*)[\])]?", re.ASCII)


def raised(text: str) -> str:
    """The text that a file raises: a number, or several, as raised digits. In “1.er taller” it is a part of a word."""
    found = _MARK.fullmatch(text.strip())
    return re.sub(r"\s", "", found[1]).translate(_DIGITS) if found else text
