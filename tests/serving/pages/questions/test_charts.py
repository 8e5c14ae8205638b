"""Pictures of answers, held against their rows."""

import json
from collections import Counter

import pytest
from httpx import Client

from crmgraph.library import Chart
from crmgraph.site.pictures.shapes import Line
from crmgraph.site.questions.charts import Bars, Matrix, draw_chart, draw_relations
from crmgraph.site.site import JSON_RESULTS, Row, Site, Term, read_table
from crmgraph.sparql import Question
from tests.support.pages import having, read_page, text

XSD = "http://www.w3.org/2001/XMLSchema#"


def row(**values: str | int) -> Row:
    return {
        name: Term("literal", str(value), datatype=XSD + ("integer" if isinstance(value, int) else "string"))
        for name, value in values.items()
    }


def rows_of(site: Site, name: str, **values: str) -> tuple[Row, ...]:
    question = Question(site.library[name].with_values(values), result_type=JSON_RESULTS)
    return read_table(site.ask(question, 20).body).rows


ROWS = [row(a="x", b="p", n=3), row(a="x", b="q", n=1), row(a="y", b="p", n=2)]


def test_bars_are_as_long_as_their_numbers() -> None:
    drawn = draw_chart(Chart("bars", ("a",), ("b",), ("n",)), ROWS)
    assert isinstance(drawn, Bars)
    [x, y] = [line.bars[0] for line in drawn.lines]
    assert [(piece.of.name, piece.number, piece.start, piece.length) for piece in x.pieces] == [
        ("p", 3, 0.0, 75.0),
        ("q", 1, 75.0, 25.0),
    ]
    assert (x.number, y.number) == (4, 2)
    assert [piece.length for piece in y.pieces] == [50.0]


def test_what_is_in_no_bar_is_not_in_the_legend() -> None:
    drawn = draw_chart(Chart("bars", ("a",), ("b",), ("n",)), [*ROWS, row(a="y", b="r", n=0)])
    assert isinstance(drawn, Bars)
    assert [thing.name for thing in drawn.series] == ["p", "q"]


def test_rows_are_counted_where_no_column_counts_and_the_longest_comes_first() -> None:
    drawn = draw_chart(Chart("bars", ("b",)), [*ROWS, row(b="q"), row(b="q"), row(a="z")])
    assert isinstance(drawn, Bars)
    assert [(line.of.name, line.bars[0].number) for line in drawn.lines] == [("q", 3), ("p", 2)]


def test_a_number_that_rows_repeat_is_drawn_once() -> None:
    repeated = [row(a="x", n=3, m=1), row(a="x", n=3, m=1), row(a="y", n=2, m=6)]
    drawn = draw_chart(Chart("bars", ("a",), (), ("n", "m")), repeated)
    assert isinstance(drawn, Bars)
    assert [[bar.number for bar in line.bars] for line in drawn.lines] == [[3, 1], [2, 6]]
    assert drawn.lines[0].bars[0].pieces[0].length == 50.0


@pytest.mark.parametrize(
    "rows",
    [
        [row(a="x", n=3), row(a="x", n=4), row(a="y", n=1)],
        [row(a="x", n=3), row(a="y", n="many")],
        [row(a="x", n=3), row(a="y")],
        [row(a="x", n=3)],
        [row(a="x", n=0), row(a="y", n=0)],
        [],
    ],
    ids=["differ", "no number", "nothing", "one", "all none", "empty"],
)
def test_what_cannot_be_drawn_truly_is_not_drawn(rows: list[Row]) -> None:
    assert draw_chart(Chart("bars", ("a",), (), ("n",)), rows) is None


def test_shares_are_of_their_wholes_and_none_is_larger() -> None:
    rows = [row(a="x", n=1, whole=4), row(a="y", n=5, whole=4)]
    drawn = draw_chart(Chart("shares", ("a",), (), ("n",), ("whole",)), rows)
    assert isinstance(drawn, Bars)
    assert [(bar.number, bar.whole, bar.pieces[0].length) for bar in drawn.lines[0].bars] == [(1, 4, 25.0)]
    assert drawn.lines[1].bars == ()


