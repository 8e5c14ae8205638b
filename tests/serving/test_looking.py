"""Answers that come within a moment come without a thread."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.sparql import Answer, Asking, Pool, Question
from crmgraph.errors import QuerySyntaxError
from crmgraph.serving.looking import look_for
from tests.support.stores import build_store

pytestmark = pytest.mark.drill

ASK = Question("ASK {}", result_type="text/csv")
RUNAWAY = Question("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    with Pool(build_store(tmp_path / "store"), memory_bytes=2**28, workers=1, queue=100) as pool:
        pool.answer(ASK, 10)
        yield pool


async def look(pool: Pool, question: Question) -> Answer | Asking | None:
    return await look_for(pool, question, 20, time.monotonic(), by_parts=True)


def test_quick_answers_need_no_thread(pool: Pool) -> None:
    async def many() -> list[Answer | Asking | None]:
        return await asyncio.gather(*(look(pool, ASK) for _ in range(20)))

    before = threading.active_count()
    answers = asyncio.run(many())
    assert threading.active_count() == before
    bodies = [each.body for each in answers if isinstance(each, Answer)]
    assert bodies == [b"true"] * len(bodies)
    assert bodies, "not one came within a moment"
    for each in answers:
        if isinstance(each, Asking):
            assert each.finish().body == b"true"
    assert (pool.busy, pool.waiting) == (0, 0)


def test_an_error_comes_through(pool: Pool) -> None:
    with pytest.raises(QuerySyntaxError):
        asyncio.run(look(pool, Question("ASK {")))
    assert pool.busy == 0


def test_what_takes_longer_comes_back_after_a_moment_to_be_finished(pool: Pool) -> None:
    began = time.monotonic()
    asking = asyncio.run(look(pool, RUNAWAY))
    assert time.monotonic() - began < 1
    assert isinstance(asking, Asking)
    assert pool.busy == 1
    asking.drop()
    assert pool.busy == 0


def test_what_is_cancelled_is_dropped(pool: Pool) -> None:
    async def cancel() -> None:
        task = asyncio.create_task(look(pool, RUNAWAY))
        await asyncio.sleep(0.02)
        assert pool.busy == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert pool.busy == 0
    assert pool.answer(ASK, 10).body == b"true"
