"""The changes of each part between two versions of a plan: which parts are one, and what of each is another."""

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rdflib import URIRef

from crmgraph.describing import Background
from crmgraph.describing.vocabulary import AGENT_KINDS
from crmgraph.describing.words import statuses_of
from crmgraph.errors import Bilingual
from crmgraph.extraction.dates import TimeExpression, calendar_patterns, find_times, month_names
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Part, Plan, ScheduleEntry

KINDS = ("Theme", "Objective", "Action", "Activity", "Note")
"""The kinds of parts compared, from above to below. Entries of the calendar are of the part that they belong to."""

# The least similarity of two texts, of 1, that may be one part: anywhere, with one number in one place, or where the
# part has become one of another kind.
_LEAST = 0.65
_LEAST_IN_PLACE = 0.4
_LEAST_ON_ANOTHER_LEVEL = 0.9
_FEW = 0.1
"""The share of the parts of the shorter plan that must be similar to parts of the other, if the two are one plan."""

_SAME_TEXT, _SAME_NUMBER, _SAME_PLACE = 0.5, 0.3, 0.3

_Pair = tuple[Part, Part]
_Candidate = tuple[float, Part, Part]
"""Two parts that may be one, after the weight of what speaks for it."""


@dataclass(frozen=True)
class Pairing:
    """The parts that both versions have, old and new, in the order of the new one; and those that only one has.

    `are_strangers` says that the two have hardly any words in common: then a number and a place are no sign, either.
    """

    pairs: tuple[_Pair, ...]
    dropped: tuple[Part, ...]
    added: tuple[Part, ...]
    are_strangers: bool


def pair(old: Plan, new: Plan) -> Pairing:
    """Pair the parts of two versions, kind by kind from above, so that it is known where their parents have gone.

    Before that, those of two kinds whose words stand only once in either version; after it, those that are left.
    """
    above, above_new = ({part.id: parent.id if parent else "" for part, parent in plan.walk()} for plan in (old, new))
    ours, theirs = ([part for part, _ in plan.walk() if part.kind in KINDS] for plan in (old, new))
    once, once_new = (_said_once(parts) for parts in (ours, theirs))
    pairs = [(once[text], once_new[text]) for text in once if text in once_new]
    pairs = [both for both in pairs if both[0].kind != both[1].kind]
    new_ids = {before.id: after.id for before, after in pairs}

    def are_in_one_place(before: Part, after: Part) -> bool:
        return new_ids.get(above[before.id], "") == above_new[after.id]

    for kind in KINDS:
        before, after = ([part for part in parts if part.kind == kind] for parts in _unpaired(ours, theirs, pairs))
        pairs += _best(_of_one_kind(before, after, are_in_one_place))
        new_ids |= {one.id: other.id for one, other in pairs}
    pairs += _best(_of_two_kinds(*_unpaired(ours, theirs, pairs)))
    similar = [
        (one, other)
        for one, other in pairs
        if one.text and max(fuzz.ratio(key(one.text), key(other.text)) / 100, _shared_below(one, other)) >= _LEAST
    ]
    are_strangers = len(similar) < _FEW * min(len(ours), len(theirs))
    if are_strangers:
        pairs = similar
    dropped, added = _unpaired(ours, theirs, pairs)
    order = {part.id: number for number, part in enumerate(theirs)}
    pairs.sort(key=lambda both: order[both[1].id])
    return Pairing(tuple(pairs), tuple(dropped), tuple(added), are_strangers)


def _said_once(parts: Sequence[Part]) -> Mapping[str, Part]:
    counts = Counter(key(part.text) for part in parts)
    return {text: part for part in parts if (text := key(part.text)) and counts[text] == 1}


def _unpaired(ours: Sequence[Part], theirs: Sequence[Part], pairs: Sequence[_Pair]) -> tuple[list[Part], list[Part]]:
    old, new = ({both[side].id for both in pairs} for side in (0, 1))
    return [part for part in ours if part.id not in old], [part for part in theirs if part.id not in new]


def _best(candidates: Iterable[_Candidate]) -> Iterator[_Pair]:
    """Yield the pairs for which most speaks, each part once."""
    old, new = set[str](), set[str]()
    for _, before, after in sorted(candidates, key=lambda each: -each[0]):
        if before.id not in old and after.id not in new:
            old.add(before.id)
            new.add(after.id)
            yield before, after


def _of_one_kind(
    ours: Sequence[Part], theirs: Sequence[Part], are_in_one_place: Callable[[Part, Part], bool]
) -> Iterator[_Candidate]:
    """Yield the parts of one kind with similar words, or one number in one place."""
    texts = [key(part.text) for part in theirs]
    for one in ours:
        text = key(one.text)
        found = process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=100 * _LEAST_IN_PLACE, limit=None)
        if not text:
            # Nothing is similar to nothing.
            found = [("", 100.0, place) for place, other in enumerate(texts) if not other]
        shared = ((100 * _shared_below(one, other), place) for place, other in enumerate(theirs))
        found += [(texts[place], value, place) for value, place in shared if value >= 100 * _LEAST]
        for other_text, value, place in found:
            other = theirs[place]
            is_numbered, is_here = one.number == other.number, are_in_one_place(one, other)
            if value / 100 >= _LEAST or (is_numbered and is_here):
                signs = _SAME_TEXT * (text == other_text) + _SAME_NUMBER * is_numbered + _SAME_PLACE * is_here
                yield value / 100 + signs, one, other


