"""Tables of others, with columns of their own, merged cells and no numbers, become plans."""

import itertools
import tomllib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import InputError, SourceError, UsageError
from crmgraph.importing import (
    Grid,
    Mapping,
    as_text_table,
    as_toml,
    guess,
    left_out,
    read_mapping,
    read_tables,
    unplaced,
)
from crmgraph.importing.grid import Cell, spread
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source
from tests.support.counting import counted

FILE = Path("plan.xlsx")
ROWS = (
    ("Pilar", "No.", "Resultado", "Medida", "Tarea", "Plazo", "Presupuesto"),
    ("Protección", "1", "Personas protegidas", "Atender en frontera", "Abrir tres oficinas", "2027", "10"),
    ("", "", "", "", "Formar a 30 funcionarios", "En 2028", "20"),
    ("", "", "", "Informar", "Publicar una guía", "", "5"),
    ("", "2", "Retorno digno", "Acompañar", "Firmar un acuerdo", "2029", ""),
    ("Desarrollo", "3", "Remesas baratas", "Comparar precios", "Abrir un sitio", "2027", "1"),
)


def plan_of(grid: Grid, mapping: Mapping | None = None) -> Plan:
    text = as_text_table([grid], mapping or guess([grid], FILE), FILE)
    return read_plan_text(Source(text, Path("plan.txt")), "plan")


def tree(plan: Plan) -> list[tuple[str, str | None, str]]:
    return [(part.kind, counted(part), part.text) for part, _ in plan.walk()]


TREE = [
    ("Theme", None, "Protección"),
    ("Objective", "1", "Personas protegidas"),
    ("Action", "1.1", "Atender en frontera"),
    ("Activity", "1.1.1", "Abrir tres oficinas"),
    ("ScheduleEntry", "1.1.1.1", "2027"),
    ("Activity", "1.1.2", "Formar a 30 funcionarios"),
    ("ScheduleEntry", "1.1.2.1", "En 2028"),
    ("Action", "1.2", "Informar"),
    ("Activity", "1.2.1", "Publicar una guía"),
    ("Objective", "2", "Retorno digno"),
    ("Action", "2.1", "Acompañar"),
    ("Activity", "2.1.1", "Firmar un acuerdo"),
    ("ScheduleEntry", "2.1.1.1", "2029"),
    ("Theme", None, "Desarrollo"),
    ("Objective", "3", "Remesas baratas"),
    ("Action", "3.1", "Comparar precios"),
    ("Activity", "3.1.1", "Abrir un sitio"),
    ("ScheduleEntry", "3.1.1.1", "2027"),
]


def test_merged_cells_and_numbers_that_are_missing() -> None:
    assert tree(plan_of(Grid("Hoja1", ("Plan de otro proceso",), ROWS))) == TREE


def test_repeated_cells_are_said_once() -> None:
    filled = [list(ROWS[0])]
    for row in ROWS[1:]:
        filled.append(
            [cell or (filled[-1][place] if place < 4 and len(filled) > 1 else "") for place, cell in enumerate(row)]
        )
    # In the sixth row the measure is another one.
    assert filled[3][:4] == ["Protección", "1", "Personas protegidas", "Informar"]
    assert tree(plan_of(Grid("Hoja1", (), tuple(map(tuple, filled))))) == TREE


