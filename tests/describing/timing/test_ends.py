"""A beginning and an end that are called so."""

import pytest

from tests.support.times import said


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Inicio: mayo de 2025; fin: junio de 2025", "2025-05", "2025-06"),
        ("Start date: 2027-01-01; End date: 2027-12-31", "2027-01-01", "2027-12-31"),
        ("Start date: March 5, 2027; End date: April 3, 2027", "2027-03-05", "2027-04-03"),
        ("Start: 01/2027; End: 06/2028", "2027-01", "2028-06"),
        ("Fecha de inicio: 1.3.2027; Fecha de término: 30.06.2028", "2027-03-01", "2028-06-30"),
        ("Fecha de inicio: 15 de septiembre de 2027; Fecha de fin: 2028", "2027-09-15", "2028"),
        ("Fecha de inicio: Q1 2027; Fecha de fin: segundo semestre de 2028", "2027-01", "2028-12"),
        ("Date de début: 01/03/2027; Date de fin: 2028-04", "2027-03-01", "2028-04"),
        ("Data de início: 01-03-2027; Data de término: 2028", "2027-03-01", "2028"),
        ("Mes de inicio (mes/año): 03/2027; Mes de término (mes/año): 05/2027", "2027-03", "2027-05"),
    ],
)
def test_from_when_until_when(text: str, first: str, last: str) -> None:
    assert said(text) == [(text, "since", first), (text, "until", last)]
    assert [each[1:] for each in said(f"1.1.1.1 {text}.")] == [("since", first), ("until", last)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Start date: 2027-01-01", [("since", "2027-01-01")]),
        ("1.1.1.1 Fin: 06/2028.", [("until", "2028-06")]),
        ("Start date: 01/2027; End date: to be set", [("since", "2027-01")]),
        ("Start date: to be set; End date: Q2 2027", [("until", "2027-06")]),
        ("Inicio: 31/02/2027; Fin: 06/2028", [("impossible", "2027-02-31"), ("until", "2028-06")]),
    ],
)
def test_one_that_is_said_alone(text: str, found: list[tuple[str, str]]) -> None:
    assert [each[1:] for each in said(text)] == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Start date: 06/2028; End date: 01/2027", "2028-06/2027-01"),
        ("Fecha de inicio: 2027-12-31; Fecha de término: 2027-01-01", "2027-12-31/2027-01-01"),
    ],
)
def test_a_beginning_after_the_end(text: str, value: str) -> None:
    assert said(text) == [(text, "reversed", value)]
