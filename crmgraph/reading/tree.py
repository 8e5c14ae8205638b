"""The tree of a plan: which item belongs to which, the ids of parts, and where references in their words lead."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from string import ascii_lowercase

from crmgraph.lexicon import patterns
from crmgraph.reading.languages import fold, key
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
from crmgraph.reading.table import Item

_PATTERNS = patterns("references")
_Span = tuple[int, int]
_Found = tuple[_Span, str, _Span | None, _Span | None]
"""A reference: its words, the kind of part, the number and the title of the theme."""


def find_referrals(text: str, start: int) -> Iterator[Referral]:
    """Yield the referrals in a part's text, which begins at code point `start` of the source; their ids are empty."""
    folded = fold(text)
    for match in _PATTERNS["referral"].finditer(folded.text):
        passage = _passage(text, start, folded.original(*match.span()))
        begin, end = folded.original(*match.span("es" if match["es"] else "en"))
        yield Referral("", None, passage.exact, passage, Attachment.WITHIN_WORDS, target=text[begin:end].strip())


def find_cross_references(text: str, start: int) -> list[CrossReference]:
    """Return the cross-references in a part's text, which begins at code point `start` of the source, in its order.

    Their ids and targets are empty; `target_theme` is the title that they give.
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


def _references_to_parts(text: str) -> Iterator[_Found]:
    """Yield the references to numbered parts in a folded text."""
    # Where the words begin that send the reader, while they do, and whether they name a work plan.
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
            # Without a noun the parts of a number tell the kind of part.
            sign, kinds = (noun, "kinds") if noun else (str(number[0].count(".") + 1), "kinds_by_depth")
            for kind in [kind for begin, kind in _PATTERNS.raw(kinds) if sign.startswith(begin)][:1]:
                yield (sent, end), kind, number.span(), title.span("theme") if title else None
        sent = sent if _PATTERNS["more"].match(text, end) else None


def _references_to_themes(text: str) -> Iterator[_Found]:
    """Yield the references to a theme and to no part of it in a folded text."""
    found = (
        each for each in _PATTERNS["whole_theme"].finditer(text) if not _PATTERNS["within"].match(text, each.end())
    )
    yield from ((each.span(), "Theme", None, each.span("theme")) for each in found)


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


_Numbered = Mapping[tuple[int | None, str | None], Item]


def build_item_trees(rows: Sequence[Sequence[Sequence[Item]]]) -> list[Item]:
    """Return the items of a theme as trees: the items right under the theme, children in the order of the source.

    `rows` holds for each row of the table the items of its four columns, from objectives to calendar. A row that names
    no objective goes on with that of the row before.
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
    """Return the themes of a plan from the passages of their titles, the repeats last, and the items right under each.

    Between these stands whether an import gave the theme a number; then the words keep what they begin with.
    """
    taken: Counter[str] = Counter()
    built = []
    for (title, *repeats), is_given, items in themes:
        number = None if is_given else _THEME_NUMBER.match(title.exact)
        text = title.exact[number.end() :] if number else title.exact
        path = _unique_path(theme_initials(text), taken)
        seen, unnumbered = Counter[str](), Counter[str]()
        parts = tuple(_build(item, path, path, seen, unnumbered) for item in items)
        printed = number["number"] if number else None
        built.append(Theme(path, printed, text, title, Attachment.POSITION, parts, tuple(repeats)))
    return _with_reference_targets(built)


def theme_initials(title: str) -> str:
    """Return the initials of a title's words without small ones: "dh" for DERECHOS HUMANOS."""
    words = ["".join(filter(str.isalnum, word)) for word in key(title).split()]
    significant = [word for word in words if word and word not in _SMALL_WORDS]
    return "".join(word[0] for word in significant or filter(None, words)) or "theme"


def _index_by_number(items: Iterable[Item]) -> _Numbered:
    """Return the items by level and number; of several with the same, the first."""
    return {(item.level, item.number): item for item in reversed(list(items)) if item.number is not None}


def _attach_level(columns: Sequence[Sequence[Item]], level: int, row: _Numbered, theme: _Numbered) -> None:
    """Give each item of a level in a row its parent: first those whose number says it, then the others.

    A item that begins with the number of a part further up belongs to a line without a number below that part, or to
    the part itself. For the others the nearest column that has something in it holds the candidates; of an objective
    that goes on through several rows of the table, those in their own row.
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
        turns = {candidate: index for index, candidate in enumerate(near)}
        low, since = None, 0
        for item, high in zip(items, _next_known_parents(items, turns), strict=True):
            place += 1
            ancestor = ancestors[place]
            if item.parent is None and ancestor:
                _attach_below_ancestor(item, ancestor, level, below, place)
            elif item.parent is None and near:
                item.parent, item.attached_by = _parent_by_position(near, low, high, since)
                if len(near) < len(candidates) and near[0].leaf.row != item.leaf.row:
                    item.attached_by = Attachment.POSITION
            if item.parent in turns and item.attached_by is Attachment.PRINTED_NUMBER:
                low, since = turns[item.parent], 0
            else:
                since += 1


def _nearest_ancestor(item: Item, row: _Numbered, theme: _Numbered) -> Item | None:
    """Return the item whose number is the longest beginning of this one's: in the row, or else in the theme."""
    parts = item.parent_number.split(".")
    places = [(length - 1, ".".join(parts[:length])) for length in range(len(parts), 0, -1)]
    return next((found for place in places if (found := row.get(place) or theme.get(place))), None)


