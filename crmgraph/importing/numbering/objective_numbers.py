"""The numbers of objectives that a file prints, before them or within those of their actions.

They begin anew in each theme, or run on, and a theme may begin with any.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from crmgraph.importing.numbering.printed import depth_of, is_closed, is_lettered, number_of
from crmgraph.importing.rows import PlanRow

__all__ = ["numbers_below", "objective_numbers"]

_LONGEST = 3
"""How many figures the number of an objective may have: in a plan in text, 2030 is a year."""
_NEAR = 20
"""How far one that may be a number of people or days may be from those beside it."""


def objective_numbers(rows: Sequence[PlanRow]) -> list[str]:
    """For each row the number that its objective has printed before it; nothing where it has none.

    What is closed by a full stop is a number, as is what stood in a column of its own (see `rows`). Others may be a
    number of people or days, and count only where most objectives have one, and most of these follow each other.
    """
    cells = [row.cells[1] for row in rows]
    said = [at for at, cell in enumerate(cells) if cell.strip()]
    if 2 * sum(is_lettered(cells[at]) for at in said) > len(said):
        return [""] * len(cells)
    numbers = [number if depth_of(cell) == 0 and len(number := number_of(cell)) <= _LONGEST else "" for cell in cells]
    found = [(at, int(numbers[at])) for at in said if numbers[at]]
    follow = list(_follow(rows, found))
    is_counted = 2 * len(found) > len(said) and 2 * sum(follow) >= len(follow)
    near = _near(found) if is_counted else ()
    return [number if at in near or is_closed(cells[at]) else "" for at, number in enumerate(numbers)]


def _near(found: Sequence[tuple[int, int]]) -> set[int]:
    """The rows whose numbers are near 0, or the one before them or behind them."""
    own = [number for _, number in found]
    around = zip(found, [0, *own], [*own[1:], 0], strict=False)
    return {
        at for (at, number), before, after in around if min(number, abs(number - before), abs(number - after)) <= _NEAR
    }


def _follow(rows: Sequence[PlanRow], found: Sequence[tuple[int, int]]) -> Iterator[bool]:
    """Whether each of the numbers of these rows, from the second, follows the one before it, or begins a theme anew."""
    for (above, before), (at, number) in pairwise(found):
        begins = any(row.cells[0].strip() for row in rows[above + 1 : at + 1])
        yield number == before + 1 or (begins and number == 1)


def numbers_below(rows: Sequence[PlanRow], printed: Sequence[str]) -> dict[int, str]:
    """The numbers, by row, of objectives without one that those of their actions begin with: 3 for 3.1 and 3.2.

    There are none but where most actions have one, and all these objectives follow each other from 1: “3.2 millones” is
    no number.
    """
    actions = [row.cells[2] for row in rows if row.cells[2].strip()]
    if any(printed) or 2 * sum(depth_of(cell) == 1 for cell in actions) <= len(actions):
        return {}
    firsts: dict[int, set[str]] = {}
    objective = -1
    for at, row in enumerate(rows):
        objective = at if row.cells[1].strip() else objective
        if depth_of(row.cells[2]) == 1:
            firsts.setdefault(objective, set()).add(number_of(row.cells[2]).partition(".")[0])
    found = [(at, int(number)) for at, numbers in firsts.items() for number in numbers]
    is_clear = len(found) == len(firsts) and found[0][1] == 1 and all(_follow(rows, found))
    return {at: str(number) for at, number in found} if is_clear else {}
