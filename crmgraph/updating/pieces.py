"""A SPARQL update in pieces that the engine takes, and each with the dataset that came beside the update."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from crmgraph.answering.guard import safe_tokens
from crmgraph.answering.iris import iris_written
from crmgraph.answering.prologue import after_prologue, prefixes_of
from crmgraph.answering.tokens import Kind, Token, keyword
from crmgraph.errors import Place, QuerySyntaxError
from crmgraph.updating.change import Change
from crmgraph.wording import Bilingual

__all__ = ["LONGEST_UPDATE", "Operation", "Piece", "operations_of", "pieces_of"]

LONGEST_UPDATE = 4 * 2**20
"""How many characters an update may have."""

# Where characters of the text begin and end, and what stands there instead.
_Edit = tuple[int, int, str]


class Operation(NamedTuple):
    """An operation: the declarations before it and itself, and from where to where it stands in the text.

    Where nothing is written it has no tokens; a semicolon behind it stands before its end, and is none of them.
    """

    prologue: Sequence[Token]
    tokens: Sequence[Token]
    start: int
    end: int

    @property
    def word(self) -> str:
        """Its first word, in capitals."""
        return keyword(self.tokens[0]) if self.tokens else ""


@dataclass(frozen=True)
class Piece:
    """Operations of an update that stand behind the same declarations; a LOAD is a piece by itself."""

    update: str
    declarations: Sequence[Sequence[Token]]
    operations: list[Operation]

    @property
    def declared(self) -> str:
        """The declarations that hold for these operations."""
        return "".join(f"{self.update[tokens[0].start : tokens[-1].end]}\n" for tokens in self.declarations)

    @property
    def in_place(self) -> str:
        """The piece, all of it where it stands in the update, with blank space before and between."""
        kept = [(tokens[0].start, tokens[-1].end) for tokens in self.declarations]
        kept += [(operation.start, operation.end) for operation in self.operations]
        parts: list[str] = []
        done = 0
        for start, end in kept:
            parts += (re.sub(r"[^\n]", " ", self.update[done:start]), self.update[start:end])
            done = end
        return "".join(parts)

    def written(self, change: Change) -> str:
        """The piece for the engine, each pattern asked of the graphs that came beside (SPARQL 1.1 Protocol, 2.2.3).

        Raises QuerySyntaxError where an operation names a dataset itself and one came beside it.
        """
        parts = [self.declared]
        for operation in self.operations:
            done = operation.start
            for start, end, put in sorted(self._edits(operation.tokens, change)):
                parts += (self.update[done:start], put)
                done = end
            parts.append(self.update[done : operation.end])
        return "".join(parts)

    def _edits(self, operation: Sequence[Token], change: Change) -> Iterator[_Edit]:
        using = (f"USING <{iri}> " for iri in dict.fromkeys(change.using))
        clauses = "".join((*using, *(f"USING NAMED <{iri}> " for iri in change.using_named)))
        if clauses:
            yield from _using(self.update, operation, clauses)
        yield from self._repetitions(operation, change.base_iri)

    def _repetitions(self, operation: Sequence[Token], base_iri: str | None) -> Iterator[_Edit]:
        """Blank space for each graph that the operation names by USING again: the engine would ask it twice."""
        named = [pair for pair in pairwise(operation) if keyword(pair[0]) == "USING" and keyword(pair[1]) != "NAMED"]
        if len(named) < 2:
            return
        seen = set()
        # What is no IRI is told where it is carried out.
        iris = iris_written([name.text for _, name in named], self.declared, base_iri) or ()
        for (word, name), iri in zip(named, iris, strict=False):
            if iri in seen:
                yield word.start, name.end, re.sub(r"\S", " ", self.update[word.start : name.end])
            seen.add(iri)


def pieces_of(text: str) -> list[Piece]:
    """An update in its pieces, in their order; for the engine takes declarations before the first operation alone.

    Raises QueryRefusedError where it is longer than LONGEST_UPDATE, nests too deep or asks another service, and
    QuerySyntaxError where a keyword runs into a name, a semicolon follows nothing, or blocks of data share a blank
    node.
    """
    operations = list(operations_of(safe_tokens(text, LONGEST_UPDATE)))
    _check_semicolons(text, operations)
    _check_blank_nodes(text, operations)
    pieces: list[Piece] = []
    declarations: list[Sequence[Token]] = []
    prefixes: dict[str, str] = {}
    for operation in operations:
        own = prefixes_of(operation.prologue)
        # A base, or what is relative to one, may mean something else each time.
        is_new = len(operation.prologue) != 3 * len(own) or not own.items() <= prefixes.items()
        if is_new:
            names = {token.text for token in operation.prologue if token.kind is Kind.NAME}
            declarations = [each for each in declarations if names.isdisjoint(token.text for token in each)]
            declarations += _declarations(operation.prologue)
            prefixes = {name: iri for name, iri in prefixes.items() if f"{name}:" not in names} | own
        if is_new or not pieces or "LOAD" in (operation.word, pieces[-1].operations[-1].word):
            pieces.append(Piece(text, declarations, []))
        pieces[-1].operations.append(operation)
    return pieces


def operations_of(found: Sequence[Token]) -> Iterator[Operation]:
    """The operations of an update, of which these are the tokens."""
    start = depth = 0
    for index, token in enumerate(found):
        depth += token.text.count("{") - token.text.count("}") if token.kind is Kind.SIGN else 0
        if token.text == ";" and depth == 0:
            yield _operation(found[start:index], token.start, token.end)
            start = index + 1
    end = found[-1].end if found else 0
    yield _operation(found[start:], end, end)


def _operation(found: Sequence[Token], start: int, end: int) -> Operation:
    begin = after_prologue(found)
    rest = found[begin:]
    return Operation(found[:begin], rest, rest[0].start if rest else start, end)


def _declarations(prologue: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each declaration."""
    start = 0
    while start < len(prologue):
        end = start + (3 if keyword(prologue[start]) == "PREFIX" else 2)
        yield prologue[start:end]
        start = end


def _check_semicolons(text: str, operations: Sequence[Operation]) -> None:
    """Each stands behind an operation; the engine takes one that is the first of a piece."""
    for operation in operations[:-1]:
        if not operation.tokens:
            raise _nothing_before(Place.of(text, operation.end - 1))


def _check_blank_nodes(text: str, operations: Sequence[Operation]) -> None:
    """No label may stand in two blocks of data (SPARQL 1.1 Query Language, 19.6), be they in one piece or in two."""
    blocks: dict[str, int] = {}
    for number, operation in enumerate(operations):
        if [keyword(token) for token in operation.tokens[:2]] == ["INSERT", "DATA"]:
            for token in operation.tokens:
                if token.kind is Kind.BLANK and blocks.setdefault(token.text, number) != number:
                    raise _shared_blank_node(token, Place.of(text, token.start))


def _using(text: str, operation: Sequence[Token], clauses: str) -> Iterator[_Edit]:
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


def _nothing_before(at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: there is no operation before this semicolon.",
            f"Línea {at.line}, columna {at.column}: no hay ninguna operación antes de este punto y coma.",
        ),
        at.line,
        at.column,
    )


def _shared_blank_node(token: Token, at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: {token.text} stands in an earlier INSERT DATA too. A blank node "
            "belongs to one of them: write both in one INSERT DATA, or use an IRI.",
            f"Línea {at.line}, columna {at.column}: {token.text} está también en un INSERT DATA anterior. Un nodo "
            "anónimo pertenece a uno solo: escriba ambos en un mismo INSERT DATA o use un IRI.",
        ),
        at.line,
        at.column,
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
