"""Numbers that a file prints, and those that a plan gives."""

from pathlib import Path

import pytest

from crmgraph.importing import Grid, as_text_table, guess, left_out, numbered_otherwise
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.plan import Attachment
from crmgraph.reading.source import Source
from tests.support.counting import counted

FILE = Path("plan.xlsx")
HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo")


def plan_of(*rows: tuple[str, ...], numbers: str = "add") -> Plan:
    grids = [Grid("x", (), (HEADER, *(row + ("",) * (5 - len(row)) for row in rows)))]
    mapping = guess(grids, FILE).model_copy(update={"numbers": numbers})
    return read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan")


def tree(plan: Plan) -> list[tuple[str | None, str]]:
    return [(counted(part), part.text) for part, _ in plan.walk()]


@pytest.mark.parametrize(
    ("objective", "action"),
    [
        ("1. Albergar", "1.1 Abrir"),
        ("1 Albergar", "1.1. Abrir"),
        ("1.Albergar", "1.1.Abrir"),
        ("1) Albergar", "1.1) Abrir"),
        ("1.- Albergar", "1.1.- Abrir"),
        ("1.-Albergar", "1.1.-Abrir"),
        ("1: Albergar", "1.1: Abrir"),
        ("1 – Albergar", "1.1 - Abrir"),
    ],
)
def test_a_number_that_is_the_plan_s_is_written_once(objective: str, action: str) -> None:
    plan = plan_of(("Protección", objective, action, "Visita"))
    assert tree(plan) == [(None, "Protección"), ("1", "Albergar"), ("1.1", "Abrir"), ("1.1.1", "Visita")]
    assert numbered_otherwise(plan) is None


def test_a_scheme_with_letters_keeps_all_its_words() -> None:
    plan = plan_of(
        ("A. Fronteras", "A.1 Cooperar", "A.1.a Capacitar", "A.1.a.i Taller", "2027"),
        ("", "", "A.1.b Equipar", "A.1.b.i Comprar", "2028"),
        ("B. Protección", "B.1 Albergar", "B.1.a Abrir", "B.1.a.i Edificio", "2028"),
    )
    assert [each for each in tree(plan) if "202" not in each[1]] == [
        (None, "A. Fronteras"), ("1", "A.1 Cooperar"), ("1.1", "A.1.a Capacitar"), ("1.1.1", "A.1.a.i Taller"),
        ("1.2", "A.1.b Equipar"), ("1.2.1", "A.1.b.i Comprar"),
        (None, "B. Protección"), ("1", "B.1 Albergar"), ("1.1", "B.1.a Abrir"), ("1.1.1", "B.1.a.i Edificio"),
    ]  # fmt: skip


def test_a_letter_of_a_theme_is_its_number_where_all_others_can_be_held() -> None:
    assert tree(plan_of(("A. Fronteras", "1. Cooperar"), ("B. Protección", "1. Albergar")))[::2] == [
        ("A", "Fronteras"), ("B", "Protección"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words", "number"),
    [
        (("1. Trata", "1.1 Prevenir", "1.1.1 Campaña", "1.1.1.1 Radio"), "1.1 Prevenir", "1"),
        (("Retorno", "1. Digno", "1.a Albergues", "1.a.1 Tapachula"), "1.a Albergues", "1.1"),
        (("Retorno", "OE1 Digno", "L1.1 Albergues", "Tapachula"), "OE1 Digno", "1"),
        (("Retorno", "1. Digno", "1.1 Albergues", "a) Tapachula"), "a) Tapachula", "1.1.1"),
        (("Retorno", "Digno", "2.3 Albergues", "Tapachula"), "2.3 Albergues", "1.1"),
    ],
)
def test_a_file_that_counts_otherwise(row: tuple[str, ...], words: str, number: str) -> None:
    part = numbered_otherwise(plan_of(row))
    assert part is not None
    assert (part.text, counted(part)) == (words, number)


def test_a_text_that_only_begins_like_a_number() -> None:
    rows = [
        ("Retorno", "Digno", "Acoger", text) for text in ("1.5 millones de personas", "Casas", "A todos", "30 días")
    ]
    assert numbered_otherwise(plan_of(*rows)) is None


@pytest.mark.parametrize("theme", ["", "Protección"])
def test_a_number_for_each_row_is_that_of_no_part(theme: str) -> None:
    rows = (
        ("N.º", "Eje", "Objetivo"),
        ("1", "Protección", "Albergar"),
        ("2", theme, "Formar"),
        ("3", "Trabajo", "Ver"),
    )
    grids = [Grid("x", (), (*rows, ("4", "", "")))]
    mapping = guess(grids, FILE)
    plan = read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan")
    assert tree(plan) == [
        (None, "Protección"), ("1", "Albergar"), ("2", "Formar"), (None, "Trabajo"), ("1", "Ver"),
    ]  # fmt: skip
    assert left_out(grids, mapping) == [
        "“N.º” (where it numbers the objectives and not the rows, a mapping says so with objectives = "
        '["N.º", "Objetivo"])'
    ]


def test_where_numbers_are_the_file_s_the_calendar_gets_one_in_brackets() -> None:
    rows = (
        ("Trabajo", "1. Vías", "1.1 Firmar", "1.1.1 Reunión", "2027"),
        ("", "", "", "", "y 2028"),
        ("", "", "1.2 Publicar", "Guía sin número", "2029"),
    )
    plan = plan_of(*rows, numbers="keep")
    entries = {
        part.text: (part.attached_by, parent.text) for part, parent in plan.walk() if parent and "20" in part.text
    }
    assert entries["2027"] == (Attachment.FILE_ROW, "Reunión")
    assert entries["y 2028"] == (Attachment.FILE_ROW, "Reunión")
    # Of what has no number it is not said.
    assert entries["2029"][0] is not Attachment.FILE_ROW
    printed = plan_of(("Trabajo", "1. Vías", "1.1 Firmar", "1.1.1 Reunión", "1.1.1.1 2027"), numbers="keep")
    assert [part.number for part, _ in printed.walk()][-1] == "1.1.1.1"
