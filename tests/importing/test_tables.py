"""Import of tables: headings, merged cells, full-width rows, and several tables in a file."""

from pathlib import Path

import pytest

from crmgraph.errors import InputError, SourceError
from crmgraph.importing import Grid, Mapping, PlanTable, guess_mapping, read_tables
from crmgraph.importing.mapping import COLUMNS
from crmgraph.importing.tables import Cell, expand_merged_cells
from tests.importing.made import (
    CASES,
    FILE,
    FILES,
    HEADER,
    assumptions,
    book,
    cells,
    check_all,
    document,
    omissions,
    outline,
    plan,
    plan_table,
    table,
    table_cases,
    texts,
    written,
)  # fmt: skip
from tests.support.phrases import rows_of

RESULTS = "Pilar|No.|Resultado|Medida|Tarea|Plazo|Presupuesto"
ROWS = (
    "Protección|1|Personas protegidas|Atender en frontera|Abrir tres oficinas|2027|10",
    "||||Formar a 30 funcionarios|En 2028|20",
    "|||Informar|Publicar una guía||5",
    "|2|Retorno digno|Acompañar|Firmar un acuerdo|2029|",
    "Desarrollo|3|Remesas baratas|Comparar precios|Abrir un sitio|2027|1",
)
TREE = (
    "T Protección|O1 Personas protegidas|A1.1 Atender en frontera|V1.1.1 Abrir tres oficinas|S1.1.1.1 2027"
    "|V1.1.2 Formar a 30 funcionarios|S1.1.2.1 En 2028|A1.2 Informar|V1.2.1 Publicar una guía|O2 Retorno digno"
    "|A2.1 Acompañar|V2.1.1 Firmar un acuerdo|S2.1.1.1 2029|T Desarrollo|O3 Remesas baratas|A3.1 Comparar precios"
    "|V3.1.1 Abrir un sitio|S3.1.1.1 2027"
)


def text_of(grids: list[Grid]) -> str:
    return plan_table(grids).text_table("plan")


def test_merged_cells_and_missing_numbers(tmp_path: Path) -> None:
    filled = [cells(RESULTS)]
    for row in map(cells, ROWS):
        above = filled[-1] if len(filled) > 1 else ("",) * 7
        filled.append(tuple(cell or (above[place] if place < 4 else "") for place, cell in enumerate(row)))
    assert filled[3][:4] == ("Protección", "1", "Personas protegidas", "Informar")
    book(tmp_path / "plan.xlsx", RESULTS, *ROWS, merged="A2:A5 C2:C4")
    lower = Grid("plan", ("Antes",), (("Plan nacional", *[""] * 6), *map(cells, (RESULTS, *ROWS))))
    cases = {
        "merged": table(*ROWS, header=RESULTS),
        "said again": [Grid("Hoja1", (), tuple(filled))],
        "workbook": read_tables(tmp_path / "plan.xlsx"),
        "further down, in another table": [Grid("notes", (), (("x", "y"),)), lower],
        "headings again": table(*ROWS[:3], RESULTS, *ROWS[3:], header=RESULTS),
    }
    check_all((case, outline(grids, numbers="add"), TREE) for case, grids in cases.items())
    assert text_of([lower]).startswith("Antes\nPlan nacional\n\tTEMAS\n\tOBJETIVOS\n")


def test_outlines_of_tables() -> None:
    for rows, grids, (kinds, numbers, expected) in table_cases("outlines"):
        found = outline(grids, kinds, numbers or None)
        assert expected in found if not kinds else expected == found, (rows, found)
    english = table(
        "To be safe|1. The safety of people in transit|Open the three offices", header="Goal|Objective|Task"
    )
    assert text_of(english).startswith("plan\n\n\tTHEMES\n\tObjective\n\tACTIONS\n")


def test_what_is_left_out_is_told() -> None:
    contacts = Grid("Contactos", (), (("Nombre", "Correo"), ("Ana", "ana@example.org")))
    unnamed = Grid("3", (), (("Siglas\ny nombres", ""), ("", "Organización Internacional para las Migraciones")))
    assert omissions([*table(*ROWS, header=RESULTS), contacts, unnamed]) == [
        "“Presupuesto”",
        "table 2 “Contactos” (“Nombre Correo Ana ana@example.org”)",
        "table 3 (“Siglas y nombres Organización Internaci…”)",
    ]


