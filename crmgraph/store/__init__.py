"""The dataset on disk: as it was built, and as a store that is written to, one change after another.

`dataset` writes and opens a built dataset, `generations` are the states of a store that is written to, with the record
of all writes, `backup` copies and loads them while nobody serves, `writer` has `changes` made while the service runs,
in a process of their own.
"""

DUMP = "dataset.nq"
"""The name of the file that holds the dataset as N-Quads; the same compressed has .gz behind it."""

STORE = "store"
"""The name of the folder that holds the Oxigraph store."""