def _of_two_kinds(ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[_Candidate]:
    """Yield the parts of two kinds that say nearly the same."""
    texts = [key(part.text) for part in theirs]
    for one in ours:
        for text, value, place in process.extract(
            key(one.text), texts, scorer=fuzz.ratio, score_cutoff=100 * _LEAST_ON_ANOTHER_LEVEL, limit=None
        ):
            if text and one.kind != theirs[place].kind:
                yield value / 100, one, theirs[place]


def _shared_below(one: Part, other: Part) -> float:
    """Return the share of the parts below both that say the same, for a part may have lost its own words."""
    ours, theirs = ({key(below.text) for below in part.parts} for part in (one, other))
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
"""The kinds of change, named in both languages; in Spanish as said of «una parte»."""

_LEXICON = calendar_patterns("comparisons")
_CONTRACTIONS = {word: alone for alone, words in _LEXICON.raw("contractions").items() for word in words.split()}
_WORD = re.compile(r"\d+|[^\W\d_]+")
_YEAR_LENGTH = 4

AgentFinder = Callable[[str], Sequence[tuple[int, int, Bilingual]]]
"""A function that returns the agents that a text names: from where to where, and the name of each."""


@dataclass(frozen=True)
class Change:
    """A part that changed: the kinds of change (keys of CHANGES), and the part as it was and as it is, where it is.

    `agents` are those that are no longer named, and those that were not named before. `schedules` are the old and the
    new words of the calendar, where they differ.
    """

    kinds: tuple[str, ...]
    old: Part | None
    new: Part | None
    agents: tuple[tuple[Bilingual, ...], tuple[Bilingual, ...]] = ((), ())
    schedules: tuple[str, str] = ("", "")

    @property
    def part(self) -> Part:
        """The part as it is, or as it was where it is gone."""
        part = self.new or self.old
        assert part is not None
        return part


@dataclass(frozen=True)
class Comparison:
    """Two versions of a plan: the changes, in the order of the new one and then those dropped, and what stayed.

    `are_strangers` says that they have hardly any words in common.
    """

    old: Plan
    new: Plan
    changes: tuple[Change, ...]
    unchanged: tuple[tuple[Part, Part], ...]
    are_strangers: bool = False

    @property
    def are_in_two_languages(self) -> bool:
        """Whether the two are in different languages."""
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
    """Return the name of a kind of change of a kind of part, with which its Spanish words agree."""
    english, spanish = _NAMES[kind]
    return Bilingual(english, spanish.format("o" if part in _MASCULINE else "a"))


def compare(old: Plan, new: Plan, find_agents: AgentFinder, statuses: Gazetteer) -> Comparison:
    """Compare two versions of a plan part by part; `statuses` has the names of statuses.

    Between two languages no agents are compared, for they have other names.
    """
    pairing = pair(old, new)
    are_in_two_languages = old.language != new.language
    find = (lambda _: ()) if are_in_two_languages else find_agents
    new_ids = {before.id: after.id for before, after in pairing.pairs}
    old_parents, new_parents = ({part.id: parent for part, parent in plan.walk()} for plan in (old, new))
    # The ids, in the new version, of what each part stood and stands below.
    above = {
        after.id: (new_ids.get(_id(old_parents[before.id]), ""), _id(new_parents[after.id]))
        for before, after in pairing.pairs
    }
    moved = {part for part, (was, now) in above.items() if was != now}
    if are_in_two_languages or pairing.are_strangers:
        kept = set(new_ids.values())
        moved = {part for part in moved if above[part][0] and above[part][1] in kept}
    reordered = _reordered(pairing.pairs, above, list(old_parents))
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
        compared.append(_compare_parts(before, after, places, find, statuses))
    changes = [
        *(change for change in compared if change.kinds),
        *(Change(("added",), None, part) for part in pairing.added),
    ]
    order = {part: number for number, part in enumerate(new_parents)}
    changes.sort(key=lambda change: order[change.part.id])
    changes += (Change(("dropped",), part, None) for part in pairing.dropped)
    unchanged = (both for both, change in zip(pairing.pairs, compared, strict=True) if not change.kinds)
    return Comparison(old, new, tuple(changes), tuple(unchanged), pairing.are_strangers)


def agent_finder(background: Background, plan: Plan) -> AgentFinder:
    """Return the function that finds the agents in texts of a plan.

    A State in which something is done is a place, and no agent.
    """
    lexicon = background.named(plan.language)
    place = re.compile(_LEXICON.raw("place")[plan.language])
    spaces = tuple(background.names.id(kind, "") for kind in AGENT_KINDS)
    states = background.names.id("country", "")

    @functools.cache
    def find(text: str) -> list[tuple[int, int, Bilingual]]:
        agents = []
        end_of_place = None
        for mention in lexicon.find(text):
            if mention.iri.startswith(states) and (
                (end_of_place is not None and _LEXICON["and"].fullmatch(text, end_of_place, mention.start))
                or place.search(text, 0, mention.start)
            ):
                end_of_place = mention.end
            elif mention.iri.startswith(spaces):
                english, spanish = (str(background.things.label(URIRef(mention.iri), tag)) for tag in ("en", "es"))
                agents.append((mention.start, mention.end, Bilingual(english, spanish)))
        return agents

    return find


def _id(part: Part | None) -> str:
    return part.id if part else ""


def _own_number(part: Part, parent: Part | None) -> str:
    """Return the number of a part below that of its parent, which has changes of its own."""
    above = f"{parent.number}." if parent and parent.number else ""
    return (part.number or "").removeprefix(above)


def _reordered(
    pairs: Sequence[tuple[Part, Part]], above: Mapping[str, tuple[str, str]], old_ids: Sequence[str]
) -> set[str]:
    """Return the new ids of parts in another order below the same parent: those outside the longest ordered run."""
    places = {part: place for place, part in enumerate(old_ids)}
    siblings: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for before, after in pairs:
        was, now = above[after.id]
        if was == now and before.kind == after.kind:
            siblings.setdefault((now, after.kind), []).append((places[before.id], after.id))
    found: set[str] = set()
    for group in siblings.values():
        runs: list[list[tuple[int, str]]] = []
        for place, part in group:
            run = max((run for run in runs if run[-1][0] < place), key=len, default=[])
            runs.append([*run, (place, part)])
        found |= {part for _, part in group} - {part for _, part in max(runs, key=len)}
    return found


def _compare_parts(
    before: Part, after: Part, places: Mapping[str, bool], find: AgentFinder, statuses: Gazetteer
) -> Change:
    """Return the change of a part; `places` says which kinds of change its place and number show."""
    old, new = ((part.text, _schedule_of(part)) for part in (before, after))
    agents = _no_longer_named(old, new, find), _no_longer_named(new, old, find)
    # Where others are named than before, names are no other words.
    shown = functools.partial(_without_agents, find=find) if any(agents) else tidy
    is_other_schedule = shown(old[1]) != shown(new[1])
    is_same_time = is_other_schedule and _say_the_same_time(before, after, statuses)
    kinds = {
        **places,
        "reworded": is_same_time or shown(old[0]) != shown(new[0]),
        "reassigned": any(agents),
        "rescheduled": is_other_schedule and not is_same_time,
    }
    schedules = (old[1], new[1]) if old[1] != new[1] else ("", "")
    return Change(tuple(kind for kind, is_so in kinds.items() if is_so), before, after, agents, schedules)


def _no_longer_named(before: tuple[str, str], after: tuple[str, str], find: AgentFinder) -> tuple[Bilingual, ...]:
    """Return the agents named in the words or the schedule before, and not after.

    One that only went from the words to the schedule, or whose name is within that of something else, is still named.
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
    """Return a text without the names of agents and the articles before them: “de la OIM”, “del ACNUR”."""
    for start, end, _ in reversed(find(text)):
        before = _LEXICON["article"].sub(lambda found: _CONTRACTIONS.get(found[0].strip().casefold(), ""), text[:start])
        text = f"{before}…{text[end:]}"
    return tidy(text)


def _entries(part: Part) -> list[ScheduleEntry]:
    return [each for each in part.parts if isinstance(each, ScheduleEntry)]


def _schedule_of(part: Part) -> str:
    """Return the calendar's words about a part, without the numbers, which follow those of the part."""
    return re.sub(r"\s+", " ", " / ".join(tidy(each.text) for each in _entries(part)))


def _say_the_same_time(before: Part, after: Part, statuses: Gazetteer) -> bool:
    """Tell whether the calendar has times for both parts, the same, and the same statuses.

    Words in which no time is found may still be about one; where these differ, it is not known.
    """
    times, states = (
        [[read(entry) for entry in _entries(part)] for part in (before, after)]
        for read in (_times, lambda entry: [status for status, _ in statuses_of(entry, statuses)])
    )
    return any(found for found, _ in times[0]) and times[0] == times[1] and states[0] == states[1]


def _times(entry: ScheduleEntry) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the times in an entry, and the other words about time in it."""
    moments = find_times(entry.text, ())
    rest = entry.text
    for start, end in sorted({moment[:2] for moment in moments}, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    left = [word for word in _WORD.findall(key(rest)) if _LEXICON["time_word"].fullmatch(word)]
    return [tuple(_time(moment, entry.text)) for moment in moments], left


def _time(moment: TimeExpression, text: str) -> Iterator[str]:
    """Yield the value of a time, and the words that narrow it down (the end of 2027)."""
    yield from (moment.property, moment.value)
    prepositions = _LEXICON.raw("time_prepositions").split()
    if moment.property not in ("recurrence", "delay"):
        is_in_value = len(moment.value) > _YEAR_LENGTH
        yield from (
            word
            for word in _WORD.findall(key(text[moment.start : moment.end]))
            if word not in prepositions and not (is_in_value and (word.isdigit() or word in month_names()))
        )
