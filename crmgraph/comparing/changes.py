"""What became of each part between two versions of a plan."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.comparing.pairing import pair
from crmgraph.comparing.schedules import say_the_same, schedule_of
from crmgraph.describing.naming import Lexicon
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.plan import Part, Plan
from crmgraph.wording import Bilingual

__all__ = ["CHANGES", "Change", "Comparison", "Named", "change_of", "compare"]

_WAYS = {
    "added": ("added", "agregad{}"),
    "dropped": ("dropped", "suprimid{}"),
    "relevelled": ("moved to another level", "trasladad{} a otro nivel"),
    "moved": ("moved", "trasladad{}"),
    "reordered": ("put in another order", "puest{} en otro orden"),
    "renumbered": ("renumbered", "renumerad{}"),
    "reworded": ("reworded", "redactad{} de otro modo"),
    "reassigned": ("handed to others", "encomendad{} a otros"),
    "rescheduled": ("rescheduled", "reprogramad{}"),
}
_MASCULINE = ("Theme", "Objective")
_UNJOINED = {
    **dict.fromkeys(("del", "du", "des", "do", "da", "dos", "das"), "de "),
    **dict.fromkeys(("al", "au", "aux", "ao", "aos"), "a "),
}
"""A preposition that an article has run into, in the languages of plans, by itself."""
_ARTICLE = re.compile(rf"\b(?:(?:{'|'.join(_UNJOINED)}|el|la|los|las|the|le|les|o|os|as)\s+|l['’])$", re.IGNORECASE)
"""What stands before a name that goes by its gender and number."""

CHANGES = {kind: Bilingual(english, spanish.format("a")) for kind, (english, spanish) in _WAYS.items()}
"""The ways in which a part may have changed, in both languages; in Spanish as said of «una parte»."""

Named = Callable[[str], Sequence[tuple[int, int, Bilingual]]]
"""What finds the agents that a text names: from where to where, and what each is called."""


@dataclass(frozen=True)
class Change:
    """A part that changed: in which ways (keys of CHANGES), as it was and as it is (None where it is not there).

    `agents` are those that are no longer named, and those that were not named before; `schedules` is what was said and
    what is said of when and how far, where that changed.
    """

    kinds: tuple[str, ...]
    old: Part | None
    new: Part | None
    agents: tuple[tuple[Bilingual, ...], tuple[Bilingual, ...]] = ((), ())
    schedules: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Comparison:
    """Two versions of a plan: what changed, in the order of the new one and then what was dropped, and what stayed.

    `are_strangers` says that they have hardly any words in common.
    """

    old: Plan
    new: Plan
    changes: tuple[Change, ...]
    unchanged: tuple[tuple[Part, Part], ...]
    are_strangers: bool = False

    @property
    def are_in_two_languages(self) -> bool:
        """Whether one is in another language than the other."""
        return self.old.language != self.new.language

    @property
    def is_renamed(self) -> bool:
        """Whether the plan has another title, or something else below it."""
        return self.old.heading != self.new.heading

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return not self.changes and not self.is_renamed


def change_of(kind: str, part: str) -> Bilingual:
    """What a way to change is called where a part of this kind has: in Spanish the words agree with it."""
    english, spanish = _WAYS[kind]
    return Bilingual(english, spanish.format("o" if part in _MASCULINE else "a"))


def compare(old: Plan, new: Plan, named: Named, statuses: Lexicon) -> Comparison:
    """Compare two versions part by part; `named` finds the agents in a text, `statuses` has the names of statuses.

    In two languages the same agents have other names, so that none is looked for.
    """
    pairing = pair(old, new)
    are_in_two_languages = old.language != new.language
    if are_in_two_languages:
        named = _nobody
    new_of = {before.id: after.id for before, after in pairing.pairs}
    above = [{part.id: parent for part, parent in plan.walk()} for plan in (old, new)]
    moved = _moved(pairing.pairs, above, new_of, are_known=are_in_two_languages or pairing.are_strangers)
    changes: list[Change] = []
    unchanged = []
    elsewhere = _reordered(pairing.pairs, above, new_of)
    for before, after in pairing.pairs:
        parents = above[0][before.id], above[1][after.id]
        change = _changed(before, after, parents, named, statuses, after.id in moved, after.id in elsewhere)
        if change.kinds:
            changes.append(change)
        else:
            unchanged.append((before, after))
    changes += (Change(("added",), None, part) for part in pairing.added)
    place = {part.id: number for number, (part, _) in enumerate(new.walk())}
    changes.sort(key=lambda change: place[change.new.id] if change.new else 0)
    changes += (Change(("dropped",), part, None) for part in pairing.dropped)
    return Comparison(old, new, tuple(changes), tuple(unchanged), pairing.are_strangers)


def _changed(
    before: Part,
    after: Part,
    parents: tuple[Part | None, Part | None],
    named: Named,
    statuses: Lexicon,
    is_moved: bool,
    is_elsewhere: bool,
) -> Change:
    schedules = schedule_of(before), schedule_of(after)
    agents = [
        [tuple(dict.fromkeys(name for _, _, name in named(text))) for text in (part.text, schedule)]
        for part, schedule in zip((before, after), schedules, strict=True)
    ]
    others = (
        _without_words(_gone(*agents), named, (before.text, schedules[0]), after.text),
        _without_words(_gone(*reversed(agents)), named, (after.text, schedules[1]), before.text),
    )
    are_others = any(others)
    is_relevelled = before.kind != after.kind
    is_other_schedule = _say_other(schedules, named, are_others)
    is_same_time = is_other_schedule and say_the_same(before, after, statuses)
    kinds = {
        "relevelled": is_relevelled,
        "moved": is_moved and not is_relevelled,
        "reordered": is_elsewhere,
        "renumbered": before.number != after.number
        and _own_number(before, parents[0]) != _own_number(after, parents[1]),
        "reworded": is_same_time or _say_other((before.text, after.text), named, are_others),
        "reassigned": are_others,
        "rescheduled": is_other_schedule and not is_same_time,
    }
    return Change(
        tuple(kind for kind, is_so in kinds.items() if is_so),
        before,
        after,
        others,
        schedules if schedules[0] != schedules[1] else ("", ""),
    )


def _nobody(_: str) -> Sequence[tuple[int, int, Bilingual]]:
    return ()


def _moved(
    pairs: Sequence[tuple[Part, Part]],
    above: Sequence[Mapping[str, Part | None]],
    new_of: Mapping[str, str],
    are_known: bool,
) -> set[str]:
    """The ids of the new parts that stand below another part than they did.

    With `are_known`, only where both of these parts are in both versions.
    """
    found, kept = set(), set(new_of.values())
    for before, after in pairs:
        was, now = _above(before, after, above, new_of)
        if was != now and not (are_known and not (was and now in kept)):
            found.add(after.id)
    return found


def _above(
    before: Part, after: Part, above: Sequence[Mapping[str, Part | None]], new_of: Mapping[str, str]
) -> tuple[str, str]:
    """The ids, in the new version, of what a part stood below and of what it stands below; none where there is none."""
    old_above, new_above = above[0][before.id], above[1][after.id]
    return new_of.get(old_above.id, "") if old_above else "", new_above.id if new_above else ""


def _reordered(
    pairs: Sequence[tuple[Part, Part]], above: Sequence[Mapping[str, Part | None]], new_of: Mapping[str, str]
) -> set[str]:
    """The ids of the new parts that stand in another order below the same part than they did: as few as may be."""
    places = {part_id: place for place, part_id in enumerate(above[0])}
    below: dict[str, list[tuple[int, str]]] = {}
    for before, after in pairs:
        was, now = _above(before, after, above, new_of)
        if was == now and before.kind == after.kind:
            below.setdefault(f"{now} {after.kind}", []).append((places[before.id], after.id))
    return {each for siblings in below.values() for each in _out_of_order(siblings)}


def _out_of_order(siblings: Sequence[tuple[int, str]]) -> set[str]:
    """Those that are not in the longest row that kept its order."""
    best: list[list[tuple[int, str]]] = []
    for place, name in siblings:
        before = max((row for row in best if row[-1][0] < place), key=len, default=[])
        best.append([*before, (place, name)])
    kept = {name for _, name in max(best, key=len, default=[])}
    return {name for _, name in siblings if name not in kept}


def _gone(before: Sequence[Sequence[Bilingual]], after: Sequence[Sequence[Bilingual]]) -> tuple[Bilingual, ...]:
    """Who of those in the words and in the calendar is no longer there, and has not gone from one to the other."""
    from_words = (name for name in before[0] if name not in after[0] and (name not in after[1] or name in before[1]))
    from_calendar = (name for name in before[1] if name not in after[1] and name not in after[0])
    return tuple(dict.fromkeys((*from_words, *from_calendar)))


def _without_words(
    agents: Sequence[Bilingual], named: Named, texts: Sequence[str], other: str
) -> tuple[Bilingual, ...]:
    """Those of the agents named in the texts whose words are nowhere in the other, not in the name of something else
    either, such as an instrument.
    """
    words: dict[str, set[str]] = {}
    for text in texts:
        for start, end, name in named(text):
            words.setdefault(name, set()).add(key(text[start:end]))
    said = key(other)
    return tuple(
        name
        for name in agents
        if not any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", said) for each in words.get(name, ()))
    )


def _say_other(texts: Sequence[str], named: Named, are_others: bool) -> bool:
    """Whether two texts differ; where others are named than before, in more than the names."""
    one, other = (_without_agents(text, named) if are_others else tidy(text) for text in texts)
    return one != other


def _without_agents(text: str, named: Named) -> str:
    """The text without the names of agents and their articles, which are of the name: “de la OIM”, “del ACNUR”."""
    for start, end, _ in reversed(named(text)):
        before = _ARTICLE.sub(lambda found: _UNJOINED.get(found[0].strip().casefold(), ""), text[:start])
        text = f"{before}…{text[end:]}"
    return tidy(text)


def _own_number(part: Part, parent: Part | None) -> str:
    """The number of a part below that of the part above it, which has changes of its own."""
    number = part.number or ""
    above = f"{parent.number}." if parent and parent.number else ""
    return number.removeprefix(above) if above else number
