"""Large answers: in one piece up to a limit, or in parts, with all but the first part in a temporary file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.errors import BusyError, LimitError
from crmgraph.sparql import engine
from crmgraph.sparql.engine import FIRST_PART, Question
from crmgraph.sparql.pool import Pool
from tests.support.stores import EX

PAIRS = f"{{ ?a <{EX}value> ?b . ?c <{EX}value> ?d }}"
LARGE = Question(f"SELECT * {PAIRS} LIMIT 50000", result_type="text/csv")
ASK = Question("ASK {}", result_type="text/csv")


@pytest.fixture(scope="module")
def single(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**28, workers=1) as pool:
        yield pool


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LARGE.text, "text/csv"),
        (LARGE.text, "application/sparql-results+json"),
        (f"CONSTRUCT {{ ?a <{EX}beside> ?c }} WHERE {PAIRS} LIMIT 50000", "text/turtle"),
        pytest.param(LARGE.text, "application/sparql-results+xml", marks=pytest.mark.drill),
        *(
            pytest.param(f"CONSTRUCT {{ ?a <{EX}beside> ?c }} WHERE {PAIRS} LIMIT 90000", kind, marks=pytest.mark.drill)
            for kind in ("application/rdf+xml", "application/n-triples", "application/ld+json")
        ),
    ],
)
def test_the_parts_are_the_whole(single: Pool, text: str, kind: str) -> None:
    prefixes = {"ex": EX, "no": "http://no.example/"}
    question = Question(text, result_type=kind, graph_type=kind, prefixes=prefixes)
    answer = single.answer(question, 120, in_parts=True)
    assert answer.rest is not None
    assert len(answer.body) < 2 * FIRST_PART
    with answer.rest as rest:
        written = answer.body + rest.read()
        assert len(written) == len(answer.body) + rest.size
    unused = b"@prefix no: <http://no.example/> .\n"
    assert written.replace(unused, b"") == single.answer(question, 120).body.replace(unused, b"")


def test_limits_of_size(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**28, workers=1, answer_bytes=1000, sent_bytes=2**20 + 2**18) as pool:
        with pytest.raises(LimitError, match="larger than 1000 bytes"):
            pool.answer(Question("SELECT * { ?s ?p ?o }"), 60)
        with pytest.raises(LimitError, match=f"{2**20 + 2**18} bytes"):
            pool.answer(LARGE, 120, in_parts=True)
        assert pool.answer(ASK, 60).body == b"true"


def test_an_unread_answer_holds_no_worker(single: Pool) -> None:
    held = [single.answer(LARGE, 120, in_parts=True) for _ in range(5)]
    assert single.answer(ASK, 60).body == b"true"
    for answer in held:
        assert answer.rest is not None
        answer.rest.close()


def test_answers_on_disk_have_a_limit_together(single: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    first = single.answer(LARGE, 120, in_parts=True)
    assert first.rest is not None
    monkeypatch.setattr(engine, "_MOST_SPOOLED", first.rest.size + 1000)
    with pytest.raises(BusyError):
        single.answer(LARGE, 120, in_parts=True)
    first.rest.close()
    second = single.answer(LARGE, 120, in_parts=True)
    assert second.rest is not None
    second.rest.close()
