"""Denials brought to their verb: what becomes of the words, and what they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.denials import plainly

WORDS = st.sampled_from(
    ["no", "nothing", "none of these", "ninguna", "nada", "activity", "actividad", "acción", "has", "have not", "yet",
     "se ha", "been", "done", "realizado", "hasn't", "aún", "u\u0301", "ﬁn", "\n", "  ", "."]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("No activity has been held", "has not been held"),
        ("no activity under this objective was held", "was not held"),
        ("Nothing has yet been done", "has not been done"),
        ("It hasn’t yet  been done", "It has not been done"),
        ("No actions implemented", "were not implemented"),
        ("Ninguna actividad se ha realizado", "no se ha realizado"),
        ("Ninguna acci\u00f3n prevista se realizó", "no se realizó"),
        ("no ha todavía comenzado", "no ha comenzado"),
        ("No workshop has been held", "No workshop has been held"),
        ("Aún no comienza", "no ha comenzado"),
        ("la obra no se inicia todavía", "la obra no ha comenzado"),
        ("not yet begun", "not begun"),
        ("No further activity has been held", "No further activity has been held"),
    ],
)
def test_where_the_denial_goes(text: str, plain: str) -> None:
    assert plainly(text).text == plain


def test_what_is_denied_is_known_by_all_its_words() -> None:
    text = "So far no activity  has been held."
    plain = plainly(text)
    start, end = plain.original(plain.text.index("has"), plain.text.index("held") + 4)
    assert text[start:end] == "no activity  has been held"


@given(st.text() | st.lists(WORDS, max_size=12).map(" ".join))
def test_each_character_stands_for_some_of_the_text_in_its_order(text: str) -> None:
    plain = plainly(text)
    assert len(plain.text) == len(plain.spans)
    assert all(0 <= start < end <= len(text) for start, end in plain.spans)
    assert list(plain.spans) == sorted(plain.spans)


# A mark that has no letter before it is part of none.
@given(st.text().map(lambda text: f"a{text}"))
def test_a_text_without_denials_is_as_it_was_but_for_its_blanks(text: str) -> None:
    if "n" not in text.casefold():
        assert "".join(plainly(text).text.split()) == "".join(text.split())
