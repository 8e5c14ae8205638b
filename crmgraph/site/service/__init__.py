"""The pages about the service: what it is, how to cite it, its downloads, its API, its state and its accessibility.

`service_pages` yields them, but for the page of its state, which `status_router` has.
"""

from crmgraph.site.service.pages import service_pages, status_router

__all__ = ["service_pages", "status_router"]
