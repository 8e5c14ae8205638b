"""The dataset on disk, in two forms: a built dataset, and a store that accepts writes.

`dataset` writes and opens a built dataset. `generations` holds the numbered snapshots of a store that accepts writes,
its audit log, and the backup, restore and load commands. `writer` makes the `changes` that clients send while the
service runs; a process of its own does the work. `updates` parses SPARQL updates.
"""

DUMP = "dataset.nq"
"""The name of the N-Quads file of the dataset. The compressed copy has the suffix `.gz`."""

STORE = "store"
"""The name of the folder that holds the Oxigraph store."""
