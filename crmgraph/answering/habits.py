"""What is known of questions that were asked before: whether they take long."""

from collections import OrderedDict
from collections.abc import Hashable

__all__ = ["Habits"]

_MOST = 10_000


class Habits:
    """Remembers which questions took `long` seconds of a processor, or more, when they were last asked.

    Time on the clock would not do: a quick question takes long on a machine that is busy. Not for several threads.
    """

    def __init__(self, long: float) -> None:
        self._long = long
        # By hash, since questions may be long: two with the same hash share a lane, no more.
        self._slow: OrderedDict[int, None] = OrderedDict()

    def is_slow(self, question: Hashable) -> bool:
        """Whether the question took long the last time."""
        return hash(question) in self._slow

    def learn(self, question: Hashable, seconds: float, is_done: bool = True) -> None:
        """Remember that the question took so many seconds of a processor, or more where it `is_done` not."""
        if is_done:
            self._slow.pop(hash(question), None)
        if seconds >= self._long:
            self._slow[hash(question)] = None
            if len(self._slow) > _MOST:
                self._slow.popitem(last=False)
