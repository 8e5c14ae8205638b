"""The Reconciliation Service API 0.2, by which OpenRefine and its like match names with the things of the graph."""

from crmgraph.reconciliation.desk import Desk
from crmgraph.reconciliation.router import reconciliation_router

__all__ = ["Desk", "reconciliation_router"]
