"""The changes between two versions of a plan: the pairing of their parts, and the differences within each pair."""

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rdflib import URIRef

from crmgraph.describing import Background, bodies_of_others, longest_increasing_subsequence
from crmgraph.describing.vocabulary import AGENT_KINDS
from crmgraph.errors import Bilingual
from crmgraph.lexicon import patterns
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Part, Plan, ScheduleEntry

KINDS = ("Theme", "Objective", "Action", "Activity", "Note")
"""The kinds of parts that are compared, from the highest level to the lowest. A schedule entry counts with its part."""

# The minimum similarity, from 0 to 1, of the texts of a pair: in general, for parts with the same number and parent,
# and for parts of different kinds.
_MIN_SIMILARITY = 0.65
_MIN_SIMILARITY_IF_IN_PLACE = 0.4
_MIN_SIMILARITY_ACROSS_KINDS = 0.9

_MIN_SHARE = 0.1
"""The minimum share of parts of the shorter plan with a similar text in the other, if the two are versions of one plan.
"""

# What is added to the similarity of a pair for the same text, the same number and the same parent.
_SAME_TEXT_BONUS, _SAME_NUMBER_BONUS, _SAME_PARENT_BONUS = 0.5, 0.3, 0.3

_Pair = tuple[Part, Part]
_Candidate = tuple[float, Part, Part]
"""A possible pair: its score, the old part and the new part."""


@dataclass(frozen=True)
class Pairing:
    """The pairing of the parts of two versions.

    Attributes:
        pairs: The parts that both versions have, old and new, in the order of the new version.
        dropped: The parts that only the old version has.
        added: The parts that only the new version has.
        are_unrelated: Whether the versions have hardly any text in common. In that case, `pairs` has only parts with
            similar texts, and none that have just the same number and parent.
    """

    pairs: tuple[_Pair, ...]
    dropped: tuple[Part, ...]
    added: tuple[Part, ...]
    are_unrelated: bool


def pair_parts(old: Plan, new: Plan) -> Pairing:
    """Pair the parts of two versions of a plan.

    First come parts of different kinds with the same text, if the text is unique in both versions. Then come parts of
    the same kind, from themes down to notes, so that the pairs of their parents are known. The last are the remaining
    parts of different kinds with almost the same text.
    """
    above, above_new = ({id: _id_or_empty(parent) for id, parent in _parents(plan).items()} for plan in (old, new))
    ours, theirs = ([part for part, _ in plan.walk() if part.kind in KINDS] for plan in (old, new))
    once, once_new = (_by_unique_text(parts) for parts in (ours, theirs))
    same_text = ((once[text], once_new[text]) for text in once if text in once_new)
    pairs = [(before, after) for before, after in same_text if before.kind != after.kind]
    new_ids = {before.id: after.id for before, after in pairs}

    def have_same_parent(before: Part, after: Part) -> bool:
        return new_ids.get(above[before.id], "") == above_new[after.id]

    for kind in KINDS:
        before, after = ([part for part in parts if part.kind == kind] for parts in _unpaired(ours, theirs, pairs))
        pairs += _best_pairs(_candidates_of_one_kind(before, after, have_same_parent))
        new_ids |= {one.id: other.id for one, other in pairs}
    pairs += _best_pairs(_candidates_of_two_kinds(*_unpaired(ours, theirs, pairs)))
    similar = [
        (one, other)
        for one, other in pairs
        if one.text
        and max(fuzz.ratio(key(one.text), key(other.text)) / 100, _share_of_equal_subparts(one, other))
        >= _MIN_SIMILARITY
    ]
    are_unrelated = len(similar) < _MIN_SHARE * min(len(ours), len(theirs))
    order = {part.id: number for number, part in enumerate(theirs)}
    kept = sorted(similar if are_unrelated else pairs, key=lambda both: order[both[1].id])
    dropped, added = _unpaired(ours, theirs, kept)
    return Pairing(tuple(kept), tuple(dropped), tuple(added), are_unrelated)


def _by_unique_text(parts: Sequence[Part]) -> Mapping[str, Part]:
    counts = Counter(key(part.text) for part in parts)
    return {text: part for part in parts if (text := key(part.text)) and counts[text] == 1}


