"""What became of each part between two versions of a plan."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.comparing.pairing import pair
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import Part, Plan
from crmgraph.wording import Bilingual

__all__ = ["CHANGES", "Change", "Comparison", "Named", "compare"]

CHANGES = {
    "added": Bilingual("added", "agregado"),
    "dropped": Bilingual("dropped", "suprimido"),
    "moved": Bilingual("moved", "trasladado"),
    "reordered": Bilingual("put in another order", "puesto en otro orden"),
    "renumbered": Bilingual("renumbered", "renumerado"),
    "reworded": Bilingual("reworded", "redactado de otro modo"),
    "reassigned": Bilingual("handed to others", "encomendado a otros"),
    "rescheduled": Bilingual("rescheduled", "reprogramado"),
}
"""The ways in which a part may have changed, in both languages."""

Named = Callable[[str], Sequence[tuple[int, int, str]]]
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
    agents: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    schedules: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Comparison:
    """Two versions of a plan: what changed, in the order of the new one and then what was dropped, and what stayed."""

    old: Plan
    new: Plan
    changes: tuple[Change, ...]
    unchanged: tuple[tuple[Part, Part], ...]

    @property
    def is_renamed(self) -> bool:
        """Whether the plan has another title."""
        return self.old.title != self.new.title

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return not self.changes and not self.is_renamed


def compare(old: Plan, new: Plan, named: Named) -> Comparison:
    """Compare two versions part by part; `named` finds the agents in a text."""
    pairing = pair(old, new)
    new_of = {before.id: after.id for before, after in pairing.pairs}
    above = [{part.id: parent for part, parent in plan.walk()} for plan in (old, new)]
    changes: list[Change] = []
    unchanged = []
    elsewhere = _reordered(pairing.pairs, above, new_of)
    for before, after in pairing.pairs:
        parents = above[0][before.id], above[1][after.id]
        change = _changed(before, after, parents, new_of, named, after.id in elsewhere)
        if change.kinds:
            changes.append(change)
        else:
            unchanged.append((before, after))
    changes += (Change(("added",), None, part) for part in pairing.added)
    place = {part.id: number for number, (part, _) in enumerate(new.walk())}
    changes.sort(key=lambda change: place[change.new.id] if change.new else 0)
    changes += (Change(("dropped",), part, None) for part in pairing.dropped)
    return Comparison(old, new, tuple(changes), tuple(unchanged))


def _changed(
    before: Part,
    after: Part,
    parents: tuple[Part | None, Part | None],
    new_of: dict[str, str],
    named: Named,
    is_elsewhere: bool,
) -> Change:
    old_above, new_above = parents
    agents = _agents(before.text, named), _agents(after.text, named)
    schedules = _schedule(before), _schedule(after)
    gone, come = (tuple(each for each in here if each not in there) for here, there in (agents, agents[::-1]))
    is_other = bool(gone or come)
    kinds = {
        "moved": (new_of.get(old_above.id, "") if old_above else "") != (new_above.id if new_above else ""),
        "reordered": is_elsewhere,
        "renumbered": before.number != after.number and _own_number(before, old_above) != _own_number(after, new_above),
        "reworded": _without_agents(before.text, named, is_other) != _without_agents(after.text, named, is_other),
        "reassigned": is_other,
        "rescheduled": schedules[0] != schedules[1],
    }
    return Change(
        tuple(kind for kind, is_so in kinds.items() if is_so),
        before,
        after,
        (gone, come),
        schedules if schedules[0] != schedules[1] else ("", ""),
    )


def _reordered(
    pairs: Sequence[tuple[Part, Part]], above: Sequence[Mapping[str, Part | None]], new_of: Mapping[str, str]
) -> set[str]:
    """The ids of the new parts that stand in another order below the same part than they did: as few as may be."""
    places = {part_id: place for place, part_id in enumerate(above[0])}
    below: dict[str, list[tuple[int, str]]] = {}
    for before, after in pairs:
        old_above, new_above = above[0][before.id], above[1][after.id]
        if (new_of.get(old_above.id, "") if old_above else "") == (new_above.id if new_above else ""):
            below.setdefault(f"{new_above.id if new_above else ''} {after.kind}", []).append(
                (places[before.id], after.id)
            )
    return {each for siblings in below.values() for each in _out_of_order(siblings)}


def _out_of_order(siblings: Sequence[tuple[int, str]]) -> set[str]:
    """Those that are not in the longest row that kept its order."""
    best: list[list[tuple[int, str]]] = []
    for place, name in siblings:
        before = max((row for row in best if row[-1][0] < place), key=len, default=[])
        best.append([*before, (place, name)])
    kept = {name for _, name in max(best, key=len, default=[])}
    return {name for _, name in siblings if name not in kept}


def _agents(text: str, named: Named) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, _, name in named(text)))


def _without_agents(text: str, named: Named, are_others: bool) -> str:
    """The words of a text; where others are named in it than before, without their names."""
    for start, end, _ in reversed(named(text)) if are_others else ():
        text = f"{text[:start]}…{text[end:]}"
    return tidy(text)


def _own_number(part: Part, parent: Part | None) -> str:
    """The number of a part below that of the part above it, which has changes of its own."""
    number = part.number or ""
    above = f"{parent.number}." if parent and parent.number else ""
    return number.removeprefix(above) if above else number


def _schedule(part: Part) -> str:
    """What the calendar says of a part, without the numbers, which follow those of the part."""
    return re.sub(r"\s+", " ", " / ".join(tidy(each.text) for each in part.parts if each.kind == "ScheduleEntry"))
