"""Answers that are kept: those of the same question and the same data, in so many bytes."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.answering import Answer, Question
from crmgraph.serving.cache import Cache
from tests.support.writable import BEARER, writable_client

ASK = Question("ASK {}")
YES = Answer(b"yes", "text/csv", "ASK")


def test_the_same_question_of_the_same_data() -> None:
    cache = Cache(100_000)
    assert cache.get("one", ASK) is None
    cache.put("one", ASK, YES)
    assert cache.get("one", Question("ASK {}")) is YES
    assert cache.get("two", ASK) is None


@pytest.mark.parametrize(
    "other",
    [
        Question("ASK { }"),
        replace(ASK, default_graphs=()),
        replace(ASK, named_graphs=("http://e/",)),
        replace(ASK, result_type="text/csv"),
        replace(ASK, graph_type="text/csv"),
        replace(ASK, base_iri="http://e/"),
        replace(ASK, joins_graphs=False),
    ],
)
def test_another_question_is_another(other: Question) -> None:
    cache = Cache(100_000)
    cache.put("one", ASK, YES)
    assert cache.get("one", other) is None


def test_with_new_data_all_is_forgotten() -> None:
    cache = Cache(100_000)
    cache.put("one", ASK, YES)
    cache.put("two", Question("ASK { ?s ?p ?o }"), YES)
    assert cache.get("two", ASK) is cache.get("one", ASK) is None


def test_what_does_not_last_or_is_too_large_is_not_kept() -> None:
    cache = Cache(100_000)
    cache.put("one", ASK, replace(YES, lasting=False))
    cache.put("one", Question("ASK {?s ?p ?o}"), replace(YES, body=b"x" * 50_000))
    assert cache.get("one", ASK) is cache.get("one", Question("ASK {?s ?p ?o}")) is None


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    cache = Cache(100_000)
    questions = [Question(f"ASK {{}} #{number}") for number in range(20)]
    for question in questions:
        cache.put("one", question, replace(YES, body=b"x" * 9_000))
        cache.get("one", questions[0])
    kept = [question for question in questions if cache.get("one", question)]
    assert kept == [questions[0], *questions[-8:]]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3_000))))
def test_it_never_takes_more_than_it_may(puts: list[tuple[int, int]]) -> None:
    cache = Cache(20_000)
    for number, size in puts:
        cache.put("one", Question(str(number)), replace(YES, body=b"x" * size))
    kept = [answer for number in range(6) if (answer := cache.get("one", Question(str(number))))]
    assert sum(len(answer.body) + 1_000 for answer in kept) <= 20_000
    assert not puts or puts[-1][1] > 1_400 or len(kept) > 0


def test_a_write_empties_it(tmp_path: Path) -> None:
    query = {"query": "ASK { <http://e/new> ?p ?o }"}
    with writable_client(tmp_path, cache=Cache(2**20)) as client:
        assert [client.get("/sparql", params=query).json()["boolean"] for _ in range(2)] == [False, False]
        update = {"update": "INSERT DATA { <http://e/new> <http://e/p> 1 }"}
        assert client.post("/sparql", data=update, headers=BEARER).status_code == 204
        assert [client.get("/sparql", params=query).json()["boolean"] for _ in range(2)] == [True, True]