def test_cells_that_span(tmp_path: Path) -> None:
    rows = [[Cell("a", 2, 2), Cell("b")], [Cell("c")], [Cell("d"), Cell("e"), Cell("f")]]
    assert expand_merged_cells("x", rows).rows == (("a", "", "b"), ("", "", "c"), ("d", "e", "f"))
    page = written(
        tmp_path / "plan.html",
        "<h1>Plan</h1><table><tr><th>Tema<th>Objetivo<th>Acción<th>Actividad<th>Fecha"
        "<tr><td rowspan=2>Uno<td rowspan='2'>1. Proteger<td>1.1 Atender<td>1.1.1 Abrir<br>oficinas<td>1.1.1.1 2027"
        "<tr><td>1.2 Informar<td colspan=2>1.2.1 Publicar <b>una</b>\n   guía</table>",
    )
    assert outline(read_tables(page), "V") == "V1.1.1 Abrir oficinas|V1.2.1 Publicar una guía"
    assert plan(read_tables(page)).title == "Plan"
    for text in ("<tr>" + "<td colspan=1000>x" * 501, "<tr><td colspan=1000>x" + "<tr><td>y" * 501):
        with pytest.raises(SourceError, match="more than 500,000 cells"):
            read_tables(written(page, f"<table>{text}</table>"))


def worded(headings: str, text: str = "Toda persona migrante") -> list[Grid]:
    names = headings.split(";")
    return [Grid("Plan", (), (tuple(names), tuple(f"{text} {number}" for number in range(len(names)))))]


def refused(grids: list[Grid]) -> InputError:
    try:
        plan_table(grids).check_levels()
        text = text_of(grids)
    except InputError as error:
        return error
    raise AssertionError(f"it was taken:\n{text}")


def test_headings_of_levels() -> None:
    def levels(headings: str) -> str:
        wanted = guess_mapping(worded(headings), FILE).column_names()
        return "".join(
            "".join(str(level) for level, column in enumerate(COLUMNS) if name in wanted.get(column, ())) or "-"
            for name in headings.split(";")
        )

    check_all((headings, levels(headings), expected) for headings, expected in rows_of("levels", CASES))


def test_no_level_is_left_out_in_silence() -> None:
    missing = (
        "Eje;Compromiso;Acción;Actividad", "Eje;;Acción;Actividad", "Objetivo;Meta;Acción;Actividad",
        "Eje;Objetivo;Meta;Actividad", "Eje;Objetivo general;Objetivo específico;Actividad",
        "Eje;Objetivo;Acción / Actividad",
    )  # fmt: skip
    assert [each for each in missing if "would be in no plan" not in refused(worded(each)).message] == []
    error = refused(worded("Eje;Compromiso;Acción;Tarea;Plazo;Costo"))
    assert isinstance(error, SourceError)
    assert "no heading plainly says objectives, and the text below “Compromiso” would be in no plan" in error.message
    assert "“Eje” (themes), “Acción” (actions), “Tarea” (activities), “Plazo” (schedule)" in error.message
    for headings in (
        "Eje;Objetivo;Acción;Responsable;Plazo;Indicadores;Fuente de verificación",
        "Pillar;Objective;Activity;Lead;Budget;Status;Means of verification",
        "No.;Eje;Código;Objetivo;Acción;Actividad;Compromiso",
    ):
        grids = worded(headings)
        plan_table(grids).check_levels()
    for text in ("X", "12", "USD 35,000", "2027-06-01", "T2 2027"):
        grids = worded("Eje;Objetivo;Acción;Compromiso", text)
        plan_table(grids).check_levels()


def test_tables_without_themes() -> None:
    error = refused(worded("Objetivo;Acción;Costo"))
    assert "the first of the plan, has no theme" in error.message
    assert "the headings are “Objetivo”, “Acción”, “Costo”" in error.message
    rows = (("Eje", "Objetivo"), ("", ""), ("", "Albergar"), ("Trabajo", "Formar"))
    error = refused([Grid("Plan", (), rows, row_numbers=range(4, 8))])
    assert "row 6 of the table “Plan”, the first of the plan, has no theme" in error.message
    error = refused(worded("País de origen de la persona que migra;Año"))
    assert "the first has “País de origen de la persona que migra”, “Año”" in error.message


