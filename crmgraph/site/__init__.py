"""The site: every page in Spanish and English, and the data behind each at the same address.

`pages_router` gives the routes for a `Site`, of which a `Searcher` has at hand what can be found, and which are given
again from the `PageCache`; `workbench_page` is what `/sparql` shows to a browser that brings no query, `error_page`
what a browser sees where there is no page, and `brief_page` what it sees where it is turned away.
`read_templates` is for a start at which no visitor waits for them.
"""

from crmgraph.site.base.rendering import read_templates
from crmgraph.site.base.routing import PageCache
from crmgraph.site.base.site import Site
from crmgraph.site.error_pages import brief_page, error_page
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
