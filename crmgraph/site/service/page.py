"""The pages about the service."""

from collections.abc import Iterator

from anyio import CapacityLimiter

from crmgraph.site.base.citation import OFFERED, TEXT
from crmgraph.site.base.representations import GRAPHS, HTML
from crmgraph.site.base.routing import Handler, Page, made_of
from crmgraph.site.service.about import about_page
from crmgraph.site.service.accessibility import accessibility_page
from crmgraph.site.service.api import api_page
from crmgraph.site.service.cite import PARAMETERS, cite_page
from crmgraph.site.service.downloads import download, downloads_page
from crmgraph.site.statements import about_catalog

__all__ = ["service_pages"]


def service_pages(limiter: CapacityLimiter) -> Iterator[Page]:
    """The page of each; what takes long minds the `limiter`."""
    yield _prose("/about", "What this is, how it was made, and how far to trust it", about_page)
    summary = "How to cite the dataset, a page or an answer"
    yield made_of(Page("/cite", summary, cite_page, OFFERED, PARAMETERS), about_catalog)
    yield _prose("/downloads", "All that can be downloaded", downloads_page)
    yield Page(
        "/downloads/{name}",
        "The whole dataset, or the text of a plan, as a file",
        download,
        (TEXT, *GRAPHS),
        limiter=limiter,
        examples={"name": ["crm.txt", "crmgraph.ttl"]},
    )
    yield _prose("/api", "Every address of this service, with examples", api_page)
    yield _prose(
        "/accessibility", "What the site does for accessibility, and what is not right yet", accessibility_page
    )


def _prose(path: str, summary: str, handler: Handler) -> Page:
    return made_of(Page(path, summary, handler, (HTML,)), about_catalog)