ABOVE, BELOW = "Eje|Objetivo|Acción|Actividad|Calendario|", "||||2027|2028"
YEARS = ("Protección|Albergar|Abrir|Tres albergues|X|x", "|||Formar||✓",
         "Trabajo|Regularizar|Otorgar|Permisos|2.º trimestre|-")  # fmt: skip


def test_headings_in_two_rows(tmp_path: Path) -> None:
    for first, second in ((ABOVE, BELOW), ("||||Calendario|", "Eje|Objetivo|Acción|Actividad|2027|2028")):
        grids = table(first, second, *YEARS, header="Plan nacional|||||")
        guessed = guess_mapping(grids, FILE)
        assert (guessed.header, guessed.columns.schedule) == (3, ("Calendario 2027", "Calendario 2028"))
        assert texts(grids, "T") == ["Protección", "Trabajo"]
        assert texts(grids, "S") == ["2027, 2028", "2028", "2027: 2.º trimestre"]
        assert text_of(grids).startswith("Plan nacional\n\tTEMAS\n")
        assert omissions(grids) == []
    again = table(BELOW, *YEARS[:2], ABOVE, BELOW, YEARS[2], header=ABOVE)
    assert outline(again) == outline(table(BELOW, *YEARS, header=ABOVE))
    header = "Eje|Objetivo||Acciones||Actividad|Calendario||Presupuesto|"
    rows = ("|||No.|Descripción||2027|2028|2027|2028", "Protección|1.|Albergar|1.1|Abrir|Tres albergues|x||1|2")
    book(tmp_path / "plan.xlsx", header, *rows, merged="A1:A2 B1:C2 D1:E1 F1:F2 G1:H1 I1:J1")
    grids = read_tables(tmp_path / "plan.xlsx")
    assert outline(grids) == "T Protección|O1 Albergar|A1.1 Abrir|V Tres albergues|S 2027"
    assert omissions(grids) == ["“Presupuesto 2027”", "“Presupuesto 2028”"]
    page = "<table><tr><th>Eje<th colspan=2>Objetivo<tr><td>Uno<td>1.<td>Albergar<tr><td><td>2.<td>Formar</table>"
    assert texts(read_tables(written(tmp_path / "plan.html", page)), "O") == ["Albergar", "Formar"]


def test_one_row_of_headings() -> None:
    cases = [
        ("Eje||Objetivo||Plazo", "1|Protección|1.1|Albergar|", 1),
        ("Eje||Objetivo||Notas", "1|Protección|1.1|Albergar|", 1),
        ("Eje|Objetivo|Plazo|", "Protección|Albergar|2027|2028", 1),
        ("|Plan 2027||", "Eje|Objetivo|Acción|Plazo", 2),
    ]
    for header, row, place in cases:
        grids = table(row, "|".join("zzzzz"[: len(cells(row))]), header=header)
        assert guess_mapping(grids, FILE).header == place, row
        assert text_of(grids).startswith("plan\n" if place == 1 else "Plan 2027\n\t"), row
    grids = table("1.|Protección|Albergar", header="Eje||Objetivo")
    assert omissions(grids) == ["column 2, which has no heading"]
    mapping = Mapping.model_validate({"columns": {"themes": ["Eje", "column 2"], "objectives": "Objetivo"}})
    assert "\t1. Protección\n" in PlanTable(grids, mapping, FILE).text_table("plan")


LEAD = "No.|Objective|No.|Action|Activity|Due date|Lead"
FIRST, SECOND = (
    "1|Reduce migration|1.1|Campaigns|Radio spots|2027|IOM",
    "2|Protect victims|2.1|Shelters|Open one|2028|HND",
)
PILLARS = (
    "T PILLAR I|O1 Reduce migration|A1.1 Campaigns|V1.1.1 Radio spots|S1.1.1.1 2027"
    "|T PILLAR II|O2 Protect victims|A2.1 Shelters|V2.1.1 Open one|S2.1.1.1 2028"
)


def full_width_tables(*rows: str, header: str = LEAD) -> list[Grid]:
    """Return a table in which each row with one cell covers all columns."""
    width = len(cells(header))
    filled = ([Cell(row, width)] if "|" not in row else [Cell(text) for text in cells(row)] for row in rows)
    return [expand_merged_cells("x", [[Cell(text) for text in cells(header)], *filled])]


