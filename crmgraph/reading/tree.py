"""The tree of a plan: which item belongs to which, ids, references within the plan."""

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
    Referral,
    ScheduleEntry,
    Theme,
)
from crmgraph.reading.references import (
    FoundCrossReference,
    find_cross_references,
    find_referrals,
    find_theme_references,
)
from crmgraph.reading.table import Item

__all__ = ["Node", "attach", "grow_themes", "theme_initials"]

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


class _Nodes:
    """Some nodes in their order, to be found by number; of several with the same level and number, the first is."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._numbered: dict[tuple[int | None, str], Node] = {}
        for node in nodes:
            if node.item.number is not None:
                self._numbered.setdefault((node.level, node.item.number), node)

    def find(self, level: int, number: str | None) -> Node | None:
        return None if number is None else self._numbered.get((level, number))


class _Row(_Nodes):
    """The nodes of a row; `columns` holds those of each level, without the notes."""

    def __init__(self, columns: Sequence[Sequence[Node]]) -> None:
        super().__init__(node for column in columns for node in column)
        self.columns = [[node for node in column if node.level is not None] for column in columns]

    def unnumbered_below(self, level: int) -> dict[tuple[Node, int], list[Node]]:
        """Under each node, the nodes without a number of each level before `level`."""
        below: dict[tuple[Node, int], list[Node]] = defaultdict(list)
        for above in range(level):
            for node in self.columns[above]:
                ancestor = node.parent if node.item.number is None else None
                while ancestor is not None:
                    below[ancestor, above].append(node)
                    ancestor = ancestor.parent
        return below


def attach(rows: Sequence[Sequence[Sequence[Item]]]) -> list[Node]:
    """The items of one theme as trees; what comes back are the nodes that stand right under the theme.

    `rows` holds for each row of the table the items of its four columns, from objectives to calendar. Children
    stand in the order of the source.
    """
    cells = [
        [[Node(item, None if item.is_note else level, number) for item in items] for level, items in enumerate(row)]
        for number, row in enumerate(_with_objectives(rows))
    ]
    everything = [node for columns in cells for column in columns for node in column]
    theme = _Nodes(everything)
    by_row = [_Row(columns) for columns in cells]
    for level in (ACTION, ACTIVITY, SCHEDULE):
        for row in by_row:
            _attach_level(row, theme, level)
    for columns in cells:
        for column in columns:
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


def _attach_level(row: _Row, theme: _Nodes, level: int) -> None:
    """Give each node of `level` in the row its parent: first those whose number says it, then the others."""
    loose = 0
    for node in row.columns[level]:
        number = node.item.parent_number
        parent = row.find(level - 1, number) or theme.find(level - 1, number)
        if parent is not None:
            node.parent, node.attached_by = parent, Attachment.PRINTED_NUMBER
        else:
            loose += 1
    if loose:
        _attach_loose(row, theme, level)


def _attach_loose(row: _Row, theme: _Nodes, level: int) -> None:
    """Place the nodes of `level` whose number names no parent, or that have no number.

    One that begins with the number of a part further up belongs to a line without a number below that part, or to the
    part itself. For the others the nearest column that has something in it holds the candidates; of an objective that
    goes on through several rows of the table, those in their own row.
    """
    below = row.unnumbered_below(level)
    candidates = next((row.columns[above] for above in range(level - 1, -1, -1) if row.columns[above]), [])
    at = -1
    for nodes, near in _stretches(row.columns[level], candidates):
        turns = {candidate: index for index, candidate in enumerate(near)}
        low, since = None, 0
        for node, high in zip(nodes, _next_known(nodes, turns), strict=True):
            at += 1
            if node.parent is None:
                ancestor = _nearest_ancestor(node, row, theme)
                if ancestor is not None:
                    _attach_below(node, ancestor, level, below, at)
                elif near:
                    node.parent, node.attached_by = _by_place(near, low, high, since)
                    if len(near) < len(candidates) and not _is_beside(node, near):
                        node.attached_by = Attachment.POSITION
            if node.parent in turns and node.attached_by is Attachment.PRINTED_NUMBER:
                low, since = turns[node.parent], 0
            else:
                since += 1


def _stretches(column: Sequence[Node], candidates: Sequence[Node]) -> Iterator[tuple[list[Node], Sequence[Node]]]:
    """The nodes of a column, row by row of the table, with the candidates of that row or of the last that has some.

    Before the first row that has some, all are.
    """
    by_row: dict[int, list[Node]] = defaultdict(list)
    for candidate in candidates:
        by_row[candidate.item.leaf.row].append(candidate)
    place, places = -1, []
    for node in column:
        place = node.item.leaf.row if node.item.leaf.row in by_row else place
        places.append(place)
    for place, pairs in groupby(zip(places, column, strict=True), key=lambda pair: pair[0]):
        yield [node for _, node in pairs], by_row.get(place, candidates)


def _is_beside(node: Node, candidates: Sequence[Node]) -> bool:
    """Whether the candidates stand in the node's own row of the table."""
    return candidates[0].item.leaf.row == node.item.leaf.row


