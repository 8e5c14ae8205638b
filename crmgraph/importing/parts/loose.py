"""Parts that belong to one further up than others of their kind do, for nothing between the two stands beside them."""

from collections.abc import Iterator

from crmgraph.importing.columns import COLUMNS
from crmgraph.reading import Plan
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import Part
from crmgraph.wording import first_of, quoted

__all__ = ["loose_told"]

_KINDS = ("Theme", "Objective", "Action", "Activity", "ScheduleEntry")
_SHOWN = 40
_MOST = 4


def loose_told(plan: Plan) -> Iterator[str]:
    """What belongs to which level, though the plan has one between them, and the first of these parts."""
    parts = list(plan.walk())
    used = {part.kind for part, _ in parts}
    found: dict[tuple[int, int], list[Part]] = {}
    for part, parent in parts:
        if parent is not None and part.kind in _KINDS and parent.kind in _KINDS:
            levels = (_KINDS.index(parent.kind), _KINDS.index(part.kind))
            if used.intersection(_KINDS[levels[0] + 1 : levels[1]]):
                found.setdefault(levels, []).append(part)
    for (above, level), those in sorted(found.items()):
        shown = first_of([quoted(tidy(part.text), _SHOWN) for part in those], _MOST)
        yield (
            f"taken as belonging to the {COLUMNS[above]}, for nothing stands beside them in between: {len(those)} in "
            f"the {COLUMNS[level]} ({shown})"
        )
