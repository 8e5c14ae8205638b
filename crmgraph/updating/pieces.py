"""A SPARQL update in pieces that the engine takes, and each with the dataset that came beside the update."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import NamedNode

from crmgraph.errors import Place, QuerySyntaxError
from crmgraph.sparql.dataset import iris_written
from crmgraph.sparql.tokens import Kind, Token, after_prologue, keyword, prefixes_of
from crmgraph.sparql.validation import safe_tokens
from crmgraph.updating.change import Change
from crmgraph.wording import Bilingual

__all__ = ["LONGEST_UPDATE", "Operation", "Piece", "operations_of", "pieces_of", "using_clauses"]

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
    """Operations of an update that stand behind the same declarations, the first of them behind its own.

    `base` is the one before these, and `prefixes` are those that stand in the operations. A LOAD is a piece by itself,
    and so is an operation that asks several graphs together, for what they share counts as it is when that begins.
    """

    update: str
    base: str | None
    prefixes: dict[str, str]
    operations: list[Operation]

    @property
    def prologue(self) -> str:
        """The declarations of the first operation."""
        found = self.operations[0].prologue
        return self.update[found[0].start : found[-1].end] + "\n" if found else ""

    @property
    def in_place(self) -> str:
        """The piece, all of it where it stands in the update, with blank space before and between."""
        prologue = self.operations[0].prologue
        kept = [(prologue[0].start, prologue[-1].end)] if prologue else []
        kept += [(operation.start, operation.end) for operation in self.operations]
        parts: list[str] = []
        done = 0
        for start, end in kept:
            parts += (re.sub(r"[^\r\n]", " ", self.update[done:start]), self.update[start:end])
            done = end
        return "".join(parts)

    def iris(self, names: Sequence[str]) -> list[NamedNode] | None:
        """What names in these operations stand for; None where one stands for nothing."""
        return iris_written(names, self.prologue, self.base, self.prefixes)

    def written(self, change: Change) -> str:
        """The piece for the engine, each pattern asked of the graphs that came beside (SPARQL 1.1 Protocol, 2.2.3).

        Raises QuerySyntaxError where an operation names a dataset itself and one came beside it.
        """
        parts = [self.prologue]
        for operation in self.operations:
            done = operation.start
            for start, end, put in sorted(self._edits(operation.tokens, change)):
                parts += (self.update[done:start], put)
                done = end
            parts.append(self.update[done : operation.end])
        return "".join(parts)

    def _edits(self, operation: Sequence[Token], change: Change) -> Iterator[_Edit]:
        using = (f"USING <{iri}> " for iri in dict.fromkeys(change.using))
        named = (f"USING NAMED <{iri}> " for iri in dict.fromkeys(change.using_named))
        if clauses := "".join((*using, *named)):
            yield from _using(self.update, operation, clauses)
        yield from self._repetitions(operation)

    def _repetitions(self, operation: Sequence[Token]) -> Iterator[_Edit]:
        """Blank space for each graph that the operation names by USING again: the engine would ask it twice."""
        clauses = list(using_clauses(operation))
        seen = set()
        # What is no IRI is told where it is carried out.
        iris = self.iris([clause[-1].text for clause in clauses]) if len(clauses) > 1 else ()
        for clause, iri in zip(clauses, iris or (), strict=False):
            if (len(clause), iri) in seen:
                start, end = clause[0].start, clause[-1].end
                yield start, end, re.sub(r"\S", " ", self.update[start:end])
            seen.add((len(clause), iri))


def using_clauses(operation: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each USING (two) and USING NAMED (three) of an operation."""
    for index, token in enumerate(operation[:-1]):
        if keyword(token) == "USING":
            yield operation[index : index + (3 if keyword(operation[index + 1]) == "NAMED" else 2)]


