"""Dates and durations: those that exist, each written in one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD

from crmgraph.describing.literals import date_literal, duration_literal


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2010", XSD.gYear), ("2005-03", XSD.gYearMonth), ("2005-03-31", XSD.date), ("2004-02-29", XSD.date)],
)
def test_a_date_has_the_precision_of_its_text(text: str, datatype: str) -> None:
    literal = date_literal(text)
    assert str(literal) == text
    assert literal.datatype == datatype
    assert not literal.ill_typed


@pytest.mark.parametrize("text", ["", "10", "20100", "2010-3", "03-2005", "2010-", "marzo 2005", "２０１０", " 2010"])
def test_other_words_are_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is not a year"):
        date_literal(text)


@pytest.mark.parametrize("text", ["0000", "2005-00", "2005-13", "2005-02-30", "2005-02-29"])
def test_a_date_that_no_calendar_has(text: str) -> None:
    with pytest.raises(ValueError, match=f"no calendar has {text}"):
        date_literal(text)


@given(st.dates())
def test_every_day_and_its_month_and_year_are_dates(day: object) -> None:
    text = str(day)
    for length in (4, 7, 10):
        assert str(date_literal(text[:length])) == text[:length]


@pytest.mark.parametrize("text", ["P6M", "P3Y", "P1Y6M", "P30D", "PT12H", "P1DT2H30M5S", "P2Y11M"])
def test_a_duration_stays_as_it_is_written(text: str) -> None:
    literal = duration_literal(text)
    assert (str(literal), literal.datatype) == (text, XSD.duration)


@pytest.mark.parametrize("text", ["", "P", "PT", "P1YT", "P0Y", "P01Y", "-P1Y", "P1W", "P1.5Y", "6M", "p6m", "P6M "])
def test_other_words_are_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        duration_literal(text)


@pytest.mark.parametrize("text", ["P36M", "P12M", "PT24H", "PT60M", "PT1H60S"])
def test_a_duration_is_written_with_its_largest_units(text: str) -> None:
    with pytest.raises(ValueError, match="write it with the larger unit"):
        duration_literal(text)


@given(st.integers(0, 200), st.integers(0, 11), st.integers(0, 900), st.integers(0, 23), st.integers(0, 59))
def test_no_canonical_duration_changes(years: int, months: int, days: int, hours: int, minutes: int) -> None:
    dates = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n)
    times = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    text = f"P{dates}" + (f"T{times}" if times else "")
    if text != "P":
        assert str(duration_literal(text)) == text
