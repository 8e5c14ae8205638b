"""Quotes are found where they stand, as often as they stand there, and nowhere else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.quoting import find_quote, within
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import Passage

TEXT = "La red  de\u00a0redes: México y la\n red; Me\u0301xico, la redada."
PASSAGE = Passage(100, 100 + len(TEXT), TEXT)


@pytest.mark.parametrize(
    ("quote", "occurrence", "exact", "start"),
    [
        ("La red de redes", 1, "La red  de\u00a0redes", 0),
        ("México", 1, "México", 18),
        ("México", 2, "Me\u0301xico", 36),
        ("la red", 1, "la\n red", 27),
        ("red", 1, "red", 3),
        ("red", 2, "red", 31),
    ],
)
def test_a_quote_is_found_whatever_the_space_and_composition(
    quote: str, occurrence: int, exact: str, start: int
) -> None:
    found = find_quote(PASSAGE, quote, occurrence)
    assert found == Passage(100 + start, 100 + start + len(exact), exact)


@pytest.mark.parametrize(
    ("quote", "occurrence", "says"),
    [
        ("Mexico", 1, "these words are not there"),
        ("LA RED", 1, "these words are not there"),
        ("la redes", 1, "these words are not there"),
        ("México", 3, "these words are there 2 times and no more"),
        ("red", 3, "these words are there 2 times and no more"),
        ("la redada", 2, "these words are there once and no more"),
        ("éxico", 1, "these words are not there, whole and as they are written"),
        ("edada", 1, "these words are not there, whole and as they are written"),
        ("", 1, "these words are not there"),
    ],
)
def test_what_is_not_there_is_not_found(quote: str, occurrence: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        find_quote(PASSAGE, quote, occurrence)


def test_part_of_a_passage_counts_from_its_beginning() -> None:
    assert within(PASSAGE, 3, 6) == Passage(103, 106, "red")


WORDS = st.lists(st.text("aáñE", min_size=1, max_size=3), min_size=1, max_size=12)


@given(WORDS, st.data(), st.sampled_from(["NFC", "NFD"]), st.text(" \u00a0\n", min_size=1, max_size=2))
def test_any_words_of_a_text_are_found_in_it(words: list[str], data: st.DataObject, form: str, space: str) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    text = unicodedata.normalize("NFC" if form == "NFC" else "NFD", space.join(words))
    quote = unicodedata.normalize("NFC", " ".join(words[start:end]))
    found = find_quote(Passage(7, 7 + len(text), text), quote)
    assert tidy(found.exact) == quote
    assert text[found.start - 7 : found.end - 7] == found.exact
    assert found.start == 7 or text[found.start - 8].isspace()
    assert found.end == 7 + len(text) or text[found.end - 7].isspace()


def test_a_name_that_begins_within_another_word_hides_none() -> None:
    assert find_quote(Passage(0, 6, "aa a a"), "a a") == Passage(3, 6, "a a")
