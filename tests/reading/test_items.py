"""What stands in a cell: what a number is in which column, and which lines go together."""

import pytest

from crmgraph.errors import SourceError
from crmgraph.reading import read_plan_text
from crmgraph.reading.items import read_items
from crmgraph.reading.source import Source
from crmgraph.reading.table import read_table


def items(column: int, cell: str) -> list[tuple[str | None, str]]:
    cells = ["TEMAS", "OBJETIVOS", "ACCION", "ACTIVIDADES", "CALENDARIO", "", "", "", "", ""]
    cells[4 + column] = cell
    source = Source("".join(f"\t{each}\n" for each in cells))
    return [(item.number, item.text) for item in read_items(source, read_table(source).rows[0][column - 1])]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (2, "1. Uno", [("1", "Uno")]),
        (2, "1 Uno", [("1", "Uno")]),
        (2, "1) Uno\n2) Dos", [("1", "Uno"), ("2", "Dos")]),
        (2, "1. Uno en\n12 meses", [("1", "Uno en\n12 meses")]),
        (2, "Sin número", [(None, "Sin número")]),
        (3, "1.1  Uno\n1.2 Dos", [("1.1", "Uno"), ("1.2", "Dos")]),
        (3, "1.1. Uno", [("1.1", "Uno")]),
        (3, "1.1.- Uno", [("1.1", "Uno")]),
        (3, "1.1Uno", [("1.1", "Uno")]),
        (3, "3 talleres", [(None, "3 talleres")]),
        (3, "2.5% del total", [(None, "2.5% del total")]),
        (4, "1.1.1 Uno\n\nReferirse\n\n1.2.1 Dos", [("1.1.1", "Uno"), (None, "Referirse"), ("1.2.1", "Dos")]),
        (4, "1.1.1 Uno y\nsigue", [("1.1.1", "Uno y\nsigue")]),
        (4, "1.1.1 Uno\n\nsuelta\ny sigue", [("1.1.1", "Uno"), (None, "suelta\ny sigue")]),
        (5, "1.1.1.1\u00a0Continuo", [("1.1.1.1", "Continuo")]),
        (5, "1.1.1.1", [("1.1.1.1", "")]),
        (5, "2009 en adelante", [(None, "2009 en adelante")]),
        (4, "1.1.1 Limpiar en un plazo de\n2.5 meses", [("1.1.1", "Limpiar en un plazo de\n2.5 meses")]),
        (2, "1. Gastar menos de\n2.5 millones", [("1", "Gastar menos de\n2.5 millones")]),
        (5, "1.1.1.1 Within the\n2.5 years of it", [("1.1.1.1", "Within the\n2.5 years of it")]),
    ],
)  # fmt: skip
def test_numbers_and_lines(column: int, cell: str, expected: list[tuple[str | None, str]]) -> None:
    assert items(column, cell) == expected


@pytest.mark.parametrize("note", ["Nota: algo", "NOTA : algo", "Notas: algo", "Note: something"])
def test_a_note_is_an_item_though_no_blank_line_is_before_it(note: str) -> None:
    assert items(2, f"1. Uno\n{note}") == [("1", "Uno"), (None, note)]


@pytest.mark.parametrize(
    ("column", "cell", "number"),
    [
        (2, "1.1 A", "1.1"), (3, "1.1.1 A", "1.1.1"), (4, "1.1 A", "1.1"), (5, "1.1 A", "1.1"),
        (4, "1.1.1 Limpiar los cauces\n2.5 meses", "2.5"), (4, "1.1.1 Limpiar en un plazo de\n2.5 Meses", "2.5"),
        (4, "1.1.1 Limpiar en un plazo de\n2.5. meses", "2.5"), (4, "1.1.1 Limpiar de\n\n2.5 meses", "2.5"),
        (4, "2.5 meses", "2.5"),
    ],
)  # fmt: skip
def test_a_number_of_another_column_is_refused(column: int, cell: str, number: str) -> None:
    with pytest.raises(
        SourceError, match=rf"number {number} fits nowhere: in column .* a number has {column - 1} part"
    ):
        items(column, cell)


def test_a_number_in_brackets_is_no_part_of_the_words() -> None:
    plan = read_plan_text(
        Source(
            "P\n\tTEMAS\n\tOBJETIVOS\n\tACCIONES\n\tACTIVIDADES\n\tCALENDARIO\n\t[1] A. Trata\n\t[1] 1.1 Prevenir\n"
            "\t[1.1] Campaña\n\t[1.1.1] Radio\n\n1.1.2 Televisión\n\t[2027] días\n"
        ),
        "p",
    )
    told = [(part.id, part.number, part.text, part.passage.exact, part.attached_by.value) for part, _ in plan.walk()]
    assert told == [
        ("t", None, "A. Trata", "A. Trata", "position"),
        ("t/1", None, "1.1 Prevenir", "1.1 Prevenir", "file-row"),
        ("t/1.1", None, "Campaña", "Campaña", "file-row"),
        ("t/1.1.1", None, "Radio", "Radio", "file-row"),
        ("t/1.1.1-a", None, "[2027] días", "[2027] días", "position"),
        ("t/1.1.2", "1.1.2", "Televisión", "1.1.2 Televisión", "file-row"),
    ]
    assert {source for leaf in plan.leaves if (source := leaf.exact) and "[1" in source} == set()
