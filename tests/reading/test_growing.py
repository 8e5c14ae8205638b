"""Names of parts and where their references lead, in the cases that the plan of the CRM does not have."""

import pytest

from crmgraph.reading import read_plan_text
from crmgraph.reading.growing import theme_initials
from crmgraph.reading.plan import CrossReference, Part
from crmgraph.reading.source import Source


def parts(*rows: tuple[str, str, str, str, str]) -> dict[str, Part]:
    """The parts of a plan by id; rows are themes to calendar."""
    cells = ["TEMAS", "OBJETIVOS", "ACCION", "ACTIVIDADES", "CALENDARIO", *(cell for row in rows for cell in row)]
    plan = read_plan_text(Source("".join(f"\t{cell}\n" for cell in cells)), "plan")
    return {part.id: part for part, _ in plan.walk()}


def reference(words: str, *others: tuple[str, str, str, str, str]) -> CrossReference:
    """What the words lead to, that stand in the only action of the first theme."""
    found = parts(("Derechos Humanos", "1. Proteger", f"1.1 {words}", "", ""), *others)
    leading = found["dh/1.1/cross-reference-1"]
    assert isinstance(leading, CrossReference)
    return leading


def test_letters_go_on_past_z() -> None:
    found = parts(("Salud", "1. O", "1.1 A", "\n\n".join(f"línea {n}" for n in range(1, 54)), ""))
    names = [id.removeprefix("s/1.1-") for id in found if id.startswith("s/1.1-")]
    assert (names[0], names[25], names[26], names[27], names[51], names[52]) == ("a", "z", "aa", "ab", "az", "ba")
    assert found["s/1.1-ba"].text == "línea 53"


def test_themes_with_the_same_initials_are_counted() -> None:
    found = parts(
        ("Derechos Humanos", "1. O", "", "", ""),
        ("Desarrollo Humano", "1. P", "", "", ""),
        ("Deuda Histórica", "1. Q", "", "", ""),
    )
    assert [id for id, part in found.items() if part.kind == "Theme"] == ["dh", "dh-2", "dh-3"]
    assert found["dh-2/1"].text == "P"


def test_numbers_that_are_printed_twice_are_counted() -> None:
    found = parts(("Salud", "1. O", "1.1 A\n1.1 B\n1.2 C\n1.1 D", "", ""))
    assert {id: part.text for id, part in found.items() if part.kind == "Action"} == {
        "s/1.1": "A", "s/1.1-2": "B", "s/1.2": "C", "s/1.1-3": "D",
    }  # fmt: skip
    assert {part.number for part in found.values() if part.kind == "Action"} == {"1.1", "1.2"}


@pytest.mark.parametrize(
    ("title", "initials"),
    [
        ("Políticas y Gestión Migratoria", "pgm"),
        ("DERECHOS HUMANOS", "dh"),
        ("Of the People, by the People", "pp"),
        ("De la A a la E", "dlaale"),
        ("«Niñez» – 2030", "n2"),
        ("¡…!", "theme"),
    ],
)
def test_initials_leave_small_words_out_where_there_are_others(title: str, initials: str) -> None:
    assert theme_initials(title) == initials


def test_a_reference_in_its_own_theme() -> None:
    leading = reference("Ver objetivo 1")
    assert (leading.target_theme, leading.target) == ("dh", "dh/1")


def test_a_reference_to_another_theme_by_its_title() -> None:
    other = ("Gestión  Migratoria", "2. Ordenar", "2.1 Medir", "", "")
    leading = reference("Ver acción 2.1 del tema “GESTION MIGRATORIA”", other)
    assert (leading.target_theme, leading.target) == ("gm", "gm/2.1")


def test_a_reference_to_a_theme_that_does_not_exist() -> None:
    leading = reference("Ver objetivo 1 del tema “Salud”")
    assert (leading.target_number, leading.target_theme, leading.target) == ("1", None, None)


def test_a_reference_to_a_part_that_does_not_exist() -> None:
    assert (reference("Ver objetivo 7").target_theme, reference("Ver objetivo 7").target) == ("dh", None)


def test_where_numbers_run_on_across_themes_a_number_alone_leads_to_another_theme() -> None:
    others = (("Salud", "2. Atender", "2.1 Medir", "2.1.1 Contar", ""), ("Trabajo", "3. Emplear", "", "", ""))
    for words, theme, target in (
        ("Ver objetivo 3", "t", "t/3"),
        ("Ver actividad 2.1.1", "s", "s/2.1.1"),
        ("Ver objetivo 1", "dh", "dh/1"),
        ("Ver objetivo 4", "dh", None),
        ("Ver acción 2.1 del tema “Trabajo”", "t", None),
    ):
        leading = reference(words, *others)
        assert (leading.target_theme, leading.target) == (theme, target), words


def test_where_numbers_start_anew_in_each_theme_a_number_alone_leads_to_no_other_theme() -> None:
    leading = reference("Ver objetivo 2", ("Salud", "1. Atender", "", "", ""), ("", "2. Curar", "", "", ""))
    assert (leading.target_theme, leading.target) == ("dh", None)


def test_of_two_parts_in_another_theme_a_number_alone_leads_to_neither() -> None:
    leading = reference("Ver acción 2.1", ("Salud", "2. Atender", "2.1 Medir\n2.1 Contar", "", ""))
    assert (leading.target_theme, leading.target) == ("dh", None)


def test_a_reference_to_a_number_that_is_there_twice_leads_to_the_first() -> None:
    assert reference("Ver objetivo 2", ("", "2. A", "", "", ""), ("", "2. B", "", "", "")).target == "dh/2"
