"""Which column is which level of a plan: guessed where it is plain, and refused where a level would be missing."""

from pathlib import Path

import pytest

from crmgraph.errors import InputError, SourceError
from crmgraph.importing import Grid, Mapping, as_text_table, by_numbers, check_levels, guess
from crmgraph.wording import in_language

FILE = Path("plan.xlsx")
TEXT = "Toda persona migrante"


def table(*headings: str, text: str = TEXT) -> list[Grid]:
    return [Grid("Plan", (), (headings, tuple(f"{text} {number}" for number in range(len(headings)))))]


def imported(grids: list[Grid]) -> str:
    guessed = guess(grids, FILE)
    check_levels(grids, guessed, FILE)
    return as_text_table(grids, guessed, FILE)


def refused(grids: list[Grid]) -> InputError:
    with pytest.raises(InputError) as caught:
        imported(grids)
    return caught.value


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Strategic area / Área estratégica;Goal / Meta;Measure / Medida;Task / Tarea;When / Cuándo", "01234"),
        ("Goal;Objective;Measure;Task;Timeframe", "01234"),
        ("Pillar;Outcome;Output;Activity;Timeline", "01234"),
        ("Eixo;Objetivo;Ação;Atividades;Prazo", "01234"),
        ("Axe;Objectif;Mesure;Activités;Échéance", "01234"),
        ("Domaine;Finalité / Objectif;Action;Tâche;Calendrier", "01234"),
        ("Línea estratégica;Meta;Línea de acción;Actividad;Plazo", "01234"),
        ("Línea de acción;Objetivo;Medida;Tarea;Plazo", "01234"),
        ("Eje;Objetivo;Acción;Medida;Cuándo", "01234"),
        ("Componente;Propósito;Producto;Pasos;Período", "01234"),
        ("Eje;Objetivo;Estrategia;Actividad;Plazo", "01234"),
        ("Pillar;Objective;Strategies;Activity;Timeline", "01234"),
        ("Plazo;Actividad;Acción;Objetivo;Tema", "43210"),
        ("Tema;Objetivo;Responsable de la actividad;Acción;Action lead;Actividad;Fecha de la actividad", "01-2-34"),
        ("Eje;Área responsable;Objetivo;Acción;Actividad;Plazo", "0-1234"),
        # What is to the right of the objectives is no goal above them, and what may be either of two levels is none.
        ("Eje;Objetivo;Meta;Acción;Actividad;Plazo", "01-234"),
        ("Eje;Objetivo;Actividad;Producto;Acción;Plazo", "013-24"),
        ("Eje;Objetivo;Acción;Actividad;Acción / Actividad", "0123-"),
    ],
)
def test_what_a_heading_means_depends_on_those_beside_it(headings: str, expected: str) -> None:
    names = headings.split(";")
    guessed = guess(table(*names), FILE).headings()
    found = ["".join(str(level) for level, wanted in enumerate(guessed) if name in wanted) or "-" for name in names]
    assert "".join(found) == expected


@pytest.mark.parametrize(
    "headings",
    [
        ("Eje", "Compromiso", "Acción", "Actividad"),
        ("Eje", "", "Acción", "Actividad"),
        ("Objetivo", "Meta", "Acción", "Actividad"),
        ("Eje", "Objetivo", "Meta", "Actividad"),
        ("Eje", "Objetivo general", "Objetivo específico", "Actividad"),
        ("Eje", "Objetivo", "Acción / Actividad"),
    ],
)
def test_a_level_is_never_left_out_in_silence(headings: tuple[str, ...]) -> None:
    assert "would be in no plan" in refused(table(*headings)).message


def test_the_refusal_says_what_was_found_and_what_to_do() -> None:
    error = refused(table("Eje", "Compromiso", "Acción", "Tarea", "Plazo", "Costo"))
    assert isinstance(error, SourceError)
    assert error.message == (
        "no heading plainly says objectives, and the text below “Compromiso” would be in no plan. Taken were “Eje” "
        "(themes), “Acción” (actions), “Tarea” (activities), “Plazo” (schedule). Say in a mapping which column is "
        "which, and leave out what is no part of the plan: --guess writes a first one, --mapping takes it"
    )
    assert "ningún encabezado dice claramente objetivos" in in_language(error, "es")


