"""How the answer to a question is drawn, where a picture helps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from crmgraph.errors import UsageError

__all__ = ["KINDS", "Chart", "read_chart"]

KINDS = ("bars", "shares", "matrix", "network")
_KEYS = {
    "bars": ({"of"}, {"by", "count", "tone"}),
    "shares": ({"of", "count", "whole"}, set()),
    "matrix": ({"of", "by"}, {"count"}),
    "network": ({"of", "by"}, set()),
}
"""For each kind the keys that it must have, and those that it may have."""


@dataclass(frozen=True)
class Chart:
    """What is drawn of an answer, by the names of its columns.

    `of` and `by` are each a column that tells things apart and those whose values name them, in this order; the first
    names them too where it is alone. What is drawn depends on the kind.

    - `bars`: a bar for each thing of `of`, as long as the number in the column `counts`; with several of these a bar
      for each; with `by` in pieces, one for each thing of `by`. Without `counts` the rows are counted. `tone` is a
      column with a status or a severity, which gives the pieces its colours.
    - `shares`: for each thing of `of` how much of each number in `wholes` the number in `counts` is.
    - `matrix`: a table with a row for each thing of `of` and a column for each of `by`, with the number in `counts`, or
      how many rows say both.
    - `network`: the things of `of` and of `by`, with a line between two that are in one row.
    """

    kind: str
    of: tuple[str, ...]
    by: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    tone: str = ""


def read_chart(given: Mapping[str, Any], columns: Collection[str]) -> Chart:
    """The chart that front matter describes. Raises UsageError where it has no such kind, key or column."""
    kind = given.get("kind")
    if kind not in KINDS:
        raise UsageError(f"the chart is of a kind that is none of {', '.join(KINDS)}")
    needed, possible = _KEYS[kind]
    keys = set(given) - {"kind"}
    if not needed <= keys <= needed | possible:
        raise UsageError(
            f"a chart of the kind {kind} has {', '.join(sorted(needed))}"
            + (f", and may have {', '.join(sorted(possible))}" if possible else "")
        )
    of, by, counts, wholes = (_names(given.get(key)) for key in ("of", "by", "count", "whole"))
    chart = Chart(kind, of, by, counts, wholes, str(given.get("tone", "")))
    named = [*chart.of, *chart.by, *chart.counts, *chart.wholes, *([chart.tone] if chart.tone else [])]
    for name in named:
        if name not in columns:
            raise UsageError(f"the chart names a column {name} that the question does not have")
    if kind == "shares" and len(chart.counts) != len(chart.wholes):
        raise UsageError("the chart needs a whole for each count")
    if chart.by and len(chart.counts) > 1:
        raise UsageError("a chart in pieces has one count")
    return chart


def _names(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(str(name) for name in given)
