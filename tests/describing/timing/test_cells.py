"""Figures that are all that a cell of a calendar holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.timing import find_times
from tests.support.times import said

PIECES = st.sampled_from(
    ["2027", "2028", "03", "3", "13", "28", "/", "-", ", ", "; ", " y ", " a ", "hasta ", "1.1 ", "."]
)


@pytest.mark.parametrize(
    "text", ["03/2027", "3/2027", "03-2027", "2027-03", "2027/03", "1.1.1.1 03/2027.", "en 03/2027"]
)
def test_a_month(text: str) -> None:
    assert [each[1:] for each in said(text)] == [("date", "2027-03")]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-28", "2027", "2028"),
        ("2027/28", "2027", "2028"),
        ("1.2 2027-30", "2027", "2030"),
        ("03/2027 - 05/2028", "2027-03", "2028-05"),
        ("03/2027-05/2028", "2027-03", "2028-05"),
        ("03/2027 a 05/2028", "2027-03", "2028-05"),
        ("desde 03/2027 hasta 2028", "2027-03", "2028"),
    ],
)
def test_from_when_until_when(text: str, first: str, last: str) -> None:
    assert [each[1:] for each in said(text)] == [("since", first), ("until", last)]


def test_each_of_several_on_its_own_words() -> None:
    assert said("1.1.1.1 2027, 2028-2030") == [
        ("2027", "date", "2027"),
        ("2028-2030", "since", "2028"),
        ("2028-2030", "until", "2030"),
    ]
    assert said("2027,2028; 2030") == [(year, "date", year) for year in ("2027", "2028", "2030")]
    assert said("03/2027, 04/2027 y 05/2027") == [(f"0{month}/2027", "date", f"2027-0{month}") for month in (3, 4, 5)]
    assert said("desde 03/2027; hasta 05/2027") == [
        ("desde 03/2027", "since", "2027-03"),
        ("hasta 05/2027", "until", "2027-05"),
    ]


@pytest.mark.parametrize("text", ["2027+", "2027 +", "1.1.1.1 2027+.", "desde 2027+"])
def test_from_a_year_onwards(text: str) -> None:
    assert [each[1:] for each in said(text)] == [("since", "2027")]


@pytest.mark.parametrize("text", ["III/2027", "IV-2027", "1.1.1.1 i/2027."])
def test_of_a_quarter_or_month_in_roman_figures_the_year_is_known(text: str) -> None:
    assert [each[1:] for each in said(text)] == [("date", "2027")]


def test_a_period_that_ends_before_it_begins() -> None:
    assert said("05/2028 - 03/2027") == [("05/2028 - 03/2027", "reversed", "2028-05/2027-03")]


@pytest.mark.parametrize(
    "text",
    [
        "2010-11", "2011/12", "1999-00", "2027-13", "2027-00", "12.2027", "03/27", "2010-11; 2027",
        "Resolución 03/2027", "03/2027 del Consejo", "Informe 2027-28", "ver 2027-03",
        "2000+ migrantes", "Dec-27", "V/2027", "Ley III/2027",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_says_nothing(text: str) -> None:
    assert said(text) == []


@given(st.lists(PIECES, max_size=8).map("".join))
def test_whatever_the_figures_what_is_found_stands_in_them_in_its_order(text: str) -> None:
    found = find_times(text)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(text[each.start : each.end] == text[each.start : each.end].strip(" ,;") for each in found)
