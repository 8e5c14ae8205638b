"""What pictures are made of, and networks of any kind: no name on another, nothing outside the picture."""

import itertools
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmgraph.site.charts.drawing import (
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
    wrap,
)

TEXT = "Promover una mejor comprensión del fenómeno migratorio regional"


def boxes(shapes: Iterable[Shape]) -> Iterator[Rectangle]:
    for shape in shapes:
        if isinstance(shape, Rectangle):
            yield shape
        elif isinstance(shape, Link):
            yield from boxes(shape.parts)


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
@settings(max_examples=30)
def test_networks(network: tuple[list[Node], list[Node], list[Edge]]) -> None:
    left, right, joined = network
    drawing = draw_network(left, right, joined)
    drawn = {shape.key for shape in drawing.shapes if isinstance(shape, Link)}
    assert drawn == {node.key for node in (*left, *right)}
    lines = [shape.ends for shape in drawing.shapes if isinstance(shape, Path) and shape.ends]
    assert sorted(lines) == sorted((edge.start, edge.end) for edge in joined)
    assert_apart(boxes(drawing.shapes), drawing)
    assert draw_network(left, right, joined[::-1]) == drawing, "and it is always drawn the same way"


@given(st.sampled_from([TEXT, "Donaudampfschifffahrtsgesellschaft", ""]), st.integers(60, 500), st.integers(1, 9))
def test_lines_fit_their_room_and_lose_no_word_unseen(said: str, room: int, most: int) -> None:
    broken = wrap(said, room, most)
    assert len(broken) <= most
    assert bool(broken) == bool(said)
    assert all(text_width(line) <= room for line in broken)
    if "…" not in "".join(broken):
        assert " ".join(broken) == said


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
