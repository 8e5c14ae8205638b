"""What each client has had of the processors lately, so that who has had less comes first where others wait."""

import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["Shares"]

_HALF = 60.0
"""After how many seconds what somebody has had counts half."""

_MOST_CLIENTS = 10_000


class Shares:
    """Adds up the seconds of a processor that each client has had, of which the old ones count less and less.

    Of more clients than there may be, the one is forgotten that had its last for longest. Not for several threads.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # For each client, how many seconds it had had and when that was.
        self._had: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def add(self, client: str, seconds: float) -> None:
        """The client has had so many seconds more."""
        self._had[client] = (self._had_now(client) + seconds, self._clock())
        self._had.move_to_end(client)
        if len(self._had) > _MOST_CLIENTS:
            self._had.popitem(last=False)

    def had(self, client: str) -> int:
        """How many whole seconds it has had: who has had less than one is like all others who have."""
        return int(self._had_now(client))

    def _had_now(self, client: str) -> float:
        seconds, at = self._had.get(client, (0.0, 0.0))
        return seconds and seconds * 0.5 ** ((self._clock() - at) / _HALF)
