"""The text of a SPARQL update, looked over before the engine sees it, and with the dataset that came beside it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from crmgraph.answering.guard import safe_tokens
from crmgraph.answering.prologue import after_prologue, prefixes_of
from crmgraph.answering.tokens import Kind, Token, keyword
from crmgraph.errors import Place, QueryRefusedError, QuerySyntaxError
from crmgraph.wording import Bilingual

__all__ = ["LONGEST_UPDATE", "Prepared", "operations_of", "prepare"]

LONGEST_UPDATE = 4 * 2**20
"""How many characters an update may have."""

# Where characters of the text begin and end, and what stands there instead.
_Edit = tuple[int, int, str]


class Prepared(NamedTuple):
    """An update for the engine, and the prefixes that are declared for it beside it."""

    text: str
    prefixes: dict[str, str]


def prepare(
    text: str, using: Sequence[str] = (), using_named: Sequence[str] = (), longest: int = LONGEST_UPDATE
) -> Prepared:
    """The update for the engine, each pattern asked of the graphs that came beside it (SPARQL 1.1 Protocol, 2.2.3).

    Raises QueryRefusedError where it is longer than `longest`, nests too deep, or would fetch something by LOAD or
    SERVICE, and QuerySyntaxError where a keyword runs into a name, and where the update names a dataset itself and one
    came beside it.
    """
    found = safe_tokens(text, longest)
    operations = list(operations_of(found))
    for _, operation in operations:
        if operation and keyword(operation[0]) == "LOAD":
            raise _no_load(Place.of(text, operation[0].start))
    edits, prefixes = _prologues_apart(text, [prologue for prologue, _ in operations])
    edits += [edit for _, operation in operations for edit in _repetitions(text, operation)]
    if using or using_named:
        clauses = "".join(
            [*(f"USING <{iri}> " for iri in dict.fromkeys(using)), *(f"USING NAMED <{iri}> " for iri in using_named)]
        )
        edits += [edit for _, operation in operations for edit in _edits(text, operation, clauses)]
    written, done = [], 0
    for start, end, put in sorted(edits):
        written += [text[done:start], put]
        done = end
    return Prepared("".join((*written, text[done:])), prefixes)


def _prologues_apart(text: str, prologues: Sequence[Sequence[Token]]) -> tuple[list[_Edit], dict[str, str]]:
    """What is to become of the declarations that stand before an operation that is not the first.

    The grammar allows them there and the engine does not. They are told beside the text, in which there is as much
    blank space instead; where a later one declares a prefix anew, or a base, the text stays as it is and is refused.
    """
    declared: dict[str, str] = {}
    edits: list[_Edit] = []
    for place, prologue in enumerate(prologues):
        names = prefixes_of(prologue)
        clashes = any(declared.get(name, iri) != iri for name, iri in names.items())
        if place and (clashes or len(prologue) != 3 * len(names)):
            return [], {}
        declared |= names
        if place and prologue:
            start, end = prologue[0].start, prologue[-1].end
            edits.append((start, end, re.sub(r"\S", " ", text[start:end])))
    return edits, declared if edits else {}


def _repetitions(text: str, operation: Sequence[Token]) -> Iterator[_Edit]:
    """Blank space for each graph that the operation names by USING again: the engine would ask it twice."""
    seen = set()
    for word, name in pairwise(operation):
        if keyword(word) == "USING":
            if name.text in seen:
                yield word.start, name.end, re.sub(r"\S", " ", text[word.start : name.end])
            elif keyword(name) != "NAMED":
                seen.add(name.text)


def operations_of(found: Sequence[Token]) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """The tokens of each operation: of the declarations of prefixes before it, and of itself."""
    start = depth = 0
    for index, token in enumerate(found):
        depth += token.text.count("{") - token.text.count("}") if token.kind is Kind.SIGN else 0
        if token.text == ";" and depth == 0:
            begin = after_prologue(found, start, index)
            yield found[start:begin], found[begin:index]
            start = index + 1
    begin = after_prologue(found, start)
    yield found[start:begin], found[begin:]


def _edits(text: str, operation: Sequence[Token], clauses: str) -> Iterator[_Edit]:
    """What is put into the text of an operation that has a pattern."""
    top = list(_outermost(operation))
    words = [keyword(token) for token in top]
    if "WHERE" not in words:
        return
    named = next((token for token in top if keyword(token) in ("USING", "WITH")), None)
    if named is not None:
        raise _two_datasets(Place.of(text, named.start))
    where = top[words.index("WHERE")]
    if words[:2] == ["DELETE", "WHERE"]:
        # DELETE WHERE takes no USING; its pattern is also its template.
        clauses = f"{text[where.end : operation[-1].end]} {clauses}"
    yield where.start, where.start, clauses


def _outermost(operation: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in operation:
        depth += token.text.count("{") - token.text.count("}") if token.kind is Kind.SIGN else 0
        if depth == 0:
            yield token


def _no_load(at: Place) -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"LOAD (line {at.line}, column {at.column}) is not carried out here: nothing is fetched from other "
            "addresses. Send the data themselves, by PUT or POST to a graph.",
            f"LOAD (línea {at.line}, columna {at.column}) no se ejecuta aquí: no se trae nada de otras direcciones. "
            "Envíe los datos mismos, con PUT o POST a un grafo.",
        )
    )


def _two_datasets(at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: the update names its graphs by USING or WITH, so none can be named "
            "beside it by using-graph-uri or using-named-graph-uri.",
            f"Línea {at.line}, columna {at.column}: la actualización nombra sus grafos con USING o WITH, así que no se "
            "pueden nombrar otros con using-graph-uri o using-named-graph-uri.",
        ),
        at.line,
        at.column,
    )
