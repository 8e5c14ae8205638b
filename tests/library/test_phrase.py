"""Sentences with gaps, as front matter writes them."""

import pytest

from crmgraph.errors import UsageError
from crmgraph.library import LibraryQuestion, Parameter, Piece
from crmgraph.library.phrase import read_phrase
from crmgraph.namespaces import Names

TEXTS = {"es": "¿Qué hace {agent} de {from} a {to}?", "en": "From {from} to {to}, what does {agent} do?"}
KNOWN = ("agent", "from", "to", "lang")


def test_a_sentence_is_read_in_its_pieces() -> None:
    phrase = read_phrase(TEXTS, KNOWN)
    assert phrase["es"] == (Piece("¿Qué hace ", "agent"), Piece(" de ", "from"), Piece(" a ", "to"), Piece("?"))
    assert [piece.parameter for piece in phrase["en"]] == ["from", "to", "agent", ""]


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"es": "¿{agent}?", "en": "{agnet}?"}, "a gap {agnet}, and there is no parameter agnet"),
        ({"es": "¿{agent}?", "en": "{agent} {agent}?"}, "the phrase in en has a gap twice"),
        ({"es": "¿{agent} {to}?", "en": "{agent}?"}, "the phrase in en has other gaps"),
        (
            {"es": "¿{agent}?", "en": "{agent} or {not?"},
            "the phrase in en has a brace or bracket that belongs",
        ),
        ({"es": "¿{agent}?", "en": "[{agent} or not]?"}, "the phrase in en has a brace or bracket"),
        ({"es": "¿{agent}?", "en": "{}?"}, "a gap {}"),
    ],
)
def test_wrong_gaps_are_named(texts: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_phrase(texts, KNOWN)
    assert says in str(caught.value)


def test_a_question_says_itself_with_values_and_with_gaps() -> None:
    parameters = tuple(Parameter(name, "string", "x", {}) for name in KNOWN)
    question = LibraryQuestion(
        "q", {"es": "¿Qué?", "en": "What?"}, {}, "gaps", parameters, {}, "", Names(), read_phrase(TEXTS, KNOWN)
    )
    assert (
        question.asked("en", {"from": "2003", "to": "2010", "agent": "IOM"}) == "From 2003 to 2010, what does IOM do?"
    )
    assert question.with_gaps("es") == TEXTS["es"]
    plain = LibraryQuestion("q", {"es": "¿Qué?", "en": "What?"}, {}, "gaps", parameters, {}, "", Names())
    assert plain.asked("es", {}) == "¿Qué?"


def test_a_gap_with_an_aside_is_left_out_where_it_says_nothing() -> None:
    texts = {"es": "¿Qué hace {agent}[, hasta {to}]?", "en": "What does {agent} do[, until {to}]?"}
    phrase = read_phrase(texts, KNOWN)
    assert phrase["es"] == (Piece("¿Qué hace ", "agent"), Piece("", "to", ", hasta "), Piece("?"))
    last = Parameter("to", "integer", "any", {}, open={"es": "siempre", "en": "ever"})
    parameters = (Parameter("agent", "string", "x", {}), last)
    question = LibraryQuestion("q", {}, {}, "gaps", parameters, {}, "", Names(), phrase)
    assert question.asked("es", {"agent": "la OIM", "to": "2010"}) == "¿Qué hace la OIM, hasta 2010?"
    assert question.asked("en", {"agent": "IOM", "to": "ever"}) == "What does IOM do?"
    assert question.with_gaps("es") == texts["es"]