def test_the_guess_is_a_file_that_is_read_again(tmp_path: Path) -> None:
    guessed = guess([Grid("x", (), ROWS)], FILE)
    assert guessed.columns.objectives == ("No.", "Resultado")
    assert guessed.columns.schedule == ("Plazo",)
    assert guessed.numbers == "add"
    file = tmp_path / "mapping.toml"
    file.write_text(as_toml(guessed), encoding="utf-8")
    assert read_mapping(file) == guessed


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (("Pilar", "Meta", "Iniciativa", "Acción", "Prazo"), '# not in the plan: "Iniciativa"'),
        (("Pilar", "Meta", "Iniciativa", "Acción", 'A \\ "B"'), '# not in the plan: "Iniciativa", "A \\\\ \\"B\\""'),
        (("Pilar", "Meta", "", "Acción", "Acción"), '# not in the plan: "column 3", "Acción#2"'),
    ],
)
def test_the_guess_lists_the_headings_that_have_no_place_in_it(
    headings: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    grids = [Grid("x", (), (headings, ("Trabajo", "Vías", "Registro", "Diseñar", "2027")))]
    guessed = guess(grids, FILE)
    written = as_toml(guessed, unplaced(grids, guessed, FILE))
    assert written.splitlines()[-1] == told
    file = tmp_path / "mapping.toml"
    file.write_text(written, encoding="utf-8")
    assert read_mapping(file) == guessed
    # Each can be named as it stands there.
    names = tomllib.loads(f"names = [{told.partition(': ')[2]}]")["names"]
    wanted = guessed.columns.model_copy(
        update={"activities": (names[0],), "schedule": (*guessed.columns.schedule, *names[1:])}
    )
    assert unplaced(grids, guessed.model_copy(update={"columns": wanted}), FILE) == []


def test_where_all_headings_have_their_place_none_are_listed() -> None:
    grids = [Grid("x", (), (HEADER, ("Trabajo", "Vías", "Registro", "Diseñar", "2027")))]
    guessed = guess(grids, FILE)
    assert unplaced(grids, guessed, FILE) == []
    assert "not in the plan" not in as_toml(guessed, [])


def test_numbers_of_another_column_are_no_printed_numbers() -> None:
    rows = (("Eje", "Objetivo"), ("Uno", "1.1 Proteger"), ("", "1.2 Informar"), ("Dos", "2.1 Acompañar"))
    guessed = guess([Grid("x", (), rows)], FILE)
    assert guessed.numbers == "add"
    assert ("Objective", "2", "1.2 Informar") in tree(plan_of(Grid("x", (), rows), guessed))


def test_headings_may_stand_further_down_and_in_another_table() -> None:
    notes = Grid("notes", (), (("x", "y"),))
    lower = Grid("plan", ("Antes",), (("Plan nacional", *[""] * 6), *ROWS))
    guessed = guess([notes, lower], FILE)
    assert (guessed.table, guessed.header) == (2, 2)
    text = as_text_table([notes, lower], guessed, FILE)
    assert text.startswith("Antes\nPlan nacional\n\tTEMAS\n\tOBJETIVOS\n")


def test_a_plan_in_english_has_english_headings() -> None:
    rows = (
        ("Goal", "Objective", "Task"),
        ("To be safe", "1. The safety of people in transit", "Open the three offices"),
    )
    text = as_text_table([Grid("x", (), rows)], guess([Grid("x", (), rows)], FILE), FILE)
    assert text.startswith("plan\n\n\tTHEMES\n\tObjective\n\tACTIONS\n")


def test_a_workbook_with_merged_cells(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append([cell or None for cell in row])
    book.active.merge_cells("A2:A5")
    book.active.merge_cells("C2:C4")
    book.save(file)
    [grid] = read_tables(file)
    assert tree(plan_of(grid)) == TREE


def test_cells_that_span_in_a_page(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text(
        "<h1>Plan</h1><table><tr><th>Tema<th>Objetivo<th>Acción<th>Actividad<th>Fecha"
        "<tr><td rowspan=2>Uno<td rowspan='2'>1. Proteger<td>1.1 Atender<td>1.1.1 Abrir<br>oficinas<td>1.1.1.1 2027"
        "<tr><td>1.2 Informar<td colspan=2>1.2.1 Publicar <b>una</b>\n   guía</table>",
        encoding="utf-8",
    )
    [grid] = read_tables(file)
    assert [
        (counted(part), " ".join(part.text.split())) for part, _ in plan_of(grid).walk() if part.kind == "Activity"
    ] == [
        ("1.1.1", "Abrir oficinas"),
        ("1.2.1", "Publicar una guía"),
    ]
    assert plan_of(grid).title == "Plan"


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"table": 2}, "names table 2, and there are 1"),
        ({"header": 7}, "the headings in row 7, and the table ends with row 6"),
        (
            {"columns": {"themes": "Eje"}},
            "row 1 of the table has no heading “Eje”; “header” is 1 where a mapping names",
        ),
        ({"header": 1, "columns": {"themes": "Eje"}}, "has no heading “Eje”; it has “Pilar”, “No.”"),
        (
            {"header": 2, "columns": {"themes": "Eje"}},
            "has no heading “Eje”; the headings seem to be in row 1, which has",
        ),
        ({}, "names no column"),
    ],
)
def test_a_mapping_that_does_not_fit(mapping: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        as_text_table([Grid("x", (), ROWS)], Mapping.model_validate(mapping), FILE)


def test_headings_alone_are_no_plan() -> None:
    with pytest.raises(SourceError, match="there is nothing below the headings, which are in row 1"):
        plan_of(Grid("x", (), ROWS[:1]))


def test_nothing_that_looks_like_a_plan() -> None:
    with pytest.raises(SourceError, match=r"no row has headings like those of a plan.*“País”, “Año”"):
        guess([Grid("x", (), (("País", "Año"), ("Guatemala", "2020")))], FILE)


HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Calendario")


def added(*rows: tuple[str, ...]) -> list[tuple[str, str | None, str]]:
    """The tree of a table with such headings, numbers added."""
    filled = [row + ("",) * (5 - len(row)) for row in rows]
    grid = Grid("x", (), (HEADER, *filled))
    return tree(plan_of(grid, guess([grid], FILE).model_copy(update={"numbers": "add"})))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            (("T", "O1", "A1", "V1"), ("T", "O2", "", "V2"), ("T", "O2", "A3", "V3")),
            "in row 3 of the table “x”, “V2” (activities) belongs to nothing",
        ),
        ((("Salud", "", "", "Curso"), ("Salud", "Vacunas", "Campaña", "Jornada")), "“Curso” (activities) belongs"),
        ((("T", "O1", "A1", "V1"), ("T2", "", "A3", "V3")), "“A3” (actions) belongs to nothing: the column objectives"),
    ],
)
def test_what_belongs_to_nothing_is_refused(rows: tuple[tuple[str, ...], ...], said: str) -> None:
    with pytest.raises(SourceError) as caught:
        added(*rows)
    assert said in str(caught.value)