def _next_known(column: Sequence[Node], turns: Mapping[Node, int]) -> list[int | None]:
    """For each node, the turn of the candidate that the nearest node after it belongs to by number."""
    found: list[int | None] = []
    known: int | None = None
    for node in reversed(column):
        found.append(known)
        known = known if node.parent is None else turns.get(node.parent, known)
    return found[::-1]


def _nearest_ancestor(node: Node, row: _Row, theme: _Nodes) -> Node | None:
    """The node with the longest beginning of this one's number, its parent's own number being missing."""
    number = node.item.parent_number
    while number:
        level = number.count(".")
        found = row.find(level, number) or theme.find(level, number)
        if found is not None:
            return found
        number = number.rpartition(".")[0]
    return None


def _attach_below(
    node: Node, ancestor: Node, level: int, below: Mapping[tuple[Node, int], Sequence[Node]], at: int
) -> None:
    assert ancestor.level is not None
    for above in range(level - 1, ancestor.level, -1):
        candidates = below.get((ancestor, above))
        if candidates:
            node.parent, node.attached_by = _by_place(candidates, None, None, at)
            return
    node.parent, node.attached_by = ancestor, Attachment.PRINTED_NUMBER


def _by_place(candidates: Sequence[Node], low: int | None, high: int | None, turn: int) -> tuple[Node, Attachment]:
    """The candidate that the node's neighbours in its column leave for it.

    Between a neighbour that belongs to one candidate (`low`) and the next that belongs to a later one (`high`), the
    lines without a number belong to the candidates in between, in order, this one being the `turn`-th from 0; where
    there are none in between, to the one before.
    """
    if len(candidates) == 1:
        return candidates[0], Attachment.ONLY_CANDIDATE
    gap = range(-1 if low is None else low, len(candidates) if high is None else high)[1:]
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


_THEME_NUMBER = re.compile(r"(?P<number>\d{1,2}|[IVX]{1,5}|[A-Z]\d?)[.)]\s+(?=\S)")
_KINDS = (Objective, Action, Activity, ScheduleEntry)
_SMALL_WORDS = frozenset(
    {"a", "al", "con", "de", "del", "e", "el", "en", "entre", "la", "las", "lo", "los", "o", "para", "por", "sin"}
    | {"sobre", "su", "sus", "u", "un", "una", "y", "an", "and", "between", "by", "for", "from", "in", "into", "of"}
    | {"on", "or", "the", "to", "with"}
)


def theme_initials(title: str) -> str:
    """The initials of the title's words, but for articles, conjunctions and prepositions: "dh" for DERECHOS HUMANOS."""
    words = ["".join(filter(str.isalnum, word)) for word in key(title).split()]
    significant = [word for word in words if word and word not in _SMALL_WORDS]
    return "".join(word[0] for word in significant or filter(None, words)) or "theme"


def _letters(count: int) -> str:
    """a, b, … z, aa, ab, … for 1, 2, … 26, 27, 28, …"""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = ascii_lowercase[rest] + letters
    return letters


def _as_passage(part: Node) -> Passage:
    return Passage(part.item.leaf.start, part.item.leaf.end, part.item.leaf.exact)


def _grow(node: Node, theme: str, parent: str, seen: Counter[str], unnumbered: Counter[str]) -> Part:
    if node.item.number:
        path = f"{theme}/{node.item.number}"
        seen[path] += 1
        if seen[path] > 1:
            path = f"{path}-{seen[path]}"
    else:
        unnumbered[parent] += 1
        path = parent + ("/" if parent == theme else "-") + _letters(unnumbered[parent])
    kind = Note if node.level is None else _KINDS[node.level]
    parts = [_grow(child, theme, path, seen, unnumbered) for child in node.children]
    parts += [
        Referral(
            f"{path}/referral-{count}",
            None,
            found.passage.exact,
            found.passage,
            Attachment.WITHIN_WORDS,
            (),
            found.target,
        )
        for count, found in enumerate(find_referrals(node.item.text, node.item.text_start), 1)
    ]
    parts += [
        _cross_reference(f"{path}/cross-reference-{count}", found)
        for count, found in enumerate(_found(node.item.text, node.item.text_start), 1)
    ]
    number = None if node.item.is_given else node.item.number
    return kind(path, number, node.item.text, _as_passage(node), _attached_by(node), tuple(parts))