def _unnumbered_descendants(columns: Sequence[Sequence[Item]]) -> Mapping[tuple[Item, int], list[Item]]:
    """Return the items without a number below each item, by their level."""
    below: dict[tuple[Item, int], list[Item]] = defaultdict(list)
    for level, column in enumerate(columns):
        for item in column:
            ancestor = item.parent if item.number is None else None
            while ancestor is not None:
                below[ancestor, level].append(item)
                ancestor = ancestor.parent
    return below


def _by_table_row(column: Sequence[Item], candidates: Sequence[Item]) -> Iterator[tuple[list[Item], Sequence[Item]]]:
    """Yield the items of a column, row by row of the table, with the candidates of that row or of the last with some.

    Before the first row that has some, all are candidates.
    """
    by_row: dict[int, list[Item]] = defaultdict(list)
    for candidate in candidates:
        by_row[candidate.leaf.row].append(candidate)
    rows = accumulate((item.leaf.row for item in column), lambda last, row: row if row in by_row else last, initial=-1)
    next(rows)
    for row, group in groupby(zip(rows, column, strict=True), key=lambda each: each[0]):
        yield [item for _, item in group], by_row.get(row, candidates)


def _next_known_parents(column: Sequence[Item], turns: Mapping[Item, int]) -> list[int | None]:
    """Return for each item the turn of the candidate that the nearest item after it belongs to by number."""
    found: list[int | None] = []
    known: int | None = None
    for item in reversed(column):
        found.append(known)
        known = known if item.parent is None else turns.get(item.parent, known)
    return found[::-1]


def _attach_below_ancestor(
    item: Item, ancestor: Item, level: int, below: Mapping[tuple[Item, int], Sequence[Item]], place: int
) -> None:
    assert ancestor.level is not None
    levels = range(level - 1, ancestor.level, -1)
    candidates = next((below[ancestor, above] for above in levels if (ancestor, above) in below), None)
    item.parent, item.attached_by = ancestor, Attachment.PRINTED_NUMBER
    if candidates:
        item.parent, item.attached_by = _parent_by_position(candidates, None, None, place)


def _parent_by_position(
    candidates: Sequence[Item], low: int | None, high: int | None, turn: int
) -> tuple[Item, Attachment]:
    """Return the candidate that a item's neighbours in its column leave for it.

    Between a neighbour that belongs to one candidate (`low`) and the next that belongs to a later one (`high`), the
    lines without a number belong to the candidates in between, in order, this one being the `turn`-th from 0; where
    there are none in between, to the one before.
    """
    if len(candidates) == 1:
        return candidates[0], Attachment.ONLY_CANDIDATE
    gap = range(-1 if low is None else low, len(candidates) if high is None else high)[1:]
    return candidates[gap[min(turn, len(gap) - 1)] if gap else low or 0], Attachment.POSITION


def _attach_notes(column: Sequence[Item]) -> None:
    """Attach each note to the item above it in its cell, or, where it opens the cell, to what the cell belongs to."""
    above = next((item.parent for item in column if item.level is not None), None)
    for item in column:
        if item.level is None:
            item.parent = above
        else:
            above = item


def _build(item: Item, theme: str, parent: str, seen: Counter[str], unnumbered: Counter[str]) -> Part:
    """Return the part that a item is, with all below it; `parent` is the id of its parent."""
    if item.number:
        path = _unique_path(f"{theme}/{item.number}", seen)
    else:
        unnumbered[parent] += 1
        path = parent + ("/" if parent == theme else "-") + _letters(unnumbered[parent])
    parts = [_build(child, theme, path, seen, unnumbered) for child in item.children]
    for kind, found in (("referral", find_referrals), ("cross-reference", find_cross_references)):
        references = enumerate(found(item.text, item.text_start), 1)
        parts += (replace(reference, id=f"{path}/{kind}-{count}") for count, reference in references)
    # It is not known by a number that an import gave to it, or to its parent.
    by_given = item.attached_by is Attachment.PRINTED_NUMBER and item.parent is not None and item.parent.is_given
    return (Note if item.level is None else _KINDS[item.level])(
        path,
        None if item.is_given else item.number,
        item.text,
        Passage(item.leaf.start, item.leaf.end, item.leaf.exact),
        Attachment.FILE_ROW if item.is_given or by_given else item.attached_by,
        tuple(parts),
    )


def _unique_path(path: str, seen: Counter[str]) -> str:
    """Return a path, with a count behind it unless it is the first such."""
    seen[path] += 1
    return path if seen[path] == 1 else f"{path}-{seen[path]}"


def _letters(count: int) -> str:
    """Return a, b, … z, aa, ab, … for 1, 2, … 26, 27, 28, …"""
    return _letters((count - 1) // 26) + ascii_lowercase[(count - 1) % 26] if count else ""


def _with_reference_targets(themes: Sequence[Theme]) -> tuple[Theme, ...]:
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
