"""From attached items to the finished plan: ids, themes, references within the plan."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase

from crmgraph.reading.attaching import Node
from crmgraph.reading.folding import key
from crmgraph.reading.plan import (
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

__all__ = ["grow_themes", "theme_initials"]

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
