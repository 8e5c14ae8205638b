"""Raised digits, such as the marks of footnotes, as the characters that look like them."""

__all__ = ["raised"]

_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """The text that a file raises, its digits as raised ones where it has nothing else: “1ᵉʳ” keeps its letters."""
    return text.translate(_DIGITS) if text.replace(",", "").strip().isdecimal() else text
