"""Pictures of answers, held against their rows."""

from collections import Counter

from crmgraph.library import Chart
from crmgraph.site.base.site import JSON_RESULTS, Record, Row, Site, Term, read_table
from crmgraph.site.charts.drawing import Drawing, Link
from crmgraph.site.questions.answers import draw_answer
from crmgraph.sparql.engine import Question
from tests.support.pages import having, text
from tests.support.visiting import Visitor

XSD = "http://www.w3.org/2001/XMLSchema#"


def row(**values: str | int) -> Row:
    return {
        name: Term("literal", str(value), datatype=XSD + ("integer" if isinstance(value, int) else "string"))
        for name, value in values.items()
    }


def drawn_of(chart: Chart, rows: list[Row]) -> Record:
    drawn = draw_answer(chart, rows, str)
    assert isinstance(drawn, Record)
    return drawn


ROWS = [row(a="x", b="p", n=3), row(a="x", b="q", n=1), row(a="y", b="p", n=2)]


def test_bars_are_as_long_as_their_numbers() -> None:
    stacked = drawn_of(Chart("bars", ("a",), ("b",), ("n",)), [*ROWS, row(a="y", b="r", n=0)])
    [x, y] = [cells for _, cells in stacked.rows]
    assert [(cell.item.name, cell.number, cell.start, cell.length) for cell in x] == [
        ("p", 3, 0.0, 75.0),
        ("q", 1, 75.0, 25.0),
    ]
    assert [(cell.number, cell.length) for cell in y] == [(2, 50.0)]
    assert [thing.name for thing in stacked.series] == ["p", "q"], "what is in no bar is not in the legend"
    # Rows are counted where no column counts, and the longest comes first.
    counted = drawn_of(Chart("bars", ("b",)), [*ROWS, row(b="q"), row(b="q"), row(a="z")])
    assert [(of.name, cell.number) for of, [cell] in counted.rows] == [("q", 3), ("p", 2)]
    some = [row(a="x", n=1, whole=4), row(a="y", n=5, whole=4)]
    shares = drawn_of(Chart("shares", ("a",), (), ("n",), ("whole",)), some)
    assert [(cell.number, cell.whole, cell.length) for cell in shares.rows[0][1]] == [(1, 4, 25.0)]
    assert shares.rows[1][1] == [], "no share is larger than its whole"


def test_what_cannot_be_drawn_truly_is_not_drawn() -> None:
    two = [row(a="x", n=3), row(a="x", n=4)]
    for rows in ([*two, row(a="y", n=1)], [two[0], row(a="y", n="many")], [two[0], row(a="y")], two[:1],
                 [row(a="x", n=0), row(a="y", n=0)], []):  # fmt: skip
        assert draw_answer(Chart("bars", ("a",), (), ("n",)), rows, str) is None


def test_a_network_of_many_items_is_drawn_of_those_with_the_largest_numbers() -> None:
    rows = [row(a=f"a{n}", b=f"b{n}", n=n) for n in range(1, 201)]
    drawn = draw_answer(Chart("network", ("a",), ("b",), ("n",)), rows, str)
    assert isinstance(drawn, Drawing)
    names = {shape.key for shape in drawn.shapes if isinstance(shape, Link) and shape.key}
    assert names == {f"{side}{n}" for side in "ab" for n in range(101, 201)}


def test_every_chart_of_the_library_is_drawn_of_the_real_answer(site: Site) -> None:
    drawn, rows = {}, {}
    for name, question in site.library.items():
        if question.chart:
            opened = {each.name: "any" for each in question.parameters if each.open}
            asked = Question(question.with_values(opened), result_type=JSON_RESULTS)
            rows[name] = read_table(site.ask(asked, 20).body).rows
            drawn[name] = draw_answer(question.chart, rows[name], str)
    assert len(drawn) > 15
    assert [name for name, picture in drawn.items() if picture is None] == []
    # The numbers of a picture are those of its rows.
    statuses, groups = drawn["status-counts"], drawn["population-groups-by-theme"]
    assert isinstance(statuses, Record)
    shown = {(of.name, cell.item.name): cell.number for of, cells in statuses.rows for cell in cells}
    said = {(r["theme_label"].value, r["status_label"].value): int(r["entries"].value) for r in rows["status-counts"]}
    assert shown == {pair: number for pair, number in said.items() if number}
    assert {cell.item.tone for _, cells in statuses.rows for cell in cells} >= {"continuous", "pending"}
    assert isinstance(groups, Record)
    counts = {
        (r["group"].value, r["theme"].value): int(r["elements"].value) for r in rows["population-groups-by-theme"]
    }
    for thing, cells in groups.rows:
        for other, cell in zip(groups.series, cells, strict=True):
            assert cell.number == counts.get((thing.key, other.key), 0)


def test_a_page_shows_the_picture_above_the_table_with_all_its_numbers(visit: Visitor) -> None:
    root = visit.page("/es/queries/agents-named")
    chart = next(having(root, "chart"))
    counts = Counter(each["agent_label"] for each in visit.csv("/queries/agents-named.csv?lang=es"))
    shown = {
        text(next(having(item, "bar-name"))): int(text(next(having(item, "bar-value"))).split(" ")[0])
        for item in next(having(chart, "bars"))
    }
    assert len(shown) == 20 < len(counts)
    assert shown == {name: counts[name] for name in shown}
    assert min(shown.values()) >= max(counts[name] for name in counts if name not in shown)
    assert f"la tabla contiene los {len(counts)}" in text(chart)
    body = [each.get("class", "") for each in root.iter() if each.get("class") in ("chart", "results")]
    assert body == ["chart", "results"]
