"""Storing: a dataset as N-Quads (`quads`), and on disk, with a store to answer queries from (`disk`, `seal`)."""

__all__ = ["DUMP", "STORE"]

DUMP = "dataset.nq"
"""The name of the file that holds the dataset as N-Quads; the same compressed has .gz behind it."""

STORE = "store"
"""The name of the folder that holds the Oxigraph store."""
