"""The Reconciliation Service API 0.2, by which OpenRefine and others match names with the things of the graph."""

from crmgraph.reconciliation.routes import reconciliation_router
from crmgraph.reconciliation.service import ReconciliationService

__all__ = ["ReconciliationService", "reconciliation_router"]
