"""SPARQL text cut into its tokens (SPARQL 1.1 Query Language, section 19.8), in one pass and in linear time."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from crmgraph.errors import Bilingual, Place, QuerySyntaxError

__all__ = [
    "BRACKETS",
    "Edit",
    "Kind",
    "Token",
    "after_prologue",
    "closing_of",
    "edited",
    "is_close",
    "keyword",
    "prefixes_of",
    "syntax_error_at",
    "tokens",
]

# The character classes of the grammar, productions 164 to 168: `\w` would take too much and too little.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = _NAME + r"\-"
_ESCAPED = r"\\[_~.\-!$&'()*+,;=/?#@%]|%[0-9A-Fa-f]{2}"
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
_PREFIX = rf"[{_BASE}](?:[{_CHARS}]|\.+(?=[{_CHARS}]))*+"
_LOCAL = (
    rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:[{_CHARS}:]|{_ESCAPED}"
    rf"|\.+(?=[{_CHARS}:]|{_ESCAPED}))*+"
)
_STRINGS = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""',
    r"'''(?:[^'\\]|\\.|'(?!''))*+'''",
    r'"(?!"")(?:[^"\\\n\r]|\\.)*+"',
    r"'(?!'')(?:[^'\\\n\r]|\\.)*+'",
)


class Kind(Enum):
    """The kinds of tokens, each with its pattern, in the order in which they are tried."""

    SPACE = r"[ \t\r\n]++"
    COMMENT = r"#[^\n\r]*+"
    IRI = _IRI
    STRING = "|".join(_STRINGS)
    UNENDED = r"[\"'].*+"
    VARIABLE = rf"[?$][{_NAME}]++"
    BLANK = rf"_:[{_NAME}](?:[{_CHARS}]|\.+(?=[{_CHARS}]))*+"
    NAME = rf"(?:{_PREFIX})?+:(?:{_LOCAL})?+"
    LANGUAGE = r"@[A-Za-z]+(?:-+[A-Za-z0-9]+)*+"
    NUMBER = r"(?:[0-9]++(?:\.[0-9]*(?=[eE][+\-]?[0-9])|\.[0-9]+)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?"
    WORD = rf"{_PREFIX}|[{_NAME}]++"
    SIGN = rf"<(?={_IRI})|<<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|&&|\|\||[!<>]=|."


class Token(NamedTuple):
    """A token, the offset of its start in the text (code points), and its characters."""

    kind: Kind
    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset of its end in the text (exclusive)."""
        return self.start + len(self.text)


# The grammar allows blank space behind every token; the parser takes none between these words and their bracket.
_CLOSE_TO_BRACKET = ("BNODE", "COALESCE", "CONCAT")

BRACKETS = {"{": "}", "(": ")", "[": "]"}
"""The closing bracket of each opening one."""

_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{kind.value})" for kind in Kind), re.DOTALL)
_PARTS = re.compile(r"\.|[^.]+")
_SKIPPED = (Kind.SPACE, Kind.COMMENT)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in their order, without blank space and comments.

    Text that is not SPARQL is cut too: a character that fits nowhere is a SIGN, and a string that never ends is one
    UNENDED token that runs to the end of the text, for what stands in it is not SPARQL in any reading.
    """
    for match in _TOKEN.finditer(text):
        kind = Kind[match.lastgroup or ""]
        if kind is Kind.WORD:
            yield from _words(match.start(), match.group())
        elif kind not in _SKIPPED:
            yield Token(kind, match.start(), match.group())


def keyword(token: Token) -> str:
    """Return a token in capitals where it may be a keyword; an empty text where it cannot."""
    return token.text.upper() if token.kind is Kind.WORD else ""


def is_close(token: Token, following: Token) -> bool:
    """Tell whether the engine takes no blank space between two tokens, where the grammar does."""
    return keyword(token) in _CLOSE_TO_BRACKET and following.text == "("


def closing_of(found: Sequence[Token], opening: int) -> int | None:
    """Return the index of the bracket that closes the one at `opening`; None where none does."""
    depth = 0
    for index in range(opening, len(found)):
        if found[index].kind is Kind.SIGN:
            depth += (found[index].text in BRACKETS) - (found[index].text in BRACKETS.values())
            if depth == 0:
                return index
    return None


def _words(start: int, text: str) -> Iterator[Token]:
    # "true.FILTER" might have become a prefixed name and so is matched as one; without a colon it is three tokens.
    for part in _PARTS.finditer(text):
        kind = Kind.SIGN if part.group() == "." else Kind.WORD
        yield Token(kind, start + part.start(), part.group())


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\\]*")


_DECLARATIONS = {"PREFIX": 3, "BASE": 2, "VERSION": 2}
"""The number of tokens of each declaration, by its keyword."""


def after_prologue(found: Sequence[Token]) -> int:
    """Return the index of the first token behind the declarations of a query or an update."""
    index = 0
    while index < len(found) and keyword(found[index]) in _DECLARATIONS:
        index += _DECLARATIONS[keyword(found[index])]
    return index


def prefixes_of(prologue: Sequence[Token]) -> dict[str, str]:
    """Return the prefixes to which these declarations at last give an absolute IRI."""
    # A relative IRI is left out, for what it is relative to may be declared anywhere before it.
    last = {
        name.text[:-1]: iri.text[1:-1]
        for name, iri in pairwise(prologue)
        if name.kind is Kind.NAME and iri.kind is Kind.IRI
    }
    return {name: iri for name, iri in last.items() if _ABSOLUTE.fullmatch(iri)}


Edit = tuple[int, int, str]
"""A change of a text: from where to where something is replaced (code points, end exclusive), and by what."""


def edited(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """Return the text from `start` to `end` with these edits, none of which may overlap."""
    parts: list[str] = []
    done = start
    for begin, stop, put in sorted(edits):
        parts += (text[done:begin], put)
        done = stop
    return "".join((*parts, text[done:end]))


def syntax_error_at(text: str, offset: int, what: Bilingual) -> QuerySyntaxError:
    """Return the error that something is wrong at an offset (code points) of a query or update."""
    at = Place.of(text, offset)
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: {what}.",
            f"Línea {at.line}, columna {at.column}: {what.spanish}.",
        ),
        at.line,
        at.column,
    )
