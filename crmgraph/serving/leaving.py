"""Notices when whoever asked has left, so that nobody works on for them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from threading import Event
from typing import Any, TypeVar

from starlette.requests import Request

from crmgraph.errors import AbandonedError
from crmgraph.sparql.messages import ABANDONED

__all__ = ["until_gone", "watching", "while_connected"]

_T = TypeVar("_T")
_MOMENT = 0.05
"""Seconds after which the connection is watched: most answers are there before."""


async def while_connected(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """Return the result of the work; cancel it and raise AbandonedError when the client leaves.

    Nobody else may read the body of the request meanwhile.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    watch: asyncio.Task[None] | None = None
    has_left = False

    async def cancel_when_gone() -> None:
        nonlocal has_left
        await until_gone(request)
        has_left = True
        task.cancel()

    def begin() -> None:
        nonlocal watch
        watch = loop.create_task(cancel_when_gone())

    timer = loop.call_later(_MOMENT, begin)
    try:
        return await work
    except asyncio.CancelledError:
        if has_left:
            task.uncancel()
            raise AbandonedError(ABANDONED) from None
        raise
    finally:
        timer.cancel()
        if watch is not None:
            watch.cancel()


@asynccontextmanager
async def watching(request: Request) -> AsyncIterator[Event]:
    """An event that is set as soon as the client is gone; for as long as the context lasts.

    Nobody else may read the body of the request meanwhile: what is left of it is passed over.
    """
    gone = Event()

    async def watch() -> None:
        await until_gone(request)
        gone.set()

    task = asyncio.create_task(watch())
    try:
        yield gone
    finally:
        task.cancel()


async def until_gone(request: Request) -> None:
    """Wait until the client is gone. Nobody else may read the body of the request meanwhile."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
