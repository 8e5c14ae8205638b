"""The page that says how the service is doing: which data it has, whether it answers, and the limits that hold."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.serving.cors import DATA_HEADERS
from crmgraph.serving.pages.addresses import Addresses
from crmgraph.serving.pages.asking import check_parameters
from crmgraph.serving.pages.page_schema import LISTED, suffixes
from crmgraph.serving.pages.refusals import nothing
from crmgraph.serving.pages.rendering import render
from crmgraph.serving.pages.representations import HTML, JSON, by_suffix, chosen
from crmgraph.serving.pages.results import ROWS_SHOWN
from crmgraph.serving.pages.site import Site
from crmgraph.serving.standing import Look

__all__ = ["status_router"]

_Suffix = Annotated[str, Path(json_schema_extra=suffixes(LISTED))]
_FRESH = {"Cache-Control": "no-store"}


def status_router(site: Site, look: Look) -> APIRouter:
    """The routes of the page, which shows what is seen at a `look` at the service."""
    router = APIRouter(tags=["operations"])
    addresses = Addresses(router)

    def page(request: Request) -> Response:
        return _status(request, site, look, "")

    def as_data(request: Request, suffix: _Suffix) -> Response:
        return _status(request, site, look, "." + suffix)

    addresses.add("/status", "How the service is doing, and its limits", page, LISTED, is_strict=True)
    addresses.add("/status.{suffix}", "How the service is doing, as data", as_data, LISTED)
    return router


def _status(request: Request, site: Site, look: Look, suffix: str) -> Response:
    check_parameters(request, ())
    unknown, suffixed = by_suffix(suffix, LISTED)
    form = suffixed or chosen(request, LISTED)
    if unknown:
        return nothing(request, site, form, "/status" + unknown)
    standing = look(request.scope.get("state", {}))
    if form != HTML:
        headers = {**DATA_HEADERS, **_FRESH, "Vary": "Accept"}
        return Response(json.dumps(asdict(standing), indent=2) + "\n", headers=headers, media_type=JSON.media_type)
    context = {"standing": standing, "rows_shown": ROWS_SHOWN}
    response = render(request, site, "status.html", context=context)
    response.headers.update(_FRESH)
    return response
