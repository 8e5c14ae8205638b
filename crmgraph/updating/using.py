"""USING in an update (SPARQL 1.1 Update, section 3.1.3), where the engine's union of graphs is no set."""

from collections.abc import Sequence
from itertools import takewhile

from pyoxigraph import Store

from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.tokens import Kind, Token, keyword, tokens
from crmgraph.storing.unions import share_statements
from crmgraph.updating.change import Change
from crmgraph.updating.pieces import Piece, operations_of, using_clauses
from crmgraph.wording import Bilingual

__all__ = ["check_using"]

# What comes out otherwise where a solution is found more than once; all else that is written is a set. The engine takes
# these words where they run into a number, too.
_COUNTING = ("COUNT", "SUM", "AVG", "GROUP_CONCAT", "LIMIT", "OFFSET", "BNODE", "UUID", "RAND")
# In a template these make nodes: lists, and reifiers (RDF 1.2).
_NODES = ("(", "<<", "{|", "~")


def check_using(store: Store, piece: Piece, change: Change) -> None:
    """Raises QueryRefusedError where an operation asks graphs together that share statements, and that matters."""
    for operation in operations_of(list(tokens(piece.written(change)))):
        names = [clause[1].text for clause in using_clauses(operation.tokens) if len(clause) == 2]
        if len(names) > 1 and (any(map(_counts, operation.tokens)) or _makes_nodes(operation.tokens)):
            # What is no SPARQL is told where it is carried out.
            graphs = piece.iris(names)
            if graphs is not None and share_statements(store, graphs):
                raise QueryRefusedError(_SHARED)


def _counts(token: Token) -> bool:
    return token.kind is Kind.BLANK or token.text.startswith("[") or any(word in keyword(token) for word in _COUNTING)


def _makes_nodes(operation: Sequence[Token]) -> bool:
    template = takewhile(lambda token: keyword(token) not in ("USING", "WHERE"), operation)
    return any(token.kind is Kind.SIGN and token.text in _NODES for token in template)


_SHARED = Bilingual(
    "An operation asks several graphs together by USING and counts, cuts off or makes new nodes; but these graphs have "
    "statements in common, which would be found once for each. Name one graph, or keep what they share in one of them. "
    "Nothing was changed.",
    "Una operación pregunta a varios grafos a la vez con USING y cuenta, recorta o crea nodos nuevos; pero esos grafos "
    "tienen afirmaciones en común, que se encontrarían una vez por cada uno. Nombre un solo grafo, o deje lo que "
    "comparten en uno de ellos. No se cambió nada.",
)
