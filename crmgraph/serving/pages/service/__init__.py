"""The pages about the service itself: what it is, how to cite it, its downloads, addresses, state and accessibility.

`add_service` gives them their addresses, but for the page of its state, which has a `status_router` of its own.
"""

from crmgraph.serving.pages.service.page import add_service
from crmgraph.serving.pages.service.status import status_router

__all__ = ["add_service", "status_router"]
