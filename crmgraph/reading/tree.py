"""The tree of a plan: which item belongs to which, the ids of parts, and where references within the plan lead."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from string import ascii_lowercase

from crmgraph.reading.folding import key
from crmgraph.reading.model import (
    Action,
    Activity,
    Attachment,
    CrossReference,
    Note,
    Objective,
    Part,
    Passage,
    ScheduleEntry,
    Theme,
)
from crmgraph.reading.references import find_cross_references, find_referrals
from crmgraph.reading.table import Item

__all__ = ["Node", "attach", "build_themes", "theme_initials"]

_OBJECTIVE, _ACTION, _ACTIVITY, _SCHEDULE = range(4)
_KINDS = (Objective, Action, Activity, ScheduleEntry)
_THEME_NUMBER = re.compile(r"(?P<number>\d{1,2}|[IVX]{1,5}|[A-Z]\d?)[.)]\s+(?=\S)")
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a al con de del e el en entre la las lo los o para por sin sobre su sus u un una y "
        "an and between by for from in into of on or the to with",
    )
)


@dataclass(eq=False)
class Node:
    """An item on its way into the tree. `level` is 0 for an objective to 3 for a schedule entry, None for a note.

    `parent` None means the theme itself.
    """

    item: Item
    level: int | None
    parent: "Node | None" = None
    attached_by: Attachment = Attachment.POSITION
    children: list["Node"] = field(default_factory=list)


_Numbered = Mapping[tuple[int | None, str | None], Node]


def attach(rows: Sequence[Sequence[Sequence[Item]]]) -> list[Node]:
    """Return the items of a theme as trees: the nodes right under the theme, children in the order of the source.

    `rows` holds for each row of the table the items of its four columns, from objectives to calendar. A row that names
    no objective goes on with that of the row before.
    """
    joined: list[list[list[Node]]] = []
    for row in rows:
        nodes = [[Node(item, None if item.is_note else level) for item in items] for level, items in enumerate(row)]
        if joined and not row[_OBJECTIVE]:
            for column, more in zip(joined[-1], nodes, strict=True):
                column += more
        else:
            joined.append(nodes)
    everything = [node for columns in joined for column in columns for node in column]
    theme = _numbered(everything)
    own = [_numbered(node for column in columns for node in column) for columns in joined]
    items = [[[node for node in column if node.level is not None] for column in columns] for columns in joined]
    for level in (_ACTION, _ACTIVITY, _SCHEDULE):
        for columns, numbered in zip(items, own, strict=True):
            _attach_level(columns, level, numbered, theme)
    for columns in joined:
        for column in columns:
            _attach_notes(column)
    for node in sorted(everything, key=lambda node: node.item.leaf):
        if node.parent is not None:
            node.parent.children.append(node)
    return [node for node in everything if node.parent is None]


def build_themes(themes: Iterable[tuple[Sequence[Passage], bool, Sequence[Node]]]) -> tuple[Theme, ...]:
    """Return the themes of a plan from the passages of their titles, the repeats last, and the nodes right under each.

    Between these stands whether an import gave the theme a number; then the words keep what they begin with.
    """
    taken: Counter[str] = Counter()
    built = []
    for (title, *repeats), is_given, nodes in themes:
        number = None if is_given else _THEME_NUMBER.match(title.exact)
        text = title.exact[number.end() :] if number else title.exact
        path = _counted(theme_initials(text), taken)
        seen, unnumbered = Counter[str](), Counter[str]()
        parts = tuple(_build(node, path, path, seen, unnumbered) for node in nodes)
        printed = number["number"] if number else None
        built.append(Theme(path, printed, text, title, Attachment.POSITION, parts, tuple(repeats)))
    return _resolved(built)


def theme_initials(title: str) -> str:
    """Return the initials of a title's words without small ones: "dh" for DERECHOS HUMANOS."""
    words = ["".join(filter(str.isalnum, word)) for word in key(title).split()]
    significant = [word for word in words if word and word not in _SMALL_WORDS]
    return "".join(word[0] for word in significant or filter(None, words)) or "theme"


def _numbered(nodes: Iterable[Node]) -> _Numbered:
    """Return the nodes by level and number; of several with the same, the first."""
    found: dict[tuple[int | None, str | None], Node] = {}
    for node in nodes:
        if node.item.number is not None:
            found.setdefault((node.level, node.item.number), node)
    return found


