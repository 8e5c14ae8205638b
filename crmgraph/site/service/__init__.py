"""The pages about the service itself: what it is, how to cite it, its downloads, addresses, state and accessibility.

`service_pages` gives them their addresses, but for the page of its state, which has a `status_router` of its own.
"""

from crmgraph.site.service.pages import service_pages, status_router

__all__ = ["service_pages", "status_router"]
