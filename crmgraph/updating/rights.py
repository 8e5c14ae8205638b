"""Who may write where: writers, each known by the digest of a token, and the graphs that are theirs."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.errors import QueryRefusedError
from crmgraph.updating.change import DEFAULT_GRAPH
from crmgraph.wording import Bilingual

__all__ = ["Writer", "digest_of", "find_writer", "new_token", "not_theirs"]

_BYTES = 32


@dataclass(frozen=True)
class Writer:
    """Who writes. `token` is the digest of their token, `graphs` the IRIs of the graphs that they may change.

    A star at the end of an IRI stands for anything, alone for every graph; DEFAULT_GRAPH is that without a name.
    """

    name: str
    token: str
    graphs: tuple[str, ...] = ("*",)

    @property
    def is_free(self) -> bool:
        """Whether every graph is theirs."""
        return "*" in self.graphs

    def may_change(self, graph: str) -> bool:
        """Whether this graph is theirs, which is an IRI or DEFAULT_GRAPH."""
        return any(_fits(graph, pattern) for pattern in self.graphs)


def _fits(graph: str, pattern: str) -> bool:
    if graph == DEFAULT_GRAPH:
        return pattern in (DEFAULT_GRAPH, "*")
    return graph.startswith(pattern[:-1]) if pattern.endswith("*") else graph == pattern


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(token: str) -> str:
    """The digest by which a token is known. It is random enough that a plain SHA-256 does not give it away."""
    return f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


def find_writer(authorization: str, writers: Sequence[Writer]) -> Writer | None:
    """Whose token the header Authorization bears (RFC 6750, section 2.1); None where it is nobody's.

    That takes as long whoever it is.
    """
    match = re.fullmatch(r"bearer +([\w.~+/=-]+) *", authorization, re.IGNORECASE | re.ASCII)
    given = digest_of(match[1] if match else "")
    found = [writer for writer in writers if hmac.compare_digest(writer.token, given)]
    return found[0] if match and found else None


def not_theirs(writer: Writer, graph: str) -> QueryRefusedError:
    """That they may not change this graph, which is an IRI or DEFAULT_GRAPH; to be raised."""
    english, spanish = (
        ("the default graph", "el grafo por defecto")
        if graph == DEFAULT_GRAPH
        else (f"the graph {graph}", f"el grafo {graph}")
    )
    return QueryRefusedError(
        Bilingual(
            f"{writer.name} may not change {english}. Nothing was changed.",
            f"{writer.name} no puede cambiar {spanish}. No se cambió nada.",
        )
    )
