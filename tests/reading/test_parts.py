"""The items of a cell, their parents, the ids of parts, and the targets of references."""

import pytest

from crmgraph.errors import SourceError
from crmgraph.reading import read_items, read_plan_text, read_table
from crmgraph.reading.model import Attachment, CrossReference, Part, Source
from crmgraph.reading.tree import theme_initials
from tests.support.phrases import HEADINGS, rows_of, table_of


def items(column: int, cell: str) -> list[tuple[str | None, str]]:
    cells = [*HEADINGS, "", "", "", "", ""]
    cells[4 + column] = cell
    source = Source("".join(f"\t{each}\n" for each in cells))
    return [(item.number, item.text) for item in read_items(source, read_table(source)[2][0][column - 1])]


def test_numbers_and_lines_of_a_cell() -> None:
    for column, cell, expected in rows_of("items", "reading/cases"):
        found = [f"{number or ''}: {text}" for number, text in items(int(column), cell)]
        assert found == expected.split("|"), cell


def test_a_number_of_another_column_is_refused() -> None:
    for column, cell, number in (
        (2, "1.1 A", "1.1"), (3, "1.1.1 A", "1.1.1"), (4, "1.1 A", "1.1"), (5, "1.1 A", "1.1"), (4, "2.5 meses", "2.5"),
        (4, "1.1.1 Limpiar los cauces\n2.5 meses", "2.5"), (4, "1.1.1 Limpiar en un plazo de\n2.5 Meses", "2.5"),
        (4, "1.1.1 Limpiar en un plazo de\n2.5. meses", "2.5"), (4, "1.1.1 Limpiar de\n\n2.5 meses", "2.5"),
    ):  # fmt: skip
        with pytest.raises(SourceError, match=rf"number {number} fits nowhere: .* a number has {column - 1} part"):
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
        ("1", None, "1.1 Prevenir", "1.1 Prevenir", "file-row"),
        ("1.1", None, "Campaña", "Campaña", "file-row"),
        ("1.1.1", None, "Radio", "Radio", "file-row"),
        ("1.1.1-a", None, "[2027] días", "[2027] días", "position"),
        ("1.1.2", "1.1.2", "Televisión", "1.1.2 Televisión", "file-row"),
    ]
    assert not any("[1" in leaf.exact for leaf in plan.leaves)


Row = tuple[str, str, str, str]


def parents(*rows: Row) -> dict[str, tuple[str | None, Attachment]]:
    """Return the parent of each part of a plan with these rows of five cells, and how it was determined."""
    plan = table_of(*(("" if index else "Tema", *row) for index, row in enumerate(rows)))

    def short(part: Part) -> str:
        return part.id.removeprefix("t").removeprefix("/")

    return {short(part): (short(parent) if parent else None, part.attached_by) for part, parent in plan.walk()}


def test_what_belongs_to_what() -> None:
    for text, expected, why in rows_of("attached", "reading/cases"):
        found = parents(*((*row.split("|"),) for row in text.split("¶")))  # type: ignore[arg-type]
        said = {name: f"{name} {above} {by.value}" for name, (above, by) in found.items()}
        assert "; ".join(said.get(each.split()[0], "") for each in expected.split("; ")) == expected, (text, why)


def parts(*rows: tuple[str, str, str, str, str]) -> dict[str, Part]:
    return {part.id: part for part, _ in table_of(*rows).walk()}


def test_what_has_the_same_name_is_counted() -> None:
    found = parts(("Salud", "1. O", "1.1 A", "\n\n".join(f"línea {n}" for n in range(1, 54)), ""))
    names = [id.removeprefix("1.1-") for id in found if id.startswith("1.1-")]
    assert [names[n] for n in (0, 25, 26, 27, 51, 52)] == ["a", "z", "aa", "ab", "az", "ba"]
    assert found["1.1-ba"].text == "línea 53"
    titles = ("Derechos Humanos", "Desarrollo Humano", "Deuda Histórica")
    found = parts(*((title, f"1. {title}", "", "", "") for title in titles))
    assert {id: part.text for id, part in found.items() if part.kind == "Objective"} == dict(
        zip(("dh/1", "dh-2/1", "dh-3/1"), titles, strict=True)
    )
    found = parts(("Salud", "1. O", "1.1 A\n1.1 B\n1.2 C\n1.1 D", "", ""))
    assert {id: (part.text, part.number) for id, part in found.items() if part.kind == "Action"} == {
        "1.1": ("A", "1.1"), "1.1-2": ("B", "1.1"), "1.2": ("C", "1.2"), "1.1-3": ("D", "1.1"),
    }  # fmt: skip


def test_initials_leave_small_words_out_where_there_are_others() -> None:
    titles = {
        "Políticas y Gestión Migratoria": "pgm", "DERECHOS HUMANOS": "dh", "Of the People, by the People": "pp",
        "De la A a la E": "dlaale", "«Niñez» – 2030": "n2", "¡…!": "theme",
    }  # fmt: skip
    assert {title: theme_initials(title) for title in titles} == titles


def test_where_references_lead() -> None:
    def row(theme: str, objective: str, action: str = "", activity: str = "") -> tuple[str, str, str, str, str]:
        return (theme, objective, action, activity, "")

    running = (row("Salud", "2. Atender", "2.1 Medir", "2.1.1 Contar"), row("Trabajo", "3. Emplear"))
    anew = (row("Salud", "1. Atender"), row("", "2. Curar"))
    for words, others, theme, target in (
        ("Ver objetivo 1", (), "dh", "1"),
        ("Ver objetivo 7", (), "dh", None),
        ("Ver acción 2.1 del tema “GESTION MIGRATORIA”", (row("Gestión  Migratoria", "2. Ordenar", "2.1 A"),), "gm",
         "2.1"),
        ("Ver objetivo 1 del tema “Salud”", (), None, None),
        # Where numbers run on across themes, a number alone leads to another theme; where they start anew, to none.
        ("Ver objetivo 3", running, "t", "3"),
        ("Ver actividad 2.1.1", running, "s", "2.1.1"),
        ("Ver objetivo 1", running, "dh", "1"),
        ("Ver objetivo 4", running, "dh", None),
        ("Ver acción 2.1 del tema “Trabajo”", running, "t", None),
        ("Ver objetivo 2", anew, "dh", None),
        # Of two parts in another theme it leads to neither, of two in its own to the first.
        ("Ver acción 2.1", (row("Salud", "2. Atender", "2.1 Medir\n2.1 Contar"),), "dh", None),
        ("Ver objetivo 2", (row("", "2. A"), row("", "2. B")), "dh", "2"),
    ):  # fmt: skip
        found = parts(row("Derechos Humanos", "1. Proteger", f"1.1 {words}"), *others)
        [leading] = [part for id, part in found.items() if id.endswith("1.1/cross-reference-1")]
        assert isinstance(leading, CrossReference)
        assert (leading.target_theme, leading.target) == (theme, target), words
