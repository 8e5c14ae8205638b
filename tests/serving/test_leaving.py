"""Noticing that the client has left."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.types import Message

from crmgraph.http.endpoint import watching

pytestmark = pytest.mark.drill


def _request(messages: Iterator[Message]) -> Request:
    async def receive() -> Message:
        for message in messages:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    return Request({"type": "http", "method": "GET", "path": "/", "headers": []}, receive)


async def _leaves(*kinds: str) -> bool:
    async with watching(_request(iter([{"type": kind} for kind in kinds]))) as gone:
        for _ in range(5):
            await asyncio.sleep(0)
        return gone.is_set()


def test_whoever_stays_is_not_gone() -> None:
    assert asyncio.run(_leaves()) is False
    assert asyncio.run(_leaves("http.request", "http.request")) is False


def test_whoever_leaves_is_gone() -> None:
    assert asyncio.run(_leaves("http.disconnect")) is True
    assert asyncio.run(_leaves("http.request", "http.disconnect")) is True


def test_nothing_watches_any_more_when_the_work_is_done() -> None:
    async def tasks() -> int:
        async with watching(_request(iter(()))):
            during = len(asyncio.all_tasks())
        await asyncio.sleep(0)
        return during - len(asyncio.all_tasks())

    assert asyncio.run(tasks()) == 1
