"""The store that a process answers from, as it is asked for this dataset or that."""

from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Self

from pyoxigraph import DefaultGraph, RdfFormat, Store

from crmgraph.answering.dataset import Dataset
from crmgraph.caching import memoize
from crmgraph.storing.unions import joined, open_union, share_statements

__all__ = ["Stored"]

_MOST_KEPT = 100_000
"""How many statements a union may have that is kept for the next question."""


class Stored:
    """A store that never changes, and the union of its graphs where they share statements, as `open_union` gives it.

    What was found about its graphs is remembered, for what was asked is asked again.
    """

    def __init__(self, store: Store, union: Store | None = None, folder: Path | None = None) -> None:
        self.store = store
        self.folder = folder
        self._union = union
        self._share_statements = memoize(64)(partial(share_statements, store))
        self._joined = lru_cache(maxsize=1)(partial(joined, store))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The store in the folder. Raises OSError and RuntimeError where it is gone or damaged."""
        return cls(Store.read_only(str(folder)), open_union(folder), folder)

    @classmethod
    def load(cls, dump: Path) -> Self:
        """Load N-Quads into memory. Raises OSError and SyntaxError where the file is gone or damaged."""
        store = Store()
        store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
        if not share_statements(store):
            return cls(store)
        union = Store()
        union.bulk_load(path=dump, format=RdfFormat.N_QUADS)
        union.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
        return cls(store, union)

    def with_graphs(self, dataset: Dataset | None, joins_graphs: bool) -> tuple[Store, dict[str, Any]]:
        """The store to ask, and how it is told which graphs: whatever they share is found once.

        Without a dataset the default graph is the union of all graphs, or with `joins_graphs` false that without a
        name.
        """
        if dataset is None:
            if self._union is not None and joins_graphs:
                return self._union, {}
            return self.store, {"use_default_graph_as_union": joins_graphs}
        if self._union is not None and len(dataset.default) > 1 and self._share_statements(dataset.default):
            store = self._joined(dataset.default, dataset.named)
            if len(store) > _MOST_KEPT:
                # The memory is for the next question.
                self._joined.cache_clear()
            return store, {"default_graph": DefaultGraph(), "named_graphs": dataset.named}
        return self.store, {"default_graph": dataset.default, "named_graphs": dataset.named}
