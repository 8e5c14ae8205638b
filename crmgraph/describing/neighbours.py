"""What is told by where a part stands: that its number is out of order, and in which objective's row it is printed."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.model import Activity, Attachment, Objective, Part, ScheduleEntry, Theme

__all__ = ["describe_neighbours"]


def describe_neighbours(scribe: Scribe) -> None:
    """Which numbered parts are out of order, and in whose row a part is that belongs to another objective."""
    rows = {leaf.start: leaf.row for leaf in scribe.plan.leaves}
    for theme in scribe.plan.themes:
        elsewhere = dict(_in_other_rows(theme, rows))
        for displaced, objective in elsewhere.items():
            scribe.graph.add((scribe.iri(displaced), CG.inRowOf, scribe.iri(objective)))
        for part, _ in theme.walk():
            # What stands in the row of another is wrong for that already, and those beside it are not for its sake.
            children = [child for child in part.parts if child.number is not None and child.id not in elsewhere]
            for kind in {type(child) for child in children}:
                for one, other in _out_of_order([child for child in children if type(child) is kind]):
                    scribe.graph.add((scribe.iri(one.id), CG.outOfOrderWith, scribe.iri(other.id)))
        for part in theme.parts:
            for one, other in _blocks_out_of_order(part, elsewhere):
                scribe.graph.add((scribe.iri(one.id), CG.outOfOrderWith, scribe.iri(other.id)))


def _blocks_out_of_order(objective: Part, elsewhere: Collection[str]) -> Iterator[tuple[Part, Part]]:
    """Where those of one part stand behind those of a later one, the first of them, with one that shows it.

    What does not begin with the number of the part it stands in is wrong for that already.
    """
    below: dict[type[Part], list[Part]] = defaultdict(list)
    for part, above in objective.walk():
        beginning = (part.number or "").rpartition(".")[0]
        if above is not None and beginning and beginning == above.number and part.id not in elsewhere:
            below[type(part)].append(part)
    for kind in (Activity, ScheduleEntry):
        parts = sorted(below[kind], key=lambda part: part.passage.start)
        blocks = [next(block) for _, block in groupby(parts, key=_beginning)]
        ranks = {beginning: rank for rank, beginning in enumerate(sorted(set(map(_beginning, blocks))))}
        yield from _breaking([(ranks[_beginning(block)], block) for block in blocks])


def _beginning(part: Part) -> tuple[int, ...]:
    return tuple(map(int, (part.number or "").split(".")[:-1]))


def _out_of_order(parts: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
    """The parts whose numbers break the order of the others, each with one of these that shows it.

    Only numbers with the same beginning are in an order, and one that is there again is wrong for that already.
    """
    beginnings: dict[str, dict[int, Part]] = defaultdict(dict)
    for part in sorted(parts, key=lambda part: part.passage.start):
        beginning, _, last = (part.number or "").rpartition(".")
        beginnings[beginning].setdefault(int(last), part)
    for numbered in beginnings.values():
        yield from _breaking([*numbered.items()])


def _breaking(numbered: Sequence[tuple[int, Part]]) -> Iterator[tuple[Part, Part]]:
    """The parts whose number breaks the order of the others, each with one of these that shows it."""
    in_order = _longest_rise([number for number, _ in numbered])
    for place, (number, part) in enumerate(numbered):
        if place not in in_order:
            before = [numbered[each][1] for each in in_order if each < place and numbered[each][0] >= number]
            after = [numbered[each][1] for each in in_order if each > place and numbered[each][0] <= number]
            yield part, before[-1] if before else after[0]


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """The places of as many numbers as can be, each larger than the one before; of several such, the first places.

    So where two have changed places, it is the second that breaks the order.
    """
    lengths: list[int] = []  # how long a rise can begin at each place, from the last to the first
    begins: list[int] = []  # for each length, the largest number that begins a rise of it, with its sign changed
    for number in reversed(numbers):
        length = bisect_left(begins, -number)
        begins[length : length + 1] = [-number]
        lengths.append(length + 1)
    places: list[int] = []
    for place, length in enumerate(reversed(lengths)):
        if length == len(begins) - len(places) and (not places or numbers[place] > numbers[places[-1]]):
            places.append(place)
    return places


def _in_other_rows(theme: Theme, rows: dict[int, int]) -> Iterator[tuple[str, str]]:
    """The parts that stand in the row of an objective that is not theirs, by id, and that objective.

    Where a row has one objective, for it is not known whose of several a part is.
    """
    objectives: dict[int, list[Part]] = defaultdict(list)
    for part in theme.parts:
        if isinstance(part, Objective):
            objectives[rows[part.passage.start]].append(part)
    begins = sorted(objectives)
    for objective in theme.parts:
        for part, _ in objective.walk() if isinstance(objective, Objective) else ():
            place = rows.get(part.passage.start)
            if place is None or part.attached_by is not Attachment.PRINTED_NUMBER:
                continue
            standing = objectives[begins[max(0, bisect_right(begins, place) - 1)]]
            if len(standing) == 1 and standing[0] is not objective:
                yield part.id, standing[0].id
