"""Access control: writers, each known by the digest of a token, and the graphs that they may change."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.errors import Bilingual, QueryRefusedError

DEFAULT_GRAPH = "default"
"""The name of the graph without an IRI."""

_DEFAULT = Bilingual("the default graph", "el grafo por defecto")


@dataclass(frozen=True)
class Writer:
    """A person or program that writes: the digest of its token, and the IRIs of the graphs that it may change.

    A star at the end of an IRI stands for anything, alone for every graph; DEFAULT_GRAPH is that without a name.
    """

    name: str
    token: str
    graphs: tuple[str, ...] = ("*",)

    def may_change(self, graph: str) -> bool:
        """Tell whether it may change a graph, an IRI or DEFAULT_GRAPH."""
        if graph == DEFAULT_GRAPH:
            return not {"*", DEFAULT_GRAPH}.isdisjoint(self.graphs)
        return any(graph.startswith(each[:-1]) if each.endswith("*") else graph == each for each in self.graphs)

    def check(self, graph: str) -> None:
        """Raise QueryRefusedError where it may not change this graph."""
        if not self.may_change(graph):
            name = Bilingual(f"the graph {graph}", f"el grafo {graph}") if graph != DEFAULT_GRAPH else _DEFAULT
            raise QueryRefusedError(
                Bilingual(
                    f"{self.name} may not change {name}. Nothing was changed.",
                    f"{self.name} no puede cambiar {name.spanish}. No se cambió nada.",
                )
            )


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return the digest by which a token is known. It is random enough that a plain SHA-256 does not give it away."""
    return f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


def find_writer(authorization: str, writers: Sequence[Writer]) -> Writer | None:
    """Return the writer whose token the header Authorization bears (RFC 6750, section 2.1); None where it is nobody's.

    That takes as long whoever it is.
    """
    match = re.fullmatch(r"bearer +([\w.~+/=-]+) *", authorization, re.IGNORECASE | re.ASCII)
    given = digest_of(match[1] if match else "")
    found = [writer for writer in writers if hmac.compare_digest(writer.token, given)]
    return found[0] if match and found else None
