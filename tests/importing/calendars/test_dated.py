"""Columns of dates are the calendar where they may be called so, and are told where they are left out."""

import pytest

from crmgraph.importing import Mapping, guess, left_out
from crmgraph.importing.calendars.times import is_date
from tests.importing.made import FILE, left, of, table, tree

PARTS = ("Tema", "Objetivo", "Acción", "Actividad")
ROW = ("T", "O", "A")
ROWS = ((*ROW, "B", "junio de 2027"), (*ROW, "C", "2028"), (*ROW, "D", "por definir"))
TOLD = (
    '(it has dates, and the plan no calendar; a mapping has it in the calendar with schedule = "{}", and --guess '
    "writes a first one)"
)


@pytest.mark.parametrize(
    "heading",
    ["Due by", "Due", "By when", "Complete by", "Timescale", "Time line", "Vencimiento", "Fecha de vencimiento",
     "Vencimento", "Data de vencimento", "Date d'échéance", "Temporalidad", "Tiempo de ejecución", "Tiempo",
     "Horizonte temporal", "Due by / Vencimiento"],
)  # fmt: skip
def test_what_people_call_a_calendar(heading: str) -> None:
    found = tree(table((*ROW, "B", "sin fecha aún"), header=(*PARTS, heading)))
    assert of("ScheduleEntry", found) == ["sin fecha aún"]


@pytest.mark.parametrize(
    "heading",
    ["Completion", "Completion date", "Target completion", "Término", "Fecha de término", "Fin", "Cierre", "Conclusão",
     "Clôture", "Inicio"],
)  # fmt: skip
def test_a_beginning_or_an_end_alone(heading: str) -> None:
    assert of("ScheduleEntry", tree(table(*ROWS[:2], header=(*PARTS, heading)))) == [
        f"{heading}: junio de 2027",
        f"{heading}: 2028",
    ]


@pytest.mark.parametrize("heading", ["Año", "Year", "Target year", "Ano previsto", "Data", "Trimestre / Quarter"])
def test_what_is_a_calendar_where_dates_stand_below_it(heading: str) -> None:
    header = (*PARTS, heading)
    assert of("ScheduleEntry", tree(table(*ROWS, header=header))) == ["junio de 2027", "2028", "por definir"]
    assert guess(table((*ROW, "B", "tres"), (*ROW, "C", "2027"), header=header), FILE).columns.schedule == ()


def test_another_calendar_stays_the_calendar() -> None:
    header = (*PARTS, "Término", "Plazo")
    grids = table((*ROW, "B", "2027", "2029"), header=header)
    assert (of("ScheduleEntry", tree(grids)), left(grids)) == (["2029"], ["“Término”"])


def test_dates_that_are_left_out_are_told() -> None:
    grids = table(*ROWS, header=(*PARTS, "Hito"))
    assert left(grids) == [f"“Hito” {TOLD.format('Hito')}"]
    columns = {"themes": "Tema", "objectives": "Objetivo", "actions": "Acción", "activities": "Actividad"}
    assert left_out(grids, Mapping.model_validate({"columns": columns})) == [f"“Hito” {TOLD.format('Hito')}"]
    taken = Mapping.model_validate({"columns": {**columns, "schedule": "Hito"}})
    assert left_out(grids, taken) == []


def test_and_so_are_those_without_a_heading() -> None:
    assert left(table(*ROWS, header=(*PARTS, ""))) == [f"column 5, which has no heading {TOLD.format('column 5')}"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Presupuesto", ("2000", "1950")),
        ("Línea de base", ("2020", "2021")),
        ("No.", ("2000", "2001")),
        ("Hito", ("Censo", "2027")),
        ("Hito", ("", "")),
        ("Beneficio", ("2000 personas", "3.1.20")),
    ],
)
def test_what_is_no_date_is_left_out_without_a_word(heading: str, cells: tuple[str, str]) -> None:
    rows = ((*ROW, "B", cells[0]), (*ROW, "C", cells[1]))
    assert left(table(*rows, header=(*PARTS, heading))) == [f"“{heading}”"]


@pytest.mark.parametrize(
    "cell",
    ["2027", "2027-2028", "2027-06", "2027-06-30", "30/06/2027", "30.06.2027", "6/2027", "30/06/27", "June 30, 2027",
     "a fines de junio de 2027", "T2 2027", "2027 Q1 - Q3", "2.º trimestre de 2027", "1er semestre 2027", "mars 2027",
     "by the end of 2027", "fim de março de 2027", "Dec. 2027", "2027, 2028", "mar-27",
     "Dic.-28"],
)  # fmt: skip
def test_a_date(cell: str) -> None:
    assert is_date(cell)


@pytest.mark.parametrize(
    "cell", ["", "junio", "12", "1.1.10", "3.2027.1", "20270", "Ley de 2020", "2000 personas", "X"]
)
def test_and_none(cell: str) -> None:
    assert not is_date(cell)
