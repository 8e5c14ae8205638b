"""The declarations of prefixes and of a base before a query or an update (SPARQL 1.1 Query Language, section 4.1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self
from urllib.parse import urljoin

from crmgraph.answering.tokens import Kind, Token, keyword

__all__ = ["Prologue", "after_prologue", "prefixes_of"]


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\\]*")


@dataclass(frozen=True)
class Prologue:
    """What is declared: the base, and the prefixes that have an absolute IRI."""

    base: str
    prefixes: Mapping[str, str]

    @classmethod
    def of(cls, found: Sequence[Token], base_iri: str | None) -> Self:
        """The declarations in a text that is sent to `base_iri`. Raises ValueError for a base that is no IRI."""
        base = base_iri or ""
        for word, iri in pairwise(found):
            if keyword(word) == "BASE" and iri.kind is Kind.IRI:
                base = _joined(base, iri.text[1:-1])
        return cls(base, prefixes_of(found))

    def iri(self, token: Token) -> str | None:
        """The IRI that the token stands for; None where it is none, is not known, or has escapes.

        Raises ValueError where it is none together with the base.
        """
        if "\\" in token.text:
            return None
        if token.kind is Kind.IRI:
            return _joined(self.base, token.text[1:-1])
        prefix, _, local = token.text.partition(":")
        return self.prefixes[prefix] + local if token.kind is Kind.NAME and prefix in self.prefixes else None


def after_prologue(found: Sequence[Token], start: int = 0, end: int | None = None) -> int:
    """The index of the first token behind the declarations of prefixes that begin with the one at `start`.

    With an `end`, only the tokens before it are looked at.
    """
    index = start
    while index < (len(found) if end is None else end):
        if keyword(found[index]) == "PREFIX":
            index += 3
        elif keyword(found[index]) in ("BASE", "VERSION"):
            index += 2
        else:
            break
    return index


def prefixes_of(prologue: Sequence[Token]) -> dict[str, str]:
    """The prefixes to which these declarations at last give an absolute IRI."""
    # A relative IRI is left out, for what it is relative to may be declared anywhere before it.
    last = {
        name.text[:-1]: iri.text[1:-1]
        for name, iri in pairwise(prologue)
        if name.kind is Kind.NAME and iri.kind is Kind.IRI
    }
    return {name: iri for name, iri in last.items() if _ABSOLUTE.fullmatch(iri)}


def _joined(base: str, iri: str) -> str:
    # An IRI with a scheme is what it is, to its last character.
    return iri if _ABSOLUTE.fullmatch(iri) else urljoin(base, iri)
