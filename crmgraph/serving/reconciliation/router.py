"""The addresses of the reconciliation service, each with and without a language before it."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from crmgraph.errors import QueryTimeoutError
from crmgraph.serving.cors import DATA_HEADERS, preflight
from crmgraph.serving.i18n import LANGUAGES
from crmgraph.serving.operation import LARGEST_BODY, read_body
from crmgraph.serving.pages.rendering import language_of, links_of, render
from crmgraph.serving.pages.site import Site
from crmgraph.serving.reconciliation.candidates import Candidate, candidates
from crmgraph.serving.reconciliation.data import extended, properties_of
from crmgraph.serving.reconciliation.manifest import manifest
from crmgraph.serving.reconciliation.queries import read_extension, read_queries
from crmgraph.serving.reconciliation.schema import OPERATIONS
from crmgraph.serving.reconciliation.suggestions import described, kinds_like, properties_like, things_like
from crmgraph.serving.reconciliation.things import Things, ThingsNow
from crmgraph.serving.validators import FRESH
from crmgraph.wording import Bilingual

__all__ = ["reconciliation_router"]

_THREADS = 1
"""How many batches are worked on at a time, and how many of the small requests beside them.

They are work for this process itself, which has others to answer.
"""

_LONGEST = 10.0
"""How long a batch may take, in seconds; one that OpenRefine sends takes a hundredth of that."""

_MOST_PROPOSED = 100
_Parameters = Mapping[str, str]
_Answer = Callable[[Request, Things, str, _Parameters], Response]


def reconciliation_router(site: Site) -> APIRouter:
    """The routes of `/reconcile` and below."""
    router = APIRouter(tags=["reconciliation"])
    now = ThingsNow(site)
    batches, others = CapacityLimiter(_THREADS), CapacityLimiter(_THREADS)

    def add(path: str, summary: str, answer: _Answer, methods: tuple[str, ...] = ("GET",)) -> None:
        async def asked(request: Request) -> Response:
            parameters = await _parameters(request)
            return await to_thread.run_sync(
                lambda: answer(request, now.get(), language_of(request), parameters),
                limiter=batches if "POST" in methods else others,
            )

        async def before(_: Request) -> Response:
            return preflight(", ".join((*methods, "HEAD", "OPTIONS")))

        for method in methods:
            router.add_api_route(
                path,
                asked,
                methods=[method],
                summary=summary,
                operation_id=f"{method.lower()}{path.replace('/', '-')}",
                response_class=Response,
                openapi_extra=OPERATIONS[path, method],
            )
        router.add_api_route(path, asked, methods=["HEAD"], include_in_schema=False)
        router.add_api_route(path, before, methods=["OPTIONS"], include_in_schema=False)
        for language in LANGUAGES:
            router.add_api_route(f"/{language}{path}", asked, methods=[*methods, "HEAD"], include_in_schema=False)
            router.add_api_route(f"/{language}{path}", before, methods=["OPTIONS"], include_in_schema=False)

    add("/reconcile", "Names matched with things", partial(_service, site), ("GET", "POST"))
    add("/reconcile/properties", "The properties of things of a kind", _properties)
    add("/reconcile/suggest/entity", "Things by what was typed", _suggest_things)
    add("/reconcile/suggest/type", "Kinds by what was typed", _suggest_kinds)
    add("/reconcile/suggest/property", "Properties by what was typed", _suggest_properties)
    add("/reconcile/preview", "A thing at a glance", partial(_preview, site))
    add("/reconcile/view", "The page of a thing", partial(_view, site))
    return router


async def _parameters(request: Request) -> _Parameters:
    """What the request brings in its address and its form. Raises HTTPException 400 and 413."""
    parameters = dict(request.query_params)
    if request.method == "POST":
        try:
            parameters |= dict(parse_qsl((await read_body(request, LARGEST_BODY)).decode(), keep_blank_values=True))
        except ValueError:
            raise _bad("The body is no form in UTF-8.", "El cuerpo no es un formulario en UTF-8.") from None
    return parameters


def _service(site: Site, request: Request, things: Things, language: str, parameters: _Parameters) -> Response:
    if "queries" in parameters:
        queries = read_queries(parameters["queries"])
        seconds = min(site.seconds, _LONGEST)
        end = time.monotonic() + seconds
        results = {}
        for name, query in queries.items():
            if time.monotonic() > end:
                raise QueryTimeoutError(_too_long(seconds))
            results[name] = {"result": [_told(things, each, language) for each in candidates(things, query)]}
        return _json(results)
    if "extend" in parameters:
        return _json(extended(things, read_extension(parameters["extend"]), language))
    if request.method == "POST":
        raise _bad("The form has neither queries nor extend.", "El formulario no trae ni queries ni extend.")
    return _json(manifest(site.names, things, _address(request), language))


def _told(things: Things, candidate: Candidate, language: str) -> dict[str, Any]:
    entity, match = candidate.entity, candidate.match
    features: list[dict[str, Any]] = []
    if match:
        features += (
            {"id": "name", "value": round(100 * match.likeness, 1)},
            {"id": "exact-name", "value": match.is_exact},
        )
    features += ({"id": name, "value": round(100 * value, 1)} for name, value in candidate.properties.items())
    return {
        "id": entity.iri,
        "name": things.label(entity.iri, language),
        "description": described(things, entity, language),
        "type": [{"id": kind, "name": things.label(kind, language)} for kind in entity.kinds],
        "score": candidate.score,
        "match": candidate.is_certain,
        "features": features,
    }


def _properties(_: Request, things: Things, language: str, parameters: _Parameters) -> Response:
    kind = parameters.get("type", "")
    limit = parameters.get("limit", "")
    most = int(limit) if limit.isdecimal() and limit.isascii() else _MOST_PROPOSED
    found = properties_of(things, kind)[: min(most, _MOST_PROPOSED)]
    proposed = {"properties": [{"id": name, "name": things.label(name, language)} for name in found], "limit": most}
    return _json({**proposed, "type": kind} if kind else proposed)


def _suggest_things(_: Request, things: Things, language: str, parameters: _Parameters) -> Response:
    cursor = parameters.get("cursor", "")
    start = int(cursor) if cursor.isdecimal() and cursor.isascii() and len(cursor) < 10 else 0
    return _json({"result": things_like(things, parameters.get("prefix", ""), language, start)})


def _suggest_kinds(_: Request, things: Things, language: str, parameters: _Parameters) -> Response:
    return _json({"result": kinds_like(things, parameters.get("prefix", ""), language)})


def _suggest_properties(_: Request, things: Things, language: str, parameters: _Parameters) -> Response:
    return _json({"result": properties_like(things, parameters.get("prefix", ""), language)})


def _preview(site: Site, request: Request, things: Things, language: str, parameters: _Parameters) -> Response:
    entity = things.entities.get(parameters.get("id", ""))
    if entity is None:
        raise _unknown(parameters.get("id", ""))
    label = things.label(entity.iri, language)
    context = {
        "label": label,
        "description": described(things, entity, language),
        "names": [name for name in entity.names if name != label][:8],
        "target": links_of(request, site).target(entity.iri, language),
    }
    page = render(request, site, "preview.html", context=context)
    # It is made to stand in a frame of another page.
    policy = page.headers["content-security-policy"]
    page.headers["content-security-policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    return page


def _view(site: Site, request: Request, things: Things, language: str, parameters: _Parameters) -> Response:
    iri = parameters.get("id", "")
    target = links_of(request, site).target(iri, language)
    # To other sites leads only what the graph knows.
    if target is None or (not target.startswith("/") and iri not in things.entities):
        raise _unknown(iri)
    return RedirectResponse(target, 303)


def _address(request: Request) -> str:
    """The address of the service in the language that it was asked in."""
    return str(request.url.replace(query="")).rstrip("/")


def _json(body: Mapping[str, Any]) -> Response:
    return JSONResponse(body, headers={**DATA_HEADERS, **FRESH, "Vary": "Accept-Language"})


def _too_long(seconds: float) -> Bilingual:
    return Bilingual(
        f"The batch was not done after {seconds:g} s. Send fewer queries at once, or with fewer properties.",
        f"El lote no estaba listo a los {seconds:g} s. Envíe menos consultas a la vez, o con menos propiedades.",
    )


def _unknown(iri: str) -> HTTPException:
    return HTTPException(404, Bilingual(f"Nothing is known about {iri}.", f"No se sabe nada de {iri}."))


def _bad(english: str, spanish: str) -> HTTPException:
    return HTTPException(400, Bilingual(english, spanish))
