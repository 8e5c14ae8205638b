"""From when until when; periods that are turned about; days that no calendar has."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.timing import find_times
from tests.support.times import said


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("2010-2012", "2010-2012", "2010", "2012"),
        ("2025/2026", "2025/2026", "2025", "2026"),
        ("Calendario: 2010–2012", "2010–2012", "2010", "2012"),
        ("en el periodo 2010-2012", "en el periodo 2010-2012", "2010", "2012"),
        ("Talleres de 2010 a 2012.", "de 2010 a 2012", "2010", "2012"),
        ("entre 2010 y 2012", "entre 2010 y 2012", "2010", "2012"),
        ("desde 2010 hasta 2012", "desde 2010 hasta 2012", "2010", "2012"),
        ("de 2010 a marzo de 2012", "de 2010 a marzo de 2012", "2010", "2012-03"),
        ("de marzo a junio de 2010", "de marzo a junio de 2010", "2010-03", "2010-06"),
        ("del 15 al 17 de julio de 2009", "del 15 al 17 de julio de 2009", "2009-07-15", "2009-07-17"),
        ("30 de marzo al 3 de abril de 2010", "30 de marzo al 3 de abril de 2010", "2010-03-30", "2010-04-03"),
        ("from March to June 2010", "from March to June 2010", "2010-03", "2010-06"),
    ],
)
def test_from_when_until_when(text: str, words: str, first: str, last: str) -> None:
    assert said(text) == [(words, "since", first), (words, "until", last)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30 de febrero de 2010", "2010-02-30"),
        ("15/13/2009", "2009-13-15"),
        ("00/07/2009", "2009-07-00"),
        ("2009-02-29", "2009-02-29"),
        ("40 de julio de 2009", "2009-07-40"),
        ("31 de junio", "31 de junio"),
        ("30 February", "30 february"),
    ],
)
def test_what_no_calendar_has(text: str, value: str) -> None:
    assert said(f"Taller: {text}") == [(text, "impossible", value)]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("antes de 2028", "2027"),
        ("1.1.1.1 Antes de marzo de 2028.", "2028-02"),
        ("Before January 2028", "2027-12"),
        ("antes del 1 de marzo de 2028", "2028-02-29"),
    ],
)
def test_what_is_all_before_a_date_ends_the_time_before_it(text: str, last: str) -> None:
    assert [each[1:] for each in said(text)] == [("until", last)]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Marzo de 2032, el {}", [("Marzo de 2032", "date", "2032-03")]),
        ("Continuo, desde enero de 2031, el {}", [("desde enero de 2031", "since", "2031-01")]),
        ("Taller: 29 y {}", [("29", "date", "2010-06-29")]),
        ("de enero a {}", []),
        ("entre marzo y el {}", []),
        ("mayo o {}", []),
        ("antes del {}", []),
        ("desde el {}", []),
        ("From March to the {}", []),
        ("el informe adoptado el {}", []),
    ],
)
def test_a_date_that_no_calendar_has_is_told_among_others(text: str, rest: list[tuple[str, str, str]]) -> None:
    bad = "31 de junio de 2010"
    assert said(text.format(bad)) == [*rest, (bad, "impossible", "2010-06-31")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2012-2010", "2012/2010"),
        ("Del 5 al 3 de marzo de 2027", "2027-03-05/2027-03-03"),
        ("Del 5 de marzo al 3 de marzo de 2027", "2027-03-05/2027-03-03"),
        ("del 28 de marzo al 3 de marzo de 2027", "2027-03-28/2027-03-03"),
        ("De junio a mayo de 2027", "2027-06/2027-05"),
        ("del 3 de junio al 5 de mayo de 2027", "2027-06-03/2027-05-05"),
        ("de diciembre de 2027 a enero de 2027", "2027-12/2027-01"),
        ("From 5 March to 3 March 2027", "2027-03-05/2027-03-03"),
        ("from March 5 to March 3, 2027", "2027-03-05/2027-03-03"),
        ("from June to May 2027", "2027-06/2027-05"),
        ("Inicio: mayo de 2025; fin: enero de 2025", "2025-05/2025-01"),
        ("Beginning June 2025, ending January 2025", "2025-06/2025-01"),
        ("Del año escolar 2025 al 2024", "2025/2024"),
    ],
)
def test_a_period_that_ends_before_it_begins(text: str, value: str) -> None:
    assert said(f"Taller: {text}") == [(text, "reversed", value)]


@pytest.mark.parametrize(
    "text",
    ["de octubre a marzo de 2027", "del 28 al 3 de marzo de 2027", "Del 20 de diciembre al 10 de enero de 2027",
     "from November to February 2027"],
)  # fmt: skip
def test_a_period_that_may_run_into_the_next_month_or_year_is_not_reversed(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    ["Reducir los casos de 2050 en 2024 a 1990 en 2026", "Reducir los casos de 2050 a 1990",
     "Cut cases from 2050 to 1990", "Aumentar los pozos de 2010 a 2090"],
)  # fmt: skip
def test_from_how_many_to_how_many_is_no_period(text: str) -> None:
    assert {each.property for each in find_times(text)} <= {"date"}


def test_a_month_before_its_day_in_a_period() -> None:
    text = "from March 5 to April 3, 2027"
    assert said(text) == [(text, "since", "2027-03-05"), (text, "until", "2027-04-03")]


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)), st.dates(date(2000, 1, 1), date(2050, 12, 31)))
def test_a_period_of_two_whole_days_is_reversed_where_the_second_is_before_the_first(one: date, other: date) -> None:
    first, last = (format_date(day, "d 'de' MMMM 'de' y", locale="es") for day in (one, other))
    kinds = {each.property for each in find_times(f"del {first} al {last}")}
    assert kinds == ({"reversed"} if other < one else {"since", "until"})
