"""Large answers: whole up to a limit, or sent part by part as they are read."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from crmgraph.answering import Answer, Pool, Question
from crmgraph.answering.question import PART, WHOLE
from crmgraph.errors import AbandonedError, LimitError, QueryTimeoutError, UnavailableError
from tests.support.stores import EX

PAIRS = f"{{ ?a <{EX}value> ?b . ?c <{EX}value> ?d }}"
LARGE = Question(f"SELECT * {PAIRS} LIMIT 50000", result_type="text/csv")
ENDLESS = Question("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", result_type="text/csv")
ASK = Question("ASK {}", result_type="text/csv")


@pytest.fixture(scope="module")
def single(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**28, workers=1) as pool:
        yield pool


def rest_of(answer: Answer, gone: Event | None = None) -> list[bytes]:
    assert answer.rest is not None
    parts = []
    while part := answer.rest.read(gone):
        parts.append(part)
    return parts


@contextmanager
def unread(pool: Pool, client: str, times: int) -> Iterator[list[Answer]]:
    """So many large answers of which nobody reads more than the first part."""
    found = [pool.answer(replace(ENDLESS, client=client), 120, by_parts=True) for _ in range(times)]
    try:
        yield found
    finally:
        for answer in found:
            assert answer.rest is not None
            answer.rest.close()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LARGE.text, "text/csv"),
        (LARGE.text, "application/sparql-results+json"),
        (f"CONSTRUCT {{ ?a <{EX}beside> ?c }} WHERE {PAIRS} LIMIT 50000", "text/turtle"),
        *(
            pytest.param(f"CONSTRUCT {{ ?a <{EX}beside> ?c }} WHERE {PAIRS} LIMIT 90000", kind, marks=pytest.mark.drill)
            for kind in ("application/rdf+xml", "application/n-triples", "application/ld+json")
        ),
    ],
)
def test_the_parts_are_the_whole(single: Pool, text: str, kind: str) -> None:
    prefixes = {"ex": EX, "no": "http://no.example/"}
    question = Question(text, result_type=kind, graph_type=kind, prefixes=prefixes)
    answer = single.answer(question, 120, by_parts=True)
    parts = [answer.body, *rest_of(answer)]
    assert len(parts) > 2
    assert len(parts[0]) < 2 * WHOLE
    assert max(map(len, parts[1:])) < 2 * PART
    unused = b"@prefix no: <http://no.example/> .\n"
    assert b"".join(parts).replace(unused, b"") == single.answer(question, 120).body.replace(unused, b"")
    assert answer.rest is not None
    answer.rest.close()
    assert answer.rest.read() == b""
    assert single.busy == 0


def test_limits_of_size(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**28, workers=1, answer_bytes=1000, sent_bytes=2**20 + 2**18) as pool:
        with pytest.raises(LimitError, match="larger than 1000 bytes"):
            pool.answer(Question("SELECT * { ?s ?p ?o }"), 60)
        with pytest.raises(LimitError, match=f"{2**20 + 2**18} bytes"):
            rest_of(pool.answer(LARGE, 120, by_parts=True))
        assert pool.answer(ASK, 60, by_parts=True).rest is None


def test_who_does_not_read_on_frees_the_process(single: Pool) -> None:
    for _ in range(3):
        with unread(single, "", 1) as [answer]:
            assert answer.rest is not None
        assert answer.rest.read() == b""
    answer, gone = single.answer(ENDLESS, 120, by_parts=True), Event()
    assert answer.rest is not None
    assert answer.rest.read(gone)
    gone.set()
    with pytest.raises(AbandonedError):
        answer.rest.read(gone)
    assert single.busy == 0


def test_a_slow_reader_holds_up_no_quick_question(single: Pool) -> None:
    with unread(single, "greedy", 2) as held:
        assert all(single.answer(ASK, 60).body == b"true" for _ in range(5))
        with pytest.raises((UnavailableError, QueryTimeoutError)):
            single.answer(replace(ENDLESS, client="greedy"), 2, by_parts=True)
        assert all(answer.rest and answer.rest.read() for answer in held), "nobody is cut off at once"


def test_a_slow_reader_with_several_makes_way(single: Pool) -> None:
    """Two seconds after which another client waits for a place."""
    with unread(single, "greedy", 2) as held, unread(single, "modest", 1) as [answer]:
        assert answer.rest is not None
        assert answer.rest.read()
        cut = 0
        for each in held:
            assert each.rest is not None
            try:
                assert each.rest.read()
            except UnavailableError:
                cut += 1
        assert cut == 1


def test_the_time_limit_is_of_the_work_and_not_of_the_reader(single: Pool) -> None:
    slow = Question("SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(?c) < 99999) { ?g ?h ?i } }", result_type="text/csv")
    with pytest.raises(QueryTimeoutError):
        rest_of(single.answer(slow, 1.5, by_parts=True))


@pytest.mark.drill
def test_a_reader_may_take_longer_than_the_limit(single: Pool) -> None:
    answer = single.answer(LARGE, 20, by_parts=True)
    time.sleep(21)
    assert len(rest_of(answer)) > 2


def test_a_pool_that_is_closed_breaks_it_off(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**28, workers=1) as pool:
        answer = pool.answer(ENDLESS, 120, by_parts=True)
        pool.close()
        with pytest.raises(UnavailableError, match="being stopped"):
            rest_of(answer)
