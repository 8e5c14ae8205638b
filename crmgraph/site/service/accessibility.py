"""The accessibility statement."""

from starlette.requests import Request
from starlette.responses import Response

from crmgraph import __version__
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import HTML, chosen
from crmgraph.site.base.site import Site

__all__ = ["accessibility_page"]


def accessibility_page(request: Request, site: Site) -> Response:
    """What the pages are held to, how that was tried, what is known not to be right, and whom to tell."""
    check_parameters(request, ())
    chosen(request, (HTML,))
    return render(request, site, "accessibility.html", context={"version": __version__})
