"""Printed numbers: which gap is one, what a note may say of it, what has none, and what stands elsewhere."""

from pathlib import Path

import pytest

from tests.checking.made import Row, found, spots

FIRST = ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Hacer algo", "1.1.1.1 Continuo")


def gaps(folder: Path, *rows: Row) -> list[str]:
    return [name for name, _, _ in spots(folder, "number-gap", *rows)]


@pytest.mark.parametrize(
    ("note", "silent"),
    [
        ("Nota: se suprimió el objetivo 2", True),
        ("Nota: objetivo 2 eliminado", True),
        ("Nota: el objetivo 2 pasó al plan de salud", True),
        ("Nota: los objetivos 2 y 9 se fusionaron con otro.", True),
        ("Note: objective 2 was removed", True),
        ("Nota: el objetivo 2 no existe", True),
        ("Nota: el 2 de mayo se eliminó una zanja", False),
        ("Nota: el objetivo 12 se suprimió", False),
        ("Nota: se suprimió el objetivo 21", False),
        ("Nota: habrá 2 talleres", False),
        ("Nota: el objetivo 2 es otro", False),
        ("Se suprimió el objetivo 2", False),
    ],
)
def test_a_note_that_says_what_became_of_the_missing_number(note: str, silent: bool, tmp_path: Path) -> None:
    row = ("", f"3. Tres\n\n{note}", "3.1 Acción", "3.1.1 Hacer algo", "3.1.1.1 Continuo")
    assert gaps(tmp_path, FIRST, row) == ([] if silent else ["t/3"])


@pytest.mark.parametrize(
    ("note", "silent"),
    [("se suprimió la acción 1.2", True), ("la 1.2 pasó a ser la 2.4.", True), ("se quitó la 1.20", False)],
)
def test_a_note_on_a_number_with_dots(note: str, silent: bool, tmp_path: Path) -> None:
    row = ("Tema", "1. Uno", f"1.1 A\n\n1.3 C\n\nNota: {note}", "1.1.1 B\n\n1.3.1 D", "1.1.1.1 Continuo")
    assert gaps(tmp_path, row) == ([] if silent else ["t/1.3"])


@pytest.mark.parametrize(("number", "expected"), [("1.3", []), ("1.4", ["t/1.4"])])
def test_what_stands_under_the_twin_of_its_part_is_not_missing(
    number: str, expected: list[str], tmp_path: Path
) -> None:
    first = ("Tema", "1. Uno", "1.1 A\n\n1.2 B", "1.1.1 C\n\n1.2.1 D", "1.1.1.1 Continuo")
    again = ("", "1. Otra cosa", f"{number} E", f"{number}.1 F", f"{number}.1.1 Continuo")
    assert gaps(tmp_path, first, again) == expected


def test_one_line_without_a_number_is_told_once(tmp_path: Path) -> None:
    """It lacks its number where others beside it have one; where none has, its place is told."""

    def told(activities: str) -> set[tuple[str, str]]:
        row = ("Tema", "1. Uno", "1.1 Acción\n\n1.2 Otra", activities, "1.1.1.1 Continuo\n\n1.2.1.1 Continuo")
        codes = ("number-missing", "attachment-by-position")
        return {(code, name) for code, name in found(tmp_path, row) if code in codes}

    assert told("1.1.1 Algo\n\nOtra cosa\n\n1.2.1 Más") == {("number-missing", "t/1.1-a")}
    assert told("1.1.1 Algo\n\nOtra cosa") == {("number-missing", "t/1.2-a")}
    assert told("Algo\n\nOtra cosa") == {("attachment-by-position", "t/1.1-a"), ("attachment-by-position", "t/1.2-a")}


def test_a_part_in_the_row_of_another_makes_no_other_seem_out_of_order(tmp_path: Path) -> None:
    rows = (
        ("Tema", "1. Uno", "1.1 Acción\n\n2.2 Otra", "1.1.1 Algo\n\n2.2.1 Más", "1.1.1.1 Continuo\n\n2.2.1.1 Continuo"),
        ("", "2. Dos", "2.1 Acción", "2.1.1 Algo", "2.1.1.1 Continuo"),
    )
    assert {(code, name) for code, name in found(tmp_path, *rows) if name == "t/2.1"} == set()
    assert ("number-outside-row", "t/2.2") in found(tmp_path, *rows)
