"""The growth of a running time with the size of the input, as the ratio of two measurements in the same run."""

import time
import timeit
from collections.abc import Callable


def growth(work: Callable[[int], object], size: int, enough: float = 6) -> float:
    """Return how many times longer four times the work takes: about 4 if the time is linear, 16 if quadratic.

    Both sizes are measured in turn until the ratio of their minima is below `enough`, in at most five rounds.
    """
    small = large = float("inf")
    for _ in range(5):
        small = min(small, _seconds(work, size))
        large = min(large, _seconds(work, 4 * size))
        if large / small < enough:
            break
    return large / small


def _seconds(work: Callable[[int], object], size: int) -> float:
    # CPU time of this process. timeit disables garbage collection.
    return timeit.timeit(lambda: work(size), timer=time.process_time, number=1)
