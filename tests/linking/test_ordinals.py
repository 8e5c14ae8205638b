"""Numbers of what is counted, in figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.linking.ordinals import in_figures


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("i", "1"), ("iv", "4"), ("ix", "9"), ("xiv", "14"), ("xx", "20"), ("xxxix", "39"),
        ("15", "15"), ("15.", "15"), ("15th", "15"), ("1st", "1"), ("22nd", "22"), ("15a", "15"), ("3ra", "3"),
        ("primera", "1"), ("primer", "1"), ("segundo", "2"), ("decima", "10"), ("duodecima", "12"),
        ("decimotercera", "13"), ("decimoquinta", "15"), ("decimonovena", "19"), ("first", "1"), ("twentieth", "20"),
    ],
)  # fmt: skip
def test_numbers_are_read_however_they_are_written(word: str, number: str) -> None:
    assert in_figures(word) == number


@pytest.mark.parametrize("word", ["", "iiii", "vv", "mi", "civil", "x1", "oim", "decimo quinto", "15thx", "prima"])
def test_other_words_are_no_numbers(word: str) -> None:
    assert in_figures(word) == ""


@given(st.text())
def test_any_word_is_read(word: str) -> None:
    assert in_figures(word) == "" or in_figures(word).isdecimal()
