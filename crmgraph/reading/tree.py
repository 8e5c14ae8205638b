"""The tree of a plan: the parents of its items, the ids of its parts, and the targets of its cross-references."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from string import ascii_lowercase

from crmgraph.lexicon import patterns
from crmgraph.reading.languages import fold, key
from crmgraph.reading.model import (
    Action,
    Activity,
    Attachment,
    CrossReference,
    Leaf,
    Note,
    Objective,
    Part,
    Passage,
    Referral,
    ScheduleEntry,
    Theme,
)

_PATTERNS = patterns("references")
_Span = tuple[int, int]
_Reference = tuple[_Span, str, _Span | None, _Span | None]
"""A reference: its span, the kind of the target, the span of the number, and the span of the title of the theme."""


def find_referrals(text: str, start: int) -> Iterator[Referral]:
    """Yield the referrals in the text of a part. Their ids are empty.

    `start` is the offset of the text in the source, in code points.
    """
    folded = fold(text)
    for match in _PATTERNS["referral"].finditer(folded.text):
        passage = _passage(text, start, folded.original(*match.span()))
        begin, end = folded.original(*match.span("es" if match["es"] else "en"))
        yield Referral("", None, passage.exact, passage, Attachment.WITHIN_WORDS, target=text[begin:end].strip())


def find_cross_references(text: str, start: int) -> list[CrossReference]:
    """Return the cross-references in the text of a part, in order.

    Their ids and targets are empty, and `target_theme` is the title of the theme in the text. `start` is the offset of
    the text in the source, in code points.
    """
    folded = fold(text)
    found = []
    for span, kind, number, theme in (*_references_to_parts(folded.text), *_references_to_themes(folded.text)):
        passage, number_passage, theme_passage = (
            _passage(text, start, folded.original(*each)) if each else None for each in (span, number, theme)
        )
        assert passage is not None
        found.append(
            CrossReference(
                "",
                None,
                passage.exact,
                passage,
                Attachment.WITHIN_WORDS,
                target_kind=kind,
                target_number=number_passage.exact if number_passage else "",
                number_passage=number_passage,
                target_theme=theme_passage.exact if theme_passage else None,
                theme_passage=theme_passage,
            )
        )
    return sorted(found, key=lambda each: (each.number_passage or each.passage).start)


def _passage(text: str, start: int, span: tuple[int, int]) -> Passage:
    words = text[span[0] : span[1]].rstrip()
    return Passage(start + span[0], start + span[0] + len(words), words)


def _references_to_parts(text: str) -> Iterator[_Reference]:
    """Yield the references to numbered parts in a folded text."""
    # The offset at which the current reference begins, and whether it mentions a work plan.
    sent: int | None = None
    is_of_work_plan = False
    for match in _PATTERNS["cross_reference"].finditer(text):
        if match["end"]:
            sent = None
        elif sent is None and (match["send"] or match["bare"]):
            sent, is_of_work_plan = match.start(), False
        is_of_work_plan = is_of_work_plan or match["work_plan"] is not None
        if sent is None or match["send"] or match["work_plan"]:
            continue
        named = _PATTERNS["of_theme"].match(text, match.end())
        is_of_other = _PATTERNS["of_other"].match(text, match.end())
        if not named and (is_of_other or (is_of_work_plan and not _PATTERNS["of_this"].match(text, match.end()))):
            sent = None
            continue
        whole = _PATTERNS["whole_theme"].match(text, sent)
        title = named or (whole if whole and whole.end() <= match.start() else None)
        end = named.end() if named else match.end()
        group = next(name for name in ("dotted", "number", "numbers", "figure") if match[name])
        noun = match["noun"] or match["nouns"] or match["short"]
        for number in _PATTERNS["number"].finditer(text, *match.span(group)):
            # Without a noun, the number of dots gives the kind of part.
            sign, kinds = (noun, "kinds") if noun else (str(number[0].count(".") + 1), "kinds_by_depth")
            for kind in [kind for begin, kind in _PATTERNS.raw(kinds) if sign.startswith(begin)][:1]:
                yield (sent, end), kind, number.span(), title.span("theme") if title else None
        sent = sent if _PATTERNS["more"].match(text, end) else None


def _references_to_themes(text: str) -> Iterator[_Reference]:
    """Yield the references to whole themes in a folded text."""
    for each in _PATTERNS["whole_theme"].finditer(text):
        if not _PATTERNS["within"].match(text, each.end()):
            yield each.span(), "Theme", None, each.span("theme")


@dataclass(eq=False)
class Item:
    """An item of a cell: a number with text, a line without a number, or a note.

    Attributes:
        leaf: The passage of the item.
        number: The item number; None if there is none.
        text_start: The offset of the text after the number, in code points.
        has_import_number: Whether the number is one in brackets from an import, and not in the document.
        level: 0 for an objective to 3 for a schedule entry; None for a note.
        parent: The item to which it belongs; None for the theme.
        attached_by: How the parent was determined.
        children: The items that belong to it.
    """

    leaf: Leaf
    number: str | None
    text_start: int
    has_import_number: bool
    level: int | None
    parent: "Item | None" = None
    attached_by: Attachment = Attachment.POSITION
    children: list["Item"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the item without its printed number: “Water” of “1.2 Water”."""
        return self.leaf.exact[self.text_start - self.leaf.start :]


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


