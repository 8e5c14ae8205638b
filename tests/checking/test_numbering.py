"""Printed numbers: which gap is one, and what a note may say of it."""

from pathlib import Path

import pytest

from tests.checking.made import Row, spots

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