def pieces_of(text: str, change: Change) -> list[Piece]:
    """An update in its pieces, in their order; for the engine takes declarations before the first operation alone.

    Raises QueryRefusedError where it is longer than LONGEST_UPDATE, nests too deep or asks another service, and
    QuerySyntaxError where a keyword runs into a name, a semicolon follows nothing, or a variable or a blank node stands
    where it may not.
    """
    operations = list(operations_of(safe_tokens(text, LONGEST_UPDATE)))
    _check_semicolons(text, operations)
    _check_variables(text, operations)
    _check_blank_nodes(text, operations)
    pieces: list[Piece] = []
    base, prefixes = change.base_iri, dict[str, str]()
    was_apart = True
    for operation in operations:
        says = _declared(text, operation.prologue, base)
        is_new = says is None or says.base != base or not says.prefixes.items() <= prefixes.items()
        is_apart = _is_apart(operation, change)
        if is_new or is_apart or was_apart:
            pieces.append(Piece(text, base, {}, []))
        if says is not None:
            base = says.base
            prefixes |= says.prefixes
        used = {token.text.partition(":")[0] for token in operation.tokens if token.kind is Kind.NAME}
        pieces[-1].prefixes.update({name: prefixes[name] for name in used if name in prefixes})
        pieces[-1].operations.append(operation)
        was_apart = is_apart
    return pieces


class _Declared(NamedTuple):
    base: str | None
    prefixes: dict[str, str]


def _declared(text: str, prologue: Sequence[Token], base: str | None) -> _Declared | None:
    """The base behind declarations, and the prefixes in them; None where they are none."""
    own = prefixes_of(prologue)
    if len(prologue) == 3 * len(own):
        return _Declared(base, own)
    names = [token.text for token in prologue if token.kind is Kind.NAME]
    bases = ["<>"] if any(keyword(token) == "BASE" for token in prologue) else []
    iris = iris_written([*names, *bases], text[prologue[0].start : prologue[-1].end], base)
    if iris is None:
        return None
    found = {name.removesuffix(":"): iri.value for name, iri in zip(names, iris, strict=False)}
    return _Declared(iris[-1].value if bases else base, found)


def _is_apart(operation: Operation, change: Change) -> bool:
    together = sum(len(clause) == 2 for clause in using_clauses(operation.tokens))
    return operation.word == "LOAD" or together > 1 or len(change.using) > 1


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


def _check_semicolons(text: str, operations: Sequence[Operation]) -> None:
    """Each stands behind an operation; the engine takes one that is the first of a piece."""
    for operation in operations[:-1]:
        if not operation.tokens:
            raise _nothing_before(Place.of(text, operation.end - 1))


def _check_variables(text: str, operations: Sequence[Operation]) -> None:
    """None stands in data; the engine stumbles only behind the end of the statement."""
    for operation in operations:
        words = [keyword(token) for token in operation.tokens[:2]]
        if words[1:] == ["DATA"]:
            for token in operation.tokens:
                if token.kind is Kind.VARIABLE:
                    raise _variable_in_data(token, words[0], Place.of(text, token.start))


def _check_blank_nodes(text: str, operations: Sequence[Operation]) -> None:
    """No label stands in two blocks of data, nor in two patterns (SPARQL 1.1 Query Language, section 19.6)."""
    seen: dict[tuple[str, str], int] = {}
    for number, operation in enumerate(operations):
        words = [keyword(token) for token in operation.tokens]
        where = words.index("WHERE") if "WHERE" in words else len(words)
        is_data = words[:2] == ["INSERT", "DATA"]
        for index, token in enumerate(operation.tokens):
            block = "INSERT DATA" if is_data else "WHERE" if index > where else ""
            if token.kind is Kind.BLANK and block and seen.setdefault((block, token.text), number) != number:
                raise _shared_blank_node(token, block, Place.of(text, token.start))


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


def _shared_blank_node(token: Token, block: str, at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: {token.text} stands in an earlier {block} too, and a blank node "
            "belongs to one of them. Write both in one, or another name here.",
            f"Línea {at.line}, columna {at.column}: {token.text} está también en un {block} anterior, y un nodo "
            "anónimo pertenece a uno solo. Escriba ambos en uno, o aquí otro nombre.",
        ),
        at.line,
        at.column,
    )


def _variable_in_data(token: Token, word: str, at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: {token.text} is a variable, and {word} DATA has none; write a term, "
            f"or {word} {{ … }} WHERE {{ … }}.",
            f"Línea {at.line}, columna {at.column}: {token.text} es una variable, y {word} DATA no lleva ninguna; "
            f"escriba un término, o {word} {{ … }} WHERE {{ … }}.",
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