@pytest.mark.parametrize(
    "headings",
    [
        ("Eje", "Objetivo", "Acción", "Responsable", "Plazo", "Indicadores", "Fuente de verificación"),
        ("Pillar", "Objective", "Activity", "Lead", "Budget", "Status", "Means of verification"),
        ("No.", "Eje", "Código", "Objetivo", "Acción", "Actividad", "Compromiso"),
    ],
)
def test_what_says_that_it_is_something_else_may_be_left_out(headings: tuple[str, ...]) -> None:
    grids = table(*headings)
    check_levels(grids, guess(grids, FILE), FILE)


@pytest.mark.parametrize("text", ["X", "12", "USD 35,000", "2027-06-01", "T2 2027"])
def test_columns_without_text_hold_no_level(text: str) -> None:
    grids = table("Eje", "Objetivo", "Acción", "Compromiso", text=text)
    check_levels(grids, guess(grids, FILE), FILE)


def test_a_mapping_may_leave_a_level_out() -> None:
    columns = {"themes": "Eje", "actions": "Acción"}
    text = as_text_table(table("Eje", "Compromiso", "Acción"), Mapping.model_validate({"columns": columns}), FILE)
    assert "Toda persona migrante 2" in text
    assert "Toda persona migrante 1" not in text


def test_a_plan_without_a_column_of_themes_is_told_the_headings() -> None:
    error = refused(table("Objetivo", "Acción", "Costo"))
    assert "no column has the themes of the plan" in error.message
    assert "the headings are “Objetivo”, “Acción”, “Costo”" in error.message
    assert "ninguna columna tiene los temas" in in_language(error, "es")


def test_a_first_row_without_a_theme_is_told_with_its_place() -> None:
    grids = [
        Grid("Plan", (), (("Eje", "Objetivo"), ("", ""), ("", "Albergar"), ("Trabajo", "Formar")), numbers=range(4, 8))
    ]
    error = refused(grids)
    assert "row 6 of the table “Plan”, the first of the plan, has nothing below “Eje”" in error.message
    assert "la fila 6 de la tabla «Plan»" in in_language(error, "es")


def test_headings_that_say_nothing_are_shown_with_what_was_cut_off() -> None:
    error = refused(table("País de origen de la persona que migra", "Año"))
    assert "the first has “País de origen de la persona q…”, “Año”" in error.message


def numbered(*texts: str, headings: str = "Eje;Objetivo;Línea de trabajo;Actividad") -> list[Grid]:
    first = headings.split(";")
    rows = [(f"Tema {number}", f"{number}. Albergar", text, "Taller") for number, text in enumerate(texts, 1)]
    return [Grid("Plan", (), (tuple(first), *(row[: len(first)] for row in rows)))]


def test_a_column_whose_heading_says_nothing_is_the_level_that_its_numbers_have() -> None:
    grids = numbered("1.1 Ampliar", "2.1. Formar", "Informar")
    guessed = guess(grids, FILE)
    assert guessed.columns.actions == ("Línea de trabajo",)
    check_levels(grids, guessed, FILE)
    assert by_numbers(grids, guessed) == [
        "taken as actions, for its texts have numbers such as these have: “Línea de trabajo”"
    ]
    plain = numbered("1.1 Ampliar", "2.1 Formar", headings="Eje;Objetivo;Acción;Actividad")
    assert by_numbers(plain, guess(plain, FILE)) == []


@pytest.mark.parametrize(
    "grids",
    [
        # Numbers of another level, those alone, of one row, and too few.
        numbered("1 Ampliar", "2 Formar"),
        numbered("1.1", "2.1"),
        numbered("1.1 Ampliar"),
        numbered("1.1 Ampliar", "2.1 Formar", "Informar", "Acoger"),
        # What it would belong to is missing, too, and may be what is numbered so.
        [Grid("Plan", (), (("Eje", "Línea", "Actividad"), ("A", "1.1 Ampliar", "Ir"), ("C", "2.1 Formar", "Ir")))],
        # Actions do not stand before their objectives.
        [Grid("Plan", (), (("Eje", "Línea", "Objetivo"), ("A", "1.1 Ampliar", "1. B"), ("C", "2.1 Formar", "2. D")))],
    ],
)
def test_a_column_without_numbers_of_the_level_that_is_missing_is_not_taken(grids: list[Grid]) -> None:
    guessed = guess(grids, FILE)
    assert guessed.columns.actions == ()