def test_a_matrix_has_a_cell_for_each_pair() -> None:
    drawn = draw_chart(Chart("matrix", ("a",), ("b",), ("n",)), ROWS)
    assert isinstance(drawn, Matrix)
    assert [thing.name for thing in drawn.columns] == ["p", "q"]
    assert [(thing.name, [cell.number for cell in cells]) for thing, cells in drawn.rows] == [
        ("x", [3, 1]),
        ("y", [2, None]),
    ]
    degrees = [cell.degree for _, cells in drawn.rows for cell in cells]
    assert degrees[3] == 0
    assert max(degrees) == degrees[0] <= 5


def test_of_many_bars_the_longest_are_drawn_and_all_are_counted() -> None:
    drawn = draw_chart(Chart("bars", ("a",), (), ("n",)), [row(a=f"x{place}", n=place) for place in range(1, 101)])
    assert isinstance(drawn, Bars)
    assert drawn.total == 100
    assert [line.bars[0].number for line in drawn.lines] == list(range(81, 101))


def test_a_network_joins_those_that_are_in_one_row() -> None:
    chart = Chart("network", ("a",), ("b",))
    drawing = draw_relations(chart, ROWS, lambda iri: iri)
    assert drawing is not None
    ends = {shape.ends for shape in drawing.shapes if isinstance(shape, Line) and shape.ends}
    assert ends == {("x", "p"), ("x", "q"), ("y", "p")}
    assert draw_relations(chart, ROWS[:1], lambda iri: iri) is None
    assert draw_relations(Chart("bars", ("a",)), ROWS, lambda iri: iri) is None


def test_every_chart_of_the_library_is_drawn_of_the_real_answer(site: Site) -> None:
    drawn = {}
    for name, question in site.library.items():
        if question.chart:
            opened = {each.name: "any" for each in question.parameters if each.open}
            rows = rows_of(site, name, **opened)
            drawn[name] = draw_chart(question.chart, rows) or draw_relations(question.chart, rows, lambda iri: iri)
    assert len(drawn) > 15
    assert [name for name, picture in drawn.items() if picture is None] == []


def test_the_numbers_of_a_picture_are_those_of_the_table(site: Site) -> None:
    rows = rows_of(site, "status-counts")
    chart = site.library["status-counts"].chart
    assert chart is not None
    drawn = draw_chart(chart, rows)
    assert isinstance(drawn, Bars)
    found = {(line.of.name, piece.of.name): piece.number for line in drawn.lines for piece in line.bars[0].pieces}
    said = {(each["theme_label"].value, each["status_label"].value): int(each["entries"].value) for each in rows}
    assert found == {pair: number for pair, number in said.items() if number}
    assert {piece.of.tone for line in drawn.lines for piece in line.bars[0].pieces} >= {"continuous", "pending"}


def test_a_matrix_of_the_library_says_what_its_rows_say(site: Site) -> None:
    rows = rows_of(site, "population-groups-by-theme")
    chart = site.library["population-groups-by-theme"].chart
    assert chart is not None
    drawn = draw_chart(chart, rows)
    assert isinstance(drawn, Matrix)
    said = {(each["group"].value, each["theme"].value): int(each["elements"].value) for each in rows}
    for thing, cells in drawn.rows:
        for other, cell in zip(drawn.columns, cells, strict=True):
            assert cell.number == said.get((thing.key, other.key))


def test_a_page_shows_the_picture_above_the_table_with_all_its_numbers(client: Client) -> None:
    root = read_page(client.get("/es/queries/agents-named").text)
    chart = next(having(root, "chart"))
    listed = json.loads(client.get("/queries/agents-named.json?lang=es").text)["results"]["bindings"]
    counts = Counter(each["agent_label"]["value"] for each in listed)
    bars = list(next(having(chart, "bars")))
    shown = {text(next(having(item, "bar-name"))): text(next(having(item, "bar-value"))) for item in bars}
    assert len(shown) == 20 < len(counts)
    assert {name: int(value.split(" ")[0]) for name, value in shown.items()} == {name: counts[name] for name in shown}
    assert min(counts[name] for name in shown) >= max(counts[name] for name in counts if name not in shown)
    assert f"la tabla contiene los {len(counts)}" in text(chart)
    body = [each.get("class", "") for each in root.iter() if each.get("class") in ("chart", "results")]
    assert body == ["chart", "results"]


def test_where_a_picture_would_show_one_thing_there_is_none(client: Client) -> None:
    root = read_page(client.get("/en/queries/schedule-status?status=pending").text)
    assert not list(having(root, "chart"))
    assert list(having(root, "results"))
