"""What stands beside a part: the one of its kind before it, and the objective in whose row it is printed."""

from bisect import bisect_right
from collections import defaultdict

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.plan import Attachment, Objective, Part, Theme

__all__ = ["describe_neighbours"]


def describe_neighbours(scribe: Scribe) -> None:
    """Which numbered part each numbered one follows, and in whose row a part is that belongs to another objective."""
    rows = {leaf.start: leaf.row for leaf in scribe.plan.leaves}
    for theme in scribe.plan.themes:
        _describe_order(theme, scribe)
        _describe_rows(theme, rows, scribe)


def _describe_order(part: Part, scribe: Scribe) -> None:
    last: dict[type[Part], Part] = {}
    for child in sorted(part.parts, key=lambda child: child.passage.start):
        if child.number is not None:
            if type(child) in last:
                scribe.graph.add((scribe.iri(child.id), CG.follows, scribe.iri(last[type(child)].id)))
            last[type(child)] = child
        _describe_order(child, scribe)


def _describe_rows(theme: Theme, rows: dict[int, int], scribe: Scribe) -> None:
    """Where a row has one objective, for it is not known whose of several a part is."""
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
                scribe.graph.add((scribe.iri(part.id), CG.inRowOf, scribe.iri(standing[0].id)))
