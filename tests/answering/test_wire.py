"""Questions and replies arrive as they were sent."""

import pytest
from crmgraph.sparql.wire import (
    pack_question,
    pack_reply,
    unpack_header,
    unpack_question,
    unpack_reply,
    with_seconds,
)
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.sparql import Answer, Question
from crmgraph.errors import (
    AnswerError,
    EngineError,
    LimitError,
    NotAcceptableError,
    PlacedError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    UnavailableError,
)
from crmgraph.wording import Bilingual

_iris = st.none() | st.lists(st.text(), max_size=3).map(tuple)
_types = st.none() | st.text()


@given(
    st.builds(
        Question,
        st.text(),
        _iris,
        _iris,
        _types,
        _types,
        st.dictionaries(st.text(), st.text(), max_size=3),
        _types,
    ),
    st.floats(0, 1e6),
    st.booleans(),
)
def test_a_question_arrives_as_it_was_sent(question: Question, seconds: float, by_parts: bool) -> None:
    assert unpack_question(with_seconds(pack_question(question, by_parts), seconds)) == (question, seconds, by_parts)


def arrived(reply: Answer | AnswerError) -> Answer:
    header, body = pack_reply(reply, 0.5)
    return unpack_reply(unpack_header(header), body)


@given(st.builds(Answer, st.binary(), st.text(), st.text(), st.booleans()), st.floats(0, 1e6), st.booleans())
def test_an_answer_arrives_as_it_was_sent(answer: Answer, worked: float, is_last: bool) -> None:
    header, body = pack_reply(answer, worked, is_last)
    said = unpack_header(header)
    assert unpack_reply(said, body) == answer
    assert (said.size, said.worked, said.is_last) == (len(answer.body), worked, is_last)


@pytest.mark.parametrize(
    "kind", [EngineError, LimitError, NotAcceptableError, QueryRefusedError, QueryTimeoutError, UnavailableError]
)
def test_an_error_is_raised_at_the_other_end_in_both_languages(kind: type[AnswerError]) -> None:
    with pytest.raises(kind) as caught:
        arrived(kind(Bilingual("No", "No, señor")))
    assert type(caught.value) is kind
    assert caught.value.args[0] == "No"
    assert caught.value.args[0].spanish == "No, señor"


@pytest.mark.parametrize("place", [(3, 4), (None, None)])
def test_a_syntax_error_keeps_its_place(place: tuple[int | None, int | None]) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        arrived(QuerySyntaxError("wrong", *place))
    assert (caught.value.message, caught.value.line, caught.value.column) == ("wrong", *place)


def test_every_error_of_answering_can_travel() -> None:
    for kind in {*AnswerError.__subclasses__(), *PlacedError.__subclasses__()} - {PlacedError}:
        with pytest.raises(kind):
            arrived(kind("no"))
