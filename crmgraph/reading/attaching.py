"""Which item belongs to which: by its printed number, or by its place in the row and its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crmgraph.reading.items import Item
from crmgraph.reading.plan import Attachment

__all__ = ["Node", "attach"]

OBJECTIVE, ACTION, ACTIVITY, SCHEDULE = range(4)


@dataclass(eq=False)
class Node:
    """An item on its way into the tree. `level` is 0 for an objective to 3 for a schedule entry, None for a note.

    `parent` None means the theme itself.
    """

    item: Item
    level: int | None
    row: int
    parent: "Node | None" = None
    attached_by: Attachment = Attachment.POSITION
    children: list["Node"] = field(default_factory=list)


def attach(rows: Sequence[Sequence[Sequence[Item]]]) -> list[Node]:
    """The items of one theme as trees; what comes back are the nodes that stand right under the theme.

    `rows` holds for each row of the table the items of its four columns, from objectives to calendar. Children
    stand in the order of the source.
    """
    nodes = [
        [Node(item, None if item.is_note else level, number) for item in items]
        for number, row in enumerate(_with_objectives(rows))
        for level, items in enumerate(row)
    ]
    by_row = [[node for column in nodes[start : start + 4] for node in column] for start in range(0, len(nodes), 4)]
    everything = [node for row in by_row for node in row]
    for level in (ACTION, ACTIVITY, SCHEDULE):
        for row in by_row:
            _attach_level(row, everything, level)
    for column in nodes:
        _attach_notes(column)
    for node in sorted(everything, key=lambda node: node.item.leaf):
        if node.parent is not None:
            node.parent.children.append(node)
    return [node for node in everything if node.parent is None]


def _with_objectives(rows: Sequence[Sequence[Sequence[Item]]]) -> list[list[list[Item]]]:
    """The rows, one that names no objective joined to the row before it, whose objective goes on."""
    joined: list[list[list[Item]]] = []
    for row in rows:
        if joined and not row[OBJECTIVE]:
            for column, items in zip(joined[-1], row, strict=True):
                column.extend(items)
        else:
            joined.append([list(items) for items in row])
    return joined


def _attach_level(row: Sequence[Node], everything: Sequence[Node], level: int) -> None:
    """Give each node of `level` in the row its parent: first those whose number says it, then the others."""
    loose = []
    for node in row:
        if node.level != level:
            continue
        number = node.item.parent_number
        parent = _numbered(row, level - 1, number) or _numbered(everything, level - 1, number)
        if parent is not None:
            node.parent, node.attached_by = parent, Attachment.PRINTED_NUMBER
        else:
            loose.append(node)
    for node in loose:
        _attach_loose(node, row, everything)


def _numbered(nodes: Sequence[Node], level: int, number: str | None) -> Node | None:
    if number is None:
        return None
    return next((node for node in nodes if node.level == level and node.item.number == number), None)


def _attach_loose(node: Node, row: Sequence[Node], everything: Sequence[Node]) -> None:
    """Place a node whose number names no parent, or that has no number."""
    assert node.level is not None
    ancestor = _nearest_ancestor(node, row, everything)
    for level in range(node.level - 1, -1, -1):
        candidates = [other for other in row if other.level == level]
        if ancestor is not None:
            if ancestor.level == level:
                node.parent, node.attached_by = ancestor, Attachment.PRINTED_NUMBER
                return
            candidates = [other for other in candidates if other.item.number is None and _is_below(other, ancestor)]
        if candidates:
            node.parent, node.attached_by = _by_place(node, row, candidates)
            return


def _nearest_ancestor(node: Node, row: Sequence[Node], everything: Sequence[Node]) -> Node | None:
    """The node with the longest beginning of this one's number, its parent's own number being missing."""
    number = node.item.parent_number
    while number:
        level = number.count(".")
        found = _numbered(row, level, number) or _numbered(everything, level, number)
        if found is not None:
            return found
        number = number.rpartition(".")[0]
    return None


def _is_below(node: Node, ancestor: Node) -> bool:
    parent = node.parent
    while parent is not None and parent is not ancestor:
        parent = parent.parent
    return parent is ancestor


def _by_place(node: Node, row: Sequence[Node], candidates: Sequence[Node]) -> tuple[Node, Attachment]:
    """The candidate that the node's neighbours in its column leave for it.

    Between a neighbour that belongs to one candidate and the next that belongs to a later one, the lines without a
    number belong to the candidates in between, in order; where there are none in between, to the one before.
    """
    if len(candidates) == 1:
        return candidates[0], Attachment.ONLY_CANDIDATE
    column = [other for other in row if other.level == node.level]
    at = column.index(node)
    known = [
        candidates.index(other.parent)
        if other.attached_by is Attachment.PRINTED_NUMBER and other.parent in candidates
        else None
        for other in column
    ]
    before = next((i for i in range(at - 1, -1, -1) if known[i] is not None), None)
    after = next((i for i in range(at + 1, len(column)) if known[i] is not None), None)
    low = known[before] if before is not None else None
    high = known[after] if after is not None else None
    gap = range(-1 if low is None else low, len(candidates) if high is None else high)[1:]
    turn = at - (-1 if before is None else before) - 1
    if gap:
        return candidates[gap[min(turn, len(gap) - 1)]], Attachment.POSITION
    return candidates[low if low is not None else 0], Attachment.POSITION


def _attach_notes(column: Sequence[Node]) -> None:
    """A note is about the item above it in its cell, or, where it opens the cell, about what the cell belongs to."""
    above: Node | None = None
    waiting: list[Node] = []
    for node in column:
        if node.level is not None:
            above = node
            for note in waiting:
                note.parent = node.parent
            waiting.clear()
        elif above is not None:
            node.parent = above
        else:
            waiting.append(node)
