"""The application: the endpoint, which answers at once, and the site, which is made when there is time."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from crmgraph.building import Manifest
from crmgraph.errors import AnswerError
from crmgraph.http.caching import Cache, shares
from crmgraph.http.draining import halting
from crmgraph.http.encoding import Encoding
from crmgraph.http.endpoint import Endpoint, Writing
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.graph_store import graph_store_routes
from crmgraph.http.health import operations_routes
from crmgraph.http.metrics import Metrics
from crmgraph.http.middleware import Reception
from crmgraph.http.protocol import protocol_routes
from crmgraph.http.rates import Rates
from crmgraph.settings import Settings
from crmgraph.site.base.rendering import check_assets
from crmgraph.sparql import Engine

if TYPE_CHECKING:
    from crmgraph.reconciliation import ReconciliationService
    from crmgraph.serving.website import Website

__all__ = ["Later", "create_app", "create_metrics"]

_QUIET = 1.0
"""Seconds after the start when the site is made, where nobody asked for a page before."""


class Later:
    """The website, made once, when it is first needed: its libraries take as long to import as all the rest."""

    def __init__(self, make: "Callable[[], Website]") -> None:
        self._make = make
        self._made: Website | None = None
        self._lock = Lock()

    @property
    def is_made(self) -> bool:
        """Whether nobody has to wait for it any more."""
        return self._made is not None

    @property
    def reconciliation(self) -> "ReconciliationService | None":
        """Where batches of names are taken; None where it was not made."""
        return None if self._made is None else self._made.reconciliation

    def brief_refusal(self, request: Request, error: Exception) -> Response | None:
        """The page for whoever is turned away, by this error; None where the website was not made."""
        return None if self._made is None else self._made.brief_refusal(request, error)

    def close(self) -> None:
        """Close it, where it was made; whoever waits for what takes long gets an error. May be called again."""
        if self._made is not None:
            self._made.reconciliation.close()

    def get(self) -> "Website":
        """The website; made now where it was not. May be called from any thread, but not from the event loop."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI), as soon as there is a website to do it."""
        website = self._made if self._made is not None else await to_thread.run_sync(self.get)
        await website.app(scope, receive, send)

    async def get_in_time(self) -> None:
        """Make it after a quiet moment, where nobody needed it before, and what the first visitors would wait for."""
        await asyncio.sleep(_QUIET)
        website = await to_thread.run_sync(self.get)
        # Where the data are not to be had now, whoever searches is told.
        with suppress(AnswerError):
            await website.prepare()
        # What was read stays: to look through it again for what could go would halt pages for a sixth of a second.
        gc.collect()
        gc.freeze()


def create_app(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    writing: Writing | None = None,
    metrics: Metrics | None = None,
) -> ASGIApp:
    """The application over the dataset that `pool` answers from, to be written to where there is `writing`.

    What it does is counted in `metrics`. Raises UsageError where the assets of the site were not built.
    """
    check_assets()
    counting = metrics or create_metrics(manifest, pool, writing)

    def make() -> "Website":
        from crmgraph.serving.website import create_website

        return create_website(settings, manifest, pool, writing, counting)

    later = Later(make)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        pool.attach()
        making = asyncio.create_task(later.get_in_time())
        yield halting(later.close)
        making.cancel()
        with suppress(asyncio.CancelledError):
            await making
        await to_thread.run_sync(later.close)
        await pool.detach()

    endpoint = Endpoint(
        pool,
        digest=manifest.dataset,
        graphs=manifest.graphs,
        prefixes=settings.names.prefixes(),
        workbench=lambda request, gone: later.get().workbench(request, gone),
        seconds=settings.timeout,
        federates=bool(settings.allow),
        writing=writing,
        cache=Cache(shares(settings.cache)[0]) if settings.cache else None,
        # Whoever has a place is at work, sends, or waits for a process in one of two lanes.
        places=CapacityLimiter(2 * settings.queue + 4 * settings.workers),
    )
    counting.reconciling = lambda: later.reconciliation
    routes = [
        *protocol_routes(endpoint),
        *graph_store_routes(endpoint),
        *operations_routes(endpoint, counting),
        Mount("", app=later),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Encoding)], lifespan=lifespan)
    add_problem_handlers(app, lambda request, error: later.get().refusal(request, error))
    # A rate that nobody set is for those who come from elsewhere.
    rates = Rates(settings.rate, spared="rate" not in settings.model_fields_set) if settings.rate else None
    return Reception(app, counting, rates, brief_refusal=later.brief_refusal)


def create_metrics(manifest: Manifest, pool: Engine, writing: Writing | None = None) -> Metrics:
    """What counts, for an application over the same."""
    if writing is None:
        return Metrics(pool, lambda: manifest.dataset)
    keeper = writing.keeper
    return Metrics(pool, lambda: keeper.digest, keeper)