def _attach_level(columns: Sequence[Sequence[Node]], level: int, row: _Numbered, theme: _Numbered) -> None:
    """Give each node of a level in a row its parent: first those whose number says it, then the others.

    A node that begins with the number of a part further up belongs to a line without a number below that part, or to
    the part itself. For the others the nearest column that has something in it holds the candidates; of an objective
    that goes on through several rows of the table, those in their own row.
    """
    ancestors = [_nearest_ancestor(node, row, theme) for node in columns[level]]
    for node, ancestor in zip(columns[level], ancestors, strict=True):
        if ancestor and ancestor.level == level - 1:
            node.parent, node.attached_by = ancestor, Attachment.PRINTED_NUMBER
    if all(node.parent for node in columns[level]):
        return
    below = _unnumbered_below(columns[:level])
    candidates = next((columns[above] for above in range(level - 1, -1, -1) if columns[above]), [])
    place = -1
    for nodes, near in _by_table_row(columns[level], candidates):
        turns = {candidate: index for index, candidate in enumerate(near)}
        low, since = None, 0
        for node, high in zip(nodes, _next_known(nodes, turns), strict=True):
            place += 1
            ancestor = ancestors[place]
            if node.parent is None and ancestor:
                _attach_below(node, ancestor, level, below, place)
            elif node.parent is None and near:
                node.parent, node.attached_by = _by_place(near, low, high, since)
                if len(near) < len(candidates) and near[0].item.leaf.row != node.item.leaf.row:
                    node.attached_by = Attachment.POSITION
            if node.parent in turns and node.attached_by is Attachment.PRINTED_NUMBER:
                low, since = turns[node.parent], 0
            else:
                since += 1


def _nearest_ancestor(node: Node, row: _Numbered, theme: _Numbered) -> Node | None:
    """Return the node whose number is the longest beginning of this one's: in the row, or else in the theme."""
    number = node.item.parent_number
    while number:
        place = number.count("."), number
        if found := row.get(place) or theme.get(place):
            return found
        number = number.rpartition(".")[0]
    return None


def _unnumbered_below(columns: Sequence[Sequence[Node]]) -> Mapping[tuple[Node, int], list[Node]]:
    """Return the nodes without a number below each node, by their level."""
    below: dict[tuple[Node, int], list[Node]] = defaultdict(list)
    for level, column in enumerate(columns):
        for node in column:
            ancestor = node.parent if node.item.number is None else None
            while ancestor is not None:
                below[ancestor, level].append(node)
                ancestor = ancestor.parent
    return below


def _by_table_row(column: Sequence[Node], candidates: Sequence[Node]) -> Iterator[tuple[list[Node], Sequence[Node]]]:
    """Yield the nodes of a column, row by row of the table, with the candidates of that row or of the last with some.

    Before the first row that has some, all are candidates.
    """
    by_row: dict[int, list[Node]] = defaultdict(list)
    for candidate in candidates:
        by_row[candidate.item.leaf.row].append(candidate)
    row, rows = -1, []
    for node in column:
        row = node.item.leaf.row if node.item.leaf.row in by_row else row
        rows.append((row, node))
    for row, group in groupby(rows, key=lambda each: each[0]):
        yield [node for _, node in group], by_row.get(row, candidates)


def _next_known(column: Sequence[Node], turns: Mapping[Node, int]) -> list[int | None]:
    """Return for each node the turn of the candidate that the nearest node after it belongs to by number."""
    found: list[int | None] = []
    known: int | None = None
    for node in reversed(column):
        found.append(known)
        known = known if node.parent is None else turns.get(node.parent, known)
    return found[::-1]


def _attach_below(
    node: Node, ancestor: Node, level: int, below: Mapping[tuple[Node, int], Sequence[Node]], place: int
) -> None:
    assert ancestor.level is not None
    node.parent, node.attached_by = ancestor, Attachment.PRINTED_NUMBER
    for above in range(level - 1, ancestor.level, -1):
        if candidates := below.get((ancestor, above)):
            node.parent, node.attached_by = _by_place(candidates, None, None, place)
            return


