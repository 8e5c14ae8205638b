"""Large answers, sent part by part as they are read."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from crmgraph.sparql import Answer, Pool, Question
from crmgraph.errors import AbandonedError, LimitError, QueryTimeoutError, UnavailableError
from crmgraph.sparql.question import PART, WHOLE
from tests.support.stores import EX

pytestmark = pytest.mark.drill

PAIRS = f"{{ ?a <{EX}value> ?b . ?c <{EX}value> ?d }}"
LARGE = Question(f"SELECT * {PAIRS} LIMIT 90000", result_type="text/csv")
ENDLESS = Question("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", result_type="text/csv")
ASK = Question("ASK {}", result_type="text/csv")


@pytest.fixture
def single(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**28, workers=1) as pool:
        yield pool


def rest_of(answer: Answer) -> list[bytes]:
    assert answer.rest is not None
    parts = []
    while part := answer.rest.read():
        parts.append(part)
    return parts


@pytest.mark.parametrize("short", ["text/csv", "application/sparql-results+json", "application/sparql-results+xml"])
def test_the_parts_of_a_table_are_the_whole(single: Pool, short: str) -> None:
    question = Question(LARGE.text, result_type=short)
    answer = single.answer(question, 60, by_parts=True)
    parts = [answer.body, *rest_of(answer)]
    assert len(parts) > 5
    assert len(parts[0]) < 2 * WHOLE
    assert max(map(len, parts[1:])) < 2 * PART
    assert b"".join(parts) == single.answer(question, 60).body
    assert single.busy == 0


@pytest.mark.parametrize("kind", ["text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"])
def test_the_parts_of_a_graph_are_the_whole(single: Pool, kind: str) -> None:
    text = f"CONSTRUCT {{ ?a <{EX}beside> ?c }} WHERE {PAIRS} LIMIT 90000"
    question = Question(text, graph_type=kind, prefixes={"ex": EX, "no": "http://no.example/"})
    answer = single.answer(question, 60, by_parts=True)
    parts = [answer.body, *rest_of(answer)]
    assert len(parts) > 4
    whole = single.answer(question, 60).body
    unused = b"@prefix no: <http://no.example/> .\n"
    assert b"".join(parts).replace(unused, b"") == whole.replace(unused, b"")


def test_a_small_answer_is_whole(single: Pool) -> None:
    assert single.answer(ASK, 10, by_parts=True).rest is None
    assert single.answer(LARGE, 60).rest is None


def test_a_process_that_has_sent_little_goes_on_with_the_next_question(single: Pool) -> None:
    text = f"SELECT * {PAIRS} LIMIT 40000"
    question = Question(text, result_type="text/csv")

    def goes_on() -> bool:
        before = single.pids
        rest_of(single.answer(question, 60, by_parts=True))
        return before <= single.pids

    assert any(goes_on() for _ in range(20))


def test_what_is_not_wanted_any_more_frees_its_process(single: Pool) -> None:
    for _ in range(5):
        answer = single.answer(LARGE, 60, by_parts=True)
        assert answer.rest is not None
        answer.rest.close()
        answer.rest.close()
        assert answer.rest.read() == b""
    assert single.busy == 0
    assert len(single.pids) <= 2


def test_whoever_leaves_ends_the_work(single: Pool) -> None:
    answer = single.answer(ENDLESS, 60, by_parts=True)
    assert answer.rest is not None
    gone = Event()
    assert answer.rest.read(gone)
    gone.set()
    with pytest.raises(AbandonedError):
        answer.rest.read(gone)
    assert single.busy == 0


def test_readers_that_do_not_read_hold_up_no_quick_question(single: Pool) -> None:
    held = [single.answer(ENDLESS, 60, by_parts=True) for _ in range(2)]
    with ThreadPoolExecutor(1) as threads:
        third = threads.submit(single.answer, ENDLESS, 1, by_parts=True)
        for _ in range(20):
            assert single.answer(ASK, 1).body == b"true"
            time.sleep(0.02)
        with pytest.raises(UnavailableError):
            third.result()
    for answer in held:
        assert answer.rest is not None
        assert answer.rest.read()
        answer.rest.close()


def test_a_slow_reader_is_cut_off_where_another_waits(single: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmgraph.sparql.floor.PATIENCE", 0.3)
    held = [single.answer(ENDLESS, 60, by_parts=True) for _ in range(2)]
    time.sleep(0.4)
    assert all(answer.rest and answer.rest.read() for answer in held), "as long as nobody waits"
    answer = single.answer(ENDLESS, 60, by_parts=True)
    assert answer.rest is not None
    answer.rest.close()
    went_on = 0
    for each in held:
        assert each.rest is not None
        with suppress(UnavailableError):
            went_on += bool(each.rest.read())
        each.rest.close()
    assert went_on == 1


def test_who_holds_several_places_is_cut_off_sooner_for_who_holds_none(
    single: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmgraph.sparql.floor.SHORT_PATIENCE", 0.3)
    held = [single.answer(replace(ENDLESS, client="greedy"), 60, by_parts=True) for _ in range(2)]
    time.sleep(0.4)
    with pytest.raises(UnavailableError):
        single.answer(replace(ENDLESS, client="greedy"), 1, by_parts=True)
    answer = single.answer(replace(ENDLESS, client="modest"), 10, by_parts=True)
    assert answer.rest is not None
    for each in (answer, *held):
        assert each.rest is not None
        each.rest.close()


def test_the_time_limit_is_of_the_work_and_not_of_the_reader(single: Pool) -> None:
    answer = single.answer(LARGE, 4, by_parts=True)
    time.sleep(4.2)
    assert len(rest_of(answer)) > 5
    slow = Question("SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(?c) < 99999) { ?g ?h ?i } }", result_type="text/csv")
    endless = single.answer(slow, 1.0, by_parts=True)
    with pytest.raises(QueryTimeoutError):
        rest_of(endless)


def test_an_answer_that_grows_too_large_breaks_off(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**28, workers=1, sent_bytes=2**20) as pool:
        with pytest.raises(LimitError, match="1048576 bytes"):
            rest_of(pool.answer(LARGE, 60, by_parts=True))
        assert pool.answer(ASK, 10).body == b"true"


def test_a_pool_that_is_closed_breaks_it_off(single: Pool) -> None:
    answer = single.answer(ENDLESS, 60, by_parts=True)
    single.close()
    with pytest.raises(UnavailableError, match="being stopped"):
        rest_of(answer)
