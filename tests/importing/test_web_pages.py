"""Pages as people make them: notes over the whole table, hidden rows, and tables that only lay out the page."""

from pathlib import Path

import pytest

from crmgraph.importing import Grid, as_text_table, guess, left_out, read_tables
from crmgraph.importing.tabling import title_lines
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source

HEAD = "<tr><th>Tema<th>Objetivo<th>Acción<th>Actividad<th>Calendario"
ROW = "<tr><td>T<td>O<td>A<td>B<td>2027"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "plan.html"


def read(page: Path, text: str) -> list[Grid]:
    page.write_text(text, "utf-8")
    return read_tables(page)


def texts(grids: list[Grid]) -> list[str]:
    text = as_text_table(grids, guess(grids, Path("plan.html")), Path("plan.html"))
    return [part.text for part, _ in read_plan_text(Source(text), "plan").walk()]


def left(grids: list[Grid]) -> list[str]:
    return left_out(grids, guess(grids, Path("plan.html")))


def test_a_footnote_over_the_whole_table_is_a_note(page: Path) -> None:
    grids = read(page, f"<table>{HEAD}{ROW}<sup>1</sup><tr><td colspan=5>1. Por confirmar</table>")
    assert texts(grids) == ["T", "O", "A", "B", "2027"]
    assert left(grids) == ["1 note (“1. Por confirmar”)", "1 footnote mark (¹)"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<tr style='display:none'><td>Borrador",
        "<tr style='color: red; DISPLAY : none;'><td>Borrador",
        "<tr hidden><td>Borrador",
        "<tbody style='display: none'><tr><td>Borrador</tbody>",
    ],
)
def test_a_hidden_row_is_left_out_and_told(hidden: str, page: Path) -> None:
    grids = read(page, f"<table>{HEAD}{ROW}<tr hidden><td>{hidden}</table>")
    assert texts(grids) == ["T", "O", "A", "B", "2027"]
    assert left(grids) == ["1 hidden row (“Borrador”)"]


def test_what_is_shown_stays(page: Path) -> None:
    grids = read(
        page, f"<table>{HEAD}<tr style='display:table-row; x-display: none'>{ROW.removeprefix('<tr>')}</table>"
    )
    assert texts(grids) == ["T", "O", "A", "B", "2027"]
    assert left(grids) == []


def test_a_hidden_table_is_told(page: Path) -> None:
    grids = read(page, f"<table hidden>{HEAD}{ROW}</table><h1>Plan</h1><table>{HEAD}{ROW.replace('T', 'U')}</table>")
    assert texts(grids)[0] == "U"
    assert left(grids) == ["1 hidden table (“Tema Objetivo Acción Actividad Calendario T O A B 2027”)"]


def test_the_plan_within_tables_that_lay_out_the_page(page: Path) -> None:
    inner = f"<h1>Plan</h1><table>{HEAD}{ROW}<table><tr><td>x<td>y</table></table>"
    grids = read(page, f"<table><tr><td>menú<td><table><tr><td>{inner}</table><tr><td>pie</table>")
    assert texts(grids) == ["T", "O", "A", "B", "2027 xy"]
    assert left(grids) == ["what stands beside the table on the page (“menú”, “pie”)"]
    assert as_text_table(grids, guess(grids, page), page).startswith("Plan\n\t")


def test_a_table_with_headings_within_the_plan_stays_in_its_cell(page: Path) -> None:
    inner = "<table><tr><th>Actividad<th>Fecha<tr><td>Taller<td>mayo</table>"
    [grid] = read(page, f"<table>{HEAD}<tr><td>T<td>O<td>A<td>{inner}<td>2027</table>")
    assert "Taller" in grid.rows[1][3]


def test_what_stands_around_the_table_is_the_title_or_told(page: Path) -> None:
    grids = read(
        page,
        "<title>x</title><h1>Plan del Okavango</h1><table><tr><td>Inicio<td>Contacto</table>"
        f"<table>{HEAD}{ROW}</table><ul><li>Mapa del sitio</li></ul><h5>Aprobado en Maun</h5>"
        "<footer>Secretaría</footer><script>x()</script>",
    )
    assert title_lines(grids, guess(grids, page)) == ("Plan del Okavango",)
    assert left(grids) == [
        "1 text outside of tables, paragraphs and headings (“Mapa del sitio Secretaría”)",
        "table 1 (“Inicio Contacto”)",
        "1 line below the tables (“Aprobado en Maun”)",
    ]


def test_the_lines_above_other_tables_are_told(page: Path) -> None:
    other = "<table><tr><td>2027<td>5</table>"
    grids = read(page, f"<p>Nota previa{other}<p>Plan<table>{HEAD}{ROW}</table><p>Presupuesto{other}")
    assert title_lines(grids, guess(grids, page)) == ("Plan",)
    assert left(grids)[-1] == "2 lines above other tables (“Nota previa”, “Presupuesto”)"