_ItemsByNumber = Mapping[tuple[int | None, str | None], Item]


def build_item_trees(rows: Sequence[Sequence[Sequence[Item]]]) -> list[Item]:
    """Return the items that belong to the theme itself, with their descendants in document order.

    `rows` contains, for each row of the table, the items of its four columns, from objectives to schedule. A row
    without an objective continues the row before.
    """
    joined: list[list[list[Item]]] = []
    for row in rows:
        if joined and not row[_OBJECTIVE]:
            for column, more in zip(joined[-1], row, strict=True):
                column += more
        else:
            joined.append([list(column) for column in row])
    everything = [item for columns in joined for column in columns for item in column]
    theme = _index_by_number(everything)
    own = [_index_by_number(item for column in columns for item in column) for columns in joined]
    for level in (_ACTION, _ACTIVITY, _SCHEDULE):
        for columns, numbered in zip(joined, own, strict=True):
            items = [[item for item in column if item.level is not None] for column in columns[: level + 1]]
            _attach_level(items, level, numbered, theme)
    for column in (column for columns in joined for column in columns):
        _attach_notes(column)
    for item in sorted(everything, key=lambda item: item.leaf):
        if item.parent is not None:
            item.parent.children.append(item)
    return [item for item in everything if item.parent is None]


def build_themes(themes: Iterable[tuple[Sequence[Passage], bool, Sequence[Item]]]) -> tuple[Theme, ...]:
    """Return the themes of a plan.

    Args:
        themes: For each theme, the passages of its title (repetitions last), whether an import added a number to the
            title, and the items that belong to the theme itself. If an import added a number, a number in the title is
            part of the text.

    The id of a part begins with that of its theme, such as pgm/7.1. If no number is in two themes, as when objectives
    are counted through the whole plan, the id of a numbered part is the number alone, such as 21.
    """
    themes = list(themes)
    numbers = [{number for item in items for number in _numbers_in(item)} for _, _, items in themes]
    are_unique = sum(map(len, numbers)) == len(set().union(*numbers))
    taken: Counter[str] = Counter()
    built = []
    for (title, *repeats), has_import_number, items in themes:
        number = None if has_import_number else _THEME_NUMBER.match(title.exact)
        text = title.exact[number.end() :] if number else title.exact
        path = _unique_path(theme_initials(text), taken)
        unnumbered: Counter[str] = Counter()
        before = "" if are_unique else f"{path}/"
        parts = tuple(_build_part(item, path, before, path, taken, unnumbered) for item in items)
        built.append(
            Theme(path, number["number"] if number else None, text, title, Attachment.POSITION, parts, tuple(repeats))
        )
    return _with_reference_targets(built)


def _numbers_in(item: Item) -> Iterator[str]:
    """Yield the numbers of an item and of its descendants."""
    if item.number:
        yield item.number
    for child in item.children:
        yield from _numbers_in(child)


def theme_initials(title: str) -> str:
    """Return the initials of the words of a title without function words: "dh" for DERECHOS HUMANOS."""
    words = ["".join(filter(str.isalnum, word)) for word in key(title).split()]
    significant = [word for word in words if word and word not in _SMALL_WORDS]
    return "".join(word[0] for word in significant or filter(None, words)) or "theme"


