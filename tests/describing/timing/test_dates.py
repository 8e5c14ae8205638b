"""Dates and rows of dates: read on exactly their words."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.timing import find_times
from tests.support.times import said

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("Taller en 2010", "en 2010", "2010"),
        ("se realizará durante 2010.", "durante 2010", "2010"),
        ("Informe para 2012", "para 2012", "2012"),
        ("En 2010 se harán talleres", "En 2010", "2010"),
        ("En 2010 realizar talleres", "En 2010", "2010"),
        ("Taller en el año 2010", "en el año 2010", "2010"),
        ("Taller (año 2010)", "año 2010", "2010"),
        ("1.1.1.1 2010", "2010", "2010"),
        ("2010.", "2010", "2010"),
        ("Taller en 2010²", "en 2010", "2010"),
        ("Taller a finales de 2010", "a finales de 2010", "2010"),
        ("En el primer semestre de 2010", "En el primer semestre de 2010", "2010"),
        ("Vancouver,  marzo 2005 sobre", "marzo 2005", "2005-03"),
        ("MARZO DE 2005", "MARZO DE 2005", "2005-03"),
        ("en marzo del año 2005", "en marzo del año 2005", "2005-03"),
        ("setiembre 2009", "setiembre 2009", "2009-09"),
        ("Sept. 2009", "Sept. 2009", "2009-09"),
        ("el 15 de julio de 2009", "15 de julio de 2009", "2009-07-15"),
        ("el miércoles 15 de julio del 2009", "15 de julio del 2009", "2009-07-15"),
        ("el 1º de enero de 2010", "1º de enero de 2010", "2010-01-01"),
        ("primero de mayo de 2010", "primero de mayo de 2010", "2010-05-01"),
        ("15-jul-2009", "15-jul-2009", "2009-07-15"),
        ("2009-07-15", "2009-07-15", "2009-07-15"),
        ("el 15/07/2009 en", "15/07/2009", "2009-07-15"),
        ("15.7.2009", "15.7.2009", "2009-07-15"),
        ("12/31/2027", "12/31/2027", "2027-12-31"),
        ("by 7-15-2009", "by 7-15-2009", "2009-07-15"),
        ("mid-2028", "mid-2028", "2028"),
        ("by mid June 2028", "by mid June 2028", "2028-06"),
        ("a más tardar el 15 de julio de 2009", "a más tardar el 15 de julio de 2009", "2009-07-15"),
        ("workshop in 2010", "in 2010", "2010"),
        ("by the end of 2012", "by the end of 2012", "2012"),
        ("held with the States on July 15, 2009", "on July 15, 2009", "2009-07-15"),
        ("15th of July, 2009", "15th of July, 2009", "2009-07-15"),
        ("March 2005", "March 2005", "2005-03"),
        ("A lo largo de 2025", "A lo largo de 2025", "2025"),
        ("2.º semestre de 2025", "2.º semestre de 2025", "2025"),
        ("4.º trimestre de 2026", "4.º trimestre de 2026", "2026"),
        ("1.1.1.1 1er trimestre 2026", "1er trimestre 2026", "2026"),
        ("1.er semestre de 2026", "1.er semestre de 2026", "2026"),
        ("Trimestre I de 2025", "Trimestre I de 2025", "2025"),
        ("Q3 2025", "Q3 2025", "2025"),
        ("Primavera de 2026", "Primavera de 2026", "2026"),
        ("Postergado a 2026", "Postergado a 2026", "2026"),
        ("S1 2027", "S1 2027", "2027"),
        ("FY2027", "FY2027", "2027"),
        ("in FY 2027.", "in FY 2027", "2027"),
    ],
)
def test_a_date(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "date", value)]


@pytest.mark.parametrize(
    ("text", "words", "values"),
    [
        ("en 2010, 2011 y 2012", "en 2010, 2011 y 2012", ["2010", "2011", "2012"]),
        ("1.1.1.1 2010 y 2011", "2010 y 2011", ["2010", "2011"]),
        ("en junio y julio de 2010", "en junio y julio de 2010", ["2010-06", "2010-07"]),
        ("15 y 16 de julio de 2009", "15 y 16 de julio de 2009", ["2009-07-15", "2009-07-16"]),
    ],
)
def test_several_dates_on_the_same_words(text: str, words: str, values: list[str]) -> None:
    assert said(text) == [(words, "date", value) for value in values]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("desde junio 2003", "desde junio 2003", "2003-06"),
        ("desde el lunes 14 de julio de 2003", "desde el lunes 14 de julio de 2003", "2003-07-14"),
        ("a partir del 1 de enero de 2010", "a partir del 1 de enero de 2010", "2010-01-01"),
        ("Desde 2010 se publica", "Desde 2010", "2010"),
        ("de 2010 en adelante", "de 2010 en adelante", "2010"),
        ("since March 2005", "since March 2005", "2005-03"),
        ("From March 2005", "From March 2005", "2005-03"),
        ("1.1.1.1 From 2005", "From 2005", "2005"),
        ("Ongoing from March 2005, in each State", "from March 2005", "2005-03"),
    ],
)
def test_since_when(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "since", value)]


def test_until_when() -> None:
    assert said("hasta junio de 2012") == [("hasta junio de 2012", "until", "2012-06")]


@pytest.mark.parametrize("text", ["Continuo, 2027-2029", "1.1.1.1 Ongoing (2027-2029)", "Permanente: 2027-2029"])
def test_what_goes_on_and_in_which_years(text: str) -> None:
    assert [each[1:] for each in said(text)] == [("since", "2027"), ("until", "2029")]


def test_a_year_set_apart_is_when_something_told_was() -> None:
    for text in ("Se han lanzado dos proyectos (2009)", "Se publicó el manual, 2009."):
        assert find_times(text) == []
        assert [each[2:] for each in find_times(text, told=True)] == [("date", "2009")]
    assert find_times("Se publicó la ley 25, 2009 ejemplares", told=True) == []


def test_a_month_in_figures_that_no_year_has() -> None:
    assert said("1.1.1.1 13/2024") == [("13/2024", "impossible", "13/2024")]


def test_the_date_of_what_is_told_is_found_where_it_is_wanted() -> None:
    text = "Adoptado en Puebla, el 12 de noviembre de 2024"
    assert find_times(text) == []
    assert [each[2:] for each in find_times(text, told=True)] == [("date", "2024-11-12")]


SPANISH_FORMS = (
    "d 'de' MMMM 'de' y", "d 'de' MMM 'de' y", "d MMMM y", "dd/MM/y", "d-M-y", "y-MM-dd", "d 'de' MMMM 'del' y",
    "EEEE d 'de' MMMM 'de' y",
)  # fmt: skip


ENGLISH_FORMS = ("MMMM d, y", "d MMMM y", "MMM d, y", "d MMM y")


@given(DAYS, st.sampled_from([*(("es", form) for form in SPANISH_FORMS), *(("en", form) for form in ENGLISH_FORMS)]))
def test_a_day_is_read_back_in_each_form(day: date, form: tuple[str, str]) -> None:
    language, pattern = form
    written = format_date(day, pattern, locale=language)
    text = f"Taller («{written}») en México"
    [found] = find_times(text)
    assert (found.property, found.value) == ("date", day.isoformat())
    assert written.endswith(text[found.start : found.end])


@given(DAYS, st.sampled_from(("es", "en")), st.sampled_from(("MMMM y", "MMM y", "MMMM 'de' y")))
def test_a_month_is_read_back(day: date, language: str, form: str) -> None:
    written = format_date(day, form, locale=language)
    assert said(f"x, {written}; y") == [(written, "date", day.isoformat()[:7])]