def _unpaired(ours: Sequence[Part], theirs: Sequence[Part], pairs: Sequence[_Pair]) -> tuple[list[Part], list[Part]]:
    old, new = ({both[side].id for both in pairs} for side in (0, 1))
    return [part for part in ours if part.id not in old], [part for part in theirs if part.id not in new]


def _best_pairs(candidates: Iterable[_Candidate]) -> Iterator[_Pair]:
    """Yield the pairs with the highest scores, such that no part is in two pairs."""
    old, new = set[str](), set[str]()
    for _, before, after in sorted(candidates, key=lambda each: -each[0]):
        if before.id not in old and after.id not in new:
            old.add(before.id)
            new.add(after.id)
            yield before, after


def _candidates_of_one_kind(
    ours: Sequence[Part], theirs: Sequence[Part], have_same_parent: Callable[[Part, Part], bool]
) -> Iterator[_Candidate]:
    """Yield the possible pairs of parts of one kind: with similar texts, or with the same number and parent."""
    texts = [key(part.text) for part in theirs]
    for one in ours:
        text = key(one.text)
        # Parts without text are paired with each other; rapidfuzz gives them no similarity.
        found = (
            process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=100 * _MIN_SIMILARITY_IF_IN_PLACE, limit=None)
            if text
            else [("", 100.0, place) for place, other in enumerate(texts) if not other]
        )
        shared = ((100 * _share_of_equal_subparts(one, other), place) for place, other in enumerate(theirs))
        found += [(texts[place], value, place) for value, place in shared if value >= 100 * _MIN_SIMILARITY]
        for other_text, value, place in found:
            other = theirs[place]
            is_same_number, is_same_parent = one.number == other.number, have_same_parent(one, other)
            if value / 100 >= _MIN_SIMILARITY or (is_same_number and is_same_parent):
                signs = (
                    _SAME_TEXT_BONUS * (text == other_text)
                    + _SAME_NUMBER_BONUS * is_same_number
                    + _SAME_PARENT_BONUS * is_same_parent
                )
                yield value / 100 + signs, one, other


