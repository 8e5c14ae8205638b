"""The place where a query or update stops being SPARQL, and why, from what the engine says."""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise, zip_longest
from types import MappingProxyType

from crmgraph.errors import QuerySyntaxError
from crmgraph.sparql.rewriting import is_close
from crmgraph.sparql.tokens import Kind, Token, syntax_error_at, tokens
from crmgraph.wording import Bilingual

__all__ = ["syntax_error"]

# The parser names the furthest character that it looked at, and it looks ahead by the length of its longest keyword,
# ENCODE_FOR_URI. With more blank space than that behind every token, it stumbled at the token before that character.
_GAP = " " * 16
_PLACE = re.compile(r"\b(\d+):(\d+)\b")
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_LONGEST_SHOWN = 40

_REMARKS = {
    "overrides an existing variable": Bilingual(
        "SELECT gives a value to a variable that already has one",
        "SELECT da valor a una variable que ya lo tiene",
    ),
    "variable that is unbound": Bilingual(
        "SELECT asks for a variable that is neither grouped by nor inside an aggregate",
        "SELECT pide una variable que no está en GROUP BY ni dentro de un agregado",
    ),
    "Duplicated variable name": Bilingual(
        "SELECT names the same variable twice",
        "SELECT nombra dos veces la misma variable",
    ),
    "not authorized with GROUP BY": Bilingual(
        "SELECT * cannot be combined with GROUP BY; name the variables (of ASK and CONSTRUCT, put what is grouped into "
        "a SELECT between the braces, for the engine groups nothing else)",
        "SELECT * no se puede combinar con GROUP BY; nombre las variables (de ASK y CONSTRUCT, ponga lo que se agrupa "
        "en un SELECT entre las llaves, pues el motor no agrupa otra cosa)",
    ),
    "Repeated variables are not allowed": Bilingual(
        "VALUES names the same variable twice",
        "VALUES nombra dos veces la misma variable",
    ),
    "exactly the same number of values": Bilingual(
        "a row of VALUES has more or fewer values than there are variables (UNDEF leaves one open)",
        "una fila de VALUES tiene más o menos valores que variables (UNDEF deja uno sin valor)",
    ),
}
_ENDS_EARLY = Bilingual("the text ends before it is complete", "el texto termina antes de estar completo")
_NOT_SPARQL = Bilingual("the text is not SPARQL", "el texto no es SPARQL")


def syntax_error(
    text: str,
    said: str,
    parse: Callable[[str], object],
    base_iri: str | None = None,
    prefixes: Collection[str] = (),
    known: Mapping[str, str] = MappingProxyType({}),
) -> QuerySyntaxError:
    """Return the error that tells where a text stops being SPARQL, and by which token.

    `said` is the engine's message about it; `parse` gives a text to the engine, which raises SyntaxError, with the base
    and the prefixes that hold for it. `known` are prefixes that the text could declare.
    """
    found = list(tokens(text))
    spread, starts = _spread(found)
    try:
        parse(spread)
    except SyntaxError as error:
        said_of_spread = str(error)
    else:
        return syntax_error_at(text, _stumbled(text, said), _remark(said) or _NOT_SPARQL)
    stumbled = _stumbled(spread, said_of_spread)
    remark = _remark(said_of_spread)
    if stumbled >= len(spread) and not (found and found[-1].kind is Kind.UNENDED):
        return syntax_error_at(text, len(text.rstrip()), remark or _ENDS_EARLY)
    token = found[bisect_right(starts, stumbled) - 1]
    declared = _declared(found) | {f"{prefix}:" for prefix in prefixes}
    return syntax_error_at(text, token.start, remark or _unexpected(token, declared, base_iri, known))


def _spread(found: Sequence[Token]) -> tuple[str, list[int]]:
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for token, following in zip_longest(found, found[1:]):
        gap = "" if following and is_close(token, following) else _GAP
        starts.append(length)
        parts += (token.text, gap)
        length += len(token.text) + len(gap)
    return "".join(parts), starts


def _stumbled(text: str, said: str) -> int:
    match = _PLACE.search(said)
    if not match:
        return 0
    line, column = map(int, match.groups())
    lines = text.split("\n")
    return min(sum(len(each) + 1 for each in lines[: line - 1]) + column - 1, len(text))


def _remark(said: str) -> Bilingual | None:
    return next((remark for part, remark in _REMARKS.items() if part in said), None)


def _unexpected(token: Token, declared: Collection[str], base_iri: str | None, known: Mapping[str, str]) -> Bilingual:
    name = token.text.partition(":")[0]
    prefix = f"{name}:"
    if token.kind is Kind.NAME and prefix not in declared and token.text not in declared:
        declaration = f"PREFIX {prefix} <{known.get(name, '…')}>"
        return Bilingual(
            f"the prefix {prefix} is not declared; put {declaration} before",
            f"el prefijo {prefix} no está declarado; ponga antes {declaration}",
        )
    if token.kind is Kind.UNENDED:
        return Bilingual(
            "the text in quotation marks that begins here does not end",
            "el texto entre comillas que comienza aquí no termina",
        )
    if token.kind is Kind.IRI and not base_iri and not _SCHEME.match(token.text):
        return Bilingual(
            f"{token.text} is relative, and nothing says to what; write it in full, or put BASE <…> before",
            f"{token.text} es relativo y nada dice a qué; escríbalo entero o ponga antes BASE <…>",
        )
    shown = token.text if len(token.text) <= _LONGEST_SHOWN else token.text[: _LONGEST_SHOWN - 1] + "…"
    shown = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in shown)
    return Bilingual(f"{shown} is not expected here", f"aquí no se espera {shown}")


def _declared(found: Sequence[Token]) -> set[str]:
    return {name.text for word, name in pairwise(found) if word.text.upper() == "PREFIX"}
