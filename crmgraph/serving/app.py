"""The application: the endpoint, which answers at once, and the site, which is imported later."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from crmgraph.building import Manifest
from crmgraph.errors import AnswerError
from crmgraph.http.caching import Cache, shares
from crmgraph.http.endpoint import Endpoint, Writing
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.graph_store import graph_store_routes
from crmgraph.http.health import operations_routes
from crmgraph.http.metrics import Metrics
from crmgraph.http.middleware import RateLimit, RequestMiddleware
from crmgraph.http.negotiation import CompressionMiddleware
from crmgraph.http.protocol import protocol_routes
from crmgraph.resources import check_assets
from crmgraph.settings import Settings
from crmgraph.sparql import Engine

if TYPE_CHECKING:
    from crmgraph.reconciliation.service import ReconciliationService
    from crmgraph.serving.website import Website

__all__ = ["Application", "create_app", "create_metrics"]

_QUIET = 1.0
"""Seconds after the start when the site is made, where nobody asked for a page before."""


class _Site:
    """The site, made when it is first needed: its libraries take as long to import as all the rest."""

    def __init__(
        self, settings: Settings, manifest: Manifest, pool: Engine, writing: Writing | None, metrics: Metrics
    ) -> None:
        self._arguments = (settings, manifest, pool, writing, metrics)
        self._lock = Lock()
        self.website: Website | None = None

    def get(self) -> "Website":
        """Return the site, made now where it was not. For any thread but that of the event loop."""
        with self._lock:
            if self.website is None:
                from crmgraph.serving.website import create_website

                self.website = create_website(*self._arguments)
            return self.website

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        website = await to_thread.run_sync(self.get) if self.website is None else self.website
        await website.app(scope, receive, send)

    async def make_soon(self) -> None:
        """Make the site after a quiet moment, and what its first visitors would wait for."""
        await asyncio.sleep(_QUIET)
        website = await to_thread.run_sync(self.get)
        with suppress(AnswerError):
            await website.prepare()
        # Everything that was read stays: to collect it again would halt pages for a sixth of a second.
        gc.collect()
        gc.freeze()


class Application(RequestMiddleware):
    """The application (ASGI) over one dataset: the endpoint and the site."""

    def __init__(
        self, settings: Settings, manifest: Manifest, pool: Engine, writing: Writing | None, metrics: Metrics
    ) -> None:
        self._site = site = _Site(settings, manifest, pool, writing, metrics)
        metrics.reconciliation = lambda: self.reconciliation

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            pool.attach()
            making = asyncio.create_task(site.make_soon())
            yield
            making.cancel()
            with suppress(asyncio.CancelledError):
                await making
            await to_thread.run_sync(self.close)
            await pool.detach()

        endpoint = Endpoint(
            pool,
            digest=manifest.dataset,
            graphs=manifest.graphs,
            prefixes=settings.names.prefixes(),
            workbench=lambda request, gone: site.get().workbench(request, gone),
            seconds=settings.timeout,
            federates=bool(settings.allow),
            writing=writing,
            cache=Cache(shares(settings.cache)[0]) if settings.cache else None,
            # A request that has a place is at work, is being sent, or waits in one of two lanes.
            places=CapacityLimiter(2 * settings.queue + 4 * settings.workers),
        )
        routes = [
            *protocol_routes(endpoint),
            *graph_store_routes(endpoint),
            *operations_routes(endpoint, metrics),
            Mount("", app=site),
        ]
        app = Starlette(routes=routes, middleware=[Middleware(CompressionMiddleware)], lifespan=lifespan)
        add_problem_handlers(app, lambda request, error: site.get().error_page(request, error))
        # The default rate is for clients elsewhere.
        is_default = "rate" not in settings.model_fields_set
        rate = RateLimit(settings.rate, spares_local=is_default) if settings.rate else None
        super().__init__(app, metrics, rate, error_page=self._brief_error_page)

    @property
    def website(self) -> "Website | None":
        """The site; None where it was not made."""
        return self._site.website

    @property
    def reconciliation(self) -> "ReconciliationService | None":
        """The reconciliation service; None where the site was not made."""
        return None if self.website is None else self.website.reconciliation

    def _brief_error_page(self, request: Request, error: Exception) -> Response | None:
        return None if self.website is None else self.website.brief_error_page(request, error)

    def close(self) -> None:
        """End what takes long; requests that wait for it get an error. May be called again, from any thread."""
        if self.reconciliation is not None:
            self.reconciliation.close()


def create_app(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    writing: Writing | None = None,
    metrics: Metrics | None = None,
) -> Application:
    """Return the application over the dataset that `pool` answers from, to be written to where there is `writing`.

    Raises UsageError where the assets of the site were not built.
    """
    check_assets()
    return Application(settings, manifest, pool, writing, metrics or create_metrics(manifest, pool, writing))


def create_metrics(manifest: Manifest, pool: Engine, writing: Writing | None = None) -> Metrics:
    """Return the metrics for an application over the same."""
    if writing is None:
        return Metrics(pool, lambda: manifest.dataset)
    store_writer = writing.store_writer
    return Metrics(pool, lambda: store_writer.digest, store_writer)
