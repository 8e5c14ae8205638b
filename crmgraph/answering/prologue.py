"""The declarations of prefixes and of a base before a query or an update (SPARQL 1.1 Query Language, section 4.1)."""

import re
from collections.abc import Sequence
from itertools import pairwise

from crmgraph.answering.tokens import Kind, Token, keyword

__all__ = ["after_prologue", "prefixes_of"]

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\\]*")


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
