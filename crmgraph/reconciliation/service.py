"""The HTTP routes of the reconciliation service.

All computation takes place in one worker process, one task at a time.
"""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crmgraph.errors import (
    Bilingual,
    BusyError,
    EngineError,
    LimitError,
    QueryTimeoutError,
    UnavailableError,
    shortened,
)
from crmgraph.http.endpoint import while_connected
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.messages import DATA_HEADERS, REVALIDATE_HEADERS, Resource, client_id
from crmgraph.http.protocol import LARGEST_BODY, read_body
from crmgraph.linking.entities import ENTITIES, LABELS
from crmgraph.reconciliation.operations import Call, begin_call, find_query_candidates, load_things
from crmgraph.site.base.pages import PageRequest
from crmgraph.site.base.site import JSON_RESULTS, Site
from crmgraph.sparql.engine import EndReason, Limit, all_busy_message, queue_full_message
from crmgraph.sparql.processes import ChildProcess

_MEMORY = 2**30
"""Memory limit of the worker process, in bytes."""

_CPU_LIMIT = 5.0
"""Maximum CPU time of a call, in seconds. A typical call of OpenRefine takes a hundredth of this."""

_CALLS_PER_CLIENT = 4
"""Maximum number of simultaneous calls of one client. Further calls of the client wait."""

_REPLY_TIMEOUT = 30.0
"""Seconds after which a worker process that does not reply is killed. A typical task takes 0.1 s."""

_LOAD_TIMEOUT = 120.0
"""Minimum time limit for loading the things, in seconds, even if the time limit for queries is lower."""

_MAX_ATTEMPTS = 3
"""Number of worker processes that may exit during a task before the call fails."""

_NICE = 5
"""Nice value of the worker process: the SPARQL endpoint and the pages have priority."""

_LONGEST_SHOWN = 200
_Endpoint = Callable[[Request], Awaitable[Response]]


class ReconciliationService:
    """Carries out the calls of clients in a worker process.

    The process is started by the first call. It keeps the things in memory and loads them again after a write. Each
    query of a batch is a separate task, so that other calls can run between them. At most `most` calls may wait;
    further ones raise BusyError.
    """

    def __init__(self, site: Site, most: int) -> None:
        self._site = replace(site, seconds=max(site.seconds, _LOAD_TIMEOUT))
        self._seconds = site.seconds
        self._most = most
        self._clients: defaultdict[str, CapacityLimiter] = defaultdict(lambda: CapacityLimiter(_CALLS_PER_CLIENT))
        # First in, first out: after each task of a batch, waiting calls come first.
        self._turns = CapacityLimiter(1)
        self._process = ChildProcess(
            "crmgraph.reconciliation.operations", _MEMORY, Bilingual("request", "petición"), _NICE
        )
        self._known: tuple[int | None, str] = (None, "")

    @property
    def busy(self) -> int:
        """Number of calls in progress."""
        return sum(int(places.borrowed_tokens) for places in [*self._clients.values()])

    @property
    def waiting(self) -> int:
        """Number of calls that wait for another call of the same client."""
        return sum(places.statistics().tasks_waiting for places in [*self._clients.values()])

    @property
    def end_counts(self) -> Mapping[EndReason, int]:
        """Number of worker processes that exited during a call, by reason."""
        return self._process.end_counts

    @property
    def pid(self) -> int | None:
        """Process id of the worker process; None if none is running."""
        return self._process.pid

    async def answer(self, request: Request, call: Call) -> bytes:
        """Return the response to a call, as JSON. The body of `request` must have been read.

        Raises HTTPException 400 for an invalid call, and subclasses of AnswerError: BusyError if too many calls wait,
        UnavailableError if other calls used up the time limit of the site, QueryTimeoutError if the call itself takes
        too long, AbandonedError if the client has disconnected.
        """
        if self.pid is None:
            # The start of the process does not count towards the time limit.
            await to_thread.run_sync(self._update_things, limiter=self._turns)
        client = client_id(request)
        places = self._clients[client]
        if places.available_tokens <= 0 and self.waiting >= self._most:
            raise BusyError(queue_full_message(self._most))
        try:
            with fail_after(self._seconds):
                return await while_connected(request, self._carry_out(call, places))
        except TimeoutError:
            raise UnavailableError(all_busy_message(self._seconds)) from None
        finally:
            if places.borrowed_tokens == 0 and places.statistics().tasks_waiting == 0:
                self._clients.pop(client, None)

    async def _carry_out(self, call: Call, places: CapacityLimiter) -> bytes:
        async with places:
            begun, worked = await self._run(begin_call, call)
            if "refused" in begun:
                raise HTTPException(400, Bilingual(*begun["refused"]))
            if "answer" in begun:
                return str(begun["answer"]).encode(errors="backslashreplace")
            results = []
            for name, query in begun["queries"].items():
                if worked >= _CPU_LIMIT:
                    raise QueryTimeoutError(
                        Bilingual(
                            f"The batch was not done after {_CPU_LIMIT:g} s. Send fewer queries at once, or with fewer "
                            "properties.",
                            f"El lote no estaba listo a los {_CPU_LIMIT:g} s. Envíe menos consultas a la vez, o con "
                            "menos propiedades.",
                        )
                    )
                result, seconds = await self._run(find_query_candidates, query, begun["most"], call.language)
                results.append(f"{json.dumps(name)}: {result}")
                worked += seconds
            return f"{{{', '.join(results)}}}".encode(errors="backslashreplace")

    async def _run(self, task: Callable[..., object], *arguments: object) -> tuple[Any, float]:
        """Run a task in the worker process and return its result and CPU time in seconds.

        A worker that exits is replaced.
        """
        for _ in range(_MAX_ATTEMPTS):
            try:
                return await to_thread.run_sync(self._run_now, task, *arguments, limiter=self._turns)
            except LimitError:
                raise
            except (EngineError, QueryTimeoutError):
                continue
        raise EngineError(
            Bilingual(
                "The process of the batch ended before it was done. Try again.",
                "El proceso del lote se cerró antes de terminar. Vuelva a intentarlo.",
            )
        )

    def _run_now(self, task: Callable[..., object], *arguments: object) -> tuple[Any, float]:
        self._update_things()
        result = self._process.run(Limit(_REPLY_TIMEOUT), task, self._site.names.base, *arguments)
        return result, self._process.cpu_seconds

    def _update_things(self) -> None:
        """Load the things into the worker process, unless it has those of the current state."""
        state = self._site.state
        if self.pid is None or self._known != (self.pid, state):
            answers = (self._site.answer(query, JSON_RESULTS) for query in (LABELS, ENTITIES))
            self._process.run(Limit(_LOAD_TIMEOUT), load_things, self._site.names.base, *answers)
            self._known = self.pid, state

    def close(self) -> None:
        """End the worker process. Waiting calls raise UnavailableError. May be called more than once."""
        self._process.close()


