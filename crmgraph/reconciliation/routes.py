"""The routes of the reconciliation service, by which OpenRefine and others match names with the things of the graph."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.http.caching import FRESH
from crmgraph.http.cors import DATA_HEADERS, preflight
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.openapi import ALWAYS, PROBLEM, content, refusals
from crmgraph.http.protocol import LARGEST_BODY, read_body
from crmgraph.linking import KINDS
from crmgraph.reconciliation.operations import Call
from crmgraph.reconciliation.service import ReconciliationService
from crmgraph.site.base.site import Site
from crmgraph.site.base.visits import Visit
from crmgraph.wording import Bilingual, shortened

__all__ = ["reconciliation_router"]

_LONGEST_SHOWN = 200
_Endpoint = Callable[[Request], Awaitable[Response]]


def reconciliation_router(site: Site, service: ReconciliationService) -> APIRouter:
    """Return the routes `/reconcile` and below, each also with a language before it."""
    router = APIRouter(tags=["reconciliation"])

    async def answer(request: Request, operation: str) -> bytes:
        form = await read_body(request, LARGEST_BODY) if request.method == "POST" else None
        address = str(request.url.replace(query="")).rstrip("/")
        return await service.answer(
            request, Call(operation, Visit(request, site).language, address, request.scope["query_string"], form)
        )

    def data(operation: str) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            headers = {**DATA_HEADERS, **FRESH, "Content-Type": "application/json", "Vary": "Accept-Language"}
            return Response(await answer(request, operation), headers=headers)

        return endpoint

    def thing(respond: Callable[[Visit, Mapping[str, Any]], Response]) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            preview = json.loads(await answer(request, "thing"))
            if not preview["label"]:
                raise _unknown(preview["iri"])
            return respond(Visit(request, site), preview)

        return endpoint

    for path, summary, endpoint in (
        ("/reconcile", "Reconciling the names in a spreadsheet (OpenRefine)", data("batch")),
        ("/reconcile/properties", "The properties of things of a kind", data("properties")),
        ("/reconcile/suggest/entity", "Things that match what was typed", data("suggest/entity")),
        ("/reconcile/suggest/type", "Kinds that match what was typed", data("suggest/type")),
        ("/reconcile/suggest/property", "Properties that match what was typed", data("suggest/property")),
        ("/reconcile/preview", "A thing at a glance", thing(_preview)),
        ("/reconcile/view", "The page of a thing", thing(_view)),
    ):
        _add(router, path, summary, endpoint)
    return router


def _add(router: APIRouter, path: str, summary: str, endpoint: _Endpoint) -> None:
    methods = [method for described, method in _OPERATIONS if described == path]

    async def options(_: Request) -> Response:
        return preflight(", ".join((*methods, "HEAD", "OPTIONS")))

    for method in methods:
        router.add_api_route(
            path,
            endpoint,
            methods=[method],
            summary=summary,
            operation_id=f"{method.lower()}{path.replace('/', '-')}",
            response_class=Response,
            openapi_extra=_OPERATIONS[path, method],
        )
    router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
    router.add_api_route(path, options, methods=["OPTIONS"], include_in_schema=False)
    for language in LANGUAGES:
        router.add_api_route(f"/{language}{path}", endpoint, methods=[*methods, "HEAD"], include_in_schema=False)
        router.add_api_route(f"/{language}{path}", options, methods=["OPTIONS"], include_in_schema=False)


def _preview(visit: Visit, preview: Mapping[str, Any]) -> Response:
    target = visit.links.target(preview["iri"], visit.language)
    page = visit.render("preview.html", {**preview, "target": target})
    # Clients show it in a frame of their own page.
    policy = page.headers["content-security-policy"]
    page.headers["content-security-policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    return page


def _view(visit: Visit, preview: Mapping[str, Any]) -> Response:
    target = visit.links.target(preview["iri"], visit.language)
    if target is None:
        raise _unknown(preview["iri"])
    return RedirectResponse(target, 303)


def _unknown(iri: str) -> HTTPException:
    shown = shortened(iri, _LONGEST_SHOWN)
    return HTTPException(404, Bilingual(f"Nothing is known about {shown}.", f"No se sabe nada de {shown}."))


_JSON_CONTENT = content(["application/json"])
_QUERIES = '{"q0": {"query": "Guatemla", "type": "https://w3id.org/crmgraph/ontology#State", "limit": 3}}'
_THING = "https://w3id.org/crmgraph/id/country/GTM"
_EXTENSION = (
    '{"ids": ["https://w3id.org/crmgraph/id/country/GTM"], '
    '"properties": [{"id": "https://w3id.org/crmgraph/ontology#iso3"}]}'
)
_TOO_LARGE = {"413": {"description": "The batch has more bytes than are taken.", "content": PROBLEM}}


def _parameter(name: str, description: str, example: str = "", is_needed: bool = False) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if example:
        schema["examples"] = [example]
    return {"name": name, "in": "query", "required": is_needed, "schema": schema, "description": description}


def _described(description: str, *parameters: dict[str, Any], may_be_wrong: bool = False) -> dict[str, Any]:
    return {
        "parameters": list(parameters),
        "responses": {
            "200": {"description": description, "content": _JSON_CONTENT},
            **refusals(*((400,) if may_be_wrong else ()), *ALWAYS),
        },
    }


_BATCHES = (
    _parameter("queries", "A batch of queries, as JSON.", _QUERIES),
    _parameter("extend", "Things and the properties whose values are wanted, as JSON.", _EXTENSION),
)


def _typed(example: str) -> dict[str, Any]:
    return _parameter("prefix", "What was typed.", example)


_OPERATIONS: Mapping[tuple[str, str], dict[str, Any]] = {
    ("/reconcile", "GET"): _described(
        "The candidates of each query, the values of each thing, or without either what the service says of itself.",
        *_BATCHES,
        may_be_wrong=True,
    ),
    ("/reconcile", "POST"): {
        "responses": {
            "200": {
                "description": "The candidates of each query, or the values of each thing.",
                "content": _JSON_CONTENT,
            },
            **_TOO_LARGE,
            **refusals(400, *ALWAYS),
        },
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {each["name"]: each["schema"] for each in _BATCHES},
                        "anyOf": [{"required": [each["name"]]} for each in _BATCHES],
                    }
                }
            },
        },
    },
    ("/reconcile/properties", "GET"): _described(
        "The properties that things of the kind have.",
        {**_parameter("type", "The IRI of a kind of things."), "schema": {"type": "string", "enum": list(KINDS)}},
        _parameter("limit", "How many at most."),
        may_be_wrong=True,
    ),
    ("/reconcile/suggest/entity", "GET"): _described(
        "Things.", _typed("guate"), _parameter("cursor", "How many of them to skip.")
    ),
    ("/reconcile/suggest/type", "GET"): _described("Kinds of things.", _typed("state")),
    ("/reconcile/suggest/property", "GET"): _described("Properties.", _typed("member")),
    ("/reconcile/preview", "GET"): {
        "parameters": [_parameter("id", "The IRI of a thing.", _THING, is_needed=True)],
        "responses": {
            "200": {"description": "The thing at a glance.", "content": content(["text/html"])},
            **refusals(404, *ALWAYS),
        },
    },
    ("/reconcile/view", "GET"): {
        "parameters": [_parameter("id", "The IRI of a thing.", _THING, is_needed=True)],
        "responses": {"303": {"description": "The page of the thing."}, **refusals(404, *ALWAYS)},
    },
}
"""The description of each operation (OpenAPI 3.1, section 4.8.10), by its path and method."""
