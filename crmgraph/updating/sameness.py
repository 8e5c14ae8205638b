"""Whether a graph is the same in two stores."""

import hashlib
import io
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

__all__ = ["content_of"]


def content_of(store: Store, graph: NamedNode | BlankNode | DefaultGraph) -> tuple[bool, bytes]:
    """Whether the graph is there, and the digest of what is in it: the engine gives the same in the same order."""
    digest = _Digest()
    store.dump(digest, RdfFormat.N_TRIPLES, from_graph=graph)
    return isinstance(graph, DefaultGraph) or store.contains_named_graph(graph), digest.value()


class _Digest(io.BytesIO):
    """A file that keeps of what is written to it only the SHA-256."""

    def __init__(self) -> None:
        super().__init__()
        self._digest = hashlib.sha256()

    def write(self, data: "Buffer") -> int:
        self._digest.update(data)
        return memoryview(data).nbytes

    def value(self) -> bytes:
        return self._digest.digest()
