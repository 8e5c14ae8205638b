"""The page that says how the service is doing: which data it has, whether it answers, and the limits that hold."""

import json
from dataclasses import asdict
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.cors import DATA_HEADERS
from crmgraph.http.health import Look
from crmgraph.site.answers.results import ROWS_SHOWN
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import HTML, JSON, asked
from crmgraph.site.base.routing import Addresses, Page, made_of
from crmgraph.site.base.site import Site
from crmgraph.site.statements import about_catalog

__all__ = ["status_router"]

_FORMS = (HTML, JSON)
_FRESH = {"Cache-Control": "no-store"}


def status_router(site: Site, look: Look) -> APIRouter:
    """The routes of the page, which shows what is seen at a `look` at the service."""
    router = APIRouter(tags=["operations"])
    summary = "Service status, and its limits"
    page = Page("/status", summary, partial(_status, look=look), _FORMS, lasts=False)
    Addresses(router, site).add(made_of(page, about_catalog))
    return router


def _status(request: Request, site: Site, look: Look) -> Response:
    check_parameters(request, ())
    _, form = asked(request, forms=_FORMS)
    standing = look(request.scope.get("state", {}))
    if form != HTML:
        headers = {**DATA_HEADERS, **_FRESH, "Vary": "Accept"}
        return Response(json.dumps(asdict(standing), indent=2) + "\n", headers=headers, media_type=JSON.media_type)
    context = {"standing": standing, "rows_shown": ROWS_SHOWN}
    response = render(request, site, "status.html", context=context)
    response.headers.update(_FRESH)
    return response
