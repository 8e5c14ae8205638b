"""Numbers of what is counted, in figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.linking.ordinals import in_figures


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("i", "1"), ("iv", "4"), ("ix", "9"), ("xiv", "14"), ("xx", "20"), ("xxxix", "39"), ("xvth", "15"), ("v.", "5"),
        ("15", "15"), ("15.", "15"), ("15th", "15"), ("1st", "1"), ("22nd", "22"), ("15a", "15"), ("3ra", "3"),
        ("primera", "1"), ("primer", "1"), ("segundo", "2"), ("decima", "10"), ("duodecima", "12"),
        ("decimosegunda", "12"), ("decimotercera", "13"), ("decimoquinta", "15"), ("decimoctava", "18"),
        ("vigesimoctava", "28"), ("vigesima", "20"), ("first", "1"), ("twentieth", "20"),
        ("vigesima primera", "21"), ("decimo quinta", "15"), ("twenty eighth", "28"), ("thirty first", "31"),
    ],
)  # fmt: skip
def test_numbers_are_read_however_they_are_written(words: str, number: str) -> None:
    assert in_figures(words.split()) == [number]


@pytest.mark.parametrize(
    "word", ["", "th", "iiii", "vv", "mi", "civil", "via", "x1", "5m", "oim", "15thx", "prima", "rd"]
)
def test_other_words_are_no_numbers(word: str) -> None:
    assert in_figures([word]) == [word]


def test_two_numbers_stay_two() -> None:
    assert in_figures(["first", "second"]) == ["1", "2"]
    assert in_figures(["twenty", "conferences", "first"]) == ["20", "conferences", "1"]


@given(st.lists(st.text()))
def test_any_words_are_read(words: list[str]) -> None:
    assert len(in_figures(words)) <= len(words)
