"""Notices when whoever asked has left, so that nobody works on for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

from starlette.requests import Request

__all__ = ["until_gone", "watching"]


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
