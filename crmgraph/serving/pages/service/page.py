"""The addresses of the pages about the service."""

from collections.abc import Callable
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.serving.pages.addresses import Addresses, Handler
from crmgraph.serving.pages.representations import GRAPHS
from crmgraph.serving.pages.service.about import about_page
from crmgraph.serving.pages.service.accessibility import accessibility_page
from crmgraph.serving.pages.service.api import api_page
from crmgraph.serving.pages.service.cite import PARAMETERS, cite_page
from crmgraph.serving.pages.service.downloads import download, downloads_page
from crmgraph.serving.pages.service.forms import OFFERED, TEXT
from crmgraph.serving.pages.site import Site
from crmgraph.serving.pages.statements import about_catalog

__all__ = ["add_service"]

_File = Annotated[str, Path(examples=["crm.txt", "crmgraph.ttl"])]


def add_service(addresses: Addresses, here: Callable[[Request], Site], limiter: CapacityLimiter) -> None:
    """Give each page about the service its address; `here` is the site of a request, and what takes long minds the
    `limiter`."""

    def about(request: Request) -> Response:
        return about_page(request, here(request))

    def cite(request: Request) -> Response:
        return cite_page(request, here(request))

    def downloads(request: Request) -> Response:
        return downloads_page(request, here(request))

    def file(request: Request, name: _File) -> Response:
        return download(request, here(request), name)

    def api(request: Request) -> Response:
        return api_page(request, here(request))

    def accessibility(request: Request) -> Response:
        return accessibility_page(request, here(request))

    def catalog(request: Request) -> tuple[Site, str]:
        site = here(request)
        return site, about_catalog(site)

    def add_prose(path: str, summary: str, handler: Handler) -> None:
        addresses.add_with_statements(path, summary, handler, catalog)

    add_prose("/about", "What this is, how it was made, and how far to trust it", about)
    summary = "How to cite the dataset, a page or an answer"
    addresses.add_with_data("/cite", summary, cite, OFFERED, parameters=PARAMETERS)
    add_prose("/downloads", "All that can be downloaded", downloads)
    addresses.add(
        "/downloads/{name}", "The whole dataset, or the text of a plan, as a file", file, (TEXT, *GRAPHS), limiter
    )
    add_prose("/api", "Every address of this service, with examples", api)
    add_prose("/accessibility", "What the site does for accessibility, and what is not right yet", accessibility)
