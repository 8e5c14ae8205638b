"""The addresses of the reconciliation service, each with and without a language before it."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.http.caching import FRESH
from crmgraph.http.cors import DATA_HEADERS, preflight
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.operation import LARGEST_BODY, read_body
from crmgraph.reconciliation.desk import Desk
from crmgraph.reconciliation.operations import Asked, Glance
from crmgraph.reconciliation.schema import OPERATIONS
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.rendering import render
from crmgraph.site.base.site import Site
from crmgraph.wording import Bilingual, shortened

__all__ = ["reconciliation_router"]

_JSON = "application/json"
_LONGEST_SHOWN = 200
_Answer = Callable[[Request], Awaitable[Response]]


def reconciliation_router(site: Site, desk: Desk) -> APIRouter:
    """The routes of `/reconcile` and below, for requests that the desk takes."""
    router = APIRouter(tags=["reconciliation"])

    def add(path: str, summary: str, answer: _Answer, methods: tuple[str, ...] = ("GET",)) -> None:
        async def before(_: Request) -> Response:
            return preflight(", ".join((*methods, "HEAD", "OPTIONS")))

        for method in methods:
            router.add_api_route(
                path,
                answer,
                methods=[method],
                summary=summary,
                operation_id=f"{method.lower()}{path.replace('/', '-')}",
                response_class=Response,
                openapi_extra=OPERATIONS[path, method],
            )
        router.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False)
        router.add_api_route(path, before, methods=["OPTIONS"], include_in_schema=False)
        for language in LANGUAGES:
            router.add_api_route(f"/{language}{path}", answer, methods=[*methods, "HEAD"], include_in_schema=False)
            router.add_api_route(f"/{language}{path}", before, methods=["OPTIONS"], include_in_schema=False)

    async def ask(request: Request, operation: str) -> bytes | Glance:
        form = await read_body(request, LARGEST_BODY) if request.method == "POST" else None
        query = request.scope["query_string"]
        return await desk.ask(request, Asked(operation, language_of(request), _address(request), query, form))

    def data(operation: str) -> _Answer:
        async def answer(request: Request) -> Response:
            said = await ask(request, operation)
            assert isinstance(said, bytes)
            headers = {**DATA_HEADERS, **FRESH, "Content-Type": _JSON, "Vary": "Accept-Language"}
            return Response(said, headers=headers)

        return answer

    def thing(tell: Callable[[Site, Request, Glance], Response]) -> _Answer:
        async def answer(request: Request) -> Response:
            glance = await ask(request, "thing")
            assert isinstance(glance, Glance)
            return tell(site, request, glance)

        return answer

    add(
        "/reconcile",
        "Reconciling the names in a spreadsheet (OpenRefine)",
        data("batch"),
        ("GET", "POST"),
    )
    add("/reconcile/properties", "The properties of things of a kind", data("properties"))
    add("/reconcile/suggest/entity", "Things that match what was typed", data("suggest/entity"))
    add("/reconcile/suggest/type", "Kinds that match what was typed", data("suggest/type"))
    add("/reconcile/suggest/property", "Properties that match what was typed", data("suggest/property"))
    add("/reconcile/preview", "A thing at a glance", thing(_preview))
    add("/reconcile/view", "The page of a thing", thing(_view))
    return router


def _preview(site: Site, request: Request, glance: Glance) -> Response:
    if not glance.label:
        raise _unknown(glance.iri)
    target = links_of(request, site).target(glance.iri, language_of(request))
    page = render(request, site, "preview.html", context={**glance._asdict(), "target": target})
    # It is made to stand in a frame of another page.
    policy = page.headers["content-security-policy"]
    page.headers["content-security-policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    return page


def _view(site: Site, request: Request, glance: Glance) -> Response:
    target = links_of(request, site).target(glance.iri, language_of(request))
    if target is None or not glance.label:
        raise _unknown(glance.iri)
    return RedirectResponse(target, 303)


def _address(request: Request) -> str:
    """The address of the service in the language that it was asked in."""
    return str(request.url.replace(query="")).rstrip("/")


def _unknown(iri: str) -> HTTPException:
    shown = shortened(iri, _LONGEST_SHOWN)
    return HTTPException(404, Bilingual(f"Nothing is known about {shown}.", f"No se sabe nada de {shown}."))
