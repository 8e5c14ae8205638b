"""DESCRIBE, which every engine answers in its own way, as two queries that all engines answer alike."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, NamedNode, QuerySolutions

from crmgraph.errors import RemoteError
from crmgraph.sparql.tokens import Kind, after_prologue, tokens
from crmgraph.wording import Bilingual

__all__ = ["described", "statements_query", "things_query"]


def things_query(text: str) -> str:
    """The query for the things that a DESCRIBE query, which is SPARQL, is about: a column for each that it names."""
    found = list(tokens(text))
    index = after_prologue(found)
    start = found[index]
    last = index + 1
    while last < len(found) and found[last].kind in (Kind.VARIABLE, Kind.IRI, Kind.NAME):
        last += 1
    if last < len(found) and found[last].text == "*":
        names, last = ["*"], last + 1
    else:
        terms = [token.text for token in found[index + 1 : last]]
        names = [each if each[0] in "?$" else f"({each} AS ?thing{number})" for number, each in enumerate(terms)]
    rest = text[found[last - 1].end :]
    has_pattern = any(token.text == "{" for token in found[last:])
    # Without a pattern there may yet be LIMIT and the like, which come behind one.
    modifiers = rest if has_pattern else f" {{}} {rest}"
    return f"{text[: start.start]}SELECT DISTINCT {' '.join(dict.fromkeys(names))} {modifiers}"


def described(solutions: QuerySolutions) -> list[str]:
    """The IRIs of the things, each once. Raises RemoteError for one without a name, of which nobody can ask there."""
    found: dict[str, None] = {}
    for row in solutions:
        for term in row:
            if isinstance(term, BlankNode):
                raise RemoteError(_NAMELESS)
            if isinstance(term, NamedNode):
                found[str(term)] = None
    return list(found)


def statements_query(things: Iterable[str]) -> str:
    """The query for all that is said of these things."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {' '.join(things)} }} ?s ?p ?o }}"


_NAMELESS = Bilingual(
    "What is described has no name, and the engine that holds the data cannot be asked about that.",
    "Lo que se describe no tiene nombre, y por eso no se puede preguntar al motor que guarda los datos.",
)