def test_rows_over_the_whole_table(tmp_path: Path) -> None:
    rows = ("PILLAR I", FIRST, "PILLAR II", SECOND)
    book(tmp_path / "plan.xlsx", LEAD, *rows, merged="A2:G2 A4:G4")
    made, wide = document(LEAD, rows[0], FIRST, LEAD, *rows[2:])
    for place in (1, 4):
        wide.cell(place, 0).merge(wide.cell(place, 6))
    made.save(str(tmp_path / "plan.docx"))
    noted = full_width_tables(rows[0], FIRST, "Note: to be confirmed", *rows[2:], "Total", "1. As of May")
    for grids in (read_tables(tmp_path / "plan.xlsx"), read_tables(tmp_path / "plan.docx"), noted):
        assert outline(grids) == PILLARS
        assert omissions(grids)[0] == "“Lead”"
    assert omissions(noted)[1:] == ["1 total (“Total”)", "2 notes (“Note: to be confirmed”, “1. As of May”)"]
    said = "taken as themes, for they go over the whole table: “PILLAR I”, “PILLAR II”"
    assert assumptions(read_tables(tmp_path / "plan.xlsx")) == [said]
    for grids, refusal in (
        (full_width_tables(FIRST, "PILLAR II", SECOND), "the first of the plan, has no theme"),
        (
            full_width_tables("PILLAR I", "Area A", FIRST),
            "“PILLAR I” and, right below it, “Area A” go over the whole table",
        ),
        (table("PILLAR I", FIRST, header=LEAD), "the first of the plan, has no theme"),
    ):
        assert refusal in outline(grids)


def test_rows_over_a_table_with_themes() -> None:
    row = "|Protect victims|Shelters|Open one|2028"
    grids = full_width_tables(f"One{row}", "Another", f"Two{row}", header="Theme|Objective|Action|Activity|Due date")
    assert texts(grids, "T") == ["One", "Another", "Two"]
    assert assumptions(grids) == ["taken as themes, for they go over the whole table: “Another”"]
    grids = full_width_tables(
        "Border|Secure|Train", "Labour", "|Share|Sign", "1. Footnote text", header="Theme|Objective|Action"
    )
    assert texts(grids, "T") == ["Border", "Labour"]
    assert omissions(grids) == ["1 note (“1. Footnote text”)"]


OTHER = "take out of the file what is another plan"


def test_tables_over_several_pages() -> None:
    grids = read_tables(FILES / "pages.docx")
    assert plan(grids).title == "Plan 2027"
    assert outline(grids, "TO") == "T Trata|O1 Prevenir 1|O2 Prevenir 2|O3 Prevenir 3"
    assert assumptions(grids) == [f"tables 1, 2, 3 have the same headings, and are read as one plan; {OTHER}"]
    assert omissions(grids) == [
        "1 line with the number of a page (“Página 1 de 3”)",
        "2 lines above the further tables (“Página 2 de 3”, “Página 3 de 3”)",
    ]


def test_a_sheet_for_each_theme() -> None:
    """Each sheet has a title, merged cells and a note."""
    grids = read_tables(FILES / "sheets.xlsx")
    one = "O1 O|A1.1 A|V1.1.1 Uno|S1.1.1.1 2027|V1.1.2 Dos|S1.1.2.1 2027"
    assert outline(grids) == f"T Prevención|{one}|T Protección|{one}"
    said = f"tables 1 “Prevención”, 3 “Protección” have the same headings, and are read as one plan; {OTHER}"
    assert assumptions(grids) == [said]
    assert omissions(grids) == ["2 notes (“* Sujeto a fondos”)", "table 2 “Contactos” (“Ana ana@example.org”)"]


def test_further_tables() -> None:
    first = Grid("1", (), (cells(HEADER), ("T", "O", "A", "B", "2027")))
    budget = Grid("2", (), (("Tema", "Objetivo", "Monto"), ("T", "O", "10")))
    assert outline([first, budget]) == outline([first])
    assert (assumptions([first, budget]), omissions([first, budget])) == (
        [],
        ["table 2 (“Tema Objetivo Monto T O 10”)"],
    )
    wider = Grid("2", ("Segunda parte",), ((*cells(HEADER), ""), ("U", "P", "C", "D", "2028", "al margen")))
    assert outline([first, wider], "TOV") == "T T|O1 O|V1.1.1 B|T U|O1 P|V1.1.1 D"
    assert omissions([first, wider]) == [
        "column 6, which has no heading", "1 line above the further tables (“Segunda parte”)",
    ]  # fmt: skip


