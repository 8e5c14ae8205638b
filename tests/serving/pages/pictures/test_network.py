"""Networks of any kind: on two sides or along arcs, always the same way, and no name on another."""

import itertools
import re
from collections.abc import Iterator

import pytest

from crmgraph.site.pictures.network import Edge, Node, draw_network, folded
from crmgraph.site.pictures.shapes import Box, Drawing, Line, Link, Shape, Words

ACTORS = [Node(f"a{place}", f"Actor {place}", "State" if place % 2 else "Organ", f"/a{place}") for place in range(9)]
AIMS = [
    Node(f"o{place}", "An objective " * (place + 1), "Objective", group=f"Theme {place // 2}") for place in range(4)
]
ACROSS = [
    Edge(f"a{actor}", f"o{aim}", "acts" if (actor + aim) % 2 else "is named", "said")
    for actor in range(9)
    for aim in range(4)
    if (actor + 2 * aim) % 3 == 1
]
CHAIN = [Edge(one, other, weight=weight) for one, other, weight in (("a0", "a1", 1), ("a1", "a2", 5), ("a2", "a8", 2))]


def nodes(drawing: Drawing) -> dict[str, Link]:
    return {shape.key: shape for shape in drawing.shapes if isinstance(shape, Link)}


def edges(drawing: Drawing) -> list[Line]:
    return [shape for shape in drawing.shapes if isinstance(shape, Line) and shape.ends]


def rooms(shapes: tuple[Shape, ...]) -> Iterator[Box]:
    for shape in shapes:
        if isinstance(shape, Box):
            yield shape
        elif isinstance(shape, Link):
            yield from rooms(shape.parts)


def place(node: Link) -> tuple[float, float]:
    [mark] = [part for part in node.parts if isinstance(part, Line)]
    return mark.x, mark.y


@pytest.mark.parametrize("joined", [ACROSS, CHAIN], ids=["across", "along"])
def test_every_node_and_every_edge_is_drawn_once_and_no_name_lies_on_another(joined: list[Edge]) -> None:
    shown = ACTORS + AIMS if joined is ACROSS else ACTORS
    drawing = draw_network(shown, joined)
    assert set(nodes(drawing)) == {node.key for node in shown}
    assert sorted(line.ends for line in edges(drawing)) == sorted((edge.start, edge.end) for edge in joined)
    for one, other in itertools.combinations(rooms(drawing.shapes), 2):
        assert (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
    for box in rooms(drawing.shapes):
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y >= 0
        assert box.y + box.height <= drawing.height


def test_what_lines_begin_at_is_on_the_left_and_where_they_end_on_the_right() -> None:
    drawn = nodes(draw_network(ACTORS + AIMS, ACROSS))
    left = {place(drawn[edge.start])[0] for edge in ACROSS}
    right = {place(drawn[edge.end])[0] for edge in ACROSS}
    assert len(left) == len(right) == 1
    assert left.pop() < right.pop()


def test_lines_begin_and_end_at_the_marks_of_their_nodes() -> None:
    drawing = draw_network(ACTORS + AIMS, ACROSS)
    drawn = nodes(drawing)
    for line in edges(drawing):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", line.path)]
        for (x, y), key in zip((numbers[:2], numbers[-2:]), line.ends, strict=True):
            assert (x, y) == pytest.approx(place(drawn[key]), abs=5)


def test_several_lines_between_the_same_two_do_not_hide_each_other() -> None:
    two = [Edge("a0", "o0", "acts"), Edge("a0", "o0", "is named")]
    paths = {line.path for line in edges(draw_network([ACTORS[0], AIMS[0]], two))}
    assert len(paths) == 2


def test_groups_stand_together_under_their_names() -> None:
    drawing = draw_network(ACTORS + AIMS, ACROSS)
    heads = [shape for shape in drawing.shapes if isinstance(shape, Words)]
    assert [head.text for head in heads] == ["Theme 0", "Theme 1"]
    heights = [place(nodes(drawing)[node.key])[1] for node in AIMS]
    assert heights == sorted(heights)
    assert heads[0].y < heights[0] < heights[1] < heads[1].y < heights[2]


def test_a_node_without_lines_stands_with_those_that_are_like_it() -> None:
    drawn = nodes(draw_network([*ACTORS[:2], *AIMS[:2]], [Edge("a0", "o1")]))
    assert place(drawn["o0"])[0] == place(drawn["o1"])[0] > place(drawn["a0"])[0] == place(drawn["a1"])[0]


def test_few_lines_cross() -> None:
    crossed = [Edge(f"a{at}", f"o{3 - at}") for at in range(4)]
    ungrouped = [Node(node.key, node.label) for node in AIMS]
    drawn = nodes(draw_network(ACTORS[:4] + ungrouped, crossed))
    pairs = sorted((place(drawn[edge.start])[1], place(drawn[edge.end])[1]) for edge in crossed)
    assert [end for _, end in pairs] == sorted(end for _, end in pairs)


def test_the_same_network_is_always_drawn_the_same_way() -> None:
    assert draw_network(ACTORS + AIMS, ACROSS) == draw_network(ACTORS + AIMS, ACROSS[::-1])


def test_the_legend_says_what_marks_and_lines_stand_for_and_they_stay_the_same() -> None:
    drawing = draw_network(ACTORS + AIMS, ACROSS, ["acts", "is named"], ["Network", "Organ", "State"])
    assert [key.label for key in drawing.legend] == ["Organ", "State", "Objective", "acts", "is named"]
    fewer = draw_network(
        [ACTORS[1], *AIMS], [Edge("a1", "o0", "is named")], ["acts", "is named"], ["Network", "Organ", "State"]
    )
    assert fewer.legend[0] == drawing.legend[1]
    assert "look-1" in edges(fewer)[0].kind
    wider = draw_network(ACTORS[:2] + AIMS[:1], [Edge("a0", "o0"), Edge("a1", "o0", weight=4)])
    assert edges(wider)[0].width < edges(wider)[1].width


def test_those_with_the_most_lines_are_left_of_a_network_that_is_too_large() -> None:
    kept, lines = folded(ACTORS, CHAIN, 3)
    assert [node.key for node in kept] == ["a0", "a1", "a2"]
    assert [(edge.start, edge.end) for edge in lines] == [("a0", "a1"), ("a1", "a2")]
    assert folded(ACTORS, CHAIN) == (ACTORS, CHAIN)


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw_network([], []).shapes == ()
