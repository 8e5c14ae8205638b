"""What pictures are made of, and networks of any kind: no name on another, nothing outside the picture."""

import itertools
import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmgraph.site.base.site import Site
from crmgraph.site.charts.layout import (
    Drawing,
    Edge,
    Link,
    Mark,
    Node,
    Path,
    Rectangle,
    Shape,
    Text,
    draw_network,
    text_width,
    vertical_heading,
    wrap,
)
from crmgraph.site.charts.processes import draw_members, draw_processes, members, processes
from crmgraph.site.charts.responsibilities import draw_matrix, responsibilities
from crmgraph.site.charts.schedule import NARROW, WIDE, draw_schedule, schedule
from crmgraph.site.charts.tree import KINDS, draw_tree, foldable
from crmgraph.site.plans import outline

TEXT = "Promover una mejor comprensión del fenómeno migratorio regional"
ACTORS = [Node(f"a{place}", f"Actor {place}", f"/a{place}") for place in range(9)]
AIMS = [Node(f"o{place}", "An objective " * (place + 1)) for place in range(4)]
ACROSS = [
    Edge(f"a{actor}", f"o{aim}", "acts" if (actor + aim) % 2 else "is named", "said")
    for actor in range(9)
    for aim in range(4)
    if (actor + 2 * aim) % 3 == 1
]


def boxes(shapes: Iterable[Shape]) -> Iterator[Rectangle]:
    for shape in shapes:
        if isinstance(shape, Rectangle):
            yield shape
        elif isinstance(shape, Link):
            yield from boxes(shape.parts)


def link_boxes(drawing: Drawing) -> list[Rectangle]:
    """Return the room of each link: the first box in it."""
    return [next(boxes([shape])) for shape in drawing.shapes if isinstance(shape, Link)]


def assert_apart(rooms: Iterable[Rectangle], drawing: Drawing) -> None:
    """Check that none of these lies on another, and all of them are in the picture."""
    found = list(rooms)
    assert found
    for box in found:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
    for one, other in itertools.combinations(found, 2):
        assert (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        ), (one, other)


def nodes(drawing: Drawing) -> dict[str, Link]:
    return {shape.key: shape for shape in drawing.shapes if isinstance(shape, Link)}


def edges(drawing: Drawing) -> list[Path]:
    return [shape for shape in drawing.shapes if isinstance(shape, Path) and shape.ends]


def place(node: Link) -> tuple[float, float]:
    [mark] = [part for part in node.parts if isinstance(part, Path)]
    return mark.x, mark.y


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Node], list[Node], list[Edge]]:
    """A network with names of any length."""
    label = st.text("abc ñ", min_size=1, max_size=60)
    left = [Node(f"a{n}", draw(label), f"/a{n}") for n in range(draw(st.integers(2, 8)))]
    right = [Node(f"o{n}", draw(label)) for n in range(draw(st.integers(1, 6)))]
    pairs = [(a.key, b.key) for a, b in itertools.product(left, right)]
    joined = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    return left, right, [Edge(a, b, draw(st.sampled_from(["acts", "is named"])), "said") for a, b in joined]


@given(networks())
@example((ACTORS, AIMS, ACROSS))
@settings(max_examples=30)
def test_networks(network: tuple[list[Node], list[Node], list[Edge]]) -> None:
    left, right, joined = network
    drawing = draw_network(left, right, joined)
    drawn = nodes(drawing)
    assert set(drawn) == {node.key for node in (*left, *right)}
    assert sorted(line.ends for line in edges(drawing)) == sorted((edge.start, edge.end) for edge in joined)
    assert_apart(boxes(drawing.shapes), drawing)
    for line in edges(drawing):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", line.path)]
        for point, key in zip((numbers[:2], numbers[-2:]), line.ends, strict=True):
            assert tuple(point) == pytest.approx(place(drawn[key]), abs=5), "lines end at the marks of their nodes"
    assert draw_network(left, right, joined[::-1]) == drawing, "and it is always drawn the same way"


def test_sides_of_a_network() -> None:
    drawing = draw_network(ACTORS, AIMS, ACROSS)
    drawn = nodes(drawing)
    [left] = {place(drawn[edge.start])[0] for edge in ACROSS}
    [right] = {place(drawn[edge.end])[0] for edge in ACROSS}
    assert left < right
    # Few lines cross.
    crossed = [Edge(f"a{at}", f"o{3 - at}") for at in range(4)]
    free = nodes(draw_network(ACTORS[:4], AIMS, crossed))
    pairs = sorted((place(free[edge.start])[1], place(free[edge.end])[1]) for edge in crossed)
    assert [end for _, end in pairs] == sorted(end for _, end in pairs)
    assert draw_network([], [], []).shapes == ()


def test_lines_and_legend_of_a_network() -> None:
    two = [Edge("a0", "o0", "acts"), Edge("a0", "o0", "is named")]
    assert len({line.path for line in edges(draw_network(ACTORS[:1], AIMS[:1], two))}) == 2
    looks = ["acts", "is named"]
    assert [key.label for key in draw_network(ACTORS, AIMS, ACROSS, looks).legend] == looks
    fewer = draw_network([ACTORS[1]], AIMS, [Edge("a1", "o0", "is named")], looks)
    assert "look-1" in edges(fewer)[0].kind
    wider = edges(draw_network(ACTORS[:2], AIMS[:1], [Edge("a0", "o0"), Edge("a1", "o0", weight=4)]))
    assert wider[0].width < wider[1].width