def test_a_column_that_is_empty_throughout_is_passed_over() -> None:
    assert added(("T", "O1", "", "V1"), ("", "O2", "", "V2"))[2:4] == [
        ("Activity", "1.1.1", "V1"),
        ("Objective", "2", "O2"),
    ]


def test_a_text_that_begins_with_a_number_keeps_its_words() -> None:
    assert ("Action", "1.1", "3.2 millones de dólares") in added(("T", "O1", "3.2 millones de dólares", "V1"))
    assert ("Activity", "1.1.1", "12.3.4 del código civil") in added(("T", "O1", "A1", "12.3.4 del código civil"))
    assert ("Objective", "1", "2030. Horizonte") in added(("T", "2030. Horizonte", "A1", "V1"))
    kept = added(("T", "4. O4", "4.2 A", "V"), ("", "", "4.3 B", "W"))
    assert [number for _, number, _ in kept] == [None, "4", "4.2", "4.2.1", "4.3", "4.3.1"]


def test_a_cell_is_one_item_whatever_its_lines() -> None:
    found = added(("T", "O1", "Acción en plazo de\n2.5 meses", "Visita:\n\n- norte\n\n- sur", "2027\n\n2028"))
    assert found[2:] == [
        ("Action", "1.1", "Acción en plazo de 2.5 meses"),
        ("Activity", "1.1.1", "Visita: - norte - sur"),
        ("ScheduleEntry", "1.1.1.1", "2027, 2028"),
    ]


