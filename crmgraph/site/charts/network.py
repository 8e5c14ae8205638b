"""Networks, laid out so that no name lies on another: on two sides where each line goes across, else along arcs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from crmgraph.site.charts.layout import BOLD, LETTER, Box, Drawing, Key, Line, Link, Shape, Words, lines, mark

__all__ = ["MOST", "NARROW", "WIDE", "Edge", "Node", "Room", "draw_network", "folded"]

MOST = 200
"""How many nodes a reader can still follow."""

_LEADING, _PADDING, _HEADING = 17, 9, 34
_ROUNDS = 6
_ASIDE = 4
_LOOKS = 5
_FURTHEST = 420


@dataclass(frozen=True)
class Room:
    """How many pixels there are for the names on the left, the lines, and the names on the right.

    And beside a mark and around all of it; and in how many lines a name is written at most.
    """

    left: int
    between: int
    right: int
    gap: int
    margin: int
    lines: int


WIDE = Room(190, 190, 310, 16, 12, 4)
NARROW = Room(82, 62, 150, 10, 6, 8)
"""As wide as there is room where the whole window is 360 pixels."""


@dataclass(frozen=True)
class Node:
    """A thing in a network: `key` names it there, `kind` says in words what it is, `target` is where it leads.

    Nodes of a `group` that come one after the other stand together under its name, and the lines that end there have
    the same of three tones: `tone`, or where that is None the next in turn. `language` is that of the label, empty
    where it is that of the page.
    """

    key: str
    label: str
    kind: str = ""
    target: str = ""
    group: str = ""
    language: str = ""
    tone: int | None = None


@dataclass(frozen=True)
class Edge:
    """A line from one node to another: `kind` says in words what it stands for, `label` all that is to say of it."""

    start: str
    end: str
    kind: str = ""
    label: str = ""
    weight: float = 1


@dataclass(frozen=True)
class _Spot:
    """A node in its place: the middle of its mark, and the lines that its name is broken into."""

    node: Node
    x: float
    y: float
    lines: tuple[str, ...]


def draw_network(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    kinds: Sequence[str] = (),
    node_kinds: Sequence[str] = (),
    room: Room = WIDE,
) -> Drawing:
    """The network; `kinds` are all kinds of lines there may be, in the order of their looks (five at most).

    `node_kinds` are all kinds of nodes, in the order of their marks: these stay the same where some kinds are missing.

    Where no node has lines that begin and lines that end at it, those that begin stand on the left and those that end
    on the right, the ungrouped so that few lines cross. Else all stand below each other and the lines are arcs.
    """
    edges = sorted(edges, key=lambda edge: (edge.start, edge.end, edge.kind))
    starts, ends = {edge.start for edge in edges}, {edge.end for edge in edges}
    looks = {kind: place % _LOOKS for place, kind in enumerate(kinds or sorted({edge.kind for edge in edges}))}
    shown = dict.fromkeys(node.kind for node in nodes)
    every = dict.fromkeys((*(kind for kind in node_kinds if kind), *(kind for kind in shown if kind)))
    marks = {"": 0, **{kind: place for place, kind in enumerate(every)}}
    if starts & ends:
        drawing = _arcs(nodes, edges, looks, marks, room)
    else:
        # A node without lines stands with those that are like it.
        alike = {(node.group, node.kind) for node in nodes if node.key in ends}
        right = [
            node for node in nodes if node.key in ends or (node.key not in starts and (node.group, node.kind) in alike)
        ]
        drawing = _two_sides([node for node in nodes if node not in right], right, edges, looks, marks, room)
    legend = (*_node_keys({kind: marks[kind] for kind in every if kind in shown}), *_edge_keys(looks))
    return Drawing(drawing.width, drawing.height, drawing.shapes, legend)


def folded(nodes: Sequence[Node], edges: Sequence[Edge], most: int = MOST) -> tuple[list[Node], list[Edge]]:
    """The nodes that have the most lines, `most` of them, in their order, and the lines between them."""
    weights: Counter[str] = Counter()
    for edge in edges:
        weights.update((edge.start, edge.end))
    first = sorted(range(len(nodes)), key=lambda place: (-weights[nodes[place].key], place))[:most]
    kept = [nodes[place] for place in sorted(first)]
    keys = {node.key for node in kept}
    return kept, [edge for edge in edges if edge.start in keys and edge.end in keys]


def _node_keys(marks: Mapping[str, int]) -> Iterable[Key]:
    return (Key((mark(place, "node", 14, 10),), kind) for kind, place in marks.items())


def _edge_keys(looks: Mapping[str, int]) -> Iterable[Key]:
    return (Key((Line("M0 10h28", f"edge look-{look}", width=2),), kind) for kind, look in looks.items() if kind)


def _two_sides(
    left: Sequence[Node],
    right: Sequence[Node],
    edges: Sequence[Edge],
    looks: Mapping[str, int],
    marks: Mapping[str, int],
    room: Room,
) -> Drawing:
    left, right = _uncrossed(left, right, edges)
    tall = max(_height(left, room, room.left), _height(right, room, room.right))
    x = room.margin + room.left + room.gap
    begin = dict(_spots(left, x, room, room.left, tall))
    end = dict(_spots(right, x + room.between, room, room.right, tall))
    tones = {
        node.key: (place if node.tone is None else node.tone) % 3
        for place, (_, members) in enumerate(_groups(right))
        for node in members
    }
    half = room.between / 2
    shapes: list[Shape] = []
    for edge, beside in _side_by_side(edges):
        one, other = begin[edge.start].y + beside, end[edge.end].y + beside
        path = f"M{x} {one}C{x + half} {one} {x + half} {other} {x + room.between} {other}"
        shapes.append(_line(edge, path, looks, tones[edge.end]))
    shapes += _headings(left, begin, room, x - room.gap, "end", {})
    shapes += _headings(right, end, room, x + room.between + room.gap, "start", tones)
    shapes += [_named(spot, marks, room, -1) for spot in begin.values()]
    shapes += [_named(spot, marks, room, 1) for spot in end.values()]
    width = x + room.between + room.gap + room.right + room.margin
    return Drawing(width, tall + 2 * room.margin, tuple(shapes))


def _arcs(
    nodes: Sequence[Node], edges: Sequence[Edge], looks: Mapping[str, int], marks: Mapping[str, int], room: Room
) -> Drawing:
    ordered = _chained(nodes, edges)
    tall = _height(ordered, room, room.left)
    x = room.margin + room.left + room.gap
    spots = dict(_spots(ordered, x, room, room.left, tall))
    shapes: list[Shape] = []
    furthest = 0.0
    for edge in edges:
        upper, lower = sorted((spots[edge.start].y, spots[edge.end].y))
        out = min((lower - upper) / 2, _FURTHEST)
        furthest = max(furthest, out)
        path = f"M{x} {upper}A{out} {(lower - upper) / 2} 0 0 1 {x} {lower}"
        shapes.append(_line(edge, path, looks, 0))
    shapes += _headings(ordered, spots, room, x - room.gap, "end", {})
    shapes += [_named(spot, marks, room, -1) for spot in spots.values()]
    return Drawing(round(x + furthest + 2 * room.margin), tall + 2 * room.margin, tuple(shapes))


def _side_by_side(edges: Iterable[Edge]) -> Iterable[tuple[Edge, float]]:
    """Each line with how far it is moved aside where several join the same two."""
    for _, same in groupby(edges, key=attrgetter("start", "end")):
        parallel = list(same)
        for place, edge in enumerate(parallel):
            yield edge, _ASIDE * (place - (len(parallel) - 1) / 2)


def _line(edge: Edge, path: str, looks: Mapping[str, int], tone: int) -> Line:
    width = round(min(0.8 + 0.7 * edge.weight, 8), 1)
    return Line(path, f"edge look-{looks[edge.kind]} tone-{tone}", edge.label, width, ends=(edge.start, edge.end))


def _named(spot: _Spot, marks: Mapping[str, int], room: Room, side: int) -> Shape:
    """The mark of a node with its name beside it: on the left of it for -1, on the right for 1."""
    node = spot.node
    wide = (room.left if side < 0 else room.right) + room.gap
    high = _LEADING * len(spot.lines) + 2 * (_PADDING - 1)
    first = spot.y - _LEADING * (len(spot.lines) - 1) / 2 + LETTER * 0.36
    shown: tuple[Shape, ...] = (
        # The room that can be clicked, which is larger than the letters.
        Box(spot.x - (wide if side < 0 else 8), spot.y - high / 2, wide + 8, high, "room", 4),
        mark(marks[node.kind], "node", spot.x, spot.y),
        *(
            Words(
                spot.x + side * room.gap,
                round(first + row * _LEADING, 1),
                text,
                "name",
                "end" if side < 0 else "start",
                node.language,
            )
            for row, text in enumerate(spot.lines)
        ),
    )
    title = f"{node.label} ({node.kind})" if node.kind else node.label
    return Link(node.target, title, shown, node.key)


def _headings(
    nodes: Sequence[Node], spots: Mapping[str, _Spot], room: Room, x: float, anchor: str, tones: Mapping[str, int]
) -> list[Shape]:
    heads: list[Shape] = []
    for name, members in _groups(nodes):
        if name:
            first = spots[members[0].key]
            y = first.y - (_LEADING * len(first.lines)) / 2 - _PADDING - 4
            tone = f" tone-{tones[first.node.key]}" if first.node.key in tones else ""
            text = lines(name, room.right, 1, LETTER * BOLD)[0]
            heads.append(Words(x, round(y, 1), text, f"heading{tone}", anchor))
    return heads


def _spots(nodes: Sequence[Node], x: float, room: Room, wide: float, tall: float) -> Iterable[tuple[str, _Spot]]:
    """Each node's place below the one before, all of them spread over the height."""
    spare = (tall - _height(nodes, room, wide)) / (len(nodes) or 1)
    y = float(room.margin)
    for name, members in _groups(nodes):
        y += _HEADING if name else 0
        for node in members:
            broken = _broken(node, room, wide)
            high = _LEADING * len(broken) + 2 * _PADDING + spare
            yield node.key, _Spot(node, x, round(y + high / 2, 1), broken)
            y += high


