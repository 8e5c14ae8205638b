"""Quarters and halves of years: when they are, from one to another, and those that no year has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.literals import date_literal
from crmgraph.describing.timing import find_times
from tests.support.times import said

PIECES = st.sampled_from(
    ["Q1", "t4", "S2", "h1", "q9", "2T", "trim.", "primer", "3er", "IV", "trimestre", "semestre", "quarter", "2027",
     "2028", " ", " de ", " al ", "-", "/", " y ", "entre ", "del ", "from ", "1"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Q1 2027 – Q3 2028", "2027-01", "2028-09"),
        ("T1 2024 a T3 2024", "2024-01", "2024-09"),
        ("Q1-Q3 2027", "2027-01", "2027-09"),
        ("1T 2027 - 3T 2028", "2027-01", "2028-09"),
        ("1er trim. a 2º trim. 2027", "2027-01", "2027-06"),
        ("S1 2027 - S2 2028", "2027-01", "2028-12"),
        ("H2 2027 to H1 2028", "2027-07", "2028-06"),
        ("2027-Q1 – 2028-Q2", "2027-01", "2028-06"),
        ("Q2/2027 - Q1/2028", "2027-04", "2028-03"),
        ("del primer al tercer trimestre de 2027", "2027-01", "2027-09"),
        ("del primer semestre de 2027 al segundo trimestre de 2028", "2027-01", "2028-06"),
        ("entre el segundo semestre de 2027 y el primer semestre de 2028", "2027-07", "2028-06"),
        ("from the second quarter of 2027 to the first half of 2028", "2027-04", "2028-06"),
        ("Trimestre I a trimestre III de 2027", "2027-01", "2027-09"),
    ],
)
def test_from_one_to_another(text: str, first: str, last: str) -> None:
    assert said(text) == [(text, "since", first), (text, "until", last)]


@pytest.mark.parametrize(
    "text",
    ["2027-Q1", "2027Q1", "2027 T1", "Q1/2027", "S2-2027", "2027/H1", "Q1 2027", "T1 2027", "1T 2027", "2Q 2027",
     "2S 2027", "2027-1T", "Q1, 2027", "2027, Q1"],
)  # fmt: skip
def test_one_alone_in_figures(text: str) -> None:
    assert said(f"1.1.1.1 {text}") == [(text, "date", "2027")]


@pytest.mark.parametrize(
    "text", ["2º trimestre de 2027", "1er trim. 2027", "Trim. 2 2027", "II trim 2027", "1.er bim. 2027"]
)
def test_one_alone_in_words(text: str) -> None:
    assert said(f"1.1.1.1 {text}") == [(text, "date", "2027")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("quinto trimestre de 2024", "quinto trimestre de 2024"),
        ("T5 2024", "t5 2024"),
        ("2024-Q6", "2024-q6"),
        ("tercer semestre de 2024", "tercer semestre de 2024"),
    ],
)
def test_what_no_year_has(text: str, value: str) -> None:
    assert said(f"Taller: {text}") == [(text, "impossible", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("T3 2024 a T1 2024", "2024-07/2024-03"),
        ("Q3 2024 to Q1 2024", "2024-07/2024-03"),
        ("Q3-Q1 2024", "2024-07/2024-03"),
        ("Del segundo semestre de 2025 al primer semestre de 2024", "2025-07/2024-06"),
    ],
)
def test_a_period_that_ends_before_it_begins(text: str, value: str) -> None:
    assert said(f"Taller: {text}") == [(text, "reversed", value)]


def test_two_that_are_joined_are_no_period() -> None:
    assert {each.property for each in find_times("T1 2024 y T3 2024")} == {"date"}
    assert find_times("S3 2027") == find_times("Sala S3") == find_times("5T de 2027 sacos") == []


@given(st.lists(PIECES, max_size=12).map("".join) | st.lists(PIECES, max_size=12).map(" ".join))
def test_whatever_the_words_what_is_found_is_in_the_calendar(text: str) -> None:
    for each in find_times(text):
        assert 0 <= each.start < each.end <= len(text)
        if each.property in ("date", "since", "until"):
            date_literal(each.value)
