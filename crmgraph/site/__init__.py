"""The site: every page in Spanish and English, and the data behind each at the same address.

`pages_router` returns the routes of a `Site`; its search page asks a `Searcher`, its pages are kept in a `PageCache`.
`workbench_page` answers a browser at `/sparql` that brings no query, `error_page` one that asks for what is not there,
and `brief_page` one that is turned away. `read_templates` is called at the start, so that no visitor waits.
"""

from crmgraph.site.base import PageCache, Site, read_templates
from crmgraph.site.known_pages import brief_page, error_page
from crmgraph.site.router import pages_router
from crmgraph.site.search.pages import Searcher
from crmgraph.site.workbench import workbench_page

__all__ = [
    "PageCache",
    "Searcher",
    "Site",
    "brief_page",
    "error_page",
    "pages_router",
    "read_templates",
    "workbench_page",
]
