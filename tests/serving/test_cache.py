"""Answers that are kept: those of the same question and the same data, in so many bytes."""

from dataclasses import replace
from pathlib import Path

import pytest

from crmgraph.http.caching import Cache
from crmgraph.sparql import Answer, Question
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


def test_what_does_not_last_or_is_too_large_is_not_kept() -> None:
    cache = Cache(100_000)
    cache.put("one", ASK, replace(YES, lasting=False))
    cache.put("one", Question("ASK {?s ?p ?o}"), replace(YES, body=b"x" * 50_000))
    assert cache.get("one", ASK) is cache.get("one", Question("ASK {?s ?p ?o}")) is None


def test_a_write_empties_it(tmp_path: Path) -> None:
    query = {"query": "ASK { <http://e/new> ?p ?o }"}
    with writable_client(tmp_path, cache=Cache(2**20)) as client:
        assert [client.get("/sparql", params=query).json()["boolean"] for _ in range(2)] == [False, False]
        update = {"update": "INSERT DATA { <http://e/new> <http://e/p> 1 }"}
        assert client.post("/sparql", data=update, headers=BEARER).status_code == 204
        assert [client.get("/sparql", params=query).json()["boolean"] for _ in range(2)] == [True, True]