def _height(nodes: Sequence[Node], room: Room, wide: float) -> float:
    named = sum(_HEADING for name, _ in _groups(nodes) if name)
    return named + sum(_LEADING * len(_broken(node, room, wide)) + 2 * _PADDING for node in nodes)


def _broken(node: Node, room: Room, wide: float) -> tuple[str, ...]:
    return lines(node.label, wide, room.lines) or ("–",)


def _groups(nodes: Sequence[Node]) -> list[tuple[str, list[Node]]]:
    return [(name, list(members)) for name, members in groupby(nodes, key=attrgetter("group"))]


def _uncrossed(
    left: Sequence[Node], right: Sequence[Node], edges: Sequence[Edge]
) -> tuple[Sequence[Node], Sequence[Node]]:
    """Both sides, those without groups in the order of the middle of what each is joined to, over and over."""
    across: defaultdict[str, list[str]] = defaultdict(list)
    for edge in edges:
        across[edge.start].append(edge.end)
        across[edge.end].append(edge.start)
    for _ in range(_ROUNDS):
        left = left if any(node.group for node in left) else _by_middle(left, right, across)
        right = right if any(node.group for node in right) else _by_middle(right, left, across)
    return left, right


def _by_middle(nodes: Sequence[Node], others: Sequence[Node], across: Mapping[str, Sequence[str]]) -> Sequence[Node]:
    places = {node.key: place for place, node in enumerate(others)}

    def middle(node: Node) -> float:
        joined = [places[key] for key in across.get(node.key, ()) if key in places]
        return sum(joined) / len(joined) if joined else len(places)

    return sorted(nodes, key=middle)


def _chained(nodes: Sequence[Node], edges: Sequence[Edge]) -> Sequence[Node]:
    """The node with the most lines first, then always the one that has most in common with the one before."""
    if any(node.group for node in nodes):
        return nodes
    joined: Counter[frozenset[str]] = Counter()
    total: Counter[str] = Counter()
    for edge in edges:
        joined[frozenset((edge.start, edge.end))] += round(edge.weight)
        total.update({edge.start: round(edge.weight), edge.end: round(edge.weight)})
    left = sorted(nodes, key=lambda node: (-total[node.key], node.key))
    ordered = left[:1]
    left = left[1:]
    while left:
        last = ordered[-1].key
        following = max(left, key=lambda node: (joined[frozenset((last, node.key))], -left.index(node)))
        left.remove(following)
        ordered.append(following)
    return ordered
