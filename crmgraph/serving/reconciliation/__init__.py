"""The Reconciliation Service API 0.2, by which OpenRefine and its like match names with the things of the graph."""

from crmgraph.serving.reconciliation.router import reconciliation_router

__all__ = ["reconciliation_router"]