def _candidates_of_two_kinds(ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[_Candidate]:
    """Yield the possible pairs of parts of different kinds: with almost the same text."""
    texts = [key(part.text) for part in theirs]
    for one in ours:
        for text, value, place in process.extract(
            key(one.text), texts, scorer=fuzz.ratio, score_cutoff=100 * _MIN_SIMILARITY_ACROSS_KINDS, limit=None
        ):
            if text and one.kind != theirs[place].kind:
                yield value / 100, one, theirs[place]


def _parents(plan: Plan) -> dict[str, Part | None]:
    """Return the parent of each part by its id, or the nearest ancestor that is compared; None at the top."""
    found: dict[str, Part | None] = {}
    for part, parent in plan.walk():
        found[part.id] = found[parent.id] if parent and parent.kind not in KINDS else parent
    return found


def _share_of_equal_subparts(one: Part, other: Part) -> float:
    """Return the share of direct subparts with the same text, from 0 to 1; 0 if fewer than two have it.

    It identifies a part whose own text was rewritten or removed.
    """
    ours, theirs = ({key(below.text) for below in part.parts if below.kind in KINDS} for part in (one, other))
    return len(ours & theirs) / max(len(ours), len(theirs)) if len(ours & theirs) > 1 else 0.0


_NAMES = {
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
CHANGES = {kind: Bilingual(english, spanish.format("a")) for kind, (english, spanish) in _NAMES.items()}
"""The names of the kinds of change in both languages. The Spanish ones are feminine, to agree with «parte»."""

_LEXICON = patterns("comparisons")
_CONTRACTIONS = {word: alone for alone, words in _LEXICON.raw("contractions").items() for word in words.split()}

AgentFinder = Callable[[str], Sequence[tuple[int, int, Bilingual]]]
"""A function that returns the agents that a text names, each with its start, its end (exclusive) and its name."""


@dataclass(frozen=True)
class Change:
    """A part that changed.

    Attributes:
        kinds: The kinds of change, keys of CHANGES.
        old: The part in the old version, if it is there.
        new: The part in the new version, if it is there.
        agents: The agents that are no longer named, and those that were not named before.
        schedules: The old and the new text of the schedule, if they differ.
    """

    kinds: tuple[str, ...]
    old: Part | None
    new: Part | None
    agents: tuple[tuple[Bilingual, ...], tuple[Bilingual, ...]] = ((), ())
    schedules: tuple[str, str] = ("", "")

    @property
    def part(self) -> Part:
        """The part in the new version, or in the old one if it was dropped."""
        part = self.new or self.old
        assert part is not None
        return part


@dataclass(frozen=True)
class Comparison:
    """The comparison of two versions of a plan.

    Attributes:
        old: The old version.
        new: The new version.
        changes: The parts that changed, in the order of the new version, and then the dropped parts.
        unchanged: The parts that did not change, old and new.
        are_unrelated: Whether the versions have hardly any text in common.
    """

    old: Plan
    new: Plan
    changes: tuple[Change, ...]
    unchanged: tuple[tuple[Part, Part], ...]
    are_unrelated: bool = False

    @property
    def obstacle(self) -> str:
        """What keeps the versions from being compared: "languages", "strangers" if they are unrelated, or nothing."""
        return "languages" if self.old.language != self.new.language else "strangers" if self.are_unrelated else ""

    @property
    def is_renamed(self) -> bool:
        """Whether the heading above the table changed, or that of a column."""
        return self.headings[0] != self.headings[1]

    @property
    def headings(self) -> tuple[str, str]:
        """The lines above the table of both versions, and the headings of the columns if one of these changed."""
        rows = (0,) if self.old.heading(1) == self.new.heading(1) else (0, 1)
        return self.old.heading(*rows), self.new.heading(*rows)

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return not self.changes and not self.is_renamed


def change_name(kind: str, part: str) -> Bilingual:
    """Return the name of a kind of change; in Spanish it agrees in gender with the kind of part, such as "Theme"."""
    english, spanish = _NAMES[kind]
    return Bilingual(english, spanish.format("o" if part in _MASCULINE else "a"))


def compare(old: Plan, new: Plan, find_agents: AgentFinder) -> Comparison:
    """Compare two versions of a plan part by part.

    Agents are not compared if the versions are in different languages, as the names differ.
    """
    pairing = pair_parts(old, new)
    are_in_two_languages = old.language != new.language
    find = (lambda _: ()) if are_in_two_languages else find_agents
    new_ids = {before.id: after.id for before, after in pairing.pairs}
    old_parents, new_parents = map(_parents, (old, new))
    # The ids, in the new version, of the old and the new parent of each part.
    above = {
        after.id: (new_ids.get(_id_or_empty(old_parents[before.id]), ""), _id_or_empty(new_parents[after.id]))
        for before, after in pairing.pairs
    }
    moved = {part for part, (was, now) in above.items() if was != now}
    if are_in_two_languages or pairing.are_unrelated:
        kept = set(new_ids.values())
        moved = {part for part in moved if above[part][0] and above[part][1] in kept}
    reordered = _find_reordered(pairing.pairs, above, list(old_parents))
    compared = []
    for before, after in pairing.pairs:
        is_relevelled = before.kind != after.kind
        places = {
            "relevelled": is_relevelled,
            "moved": after.id in moved and not is_relevelled,
            "reordered": after.id in reordered,
            "renumbered": before.number != after.number
            and _own_number(before, old_parents[before.id]) != _own_number(after, new_parents[after.id]),
        }
        compared.append(_compare_parts(before, after, places, find))
    order = {part: number for number, part in enumerate(new_parents)}
    added = (Change(("added",), None, part) for part in pairing.added)
    found = (*(change for change in compared if change.kinds), *added)
    dropped = (Change(("dropped",), part, None) for part in pairing.dropped)
    changes = (*sorted(found, key=lambda change: order[change.part.id]), *dropped)
    unchanged = (both for both, change in zip(pairing.pairs, compared, strict=True) if not change.kinds)
    return Comparison(old, new, changes, tuple(unchanged), pairing.are_unrelated)


def agent_finder(background: Background, plan: Plan) -> AgentFinder:
    """Return the function that finds the agents in texts of a plan.

    A country that is only the place of an activity, as in “taller en Costa Rica”, is no agent. Neither is a body of
    another process.
    """
    place = re.compile(_LEXICON.raw("place")[plan.language])
    spaces = tuple(background.names.id(kind, "") for kind in AGENT_KINDS)
    states, others = background.names.id("country", ""), bodies_of_others(plan, background)

    @functools.cache
    def find(text: str) -> list[tuple[int, int, Bilingual]]:
        agents = []
        end_of_place = None
        for mention in background.gazetteer_for(plan.language).find(text):
            if mention.iri.startswith(states) and (
                (end_of_place is not None and _LEXICON["and"].fullmatch(text, end_of_place, mention.start))
                or place.search(text, 0, mention.start)
            ):
                end_of_place = mention.end
            elif mention.iri.startswith(spaces) and URIRef(mention.iri) not in others:
                english, spanish = (str(background.things.label(URIRef(mention.iri), tag)) for tag in ("en", "es"))
                agents.append((mention.start, mention.end, Bilingual(english, spanish)))
        return agents

    return find


def _id_or_empty(part: Part | None) -> str:
    return part.id if part else ""


def _own_number(part: Part, parent: Part | None) -> str:
    """Return the number of a part without that of its parent: "2" for part 12.2 below objective 12."""
    above = f"{parent.number}." if parent and parent.number else ""
    return (part.number or "").removeprefix(above)


def _find_reordered(
    pairs: Sequence[tuple[Part, Part]], above: Mapping[str, tuple[str, str]], old_ids: Sequence[str]
) -> set[str]:
    """Return the new ids of the parts whose order below the same parent changed.

    These are the parts outside the longest sequence whose order is the same in both versions.
    """
    places = {part: place for place, part in enumerate(old_ids)}
    siblings: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for before, after in pairs:
        was, now = above[after.id]
        if was == now and before.kind == after.kind:
            siblings.setdefault((now, after.kind), []).append((places[before.id], after.id))
    found: set[str] = set()
    for group in siblings.values():
        in_order = longest_increasing_subsequence([place for place, _ in group])
        found |= {part for _, part in group} - {group[index][1] for index in in_order}
    return found


def _compare_parts(before: Part, after: Part, places: Mapping[str, bool], find: AgentFinder) -> Change:
    """Return the change of a part.

    `places` maps the kinds of change of its position and number to whether each applies.
    """
    old, new = ((part.text, _schedule_text(part)) for part in (before, after))
    agents = _no_longer_named(old, new, find), _no_longer_named(new, old, find)
    # A change of the names alone is no rewording.
    text_to_compare = functools.partial(_without_agents, find=find) if any(agents) else tidy
    kinds = {
        **places,
        "reworded": text_to_compare(old[0]) != text_to_compare(new[0]),
        "reassigned": any(agents),
        "rescheduled": text_to_compare(old[1]) != text_to_compare(new[1]),
    }
    schedules = (old[1], new[1]) if old[1] != new[1] else ("", "")
    return Change(tuple(kind for kind, is_so in kinds.items() if is_so), before, after, agents, schedules)


def _no_longer_named(before: tuple[str, str], after: tuple[str, str], find: AgentFinder) -> tuple[Bilingual, ...]:
    """Return the agents that are named in `before` and no longer in `after`. Each is a text and its schedule.

    An agent is still named if it moved from the text to the schedule, or if its name is now part of another name.
    """
    in_text, in_schedule, now_in_text, now_in_schedule = ([name for *_, name in find(each)] for each in before + after)
    gone = [
        *(each for each in in_text if each not in now_in_text and (each not in now_in_schedule or each in in_schedule)),
        *(each for each in in_schedule if each not in now_in_schedule and each not in now_in_text),
    ]
    now = key(after[0])
    still = {
        name
        for text in before
        for start, end, name in find(text)
        if re.search(rf"(?<!\w){re.escape(key(text[start:end]))}(?!\w)", now)
    }
    return tuple(name for name in dict.fromkeys(gone) if name not in still)


def _without_agents(text: str, find: AgentFinder) -> str:
    """Return a text with … in place of the names of agents and the articles before them: “de la OIM” becomes “de …”."""
    for start, end, _ in reversed(find(text)):
        before = _LEXICON["article"].sub(lambda found: _CONTRACTIONS.get(found[0].strip().casefold(), ""), text[:start])
        text = f"{before}…{text[end:]}"
    return tidy(text)


def _schedule_text(part: Part) -> str:
    """Return the texts of the schedule entries of a part, separated by slashes, without their numbers."""
    texts = (tidy(each.text) for each in part.parts if isinstance(each, ScheduleEntry))
    return re.sub(r"\s+", " ", " / ".join(texts))
