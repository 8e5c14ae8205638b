"""The growth of a running time with the size of the input, as the ratio of two measurements in the same run."""

import time
import timeit
from collections.abc import Callable

_ROUNDS = 5


def growth(work: Callable[[int], object], size: int, enough: float = 6) -> float:
    """Return how many times longer four times the work takes: about 4 if the time is linear, 16 if quadratic.

    `size` is the size of the smaller piece of work. Both sizes are measured in turn, in at most five rounds, and the
    minimum of each counts, because other processes can only slow a measurement down. The rounds end when the ratio is
    below `enough`.
    """
    small = large = float("inf")
    for _ in range(_ROUNDS):
        small = min(small, _seconds(work, size))
        large = min(large, _seconds(work, 4 * size))
        if large / small < enough:
            break
    return large / small


def _seconds(work: Callable[[int], object], size: int) -> float:
    # CPU time of this process. timeit disables garbage collection.
    return timeit.timeit(lambda: work(size), timer=time.process_time, number=1)
