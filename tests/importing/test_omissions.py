"""What a file shows as no longer said, or does not show, is in no plan, and is told with its words."""

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from crmgraph.importing import as_text_table, guess, left_out, read_tables
from crmgraph.importing.tabling import title_lines

HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo")
STRUCK = Font(strike=True)


def imported(file: Path) -> tuple[list[str], list[str]]:
    """The cells of the plan that have words, and what is told."""
    grids = read_tables(file)
    mapping = guess(grids, file)
    cells = [cell.strip() for cell in as_text_table(grids, mapping, file).split("\n\t")[6:]]
    return [cell for cell in cells if cell], left_out(grids, mapping)


def workbook(file: Path, *rows: tuple[str | None, ...], struck: str = "") -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in (HEADER, *rows):
        made.active.append(row)
    for name in struck.split():
        made.active[name].font = STRUCK
    made.save(file)
    return made


ROWS = (
    ("Trabajo", "Vías", "Firmar", "Reunión", "2027"),
    (None, None, None, "Informe", "2028"),
    (None, None, "Publicar", "Guía", "2029"),
)
WHOLE = ["Trabajo", "[1] Vías", "[1.1] Firmar", "[1.1.1] Reunión", "[1.1.1.1] 2027"]


@pytest.mark.parametrize(
    ("struck", "cells", "told"),
    [
        (
            "D3 E3",
            [*WHOLE, "[1.2] Publicar", "[1.2.1] Guía", "[1.2.1.1] 2029"],
            ["2 struck-through texts (“Informe”, “2028”)"],
        ),
        # What is beside or below a part goes with it, for it would belong to the part before.
        (
            "D3",
            [*WHOLE, "[1.2] Publicar", "[1.2.1] Guía", "[1.2.1.1] 2029"],
            ["1 struck-through text (“Informe”)", "what belongs to what is struck through or hidden (“2028”)"],
        ),
        (
            "C2",
            ["Trabajo", "[1] Vías", "[1.1] Publicar", "[1.1.1] Guía", "[1.1.1.1] 2029"],
            [
                "1 struck-through text (“Firmar”)",
                "what belongs to what is struck through or hidden (“Reunión”, “2027”, “Informe”, “2028”)",
            ],
        ),
    ],
)
def test_what_is_struck_through_in_a_workbook(struck: str, cells: list[str], told: list[str], tmp_path: Path) -> None:
    workbook(tmp_path / "plan.xlsx", *ROWS, struck=struck)
    assert imported(tmp_path / "plan.xlsx") == (cells, told)


