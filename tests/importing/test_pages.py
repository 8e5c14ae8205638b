"""A plan over several tables or sheets of a file."""

from pathlib import Path

import docx
import openpyxl

from crmgraph.importing import Grid, as_text_table, assumed, guess, left_out, read_tables
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source
from tests.support.counting import counted

FILE = Path("plan.docx")
HEADER = ("Tema", "Objetivo", "Acción", "Actividades", "Calendario")
OTHER = "take out of the file what is another plan"


def plan_of(grids: list[Grid]) -> Plan:
    return read_plan_text(Source(as_text_table(grids, guess(grids, FILE), FILE), FILE), "plan")


def told(grids: list[Grid]) -> tuple[list[str], list[str]]:
    """What was assumed, and what was left out."""
    mapping = guess(grids, FILE)
    return assumed(grids, mapping, FILE), left_out(grids, mapping)


def texts(grids: list[Grid]) -> list[tuple[str | None, str]]:
    return [(counted(part), part.text) for part, _ in plan_of(grids).walk()]


def test_a_table_a_page_is_one_plan(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Plan 2027")
    for page, header in enumerate((HEADER, ("TEMA", *HEADER[1:]), HEADER), 1):
        document.add_paragraph(f"Página {page} de 3")
        made = document.add_table(2, 5)
        row = ("Trata" if page < 3 else "", f"Prevenir {page}", "Campaña", "Radio", "2027")
        for place, text in enumerate((*header, *row)):
            made.cell(place // 5, place % 5).text = text
    document.save(str(tmp_path / "plan.docx"))
    grids = read_tables(tmp_path / "plan.docx")
    assert plan_of(grids).title == "Plan 2027"
    assert [text for _, text in texts(grids) if text.startswith(("Trata", "Prevenir"))] == [
        "Trata", "Prevenir 1", "Prevenir 2", "Prevenir 3",
    ]  # fmt: skip
    assert told(grids) == (
        ["tables 1, 2 and 3 have the same headings, and are read as one plan; " + OTHER],
        [
            "1 line with the number of a page (“Página 1 de 3”)",
            "2 lines above the further tables (“Página 2 de 3”, “Página 3 de 3”)",
        ],
    )


def test_a_sheet_a_theme_is_one_plan(tmp_path: Path) -> None:
    """Each with its title, merged cells and a note of its own."""
    book = openpyxl.Workbook()
    for number, name in enumerate(("Prevención", "Contactos", "Protección")):
        sheet = book.create_sheet(name)
        if number == 1:
            sheet.append(["Ana", "ana@example.org"])
            continue
        sheet.append(["Plan 2027"])
        for row in (HEADER, (name, "O", "A", "Uno", "2027"), (None, None, None, "Dos", None)):
            sheet.append(list(row))
        sheet.append(["* Sujeto a fondos"])
        sheet.merge_cells("E3:E4")
    book.remove(book.worksheets[0])
    book.save(tmp_path / "plan.xlsx")
    grids = read_tables(tmp_path / "plan.xlsx")
    one = [("1", "O"), ("1.1", "A"), ("1.1.1", "Uno"), ("1.1.1.1", "2027"), ("1.1.2", "Dos"), ("1.1.2.1", "2027")]
    assert texts(grids) == [(None, "Prevención"), *one, (None, "Protección"), *one]
    assert told(grids) == (
        ["tables 1 “Prevención” and 3 “Protección” have the same headings, and are read as one plan; " + OTHER],
        ["2 notes (“* Sujeto a fondos”)", "table 2 “Contactos” (“Ana ana@example.org”)"],
    )


def test_tables_with_other_headings_are_no_part() -> None:
    first = Grid("1", (), (HEADER, ("T", "O", "A", "B", "2027")))
    budget = Grid("2", (), (("Tema", "Objetivo", "Monto"), ("T", "O", "10")))
    assert len(texts([first, budget])) == 5
    assert told([first, budget]) == ([], ["table 2 (“Tema Objetivo Monto T O 10”)"])


def test_a_column_without_a_heading_in_a_later_table_is_told() -> None:
    first = Grid("1", (), (HEADER, ("T", "O", "A", "B", "2027")))
    wider = Grid("2", ("Segunda parte",), ((*HEADER, ""), ("U", "P", "C", "D", "2028", "al margen")))
    assert [text for _, text in texts([first, wider])] == ["T", "O", "A", "B", "2027", "U", "P", "C", "D", "2028"]
    assert told([first, wider])[1] == [
        "column 6, which has no heading",
        "1 line above the further tables (“Segunda parte”)",
    ]
