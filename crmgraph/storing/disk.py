"""A built dataset on disk: N-Quads, the same compressed, and an Oxigraph store that queries are answered from."""

import gzip
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import Place, UsageError
from crmgraph.storing import DUMP, STORE
from crmgraph.storing.unions import write_union

__all__ = ["graph_sizes", "open_store", "write_dataset"]


def write_dataset(text: str, folder: Path) -> None:
    """Write N-Quads `text` into `folder`: as it is, compressed for download, and as an Oxigraph store."""
    (folder / DUMP).write_text(text, encoding="utf-8", newline="\n")
    (folder / f"{DUMP}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    store = Store(folder / STORE)
    store.bulk_load(text.encode(), format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    del store
    write_union(folder / STORE)


def open_store(folder: Path) -> Store:
    """The store of a built dataset, for reading. Raises UsageError where it is gone or damaged."""
    try:
        return Store.read_only(str(folder / STORE))
    except (OSError, RuntimeError) as error:
        raise UsageError(
            f"the store cannot be opened ({str(error).rstrip('.')}); make it anew with crmgraph build --force",
            Place(folder),
        ) from None


def graph_sizes(store: Store) -> dict[str, int]:
    """How many statements each named graph has, by its IRI."""
    return {
        graph.value: sum(1 for _ in store.quads_for_pattern(None, None, None, graph)) for graph in store.named_graphs()
    }