def _index_by_number(items: Iterable[Item]) -> _ItemsByNumber:
    """Return the items by level and number; if several have the same number, the first of them."""
    return {(item.level, item.number): item for item in reversed(list(items)) if item.number is not None}


def _attach_level(columns: Sequence[Sequence[Item]], level: int, row: _ItemsByNumber, theme: _ItemsByNumber) -> None:
    """Set the parent of each item of a level: first by its number, then by its position.

    A number whose direct parent does not exist attaches the item to a line without a number below the nearest ancestor,
    or to the ancestor itself. The candidates for an item without a number are the items of the nearest non-empty column
    to the left, in the same row of the table if possible.

    Args:
        columns: The items of the columns up to this level, for one objective or group of rows.
        level: The level, 1 to 3.
        row: The items of these rows by level and number.
        theme: The items of the theme by level and number.
    """
    ancestors = [_nearest_ancestor(item, row, theme) for item in columns[level]]
    for item, ancestor in zip(columns[level], ancestors, strict=True):
        if ancestor and ancestor.level == level - 1:
            item.parent, item.attached_by = ancestor, Attachment.PRINTED_NUMBER
    if all(item.parent for item in columns[level]):
        return
    below = _unnumbered_descendants(columns[:level])
    candidates = next((columns[above] for above in range(level - 1, -1, -1) if columns[above]), [])
    place = -1
    for items, near in _by_table_row(columns[level], candidates):
        indices = {candidate: index for index, candidate in enumerate(near)}
        low, since = None, 0
        for item, high in zip(items, _next_known_parents(items, indices), strict=True):
            place += 1
            ancestor = ancestors[place]
            if item.parent is None and ancestor:
                _attach_below_ancestor(item, ancestor, level, below, place)
            elif item.parent is None and near:
                item.parent, item.attached_by = _parent_by_position(near, low, high, since)
                if len(near) < len(candidates) and near[0].leaf.row != item.leaf.row:
                    item.attached_by = Attachment.POSITION
            if item.parent in indices and item.attached_by is Attachment.PRINTED_NUMBER:
                low, since = indices[item.parent], 0
            else:
                since += 1


def _nearest_ancestor(item: Item, row: _ItemsByNumber, theme: _ItemsByNumber) -> Item | None:
    """Return the item whose number is the longest proper prefix of this one: in the same rows, or else in the theme."""
    parts = (item.number or "").split(".")
    places = [(length - 1, ".".join(parts[:length])) for length in range(len(parts) - 1, 0, -1)]
    return next((found for place in places if (found := row.get(place) or theme.get(place))), None)


def _unnumbered_descendants(columns: Sequence[Sequence[Item]]) -> Mapping[tuple[Item, int], list[Item]]:
    """Return, for each item and each level below it, the items of this level without a number."""
    below: dict[tuple[Item, int], list[Item]] = defaultdict(list)
    for level, column in enumerate(columns):
        for item in column:
            ancestor = item.parent if item.number is None else None
            while ancestor is not None:
                below[ancestor, level].append(item)
                ancestor = ancestor.parent
    return below


def _by_table_row(column: Sequence[Item], candidates: Sequence[Item]) -> Iterator[tuple[list[Item], Sequence[Item]]]:
    """Yield the items of a column by row of the table, each group with its candidates.

    They are the candidates in that row, or else in the last row before it that has some. Before the first such row, all
    are candidates.
    """
    by_row: dict[int, list[Item]] = defaultdict(list)
    for candidate in candidates:
        by_row[candidate.leaf.row].append(candidate)
    rows = accumulate((item.leaf.row for item in column), lambda last, row: row if row in by_row else last, initial=-1)
    next(rows)
    for row, group in groupby(zip(rows, column, strict=True), key=lambda each: each[0]):
        yield [item for _, item in group], by_row.get(row, candidates)


def _next_known_parents(column: Sequence[Item], indices: Mapping[Item, int]) -> list[int | None]:
    """Return, for each item, the index of the next known parent in the column; None if there is none.

    It is the parent of the nearest later item whose parent is known by its number.

    Args:
        column: The items.
        indices: The indices of the candidates.
    """
    found: list[int | None] = []
    known: int | None = None
    for item in reversed(column):
        found.append(known)
        known = known if item.parent is None else indices.get(item.parent, known)
    return found[::-1]


