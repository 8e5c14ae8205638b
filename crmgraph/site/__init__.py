"""The site: every page in Spanish and English, and the data behind each page at the same address.

`pages_router` returns the routes of a `Site`. Its search page uses a `Searcher`; a `PageCache` keeps finished pages.
Two functions return pages for other parts of the server: `workbench_page` for a browser that requests `/sparql` without
a query, and `error_page` for an error.
"""

from crmgraph.site.base import PageCache, Site
from crmgraph.site.router import error_page, pages_router
from crmgraph.site.search import Searcher
from crmgraph.site.tools import workbench_page

__all__ = [
    "PageCache",
    "Searcher",
    "Site",
    "error_page",
    "pages_router",
    "workbench_page",
]
