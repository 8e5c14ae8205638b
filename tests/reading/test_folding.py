"""Words compared as readers do, and every folded character traced back to where it stands."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.folding import fold, key, tidy

TEXTS = st.text(alphabet=st.sampled_from("aÁé ñÑ\u0301\u00a0\t\nßﬁİ½.12–"), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tráfico", "trafico"),
        ("MIGRACIÓN  Y", "migración y"),
        ("señal", "sen\u0303al"),
        ("a\u00a0b", "a b"),
        (" a\n\tb ", "a b"),
        ("Straße", "strasse"),
    ],
)
def test_what_readers_call_the_same(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_what_readers_tell_apart() -> None:
    assert key("1.1") != key("11")
    assert key("red") != key("redes")


def test_a_folded_match_leads_back_to_the_original_words() -> None:
    text = "La  Secretari\u0301a\u00a0Técnica"
    folded = fold(text)
    assert folded.text == "la secretaria tecnica"
    start = folded.text.index("secretaria")
    assert folded.original(start, start + len("secretaria tecnica")) == (4, len(text))


@given(TEXTS)
def test_spans_follow_each_other_and_lose_nothing_that_counts(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.spans)
    for (start, end), (later, _) in zip(folded.spans, folded.spans[1:], strict=False):
        assert 0 <= start < end <= len(text)
        assert start <= later
    covered = {i for start, end in folded.spans for i in range(start, end)}
    left = [c for i, c in enumerate(text) if i not in covered]
    assert all(c.isspace() or unicodedata.combining(c) for c in left)


@given(TEXTS)
def test_composed_and_decomposed_accents_are_one(text: str) -> None:
    assert key(unicodedata.normalize("NFC", text)) == key(unicodedata.normalize("NFD", text))


@given(TEXTS)
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert key(tidy(text)) == key(text)
