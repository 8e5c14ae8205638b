"""What pictures are made of."""

import pytest

from crmgraph.site.pictures.shapes import Box, Drawing, Line, Link, Shape, Words


@pytest.mark.parametrize(
    ("seen", "title", "name"),
    [
        (("CSM",), "Conferencia Suramericana sobre Migraciones", "CSM: Conferencia Suramericana sobre Migraciones"),
        (("1",), "Objetivo 1", "Objetivo 1"),
        (("VINCULACIÓN", "ENTRE MIGRACIÓN…"), "Vinculación entre migración y desarrollo", None),
        ((), "Un lugar", "Un lugar"),
    ],
)
def test_a_link_is_called_by_what_is_seen_of_it(seen: tuple[str, ...], title: str, name: str | None) -> None:
    parts: tuple[Shape, ...] = (Box(0, 0, 1, 1, "cell"), *(Words(0, 0, text) for text in seen))
    assert Link("/", title, parts).name == (name or title)


def test_what_stays_and_what_is_scrolled_is_all_that_there_is() -> None:
    corner, head, name = Words(5, 5, "corner"), Line("M0 0h9", "rule", x=60, y=8), Words(5, 60, "name")
    cell = Link("/", "cell", (Box(60, 60, 9, 9, "cell"),))
    whole = Drawing(100, 200, (corner, head, name, cell), still=40, head=30)
    rows = whole.rows
    assert [[part.shapes for part in row] for row in rows] == [[(corner,), (head,)], [(name,), (cell,)]]
    assert [[(part.left, part.top, part.width, part.height) for part in row] for row in rows] == [
        [(0, 0, 40, 30), (40, 0, 60, 30)],
        [(0, 30, 40, 170), (40, 30, 60, 170)],
    ]
    [[all_of_it]] = Drawing(100, 200, whole.shapes).rows
    assert (all_of_it.shapes, all_of_it.width, all_of_it.height) == (whole.shapes, 100, 200)


def test_below_its_head_a_drawing_is_cut_into_pieces_that_lose_nothing() -> None:
    head, *names = (Words(5, y, str(y)) for y in (5, 40, 60, 90))
    rows = Drawing(100, 120, (head, *names), head=30, cuts=(50, 80)).rows
    assert [part.shapes for [part] in rows] == [(head,), *((name,) for name in names)]
    assert [(part.top, part.height) for [part] in rows] == [(0, 30), (30, 20), (50, 30), (80, 40)]
