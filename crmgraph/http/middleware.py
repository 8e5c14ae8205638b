"""The reception: every request passes it on its way in, and every answer on its way out."""

import logging
from collections.abc import Callable
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmgraph.errors import BusyError
from crmgraph.http.access_log import write_down
from crmgraph.http.context import Visit
from crmgraph.http.errors import likes_pages, page_of, problem_response
from crmgraph.http.metrics import Metrics
from crmgraph.http.rates import Rates
from crmgraph.wording import Bilingual

__all__ = ["REQUEST_ID", "Reception"]

REQUEST_ID = "X-Request-ID"
"""The header by which requests and answers say what the request is called."""

_NAME = REQUEST_ID.lower().encode()
_PAGES = 100


class Reception:
    """Middleware (ASGI) around all else: it names each request, counts it, and sends those away who ask too often.

    At most so many `pages` are made or waited for at a time; those that are being read do not count. Whoever is sent
    away is told by the page that `brief_refusal` makes, if any, where they like that better than a problem document.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        rates: Rates | None = None,
        pages: int = _PAGES,
        brief_refusal: Callable[[Request, Exception], Response | None] | None = None,
    ) -> None:
        self.app = app
        self._metrics = metrics
        self._rates = rates
        self._most_pages = pages
        self._brief_refusal = brief_refusal
        self._pages = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        visit = Visit(scope)
        status = size = 0
        is_whole = False
        waits = int(visit.operation == "page")
        self._pages += waits

        async def tell(message: Message) -> None:
            nonlocal status, size, is_whole, waits
            if message["type"] == "http.response.start":
                # It may take whoever asked as long as they like to read it.
                self._pages -= waits
                waits = 0
                status = message["status"]
                message["headers"] = [*message["headers"], (_NAME, visit.id.encode())]
            else:
                size += 0 if visit.method == "HEAD" else len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
            await send(message)

        try:
            refusal = self._refusal(visit)
            if refusal:
                await self._turned_away(Request(scope), refusal)(scope, receive, tell)
            else:
                await self.app(scope, receive, tell)
        except Exception:
            if not is_whole:
                raise
            # Whoever asked was told already: this is for whoever runs the service, and the connection goes on.
            logging.getLogger(__name__).exception("Request %s failed.", visit.id)
        finally:
            self._pages -= waits
            taken = perf_counter() - began
            if visit.problem == "busy":
                self._metrics.refused("queue")
            elif visit.problem == "left":
                # What was made to be answered went nowhere.
                status = size = 0
            self._metrics.answered(visit.operation, status, taken)
            write_down(visit, status, taken, size)

    def _turned_away(self, request: Request, refusal: Exception) -> Response:
        if self._brief_refusal is None or not likes_pages(request):
            return problem_response(request, refusal)
        return problem_response(request, refusal, page_of(self._brief_refusal, request, refusal))

    def _refusal(self, visit: Visit) -> Exception | None:
        seconds = 0 if self._rates is None or visit.is_free else self._rates.take(visit.client)
        if seconds:
            self._metrics.refused("rate")
            return _too_often(seconds)
        if self._pages > self._most_pages:
            return BusyError(_too_many(self._most_pages))
        return None


def _too_often(seconds: int) -> HTTPException:
    return HTTPException(
        429,
        Bilingual(
            f"More requests come from your address than are answered. Go on after {seconds} s, and more slowly.",
            f"Desde su dirección llegan más peticiones de las que se atienden. Continúe dentro de {seconds} s y más "
            "despacio.",
        ),
        {"Retry-After": str(seconds)},
    )


def _too_many(pages: int) -> Bilingual:
    return Bilingual(
        f"As many pages are being made as can be at once ({pages}). Load this one again in a moment.",
        f"Ya se están preparando todas las páginas posibles a la vez ({pages}). Vuelva a cargar esta en un momento.",
    )