def test_a_theme_that_comes_back_goes_on_counting() -> None:
    found = added(("T1", "O1", "A"), ("", "O2", "A"), ("T2", "P", "A"), ("T1", "O3", "A"))
    assert [each for each in found if each[0] == "Objective"] == [
        ("Objective", "1", "O1"), ("Objective", "2", "O2"), ("Objective", "3", "O3"), ("Objective", "1", "P"),
    ]  # fmt: skip


def test_columns_that_are_called_alike() -> None:
    header = ("No.", "Theme", "No.", "Objective", "No.", "Action")
    rows = (header, ("I", "Labour", "1", "Open pathways", "1.1", "Sign"), ("", "", "", "", "1.2", "Publish"))
    grid = Grid("x", (), rows)
    guessed = guess([grid], FILE)
    assert guessed.columns.objectives == ("No.#2", "Objective")
    assert [(number, text) for kind, number, text in tree(plan_of(grid, guessed)) if kind == "Action"] == [
        ("1.1", "Sign"), ("1.2", "Publish"),
    ]  # fmt: skip


def test_what_is_left_out_is_told() -> None:
    grid = Grid("x", (), ROWS)
    contacts = Grid("Contactos", (), (("Nombre", "Correo"), ("Ana", "ana@example.org")))
    unnamed = Grid("3", (), (("Siglas\ny nombres", ""), ("", "Organización Internacional para las Migraciones")))
    assert left_out([grid, contacts, unnamed], guess([grid], FILE)) == [
        "“Presupuesto”",
        "table 2 “Contactos” (“Nombre Correo Ana ana@example.org”)",
        "table 3 (“Siglas y nombres Organización Internaci…”)",
    ]


def test_headings_that_stand_again_are_no_part() -> None:
    assert len(added(("T", "O1", "A1"), HEADER, ("T", "O2", "A2"))) == 5


def test_a_control_character_is_refused() -> None:
    with pytest.raises(SourceError, match=r"U\+0000"):
        added(("T", "O1\0", "A1"))


def test_spans_fill_their_place() -> None:
    rows = [[Cell("a", 2, 2), Cell("b")], [Cell("c")], [Cell("d"), Cell("e"), Cell("f")]]
    assert spread("x", (), rows).rows == (("a", "", "b"), ("", "", "c"), ("d", "e", "f"))


@given(
    st.lists(
        st.lists(st.builds(Cell, st.sampled_from("ab"), st.integers(0, 3), st.integers(0, 3)), max_size=4), max_size=5
    )
)
def test_any_spans_make_a_table(rows: list[list[Cell]]) -> None:
    grid = spread("x", (), rows)
    assert len({len(row) for row in grid.rows}) <= 1
    texts = [cell for row in grid.rows for cell in row if cell]
    assert texts == [cell.text for row in rows for cell in row]


WORDS = st.sampled_from(["", "Uno", "2. Dos", "2.1 Tres", "x\ny", "\tz", "12", "Nota: a"])


@given(st.lists(st.tuples(*[WORDS] * 5), min_size=1, max_size=6), st.sampled_from(["keep", "add"]))
def test_any_table_is_a_plan_or_told_why_not(rows: list[tuple[str, ...]], numbers: str) -> None:
    header = ("Temas", "Objetivos", "Acciones", "Actividades", "Calendario")
    named = dict(zip(("themes", "objectives", "actions", "activities", "schedule"), header, strict=True))
    grid = Grid("x", (), (header, *(tuple(cell.replace("\t", " ") for cell in row) for row in rows)))
    mapping = Mapping.model_validate({"columns": named, "numbers": numbers})
    try:
        plan = plan_of(grid, mapping)
    except InputError:
        return
    written = "".join(itertools.chain.from_iterable(grid.rows[1:]))
    for word in ("Uno", "Dos", "Tres"):
        said = sum(leaf.exact.count(word) for leaf in plan.leaves)
        # What is said again, or comes back, is said once.
        assert said <= written.count(word)
        assert numbers == "add" or (said > 0) == (word in written)
