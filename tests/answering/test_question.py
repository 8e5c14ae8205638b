"""Questions and answers are plain values."""

import dataclasses

import pytest

from crmgraph.sparql import Answer, Question


def test_a_question_by_its_text_alone() -> None:
    question = Question("ASK {}")
    assert question.text == "ASK {}"
    assert question.default_graphs is None
    assert question.named_graphs is None
    assert question.prefixes == {}


def test_an_answer_lasts_unless_it_is_said_that_it_does_not() -> None:
    assert Answer(b"true", "text/csv", "ASK").lasting
    assert not Answer(b"true", "text/csv", "ASK", lasting=False).lasting


@pytest.mark.parametrize("value", [Question("ASK {}"), Answer(b"", "text/csv", "ASK")])
def test_neither_changes(value: Question | Answer) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.form = "SELECT"  # type: ignore[union-attr,misc]


def test_equal_values_are_equal() -> None:
    assert Question("ASK {}", ("http://e/",)) == Question("ASK {}", ("http://e/",))
    assert Question("ASK {}") != Question("ASK {}", ())
