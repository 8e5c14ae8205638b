"""How the time that something takes grows with its size: a ratio of two measurements in the same run."""

import time
import timeit
from collections.abc import Callable

_ROUNDS = 5


def growth(work: Callable[[int], object], size: int, enough: float = 6) -> float:
    """How many times as long four times the size takes: about 4 in proportion, 16 where it grows with the square.

    `size` is how much the smaller piece of work is of. Both are measured in turn, and the quickest of each counts,
    for as many rounds as it takes to be below `enough`, at most five: another process can only make one slower.
    """
    small = large = float("inf")
    for _ in range(_ROUNDS):
        small = min(small, _seconds(work, size))
        large = min(large, _seconds(work, 4 * size))
        if large / small < enough:
            break
    return large / small


def _seconds(work: Callable[[int], object], size: int) -> float:
    # The clock of this process, and no collection of what the tests before have left: timeit holds it off.
    return timeit.timeit(lambda: work(size), timer=time.process_time, number=1)