@pytest.mark.parametrize("language", ["es", "en"])
def test_nothing_lies_on_anything_else_in_the_real_pictures(site: Site, language: str) -> None:
    plan = site.names.id("plan", "crm")
    entries = schedule(site, plan, language)
    for width in (WIDE, NARROW):
        drawing = draw_schedule(entries, str, language, width)
        assert drawing.width == width
        assert_apart(link_boxes(drawing), drawing)
    themes = outline(site, plan, language)
    every = list(foldable(themes, plan))
    for is_narrow, most in ((False, 720.0), (True, 326.0)):
        for opened in ([], ["pgm/7"], every):
            kinds = {kind: kind for kind in KINDS}
            drawing = draw_tree(themes, foldable(themes, plan), opened, kinds, str, "/page", language, is_narrow)
            assert drawing.width <= most
            parts = [shape for shape in drawing.shapes if isinstance(shape, Link) and not shape.key]
            assert_apart((next(boxes([part])) for part in parts), drawing)
    for drawing in (
        draw_members(members(site, site.names.id("process", "rcm"), language), str, language),
        draw_processes(processes(site, language), str, language),
    ):
        assert_apart(boxes(drawing.shapes), drawing)
    matrix = draw_matrix(responsibilities(site, plan, language), str, "/page", language)
    assert_apart((box for box in boxes(matrix.shapes) if box.kind.startswith("cell")), matrix)


@given(st.sampled_from([TEXT, "Donaudampfschifffahrtsgesellschaft", ""]), st.integers(60, 500), st.integers(1, 9))
def test_lines_fit_their_room_and_lose_no_word_unseen(said: str, room: int, most: int) -> None:
    broken = wrap(said, room, most)
    assert len(broken) <= most
    assert bool(broken) == bool(said)
    assert all(text_width(line) <= room for line in broken)
    if "…" not in "".join(broken):
        assert " ".join(broken) == said


def test_words_are_cut_after_a_whole_word() -> None:
    assert text_width("mmm") > text_width("aaa") > text_width("iii")
    assert text_width("aaa", 26) == pytest.approx(2 * text_width("aaa", 13))
    [line] = wrap(TEXT, 150, 1)
    assert line.endswith("…")
    assert TEXT.startswith(line.removesuffix("…"))
    assert TEXT[len(line) - 1] == " "
    assert vertical_heading("sede", 7) == '<span title="sede">sede</span>'
    assert vertical_heading("a < b", 7, "A & B") == '<span title="A &amp; B">a &lt; b</span>'
    heading = vertical_heading(TEXT, 7)
    assert heading.count("<br>") == 1
    assert heading.endswith("…</span>")
    assert f'title="{TEXT}"' in heading


@pytest.mark.parametrize(
    ("seen", "title", "name"),
    [
        (["CSM"], "Conferencia Suramericana", "CSM: Conferencia Suramericana"),
        (["1"], "Objetivo 1", "Objetivo 1"),
        (["VINCULACIÓN", "ENTRE…"], "Vinculación entre migración y desarrollo", ""),
        ([], "Un lugar", ""),
    ],
)
def test_a_link_is_called_by_what_is_seen_of_it(seen: list[str], title: str, name: str) -> None:
    parts: tuple[Mark, ...] = (Rectangle(0, 0, 1, 1, "cell"), *(Text(0, 0, each) for each in seen))
    assert Link("/", title, parts).name == (name or title)


def test_a_drawing_in_pieces_loses_nothing() -> None:
    corner, head, name = Text(5, 5, "corner"), Path("M0 0h9", "rule", x=60, y=8), Text(5, 60, "name")
    cell = Link("/", "cell", (Rectangle(60, 60, 9, 9, "cell"),))
    whole = Drawing(100, 200, (corner, head, name, cell), still=40, head=30)
    assert [[part.shapes for part in row] for row in whole.rows] == [[(corner,), (head,)], [(name,), (cell,)]]
    assert [[(part.left, part.top, part.width, part.height) for part in row] for row in whole.rows] == [
        [(0, 0, 40, 30), (40, 0, 60, 30)],
        [(0, 30, 40, 170), (40, 30, 60, 170)],
    ]
    [[all_of_it]] = Drawing(100, 200, whole.shapes).rows
    assert (all_of_it.shapes, all_of_it.width, all_of_it.height) == (whole.shapes, 100, 200)
    top, *names = (Text(5, y, str(y)) for y in (5, 40, 60, 90))
    rows = Drawing(100, 120, (top, *names), head=30, cuts=(50, 80)).rows
    assert [part.shapes for [part] in rows] == [(top,), *((each,) for each in names)]
    assert [(part.top, part.height) for [part] in rows] == [(0, 30), (30, 20), (50, 30), (80, 40)]
