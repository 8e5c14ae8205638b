"""Answers that are kept: those of the same question and the same data, whole, in so many bytes."""

from dataclasses import replace

from crmgraph.serving.keeping import cut_up, keeping
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.http.caching import Cache
from crmgraph.sparql import Answer, Question
from crmgraph.sparql.question import PART, WHOLE

ASK = Question("ASK {}")
YES = Answer(b"yes", "text/csv", "ASK")


def test_only_the_same_question_of_the_same_data_is_answered() -> None:
    cache = Cache(100_000)
    assert cache.get("one", ASK) is None
    cache.put("one", ASK, YES)
    assert cache.get("one", Question("ASK {}")) is YES
    assert cache.get("two", ASK) is None
    for other in (
        Question("ASK { }"),
        replace(ASK, default_graphs=()),
        replace(ASK, named_graphs=("http://e/",)),
        replace(ASK, result_type="text/csv"),
        replace(ASK, graph_type="text/csv"),
        replace(ASK, base_iri="http://e/"),
        replace(ASK, joins_graphs=False),
    ):
        assert cache.get("one", other) is None, other


def test_answers_that_do_not_last_or_are_too_large_are_not_kept() -> None:
    cache = Cache(100_000)
    cache.put("one", ASK, replace(YES, lasting=False))
    cache.put("one", Question("ASK {?s ?p ?o}"), replace(YES, body=b"x" * 50_000))
    assert cache.get("one", ASK) is cache.get("one", Question("ASK {?s ?p ?o}")) is None


class Parts:
    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts

    def read(self, _gone: object = None) -> bytes:
        return self._parts.pop(0) if self._parts else b""

    def close(self) -> None:
        self._parts.clear()


def read(answer: Answer) -> bytes:
    parts = [answer.body]
    while answer.rest and (part := answer.rest.read()):
        parts.append(part)
    return b"".join(parts)


@given(st.binary(), st.lists(st.binary(min_size=1), max_size=5), st.integers(0, 30))
def test_answers_sent_by_parts_are_kept_whole_unless_too_large(first: bytes, parts: list[bytes], most: int) -> None:
    kept: list[Answer] = []
    whole = first + b"".join(parts)
    answer = keeping(Answer(first, "text/csv", "SELECT"), Parts([*parts]), most, kept.append)
    assert read(answer) == whole
    assert kept == ([Answer(whole, "text/csv", "SELECT")] if len(whole) <= most else [])


def test_an_answer_that_was_not_read_to_its_end_is_not_kept() -> None:
    kept: list[Answer] = []
    answer = keeping(Answer(b"a", "text/csv", "SELECT"), Parts([b"b", b"c"]), 100, kept.append)
    assert answer.rest is not None
    assert answer.rest.read() == b"b"
    answer.rest.close()
    assert kept == []


def test_large_kept_answers_are_sent_by_parts() -> None:
    for size in (0, PART, WHOLE, WHOLE + 1, 2 * WHOLE + 3):
        whole = Answer(bytes(size), "text/csv", "SELECT")
        answer = cut_up(whole)
        assert (answer is whole) == (size <= WHOLE)
        assert len(answer.body) <= (WHOLE if answer is whole else PART)
        assert read(answer) == whole.body
    rest = cut_up(Answer(bytes(2 * WHOLE), "text/csv", "SELECT")).rest
    assert rest is not None
    rest.close()
    assert rest.read() == b""