def reconciliation_routes(site: Site, service: ReconciliationService) -> list[Route]:
    """Return the routes `/reconcile` and below, each also with a language prefix (`/es/reconcile`)."""

    async def answer(request: Request, operation: str) -> bytes:
        form = await read_body(request, LARGEST_BODY) if request.method == "POST" else None
        address = str(request.url.replace(query="")).rstrip("/")
        return await service.answer(
            request, Call(operation, PageRequest(request, site).language, address, request.scope["query_string"], form)
        )

    def data_endpoint(operation: str) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            own = {"Content-Type": "application/json", "Vary": "Accept-Language"}
            return Response(await answer(request, operation), headers={**DATA_HEADERS, **REVALIDATE_HEADERS, **own})

        return endpoint

    def thing_endpoint(respond: Callable[[PageRequest, Mapping[str, Any]], Response]) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            preview = json.loads(await answer(request, "thing"))
            if not preview["label"]:
                raise _unknown(preview["iri"])
            return respond(PageRequest(request, site), preview)

        return endpoint

    endpoints = {
        "/reconcile": Resource(data_endpoint("batch"), "GET, POST, HEAD, OPTIONS"),
        "/reconcile/properties": Resource(data_endpoint("properties")),
        "/reconcile/suggest/entity": Resource(data_endpoint("suggest/entity")),
        "/reconcile/suggest/type": Resource(data_endpoint("suggest/type")),
        "/reconcile/suggest/property": Resource(data_endpoint("suggest/property")),
        "/reconcile/preview": Resource(thing_endpoint(_preview)),
        "/reconcile/view": Resource(thing_endpoint(_view)),
    }
    starts = ("", *(f"/{language}" for language in LANGUAGES))
    return [Route(start + path, resource) for path, resource in endpoints.items() for start in starts]


def _preview(visit: PageRequest, preview: Mapping[str, Any]) -> Response:
    target = visit.links.target(preview["iri"], visit.language)
    page = visit.render("preview.html", {**preview, "target": target})
    # Clients show the preview in a frame of their own page.
    policy = page.headers["content-security-policy"]
    page.headers["content-security-policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    return page


def _view(visit: PageRequest, preview: Mapping[str, Any]) -> Response:
    target = visit.links.target(preview["iri"], visit.language)
    if target is None:
        raise _unknown(preview["iri"])
    return RedirectResponse(target, 303)


def _unknown(iri: str) -> HTTPException:
    shown = shortened(iri, _LONGEST_SHOWN) or "id="
    return HTTPException(404, Bilingual(f"Nothing is known about {shown}.", f"No se sabe nada de {shown}."))
