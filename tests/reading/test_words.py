"""Text comparison, and detection of the language of a plan."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.languages import fold, key, language_of, tidy
from tests.support.phrases import rows_of

TEXTS = st.text(alphabet=st.sampled_from("aÁé ñÑ\u0301\u00a0\t\nßﬁİ½.12–"), max_size=40)


def test_what_readers_call_the_same() -> None:
    for one, other in (
        ("Tráfico", "trafico"), ("MIGRACIÓN  Y", "migración y"), ("señal", "sen\u0303al"), ("a\u00a0b", "a b"),
        (" a\n\tb ", "a b"), ("Straße", "strasse"),
    ):  # fmt: skip
        assert key(one) == key(other)
    assert key("1.1") != key("11")
    assert key("red") != key("redes")


def test_a_folded_match_leads_back_to_the_original_words() -> None:
    text = "La  Secretari\u0301a\u00a0Técnica"
    folded = fold(text)
    assert folded.text == "la secretaria tecnica"
    assert folded.original(3, len(folded.text)) == (4, len(text))


@given(TEXTS)
def test_spans_follow_each_other_and_lose_nothing_that_counts(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.spans)
    for (start, end), (later, _) in zip(folded.spans, folded.spans[1:], strict=False):
        assert 0 <= start < end <= len(text)
        assert start <= later
    covered = {i for start, end in folded.spans for i in range(start, end)}
    assert all(c.isspace() or unicodedata.combining(c) for i, c in enumerate(text) if i not in covered)
    assert key(unicodedata.normalize("NFC", text)) == key(unicodedata.normalize("NFD", text))
    assert tidy(tidy(text)) == tidy(text)
    assert key(tidy(text)) == key(text)


def test_the_language_of_a_plan() -> None:
    """The language of headings outweighs a few function words, and many function words outweigh the headings."""
    rows = [(language, *(each.split("|") for each in row)) for language, *row in rows_of("languages", "reading/cases")]
    assert [row for row in rows if language_of(row[2], filter(None, row[1])) != row[0]] == []
