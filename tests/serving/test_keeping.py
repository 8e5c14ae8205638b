"""Large answers, kept while they are sent and sent when they were kept."""

from hypothesis import given
from hypothesis import strategies as st

from crmgraph.sparql import Answer
from crmgraph.sparql.question import PART, WHOLE
from crmgraph.serving.keeping import cut_up, keeping


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
def test_what_was_read_to_its_end_is_kept_whole_unless_it_is_too_large(
    first: bytes, parts: list[bytes], most: int
) -> None:
    kept: list[Answer] = []
    whole = first + b"".join(parts)
    answer = keeping(Answer(first, "text/csv", "SELECT"), Parts([*parts]), most, kept.append)
    assert read(answer) == whole
    assert kept == ([Answer(whole, "text/csv", "SELECT")] if len(whole) <= most else [])


def test_what_was_not_read_to_its_end_is_not_kept() -> None:
    kept: list[Answer] = []
    answer = keeping(Answer(b"a", "text/csv", "SELECT"), Parts([b"b", b"c"]), 100, kept.append)
    assert answer.rest is not None
    assert answer.rest.read() == b"b"
    answer.rest.close()
    assert kept == []


@given(st.integers(0, 2 * WHOLE + 3))
def test_a_whole_answer_is_sent_by_parts_where_it_is_large(size: int) -> None:
    whole = Answer(bytes(size), "text/csv", "SELECT")
    answer = cut_up(whole)
    assert (answer is whole) == (size <= WHOLE)
    assert len(answer.body) <= (WHOLE if answer is whole else PART)
    assert read(answer) == whole.body


def test_what_is_closed_has_no_rest() -> None:
    rest = cut_up(Answer(bytes(2 * WHOLE), "text/csv", "SELECT")).rest
    assert rest is not None
    rest.close()
    assert rest.read() == b""