def _by_place(candidates: Sequence[Node], low: int | None, high: int | None, turn: int) -> tuple[Node, Attachment]:
    """Return the candidate that a node's neighbours in its column leave for it.

    Between a neighbour that belongs to one candidate (`low`) and the next that belongs to a later one (`high`), the
    lines without a number belong to the candidates in between, in order, this one being the `turn`-th from 0; where
    there are none in between, to the one before.
    """
    if len(candidates) == 1:
        return candidates[0], Attachment.ONLY_CANDIDATE
    gap = range(-1 if low is None else low, len(candidates) if high is None else high)[1:]
    return candidates[gap[min(turn, len(gap) - 1)] if gap else low or 0], Attachment.POSITION


def _attach_notes(column: Sequence[Node]) -> None:
    """Attach each note to the item above it in its cell, or, where it opens the cell, to what the cell belongs to."""
    above = next((node.parent for node in column if node.level is not None), None)
    for node in column:
        if node.level is None:
            node.parent = above
        else:
            above = node


def _build(node: Node, theme: str, parent: str, seen: Counter[str], unnumbered: Counter[str]) -> Part:
    """Return the part that a node is, with all below it; `parent` is the id of its parent."""
    item = node.item
    if item.number:
        path = _counted(f"{theme}/{item.number}", seen)
    else:
        unnumbered[parent] += 1
        path = parent + ("/" if parent == theme else "-") + _letters(unnumbered[parent])
    parts = [_build(child, theme, path, seen, unnumbered) for child in node.children]
    for kind, found in (("referral", find_referrals), ("cross-reference", find_cross_references)):
        references = enumerate(found(item.text, item.text_start), 1)
        parts += (replace(reference, id=f"{path}/{kind}-{count}") for count, reference in references)
    # It is not known by a number that an import gave to it, or to its parent.
    by_given = node.attached_by is Attachment.PRINTED_NUMBER and node.parent is not None and node.parent.item.is_given
    return (Note if node.level is None else _KINDS[node.level])(
        path,
        None if item.is_given else item.number,
        item.text,
        Passage(item.leaf.start, item.leaf.end, item.leaf.exact),
        Attachment.FILE_ROW if item.is_given or by_given else node.attached_by,
        tuple(parts),
    )


def _counted(path: str, seen: Counter[str]) -> str:
    """Return a path, with a count behind it unless it is the first such."""
    seen[path] += 1
    return path if seen[path] == 1 else f"{path}-{seen[path]}"


def _letters(count: int) -> str:
    """Return a, b, … z, aa, ab, … for 1, 2, … 26, 27, 28, …"""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = ascii_lowercase[rest] + letters
    return letters


def _resolved(themes: Sequence[Theme]) -> tuple[Theme, ...]:
    """Return the themes with the targets of their cross-references: of several that fit, the first in the document.

    A number without a theme may be that of the one such part in another theme, where the numbers of objectives run on
    from one theme to the next; where they start anew in each, it says nothing about another theme.
    """
    by_title: dict[str, str] = {}
    by_number: dict[tuple[str, str, str | None], str] = {}
    anywhere: dict[tuple[str, str | None], list[tuple[str, str]]] = defaultdict(list)
    for theme in themes:
        by_title.setdefault(key(theme.text), theme.id)
        for part, _ in theme.walk():
            by_number.setdefault((theme.id, part.kind, part.number), part.id)
            anywhere[part.kind, part.number].append((theme.id, part.id))
    numbers = [{part.number for part in theme.parts if part.kind == "Objective" and part.number} for theme in themes]
    run_on = sum(map(len, numbers)) == len(set().union(*numbers))

    def resolve(part: Part, own_theme: str) -> Part:
        if not isinstance(part, CrossReference):
            return replace(part, parts=tuple(resolve(inner, own_theme) for inner in part.parts))
        named = part.target_theme
        theme = own_theme if named is None else by_title.get(key(named))
        if theme is None or part.number_passage is None:
            return replace(part, target_theme=theme, target=theme)
        target = by_number.get((theme, part.target_kind, part.target_number))
        others = anywhere[part.target_kind, part.target_number]
        if target is None and named is None and run_on and len(others) == 1:
            theme, target = others[0]
        return replace(part, target_theme=theme, target=target)

    return tuple(replace(theme, parts=tuple(resolve(part, theme.id) for part in theme.parts)) for theme in themes)
