"""How pages get their addresses: each with and without a language before it, and described for OpenAPI."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial, wraps
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.answering import Format
from crmgraph.serving.i18n import LANGUAGES
from crmgraph.serving.leaving import watching
from crmgraph.serving.pages.asking import check_parameters
from crmgraph.serving.pages.page_schema import responses, suffix
from crmgraph.serving.pages.representations import EVERY, GRAPHS, HTML, JSON, asked, statements_as
from crmgraph.serving.pages.site import Site

__all__ = ["Addresses", "Handler"]

Handler = Callable[..., Response]
"""What answers a request: it takes that, and by their names the variables of its path."""


class Addresses:
    """Gives pages their addresses on a router."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router

    def add(
        self,
        path: str,
        summary: str,
        handler: Handler,
        forms: Sequence[Format] = EVERY,
        limiter: CapacityLimiter | None = None,
        parameters: Sequence[dict[str, Any]] = (),
        is_strict: bool = False,
    ) -> None:
        """Let `handler` answer at this path, with and without a language, in these `forms`.

        What takes long has a `limiter` of its own; `parameters` are those of the query string, as OpenAPI has them. It
        `is_strict` where it refuses any other, even if it takes none.
        """
        visited = _visited(handler, limiter)
        self._router.add_api_route(
            path,
            visited,
            methods=["GET"],
            summary=summary,
            response_class=Response,
            responses=responses(forms, is_asked=bool(parameters) or is_strict or "{" in path),
            openapi_extra={"parameters": list(parameters)},
        )
        self._router.add_api_route(path, visited, methods=["HEAD"], include_in_schema=False)
        for language in LANGUAGES:
            self.add_hidden(f"/{language}{path}", handler, limiter)

    def add_with_data(
        self,
        path: str,
        summary: str,
        handler: Handler,
        forms: Sequence[Format] = EVERY,
        limiter: CapacityLimiter | None = None,
        parameters: Sequence[dict[str, Any]] = (),
        is_strict: bool = False,
    ) -> None:
        """Let it answer at this path, which ends in no variable, and at those of its data, by their suffixes."""
        self.add(path, summary, handler, forms, limiter, parameters, is_strict)
        named = "/index" if path == "/" else path
        asked_for = (suffix(forms), *parameters)
        self.add(f"{named}.{{suffix}}", f"{summary}, as data", handler, forms, limiter, asked_for, is_strict)

    def add_with_statements(
        self,
        path: str,
        summary: str,
        handler: Handler,
        made_of: Callable[[Request], tuple[Site, str]],
        own: Sequence[Format] = (HTML,),
        parameters: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Let it answer in its `own` forms, and with the statements that it is made of in all others.

        These are `made_of` a query to the site of the request.
        """

        def page(request: Request) -> Response:
            _, form = asked(request, forms=(*own, *GRAPHS, JSON))
            if form in own:
                return handler(request)
            check_parameters(request, [parameter["name"] for parameter in parameters])
            return statements_as(*made_of(request), form)

        self.add_with_data(path, summary, page, (*own, *GRAPHS, JSON), parameters=parameters, is_strict=True)

    def add_alone(self, path: str, summary: str, handler: Handler, form: Format) -> None:
        """Let it answer at this path, which has one form and no language."""
        visited = _visited(handler, None)
        self._router.add_api_route(
            path,
            visited,
            methods=["GET"],
            summary=summary,
            response_class=Response,
            responses=responses((form,), is_asked="{" in path),
        )
        self._router.add_api_route(path, visited, methods=["HEAD"], include_in_schema=False)

    def add_hidden(self, path: str, handler: Handler, limiter: CapacityLimiter | None = None) -> None:
        """Let it answer at this path, of which OpenAPI tells nothing."""
        visited = _visited(handler, limiter)
        self._router.add_api_route(path, visited, methods=["GET", "HEAD"], include_in_schema=False)

    def add_described(
        self, path: str, name: str, described: dict[str, Any], handler: Handler, limiter: CapacityLimiter | None = None
    ) -> None:
        """Let it answer at this path, as the operation of this name that is `described` already."""
        self._router.add_api_route(
            path,
            _visited(handler, limiter),
            methods=["GET"],
            operation_id=name,
            openapi_extra=described,
            response_class=Response,
        )


def _visited(handler: Handler, limiter: CapacityLimiter | None) -> Callable[..., Awaitable[Response]]:
    """The handler, run in a thread while the request's `state.gone` tells whether the visitor has left."""

    @wraps(handler)
    async def visited(request: Request, **parameters: str) -> Response:
        async with watching(request) as request.state.gone:
            return await to_thread.run_sync(partial(handler, request, **parameters), limiter=limiter)

    return visited