def _attach_below_ancestor(
    item: Item, ancestor: Item, level: int, below: Mapping[tuple[Item, int], Sequence[Item]], place: int
) -> None:
    """Attach an item whose direct parent does not exist to a line without a number below `ancestor`, or to `ancestor`.

    Args:
        item: The item.
        ancestor: The item whose number is the longest prefix of its number.
        level: The level of the item.
        below: The items without a number below each item, by level.
        place: The position of the item in its column, counted from 0.
    """
    levels = range(level - 1, ancestor.level or 0, -1)
    candidates = next((below[ancestor, above] for above in levels if (ancestor, above) in below), None)
    by_number = ancestor, Attachment.PRINTED_NUMBER
    item.parent, item.attached_by = _parent_by_position(candidates, None, None, place) if candidates else by_number


def _parent_by_position(
    candidates: Sequence[Item], low: int | None, high: int | None, index_in_gap: int
) -> tuple[Item, Attachment]:
    """Return the candidate to which an item without a number belongs, and how it was determined.

    The items between two neighbours with known parents are distributed, in order, among the candidates between these
    parents. If there are none in between, they belong to the earlier parent.

    Args:
        candidates: The possible parents.
        low: The index of the parent of the previous neighbour; None if there is none.
        high: The index of the parent of the next neighbour; None if there is none.
        index_in_gap: The position of the item between the two neighbours, counted from 0.
    """
    if len(candidates) == 1:
        return candidates[0], Attachment.ONLY_CANDIDATE
    gap = range(-1 if low is None else low, len(candidates) if high is None else high)[1:]
    return candidates[gap[min(index_in_gap, len(gap) - 1)] if gap else low or 0], Attachment.POSITION


def _attach_notes(column: Sequence[Item]) -> None:
    """Attach each note to the item above it in its cell.

    A note at the beginning of a cell belongs to the parent of the items of the cell.
    """
    above = next((item.parent for item in column if item.level is not None), None)
    for item in column:
        if item.level is None:
            item.parent = above
        else:
            above = item


def _build_part(item: Item, theme: str, before: str, parent: str, seen: Counter[str], unnumbered: Counter[str]) -> Part:
    """Return the part for an item, with its descendants.

    Args:
        item: The item.
        theme: The id of the theme.
        before: What comes before the number in an id.
        parent: The id of the parent.
        seen: The number of uses of each id so far.
        unnumbered: The number of parts without a number so far, by the id of the parent.
    """
    if item.number:
        path = _unique_path(f"{before}{item.number}", seen)
    else:
        unnumbered[parent] += 1
        path = parent + ("/" if parent == theme else "-") + _letter_label(unnumbered[parent])
    parts = [_build_part(child, theme, before, path, seen, unnumbered) for child in item.children]
    for kind, found in (("referral", find_referrals), ("cross-reference", find_cross_references)):
        parts += (
            replace(reference, id=f"{path}/{kind}-{count}")
            for count, reference in enumerate(found(item.text, item.text_start), 1)
        )
    # A number that an import added does not count as printed.
    by_import_number = (
        item.attached_by is Attachment.PRINTED_NUMBER and item.parent is not None and item.parent.has_import_number
    )
    return (Note if item.level is None else _KINDS[item.level])(
        path,
        None if item.has_import_number else item.number,
        item.text,
        Passage(item.leaf.start, item.leaf.end, item.leaf.exact),
        Attachment.FILE_ROW if item.has_import_number or by_import_number else item.attached_by,
        tuple(parts),
    )


def _unique_path(path: str, seen: Counter[str]) -> str:
    """Return the path, with a counter such as "-2" if it has been used before."""
    seen[path] += 1
    return path if seen[path] == 1 else f"{path}-{seen[path]}"


def _letter_label(count: int) -> str:
    """Return the label of a line without a number: a, b, … z, aa, ab, … for 1, 2, … 26, 27, 28, …"""
    return _letter_label((count - 1) // 26) + ascii_lowercase[(count - 1) % 26] if count else ""


def _with_reference_targets(themes: Sequence[Theme]) -> tuple[Theme, ...]:
    """Return the themes with the targets of their cross-references; the first matching part is the target.

    A number without a theme may refer to another theme, if exactly one part has it and the objectives are numbered
    through the whole plan. If the numbers start again in each theme, it refers to the own theme only.
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
