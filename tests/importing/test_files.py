"""Import of files in each format: damaged or mislabelled files, hidden and struck-through content, and footnotes."""

import codecs
import csv
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from crmgraph.building.manifest import SOURCE
from crmgraph.errors import SourceError
from crmgraph.importing import ENDINGS, PlanTable, guess_mapping, read_tables
from crmgraph.importing.tables import LARGEST, format_value
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Source
from tests.importing.made import (
    CASES,
    FILES,
    HEADER,
    book,
    check_all,
    omissions,
    outline,
    plan_table,
    texts,
    written,
)
from tests.support.phrases import rows_of
from tests.support.saving import SAVERS

PLAN = read_plan(SOURCE)
ROW = "Trabajo|Vías|Firmar|Reunión|2027"
WHOLE = "T Trabajo|O1 Vías|A1.1 Firmar|V1.1.1 Reunión|S1.1.1.1 2027"


def archive(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return stream.getvalue()


def refusal(file: Path, data: bytes | str | None = None) -> str:
    if data is not None:
        file.write_bytes(data.encode() if isinstance(data, str) else data)
    try:
        grids = read_tables(file)
        text = PlanTable(grids, guess_mapping(grids, file), file).text_table("plan")
    except SourceError as error:
        return str(error)
    raise AssertionError(f"{file} was read:\n{text}")


def in_words(plan: Plan) -> list[tuple[str, str, str | None, str]]:
    return [(part.id, part.kind, part.number, tidy(part.text)) for part, _ in plan.walk()]


@pytest.mark.parametrize("ending", SAVERS)
def test_the_real_plan_in_every_format(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"crm.{ending}"
    before, *parts = PLAN.source.text.replace("\r\n", "\n").split("\n\t")
    parts[-1] = parts[-1].removesuffix("\n")
    rows = [parts[start : start + 5] for start in range(0, len(parts), 5)]
    SAVERS[ending]((before.split("\n"), rows), file)
    grids = read_tables(file)
    text = PlanTable(grids, guess_mapping(grids, file), file).text_table("plan")
    plan = read_plan_text(Source(text, Path("crm.txt")), "crm")
    assert in_words(plan) == in_words(PLAN)
    assert plan.title == PLAN.title
    if ending in ("docx", "odt"):
        # But for the blank space at its end, it is the document to the letter.
        assert text.rstrip() == PLAN.source.text.replace("\r\n", "\n").rstrip()


def test_files_that_are_not_read(tmp_path: Path) -> None:
    broken = (b"rubbish", archive("x", b"y"), archive("content.xml", b"<a>"))
    cases: list[tuple[str, bytes | str | None, str]] = [
        *((f"plan.{ending}", data, "or it is damaged") for ending in ("xlsx", "docx", "odt", "ods") for data in broken),
        *((f"missing{ending}", None, "") for ending in ENDINGS),
        *((f"plan{ending}", b"", "empty") for ending in ENDINGS),
        ("plan.odp", None, "should end in one of .csv, .tsv"),
        ("plan.odt", archive("content.xml", b" " * 200_000_000), "unpacked it has more than"),
        ("plan.csv", b"a,b\n" * (LARGEST // 4 + 1), "larger than"),
        ("plan.html", "<p>no table</p>", "no table with words"),
        ("plan.csv", archive("xl/workbook.xml", b"<a/>"), "call it plan.xlsx"),
        ("plan.xlsx", archive("word/document.xml", b"<a/>"), "call it plan.docx"),
        ("plan.odt", b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "call it plan.ods"),
        ("plan.html", archive("x", b"y"), "no table with words"),
        ("plan.csv", b"%PDF-1.7 x", "this is a PDF, though its name ends in .csv; call it plan.pdf and try again"),
        ("plan.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "without a password"),
        ("plan.csv", bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "without a password"),
        ("plan.csv", "Tema,Objetivo\nTrabajo,Vías, regulares\n", "row 2 has 3 cells, the first 2"),
        ("plan.csv", 'a,b\n"c\n', "not CSV"),
        ("plan.csv", "Acción, protección\n".encode() + b"\xf3", "not UTF-8"),
        ("plan.csv", b"a,b\n\x81\n", "not UTF-8"),
        ("plan.csv", b"\xff\xfea", "text in UTF-16"),
    ]  # fmt: skip
    for name, data, said in cases:
        assert said in refusal(tmp_path / name, data), (name, said)


def test_no_file_leads_to_another(tmp_path: Path) -> None:
    content = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>
    <o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
     xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
     xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><table:table><table:table-row>
    <table:table-cell table:number-columns-repeated="999999999"><text:p>a<text:s text:c="2"/>b&x;</text:p>
    </table:table-cell></table:table-row></table:table></o:body></o:document-content>"""
    file = tmp_path / "plan.odt"
    file.write_bytes(archive("content.xml", content.strip().encode()))
    [grid] = read_tables(file)
    assert set(grid.rows[0]) == {"a  b"}
    assert len(grid.rows[0]) <= 1000


def test_csv(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    windows = ("read as Windows-1252, for it is not UTF-8; look whether its accents are right",)
    cases: list[tuple[bytes, tuple[tuple[str, ...], ...], tuple[str, ...]]] = [
        (codecs.BOM_UTF8 + b'Tema;Objetivo\r\n"Uno\r\ndos";"a; ""b"""\r\n',
         (("Tema", "Objetivo"), ("Uno\ndos", 'a; "b"')), ()),
        ("Eje;Acción\r\nProtección;“Niñez” – 5 €\r\n".encode("cp1252"),
         (("Eje", "Acción"), ("Protección", "“Niñez” – 5 €")), windows),
        ("Eje;Acción\n".encode("utf-16"), (("Eje", "Acción"),), ()),
        ("Plan, 2027;;\nEje;Objetivo;Acción\nUno;Dos, tres;Cuatro, cinco\n".encode(),
         (("Plan, 2027", "", ""), ("Eje", "Objetivo", "Acción"), ("Uno", "Dos, tres", "Cuatro, cinco")), ()),
    ]  # fmt: skip
    rows = (("Eje", "Objetivo"), ("Trabajo, y más; hoy", "Vías"), ("", "Retorno"))
    for delimiter in ",;\t|":
        for first in ("", "sep={}\r\n", '"sep={}"\n', "SEP={} \n"):
            lines = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
            cases.append(((first.format(delimiter) + lines).encode(), rows, ()))

    def read(data: bytes) -> object:
        file.write_bytes(data)
        return [(grid.rows, grid.assumptions) for grid in read_tables(file)]

    check_all((data, read(data), [(rows, told)]) for data, rows, told in cases)
    # In a file of tabs a semicolon in each row parts nothing.
    with (tmp_path / "plan.tsv").open("w", encoding="utf-8") as stream:
        csv.writer(stream, delimiter="\t").writerows([("Eje; a", "b"), ("c; d", "e"), ("f; g; h", "")])
    assert read_tables(tmp_path / "plan.tsv")[0].rows[0] == ("Eje; a", "b")


def test_damaged_csv(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    for said in ("", "sep=,\n"):
        written(file, f'{said}Tema,Objetivo\n"Uno\ny medio",Dos\nTrata,"Prevenir\nRetorno,Volver\n')
        with pytest.raises(SourceError, match="the quotation marks of the row that begins here") as refused:
            read_tables(file)
        assert refused.value.place is not None
        assert refused.value.place.line == (5 if said else 4)


SHOWN = [
    (1.1, "0.00", "1.10"), (1.1, "General", "1.1"), (2.0, "General", "2"), (0.1 + 0.2, "General", "0.3"),
    (0.125, "0%", "13%"), (0.125, "0.0%", "12.5%"), (1500, "#,##0.00", "1500.00"), (3, '0" años"', "3 años"),
    (1500.5, '"USD "#,##0.00', "USD 1500.50"), (-5, "0_);(0)", "-5"), (-5, "0.0", "-5.0"), (-0.001, "0.0", "0.0"),
    (2.5, "0.##", "2.5"), (2.5, "# ?/?", "2.5"), (1500, "0.0E+00", "1500"),
    (1500000, "#,##0,", "1500000"), (2.675, "0.00", "2.68"), (True, "General", "TRUE"), ("1.10", "0.0", "1.10"),
    (datetime(2027, 6, 1), "dd/mm/yyyy", "2027-06-01"), (datetime(2027, 6, 1), "mmm-yy", "2027-06"),
    (datetime(2027, 6, 1), "yyyy", "2027"), (datetime(2027, 6, 1), '[$-40A]d" de "mmmm" de "yyyy', "2027-06-01"),
    (datetime(2027, 6, 1, 9, 30), "dd/mm/yyyy h:mm", "2027-06-01 09:30:00"), (date(2027, 6, 1), "d-mmm", "2027-06-01"),
    (time(9, 30), "h:mm", "09:30:00"), (None, "0", ""),
]  # fmt: skip


def test_values_of_a_workbook(tmp_path: Path) -> None:
    check_all(((value, form), format_value(value, form), expected) for value, form, expected in SHOWN)
    file = tmp_path / "plan.xlsx"
    book(file, ("Versión 2.0", "1.0", 2.0, 2.5, 3, datetime(2027, 6, 1), datetime(2027, 6, 1, 9, 30)))
    [grid] = read_tables(file)
    assert grid.rows == (("Versión 2.0", "1.0", "2", "2.5", "3", "2027-06-01", "2027-06-01 09:30:00"),)
    made = book(file, ("Eje", "Objetivo", "No.", "Acción", "Plazo"), ("P", "1. O", 1.1, "A", datetime(2027, 6, 1)),
                (None, None, 1.1, "B", None))  # fmt: skip
    made.active["C3"].number_format = "0.00"
    made.active["E2"].number_format = "mmm-yy"
    made.save(file)
    assert outline(read_tables(file), "OAS") == "O1 O|A1.1 A|S1.1.1.1 2027-06|A1.10 B"


def test_formulas_without_a_result(tmp_path: Path) -> None:
    """They are errors only in columns of the plan, and not in hidden rows."""
    file = tmp_path / "plan.xlsx"
    made = book(file, ("Tema", "Objetivo", "Costo"), ("Uno", "Dos", 1), ("Tres", "Cuatro", 2), ("Cinco", "Seis", 3))
    made.active.row_dimensions[4].hidden = True
    for cell in ("C3", "A4"):
        made.active[cell] = '="Obj " & "dos"'
    made.save(file)
    assert texts(read_tables(file), "O") == ["Dos", "Cuatro"]
    for cell in ("C1", "B2"):
        made.active[cell] = '="Obj " & "dos"'
        made.save(file)
        assert f"cell {cell} of the sheet Sheet has a formula and no result" in refusal(file)
        made.active[cell] = "Costo"
    # Excel says of an empty result that it is a text, and openpyxl writes none.
    book(tmp_path / "empty.xlsx", "Eje|Objetivo", ("Uno", '=IF(TRUE,"","x")'))
    with zipfile.ZipFile(tmp_path / "empty.xlsx") as empty, zipfile.ZipFile(file, "w") as saved:
        for name in empty.namelist():
            saved.writestr(name, empty.read(name).replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>'))
    assert read_tables(file)[0].rows == (("Eje", "Objetivo"), ("Uno", ""))


def test_what_a_workbook_hides(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = book(file, "Eje|Borrador|Objetivo|Acción", "P|b|O|A", "P|b|Secreto|B", "Q|b|R|C")
    for row in (3, 9):
        made.active.row_dimensions[row].hidden = True
    made.active.column_dimensions["B"].hidden = True
    made.create_sheet("Listas").sheet_state = "hidden"
    made["Listas"]["A1"] = "x"
    made.save(file)
    grids = read_tables(file)
    assert grids[0].rows == (("Eje", "Objetivo", "Acción"), ("P", "O", "A"), ("Q", "R", "C"))
    assert omissions(grids) == [
        "1 hidden row (“P b Secreto B”)", "1 hidden column (“Borrador”)", "the hidden sheet “Listas”",
    ]  # fmt: skip
    # A row is called by the number that the sheet gives it.
    made = book(file, "Eje|Objetivo|Acción|Actividad", "P|O|A|Uno", "P|O|A|Dos", "Q|R||Tres")
    made.active.row_dimensions[2].hidden = True
    made.save(file)
    assert "in row 4 of the table “Sheet”, “Tres”" in outline(read_tables(file))
    # A merged cell may begin in a hidden row.
    made = book(file, "Eje|Objetivo|Acción|Actividad", "P|O|A|Uno", "|||Dos", "|||Tres", merged="A2:A4 B2:B4 C2:C4")
    made.active.row_dimensions[2].hidden = True
    made.save(file)
    assert outline(read_tables(file), "TV") == "T P|V1.1.1 Dos|V1.1.2 Tres"


def plan_and_omissions(file: Path) -> tuple[str, list[str]]:
    grids = read_tables(file)
    return outline(grids), omissions(grids)


BELONGS = "what belongs to what is struck through or hidden ({})"


def test_struck_through_in_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    rows = (HEADER, ROW, "|||Informe|2028", "||Publicar|Guía|2029")
    rest = f"{WHOLE}|A1.2 Publicar|V1.2.1 Guía|S1.2.1.1 2029"
    cases = [
        ("D3 E3", rest, ["2 struck-through texts (“Informe”, “2028”)"]),
        # What is beside or below a part goes with it, for it would belong to the part before.
        ("D3", rest, ["1 struck-through text (“Informe”)", BELONGS.format("“2028”")]),
        ("C2", "T Trabajo|O1 Vías|A1.1 Publicar|V1.1.1 Guía|S1.1.1.1 2029",
         ["1 struck-through text (“Firmar”)", BELONGS.format("“Reunión”, “2027”, “Informe”, “2028”")]),
    ]  # fmt: skip
    for struck, expected, said in cases:
        made = book(file, *rows)
        for name in struck.split():
            made.active[name].font = Font(strike=True)
        made.save(file)
        assert plan_and_omissions(file) == (expected, said)
    made = book(file, HEADER, ROW)
    made.active["D2"] = CellRichText("Reunión", TextBlock(InlineFont(strike=True), " anual"))
    made.active["D2"].comment = Comment("¿Con\nquién?", "Ana")
    made.save(file)
    assert plan_and_omissions(file) == (WHOLE, ["1 comment (“¿Con quién?”)", "1 struck-through text (“anual”)"])
    made = book(file, HEADER, ROW)
    for number in range(12):
        made.active.cell(3 + number, 4, f"Tarea {number}").font = Font(strike=True)
    made.save(file)
    [said_of_all] = plan_and_omissions(file)[1]
    assert said_of_all.startswith("12 struck-through texts (“Tarea 0”, ")
    assert said_of_all.endswith("“Tarea 7” and 4 more)")


LINE_BELOW = "1 line below the tables (“Aprobado en Maun.”)"
OMITTED = {
    # Struck through, hidden, commented on, headed and footed.
    "omissions.docx": [
        "2 hidden texts (“Borrador”, “anual”)", "1 comment (“¿Con quién?”)", "1 struck-through text (“Informe”)",
        BELONGS.format("“2028”"), "1 page header (“No citar”)", "1 page footer (“Secretaría”)", LINE_BELOW,
    ],
    "omissions.ods": [
        "1 endnote (“Fin”)", "1 hidden text (“anual”)", "1 comment (“¿Ya?”)", "1 struck-through text (“Informe”)",
        BELONGS.format("“2028”"),
    ],
    "omissions.odt": ["1 page footer (“Secretaría”)", LINE_BELOW],
    # With a footnote, and a tracked deletion.
    "notes.docx": ["1 footnote (“Sujeto a fondos”)", "1 deleted text (“2026”)"],
}  # fmt: skip


@pytest.mark.parametrize("name", OMITTED)
def test_what_a_document_hides_strikes_out_and_notes(name: str) -> None:
    plan, said = plan_and_omissions(FILES / name)
    assert plan == WHOLE
    assert sorted(said) == sorted(OMITTED[name])
    assert name != "omissions.docx" or plan_table(read_tables(FILES / name)).title == ("Plan del Okavango",)


def test_a_word_document_as_people_leave_it() -> None:
    """The file has a content control, a nested table, and tracked changes."""
    [grid] = read_tables(FILES / "edited.docx")
    assert [tuple(cell.strip() for cell in row) for row in grid.rows] == [
        ("Tema", "Objetivo"), ("Uno", "anidado"), ("Dos", "puesto"),
    ]  # fmt: skip


HEAD = f"<tr><th>{HEADER.replace('|', '<th>')}"
LINE = "<tr><td>T<td>O<td>A<td>B<td>2027"


def test_pages(tmp_path: Path) -> None:
    file, cases = tmp_path / "plan.html", rows_of("pages", CASES)
    for text, plan, said in cases:
        found, left = plan_and_omissions(written(file, text))
        assert (found, "; ".join(left)) == (plan, said), text
    for text in (cases[-1][0], cases[-2][0]):
        assert plan_table(read_tables(written(file, text))).text_table("plan").startswith("Plan\n\t")
    assert plan_table(read_tables(written(file, f"<h1>A<br>b</h1><table>{HEAD}{LINE}</table>"))).title == ("A", "b")


def test_tables_within_cells_of_a_page(tmp_path: Path) -> None:
    def rows(text: str) -> list[tuple[str, ...]]:
        [grid] = read_tables(written(tmp_path / "plan.html", text))
        return [tuple(" ".join(cell.split()) for cell in row) for row in grid.rows]

    found = rows("<table><tr><td>a<td>b<tr><td>c<td><table><tr><td>n1<td>n2</table></table>")
    assert found == [("a", "b"), ("c", "n1n2")]
    inner = "<table><tr><th>Actividad<th>Fecha<tr><td>Taller<td>mayo</table>"
    assert "Taller" in rows(f"<table>{HEAD}<tr><td>T<td>O<td>A<td>{inner}<td>2027</table>")[1][3]