def test_some_words_of_a_cell_and_its_comment(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = workbook(file, *ROWS[:1])
    made.active["D2"] = CellRichText("Reunión", TextBlock(InlineFont(strike=True), " anual"))
    made.active["D2"].comment = Comment("¿Con\nquién?", "Ana")
    made.save(file)
    assert imported(file) == (WHOLE, ["1 comment (“¿Con quién?”)", "1 struck-through text (“anual”)"])


def test_a_word_document(tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    document = docx.Document()
    document.add_paragraph().add_run("Borrador").font.hidden = True
    made = document.add_table(3, 5)
    for place, text in enumerate((*HEADER, *ROWS[0], "", "", "", "", "2028")):
        made.cell(place // 5, place % 5).text = text
    reunion = made.cell(1, 3).paragraphs[0]
    reunion.add_run(" anual").font.hidden = True
    reunion.add_run("").font.strike = False
    made.cell(2, 3).paragraphs[0].add_run("Inf").font.strike = True
    made.cell(2, 3).paragraphs[0].add_run("orme").font.double_strike = True
    document.add_comment(reunion.runs[0], text="¿Con quién?")
    document.save(str(file))
    cells, told = imported(file)
    assert cells == WHOLE
    assert told == [
        "2 hidden texts (“Borrador”, “anual”)", "1 comment (“¿Con quién?”)", "1 struck-through text (“Informe”)",
        "what belongs to what is struck through or hidden (“2028”)",
    ]  # fmt: skip


def test_notes_and_deletions_of_a_word_document(tmp_path: Path) -> None:
    """Footnotes stand in a part of their own, to which python-docx adds none."""
    document = docx.Document()
    made = document.add_table(2, 5)
    for place, text in enumerate((*HEADER, *ROWS[0])):
        made.cell(place // 5, place % 5).text = text
    stream = io.BytesIO()
    document.save(stream)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    changed = {
        "word/document.xml": ("<w:t>2027</w:t></w:r>", '<w:t>2027</w:t><w:footnoteReference w:id="2"/></w:r>'
                              "<w:del><w:r><w:delText>2026</w:delText></w:r></w:del>"),
        "word/_rels/document.xml.rels": ("</Relationships>", f'<Relationship Id="r99" Type="{kind}" '
                                         'Target="footnotes.xml"/></Relationships>'),
        "[Content_Types].xml": ("</Types>", '<Override PartName="/word/footnotes.xml" ContentType="application/xml"/>'
                                "</Types>"),
    }  # fmt: skip
    with zipfile.ZipFile(stream) as written, zipfile.ZipFile(tmp_path / "plan.docx", "w") as saved:
        for name in written.namelist():
            old, new = changed.get(name, ("", ""))
            saved.writestr(name, written.read(name).decode().replace(old, new) if old else written.read(name))
        note = '<w:footnote w:id="2"><w:p><w:r><w:t>Sujeto a fondos</w:t></w:r></w:p></w:footnote>'
        saved.writestr("word/footnotes.xml", f"<w:footnotes {space}>{note}</w:footnotes>")
    assert imported(tmp_path / "plan.docx") == (
        WHOLE, ["1 deleted text (“2026”)", "1 footnote (“Sujeto a fondos”)"],
    )  # fmt: skip


def test_a_page(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    row = "<tr><td>Trabajo<td>Vías<td>Firmar<td>Reunión<s> anual</s><td><span hidden>hacia</span>2027"
    struck = '<tr><td><td><td><td style="text-decoration: line-through">Informe<td>2028'
    away = '<tr style="display: none"><td>Secreto<td>x'
    file.write_text(f"<table><tr><th>{'<th>'.join(HEADER)}{row}{struck}{away}</table>", "utf-8")
    cells, told = imported(file)
    assert cells == WHOLE
    assert told == [
        "2 struck-through texts (“anual”, “Informe”)", "1 hidden text (“hacia”)", "1 hidden row (“Secreto x”)",
        "what belongs to what is struck through or hidden (“2028”)",
    ]  # fmt: skip


def test_an_open_document(tmp_path: Path) -> None:
    names = ("office", "style", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    cells = [[f"<text:p>{text}</text:p>" for text in row] for row in (HEADER, ROWS[0], ("", "", "", "Informe", "2028"))]
    note = '<text:note text:note-class="endnote"><text:note-body><text:p>Fin</text:p></text:note-body></text:note>'
    cells[1][3] = f'<text:p>Reunión{note}<text:span text:style-name="A"> anual</text:span></text:p>'
    cells[1][4] += "<office:annotation><text:p>¿Ya?</text:p></office:annotation>"
    rows = ["".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in row) for row in cells]
    rows[2] = rows[2].replace("<table:table-cell><text:p>Inf", '<table:table-cell table:style-name="B"><text:p>Inf')
    styles = (
        '<style:style style:name="A"><style:text-properties text:display="none"/></style:style><style:style '
        'style:name="B"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = f"<office:document-content {spaces}>{styles}<table:table>{table}</table:table></office:document-content>"
    with zipfile.ZipFile(tmp_path / "plan.ods", "w") as made:
        made.writestr("content.xml", content)
    cells_read, told = imported(tmp_path / "plan.ods")
    assert cells_read == WHOLE
    assert told == [
        "1 comment (“¿Ya?”)", "1 endnote (“Fin”)", "1 hidden text (“anual”)", "1 struck-through text (“Informe”)",
        "what belongs to what is struck through or hidden (“2028”)",
    ]  # fmt: skip


def test_many_are_not_all_told(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = workbook(file, *ROWS[:1])
    for number in range(12):
        made.active.cell(3 + number, 4, f"Tarea {number}").font = STRUCK
    made.save(file)
    [told] = imported(file)[1]
    assert told.startswith("12 struck-through texts (“Tarea 0”, ")
    assert told.endswith("“Tarea 7” and 4 more)")


def test_what_stands_below_and_around_a_table_of_a_document_is_told(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Borrador, no citar"
    document.sections[0].footer.paragraphs[0].text = "Secretaría"
    document.add_paragraph("Plan del Okavango")
    table = document.add_table(0, 5)
    for row in (HEADER, ("Trabajo", "Vías", "Firmar", "Reunión", "2027")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("Aprobado en Maun.")
    file = tmp_path / "plan.docx"
    document.save(str(file))
    cells, told = imported(file)
    assert cells == WHOLE
    assert told == [
        "1 page header (“Borrador, no citar”)",
        "1 page footer (“Secretaría”)",
        "1 line below the tables (“Aprobado en Maun.”)",
    ]
    assert title_lines(read_tables(file), guess(read_tables(file), file)) == ("Plan del Okavango",)


def test_what_stands_below_and_around_a_table_of_an_open_document_is_told(tmp_path: Path) -> None:
    space = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "style", "table", "text")
    )
    rows = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{cell}</text:p></table:table-cell>' for cell in row)}"
        "</table:table-row>"
        for row in (HEADER, ("Trabajo", "Vías", "Firmar", "Reunión", "2027"))
    )
    file = tmp_path / "plan.odt"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {space}><office:body><office:text><table:table>{rows}</table:table>"
            "<text:p>Aprobado en Maun.</text:p></office:text></office:body></office:document-content>",
        )
        archive.writestr(
            "styles.xml",
            f"<office:document-styles {space}><office:master-styles><style:master-page><style:footer>"
            "<text:p>Secretaría</text:p></style:footer></style:master-page></office:master-styles>"
            "</office:document-styles>",
        )
    cells, told = imported(file)
    assert cells == WHOLE
    assert told == ["1 page footer (“Secretaría”)", "1 line below the tables (“Aprobado en Maun.”)"]