UNTHEMED = "Objetivo|Acción|Actividad|Plazo"
PROTECTION = (UNTHEMED, "1. Albergar|1.1 Abrir|1.1.1 Tres albergues|2027", "||1.1.2 Equipos|2028")
WORK = (UNTHEMED, "1. Regularizar|1.1 Otorgar|1.1.1 Permisos|2027")
BOTH = "T Protección|O1 Albergar|V1.1.1 Tres albergues|V1.1.2 Equipos|T Trabajo|O1 Regularizar|V1.1.1 Permisos"


def sheets(*names: str, rows: tuple[tuple[str, ...], ...] = (PROTECTION, WORK)) -> list[Grid]:
    return [Grid(name, (), tuple(map(cells, each))) for name, each in zip(names, rows, strict=True)]


def goals(heading: str, *names: str) -> list[Grid]:
    """Return a table for each of the names, with the name as the heading above it."""
    rows = (cells(f"{heading}|Acción|Actividad|Plazo"), cells("Albergar|Abrir|Tres albergues|2027"))
    return [Grid(str(number), (name,), rows, heading=name) for number, name in enumerate(names, 1)]


def test_names_of_sheets_as_themes() -> None:
    grids = sheets("Protección", "Trabajo")
    assert outline(grids, "TOV") == BOTH
    assert any("names of the tables were taken as themes" in each for each in assumptions(grids))
    titled = ("Plan 2027||||", f"Responsable|{UNTHEMED}", "OIM|Albergar|Abrir|Censo|2027")
    grids = sheets("Trata", "Retorno", rows=(titled, titled))
    assert (plan_table(grids).title, omissions(grids)) == (("Plan 2027",), ["“Responsable”"])
    themed = [tuple(f"{'X' if place else 'Tema'}|{row}" for place, row in enumerate(each[:2]))
              for each in (PROTECTION, WORK)]  # fmt: skip
    grids = sheets("Uno", "Dos", rows=(themed[0], tuple(row.rpartition("|")[0] for row in themed[1])))
    assert texts(grids, "O") == ["Albergar"]
    assert omissions(grids)[0].startswith("table 2 “Dos” (“Tema ")


def test_names_that_are_no_themes() -> None:
    themed = tuple(f"{'X' if place else 'Tema'}|{row}" for place, row in enumerate(PROTECTION))
    resulting = [Grid(each.name, (), tuple((*row, "Resultado" if not at else "X") for at, row in enumerate(each.rows)))
                 for each in goals("Meta", "Eje 1", "Eje 2")]  # fmt: skip
    for grids in (
        sheets("Hoja1", "Hoja2"), sheets("", ""), sheets("Plan", "Plan"), sheets("Protección", rows=(PROTECTION,)),
        sheets("Plan", "Notas", rows=(PROTECTION, ("Objetivo|Nota", "1. Albergar|ver anexo"))),
        sheets("A", "B", rows=(themed, themed)), goals("Meta", "Plan"), goals("Meta", "Plan", "Plan"),
        goals("Pilar", "Eje 1", "Eje 2"),
        sheets("Trata", "Retorno", rows=(("Meta|Acción|Actividad|Plazo", "Albergar|Abrir|Tres albergues|2027"),) * 2),
        resulting,
    ):  # fmt: skip
        assert not any("taken as themes" in each for each in assumptions(grids))


def test_headings_above_tables_as_themes() -> None:
    """The first files have a table below each of two headings, and a text between; the second, only one heading."""
    for ending in (".docx", ".html"):
        grids = read_tables(FILES / f"headings{ending}")
        assert outline(grids, "TO") == "T Trata|O1 Albergar|T Retorno|O1 Regularizar"
        assert "Trata" not in plan_table(grids).title
        said = "the headings above the tables were taken as themes, for no column has them: “Trata”, “Retorno”"
        assert said in assumptions(grids)
        assert not any("Retorno" in each for each in omissions(grids))
        assert "the first of the plan, has no theme" in outline(read_tables(FILES / f"one-heading{ending}"))
    for heading in ("Meta", "Metas estratégicas", "Goal", "Goal / Meta"):
        found = outline((goals(heading, "Eje 1. Trata", "Eje 2. Retorno")), "TO")
        assert found == "T Eje 1. Trata|O1 Albergar|T Eje 2. Retorno|O1 Albergar", heading
