"""What is no part of a plan in its table, totals and notes, is left out and told."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmgraph.errors import InputError
from crmgraph.importing import Grid, as_text_table, guess
from crmgraph.wording import quoted
from tests.importing.made import FILE, ROWS, left, of, table, tree


@pytest.mark.parametrize(
    "row",
    [
        ("Total", "", "", "", "", "35"),
        ("TOTAL GENERAL", "", "", "", "", "USD 35,000.00"),
        ("Totales:", "", "", "", "", ""),
        ("", "", "", "Subtotal", "", "$30"),
        ("Trabajo", "", "", "Sub-total", "", "5"),
        ("Trabajo", "Regularizar", "Total del objetivo 2", "", "", "5"),
        ("Total eje Protección", "", "", "", "–", "30"),
        ("", "", "", "", "Total", "35"),
    ],
)
def test_a_total_is_no_part_and_is_told(row: tuple[str, ...]) -> None:
    grids = table(*ROWS, row)
    assert tree(grids) == tree(table(*ROWS))
    said = next(cell for cell in row if "total" in cell.lower())
    assert left(grids) == ["“Costo”", f"1 total (“{said}”)"]


def test_totals_between_the_rows_are_told_together() -> None:
    subtotal = ("Subtotal", "", "", "", "", "30")
    grids = table(*ROWS[:2], subtotal, ROWS[2], subtotal, ("Total", "", "", "", "", "60"))
    assert tree(grids) == tree(table(*ROWS))
    assert left(grids)[1:] == ["3 totals (“Subtotal”, “Total”)"]


@pytest.mark.parametrize(
    "row",
    [
        ("Total respeto a los derechos", "Uno", "Dos", "Tres", "2027", "1"),
        ("Total de personas atendidas", "", "", "", "", ""),
        ("Trabajo", "Cobertura total", "", "", "", "5"),
        ("Totalmente nuevo", "", "", "", "", "5"),
    ],
)
def test_what_speaks_of_a_total_is_a_part(row: tuple[str, ...]) -> None:
    grids = table(*ROWS, row)
    assert len(tree(grids)) > len(tree(table(*ROWS)))
    assert left(grids) == ["“Costo”"]


@pytest.mark.parametrize(
    "note",
    [
        "Nota: los montos son indicativos",
        "Fuente: Secretaría, 2026.",
        "Notas al pie:",
        "NOTAS",
        "Elaborado por la Presidencia Pro-Témpore",
        "Última actualización 12 de mayo",
        "Source: Ministry",
        "* Sujeto a presupuesto",
        "¹ Sujeto a presupuesto",
        "[1] Sujeto a presupuesto",
        "1/ Sujeto a presupuesto",
        "Este plan fue aprobado por los países miembros en su reunión ordinaria.",
    ],
)
def test_a_note_under_the_table_is_no_theme_and_is_told(note: str) -> None:
    grids = table(*ROWS, (), (note,), ("Nota: otra",))
    assert tree(grids) == tree(table(*ROWS))
    assert left(grids)[1:] == [f"2 notes ({quoted(note, 60)}, “Nota: otra”)"]


def test_a_theme_without_anything_below_it_is_no_note() -> None:
    assert of("Theme", tree(table(*ROWS, ("Retorno digno",)))) == ["Protección", "Trabajo", "Retorno digno"]
    themes = [("1. Que toda persona migrante viva sin miedo en la región.",), ("* Retorno",)]
    assert len(tree(table(*themes))) == 2


def test_a_theme_in_a_row_of_its_own_is_no_note() -> None:
    rows = (("Elaboración de normas",), ("", "O", "A"), ("Fuentes de empleo",), ("", "P", "B"))
    assert of("Theme", tree(table(*rows))) == ["Elaboración de normas", "Fuentes de empleo"]


WORDS = st.sampled_from(["", "Uno", "Dos", "2. Tres", "Total", "Nota: cuatro", "* cinco", "10", "• seis\n• siete", "-"])


@given(st.lists(st.tuples(*[WORDS] * 5), min_size=1, max_size=6))
@example([("", "", "", "", "Uno"), ("", "", "", "2. Tres", "Total")])
def test_any_word_is_in_the_plan_or_told(rows: list[tuple[str, ...]]) -> None:
    header = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo")
    grids = [Grid("x", (), (header, *rows))]
    try:
        said = as_text_table(grids, guess(grids, FILE), FILE) + " ".join(left(grids))
    except InputError:
        return
    written = {word for row in rows for cell in row for word in re.findall("[a-z]{3,}", cell.lower())}
    assert written <= set(re.findall("[a-z]{3,}", said.lower()))


def test_a_note_about_a_part_stays_with_it() -> None:
    header = ("Temas", "Objetivos", "Acción", "Actividades", "Calendario")
    rows = (("T", "1. O", "1.1 A", "1.1.1 B", "1.1.1.1 2027"), ("", "", "", "Nota: con apoyo de la OIM"))
    assert ("Note", None, "Nota: con apoyo de la OIM") in tree(table(*rows, header=header))
