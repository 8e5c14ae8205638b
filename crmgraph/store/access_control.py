"""Access control: the writers that a store accepts, their tokens, and the graphs that each writer may change."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.errors import Bilingual, QueryRefusedError

DEFAULT_GRAPH = "default"
"""The name that settings and changes use for the default graph, which has no IRI."""

_DEFAULT_GRAPH_LABEL = Bilingual("the default graph", "el grafo por defecto")


@dataclass(frozen=True)
class Writer:
    """A person or program that may write to the store.

    Attributes:
        name: The name for messages and the audit log.
        token: The digest of the writer's token, as `token_digest` makes it.
        graphs: The graphs that the writer may change. Each item is an IRI, DEFAULT_GRAPH, a prefix of IRIs followed by
            a star, or a star alone for every graph.
    """

    name: str
    token: str
    graphs: tuple[str, ...] = ("*",)

    def may_change(self, graph: str) -> bool:
        """Return whether this writer may modify a graph, given by its IRI or DEFAULT_GRAPH."""
        if graph == DEFAULT_GRAPH:
            return not {"*", DEFAULT_GRAPH}.isdisjoint(self.graphs)
        return any(graph.startswith(each[:-1]) if each.endswith("*") else graph == each for each in self.graphs)

    def check(self, graph: str) -> None:
        """Raise QueryRefusedError if this writer may not modify the graph, given by its IRI or DEFAULT_GRAPH."""
        if not self.may_change(graph):
            name = (
                Bilingual(f"the graph {graph}", f"el grafo {graph}") if graph != DEFAULT_GRAPH else _DEFAULT_GRAPH_LABEL
            )
            raise QueryRefusedError(
                Bilingual(
                    f"{self.name} may not change {name}. Nothing was changed.",
                    f"{self.name} no puede cambiar {name.spanish}. No se cambió nada.",
                )
            )


def new_token() -> str:
    """Return a new random token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return the SHA-256 digest of a token, which settings store in place of the token.

    A token from `new_token` is random enough that its digest needs neither a salt nor a slow hash function.
    """
    return f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


def find_writer(authorization: str, writers: Sequence[Writer]) -> Writer | None:
    """Return the writer with the bearer token in an Authorization header (RFC 6750, section 2.1).

    Return None if the header has no bearer token, or if no writer has that token. Tokens are compared in constant time.
    """
    match = re.fullmatch(r"bearer +([\w.~+/=-]+) *", authorization, re.IGNORECASE | re.ASCII)
    given = token_digest(match[1] if match else "")
    found = [writer for writer in writers if hmac.compare_digest(writer.token, given)]
    return found[0] if match and found else None
