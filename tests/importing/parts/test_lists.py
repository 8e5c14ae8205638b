"""Lists in a cell are the activities that they list."""

from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.importing import as_text_table, guess, read_tables
from crmgraph.importing.parts.lists import points
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.importing.made import FILE, of, table, tree


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("• Uno\n• Dos", ["Uno", "Dos"]),
        ("• Uno • Dos • Tres", ["Uno", "Dos", "Tres"]),
        ("- Uno,\n  que sigue\n- Dos", ["Uno,\n  que sigue", "Dos"]),
        ("1) Uno 2) Dos", ["Uno", "Dos"]),
        ("1. Uno\n2. Dos en 2027. 3. No", ["Uno", "Dos en 2027. 3. No"]),
        ("a) Uno; b) Dos; c) Tres", ["Uno", "Dos", "Tres"]),
        ("(i) Uno (ii) Dos", ["Uno", "Dos"]),
        ("\uf0b7 Uno\n\uf0b7 Dos", ["Uno", "Dos"]),
        ("• Uno\n  - dentro\n  - dentro\n• Dos", ["Uno\n  - dentro\n  - dentro", "Dos"]),
        ("• Uno", ["Uno"]),
        ("\uf0b7 Uno,\nque sigue", ["Uno,\nque sigue"]),
        # No lists: a text before it, a bullet without words, a dash alone, a count that does not go on,
        # a dash or a number within a sentence.
        ("Visita:\n• norte\n• sur", ["Visita:\n• norte\n• sur"]),
        ("•", ["•"]),
        ("- Uno", ["- Uno"]),
        ("1) Uno 3) Tres", ["1) Uno 3) Tres"]),
        ("- Ciudad - campo", ["- Ciudad - campo"]),
        ("3 talleres", ["3 talleres"]),
        ("a todos", ["a todos"]),
        ("1.1.1 Uno", ["1.1.1 Uno"]),
        ("", [""]),
    ],
)
def test_points_of_a_cell(cell: str, expected: list[str]) -> None:
    assert list(points(cell)) == expected


@given(st.text(alphabet="•-1)2ab(.\n Áx", max_size=30))
def test_any_cell_keeps_its_words(cell: str) -> None:
    found = points(cell)
    assert found
    letters = [each for each in "".join(found) if each in "Áx"]
    assert letters == [each for each in cell if each in "Áx"]


def test_activities_that_a_cell_lists() -> None:
    grids = table(
        ("P", "O", "A", "• Uno\n• Dos", "2027"),
        ("", "", "", "a) Tres b) Cuatro", "• 2028\n• 2029"),
        ("", "", "• Una acción\n• de dos líneas", "Cinco", ""),
    )
    assert tree(grids)[3:] == [
        ("Activity", "1.1.1", "Uno"), ("ScheduleEntry", "1.1.1.1", "2027"),
        ("Activity", "1.1.2", "Dos"), ("ScheduleEntry", "1.1.2.1", "2027"),
        ("Activity", "1.1.3", "Tres"), ("ScheduleEntry", "1.1.3.1", "2028"),
        ("Activity", "1.1.4", "Cuatro"), ("ScheduleEntry", "1.1.4.1", "2029"),
        ("Action", "1.2", "• Una acción • de dos líneas"), ("Activity", "1.2.1", "Cinco"),
    ]  # fmt: skip


def test_activities_that_a_cell_lists_in_a_plan_with_numbers() -> None:
    grids = table(("P", "1. O", "1.1 A", "• Uno\n• Dos", "2027"), ("", "2. O", "2.1 A", "2.1.1 B\n• b\n• c", ""))
    assert [part[1:] for part in tree(grids) if part[0] == "Activity"] == [
        (None, "Uno"), (None, "Dos"), ("2.1.1", "B\n• b\n• c"),
    ]  # fmt: skip


def test_lists_of_a_word_document(tmp_path: Path) -> None:
    """Word keeps no bullets in the text: a list is a style, or properties of its paragraphs."""
    document = docx.Document()
    made = document.add_table(2, 4)
    for place, text in enumerate(("Eje", "Objetivo", "Acción", "Actividad", "P", "O", "A", "")):
        made.cell(place // 4, place % 4).text = text
    for text in ("Uno", "Dos"):
        made.cell(1, 3).add_paragraph(text, style="List Bullet")
    made.cell(1, 1).paragraphs[0].style = "List Number"
    document.save(str(tmp_path / "plan.docx"))
    found = tree(read_tables(tmp_path / "plan.docx"))
    assert (of("Activity", found), of("Objective", found)) == (["Uno", "Dos"], ["O"])


def test_lists_of_a_page(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text(
        "<table><tr><th>Eje<th>Objetivo<th>Actividad<tr><td>P<td>O<td><ul><li>Uno<ul><li>dentro</ul><li>Dos</ul>"
        "<tr><td><td>Q<td><ol><li>Tres<li>Cuatro</ol></table>",
        "utf-8",
    )
    assert of("Activity", tree(read_tables(file))) == ["Uno ◦ dentro", "Dos", "Tres", "Cuatro"]


def test_lists_of_an_open_document(tmp_path: Path) -> None:
    from odf.opendocument import OpenDocumentText
    from odf.table import Table, TableCell, TableRow
    from odf.text import List, ListItem, P

    document, made = OpenDocumentText(), Table()
    for cells in (("Eje", "Objetivo", "Acción", "Actividad"), ("P", ["O"], "A", ["Uno", "Dos"])):
        row = TableRow()
        for text in cells:
            cell, points = TableCell(), List()
            for each in [text] if isinstance(text, str) else text:
                item = ListItem()
                item.addElement(P(text=each))
                points.addElement(item)
            cell.addElement(P(text=text) if isinstance(text, str) else points)
            row.addElement(cell)
        made.addElement(row)
    document.text.addElement(made)
    document.save(str(tmp_path / "plan.odt"))
    found = tree(read_tables(tmp_path / "plan.odt"))
    assert (of("Activity", found), of("Objective", found)) == (["Uno", "Dos"], ["O"])


@pytest.mark.parametrize("numbers", ["add", "keep"])
@pytest.mark.parametrize(
    ("activities", "calendar", "expected"),
    [
        ("- Uno\n- Dos\n- Tres", "2027\n2028\n2029", {"2027": "Uno", "2028": "Dos", "2029": "Tres"}),
        ("• Uno\n• Dos", "marzo de 2027\njunio de 2028", {"marzo de 2027": "Uno", "junio de 2028": "Dos"}),
        ("a) Uno\nb) Dos", "2027\n2028-2029", {"2027": "Uno", "2028-2029": "Dos"}),
    ],
)
def test_as_many_dates_in_a_line_each_are_each_of_one_activity(
    activities: str, calendar: str, expected: dict[str, str], numbers: str
) -> None:
    parents = ("P", "1. O", "1.1 A") if numbers == "keep" else ("P", "O", "A")
    grids = table((*parents, activities, calendar))
    mapping = guess(grids, FILE).model_copy(update={"numbers": numbers})
    plan = read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan")
    assert {part.text: above.text for part, above in plan.walk() if above and part.kind == "ScheduleEntry"} == expected


@pytest.mark.parametrize("numbers", ["add", "keep"])
def test_one_bullet_is_taken_off(numbers: str) -> None:
    grids = table(("P", "O", "A", "• Realizar a reunião", "• 2027"))
    mapping = guess(grids, FILE).model_copy(update={"numbers": numbers})
    found = read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan").walk()
    assert [part.text for part, _ in found if part.kind == "Activity"] == ["Realizar a reunião"]
