"""The Reconciliation Service API 0.2, by which clients such as OpenRefine match names with the things of the graph."""
