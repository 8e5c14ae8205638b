"""The text of a SPARQL update, looked over before the engine sees it, and with the dataset that came beside it."""

import re
from collections.abc import Iterator, Sequence

from crmgraph.answering.guard import safe_tokens
from crmgraph.answering.prologue import after_prologue
from crmgraph.answering.tokens import Kind, Token, keyword
from crmgraph.errors import Place, QueryRefusedError, QuerySyntaxError
from crmgraph.wording import Bilingual

__all__ = ["LONGEST_UPDATE", "Operation", "no_load", "operations_of", "prepare"]

LONGEST_UPDATE = 4 * 2**20
"""How many characters an update may have."""

Operation = tuple[Sequence[Token], Sequence[Token]]
"""The tokens of the declarations of prefixes before an operation, and of itself."""

# The engine takes a keyword that runs into the next token: "LOADSILENT<…>" and "LOAD:x" work for it.
_LOAD = re.compile(r"load(?:silent)?(?:\W.*)?", re.IGNORECASE | re.DOTALL)


def prepare(text: str, using: Sequence[str] = (), using_named: Sequence[str] = ()) -> str:
    """The update for the engine, each pattern asked of the graphs that came beside it (SPARQL 1.1 Protocol, 2.2.3).

    Raises QueryRefusedError where it is too long, nests too deep, or would fetch something by LOAD or SERVICE, and
    QuerySyntaxError where it names a dataset itself and one came beside it.
    """
    operations = [operation for _, operation in operations_of(safe_tokens(text, LONGEST_UPDATE))]
    for operation in operations:
        if operation and _LOAD.fullmatch(operation[0].text):
            raise no_load(Place.of(text, operation[0].start))
    if not using and not using_named:
        return text
    clauses = "".join([*(f"USING <{iri}> " for iri in using), *(f"USING NAMED <{iri}> " for iri in using_named)])
    written, done = [], 0
    for operation in operations:
        for place, put in _insertions(text, operation, clauses):
            written += [text[done:place], put]
            done = place
    return "".join((*written, text[done:]))


def operations_of(found: Sequence[Token]) -> Iterator[Operation]:
    """The tokens of each operation: of the declarations of prefixes before it, and of itself."""
    start = depth = 0
    for index, token in enumerate(found):
        depth += token.text.count("{") - token.text.count("}") if token.kind is Kind.SIGN else 0
        if token.text == ";" and depth == 0:
            begin = after_prologue(found[:index], start)
            yield found[start:begin], found[begin:index]
            start = index + 1
    begin = after_prologue(found, start)
    yield found[start:begin], found[begin:]


def _insertions(text: str, operation: Sequence[Token], clauses: str) -> Iterator[tuple[int, str]]:
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
    yield where.start, clauses


def _outermost(operation: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in operation:
        depth += token.text.count("{") - token.text.count("}") if token.kind is Kind.SIGN else 0
        if depth == 0:
            yield token


def no_load(at: Place) -> QueryRefusedError:
    """What to say of a LOAD that is not carried out."""
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
