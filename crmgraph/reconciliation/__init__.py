"""The Reconciliation Service API 0.2, by which OpenRefine and others match names with the things of the graph."""
