"""The pages about the service: what it is, how to cite it, its downloads, its API, its state and its accessibility.

`service_pages` yields these pages, except the status page. `status_router` returns the routes of the status page.
"""

from crmgraph.site.service.pages import service_pages, status_router

__all__ = ["service_pages", "status_router"]