def _attached_by(node: Node) -> Attachment:
    """How it is known what the item belongs to: not by a number that an import gave to it, or to that."""
    by_given = node.attached_by is Attachment.PRINTED_NUMBER and node.parent is not None and node.parent.item.is_given
    return Attachment.FILE_ROW if node.item.is_given or by_given else node.attached_by


def _found(text: str, start: int) -> list[FoundCrossReference]:
    """The references to parts and to themes in the order of the text."""
    found = [*find_cross_references(text, start), *find_theme_references(text, start)]
    return sorted(found, key=lambda each: (each.number or each.passage).start)


def _cross_reference(path: str, found: FoundCrossReference) -> CrossReference:
    return CrossReference(
        path, None, found.passage.exact, found.passage, Attachment.WITHIN_WORDS, (), found.kind,
        found.number.exact if found.number else "", found.number, found.theme.exact if found.theme else None, None,
        found.theme,
    )  # fmt: skip


class _Targets:
    """What a cross-reference can lead to: of several that fit in one theme, the first in the document."""

    def __init__(self, themes: Sequence[Theme]) -> None:
        self.themes: dict[str, Theme] = {}
        self.parts: dict[tuple[str, str, str | None], str] = {}
        self._anywhere: dict[tuple[str, str | None], list[tuple[str, str]]] = {}
        for theme in themes:
            self.themes.setdefault(key(theme.text), theme)
            for part, _ in theme.walk():
                self.parts.setdefault((theme.id, part.kind, part.number), part.id)
                self._anywhere.setdefault((part.kind, part.number), []).append((theme.id, part.id))
        self._run_on = _run_on(themes)

    def elsewhere(self, kind: str, number: str) -> tuple[str, str] | None:
        """The theme and the id of the one part of that kind with that number, where the numbers run on.

        Where they start anew in each theme, a number without a theme says nothing about another theme.
        """
        found = self._anywhere.get((kind, number), [])
        return found[0] if self._run_on and len(found) == 1 else None


def _run_on(themes: Sequence[Theme]) -> bool:
    """Whether the numbers of the objectives go on from one theme to the next, so that no two themes share one."""
    numbers = [{part.number for part in theme.parts if part.kind == "Objective" and part.number} for theme in themes]
    return sum(map(len, numbers)) == len(set().union(*numbers))


def _resolve(part: Part, theme: Theme, targets: _Targets) -> Part:
    """`part` with the targets of its cross-references looked up among the themes."""
    parts = tuple(_resolve(inner, theme, targets) for inner in part.parts)
    if not isinstance(part, CrossReference):
        return replace(part, parts=parts)
    named = part.target_theme
    meant = theme if named is None else targets.themes.get(key(named))
    if meant is None:
        return replace(part, target_theme=None)
    if part.number_passage is None:
        return replace(part, target_theme=meant.id, target=meant.id)
    leading = meant.id, targets.parts.get((meant.id, part.target_kind, part.target_number))
    if leading[1] is None and named is None:
        leading = targets.elsewhere(part.target_kind, part.target_number) or leading
    return replace(part, target_theme=leading[0], target=leading[1])


def grow_themes(themes: Sequence[tuple[Sequence[Passage], bool, Sequence[Node]]]) -> tuple[Theme, ...]:
    """The themes of a plan from the passages of their titles, the repeats last, and the nodes right under each.

    Between these stands whether an import gave the theme a number; then the words keep what they begin with.
    """
    taken: Counter[str] = Counter()
    grown = []
    for (title, *repeats), is_given, nodes in themes:
        number = None if is_given else _THEME_NUMBER.match(title.exact)
        text = title.exact[number.end() :] if number else title.exact
        initials = theme_initials(text)
        taken[initials] += 1
        path = initials if taken[initials] == 1 else f"{initials}-{taken[initials]}"
        seen: Counter[str] = Counter()
        unnumbered: Counter[str] = Counter()
        parts = tuple(_grow(node, path, path, seen, unnumbered) for node in nodes)
        printed = number["number"] if number else None
        grown.append(Theme(path, printed, text, title, Attachment.POSITION, parts, tuple(repeats)))
    targets = _Targets(grown)
    return tuple(replace(theme, parts=tuple(_resolve(part, theme, targets) for part in theme.parts)) for theme in grown)
