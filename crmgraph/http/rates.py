"""How often each client may ask: a bucket of tokens each, that fills at an even rate."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from crmgraph.http.context import client_at, is_this_machine

__all__ = ["BURST", "Rates"]

BURST = 20.0
"""For how many seconds' worth of requests a client may come at once."""

_MOST_CLIENTS = 10_000


class Rates:
    """Counts the requests of each client: `rate` a second on average, and those of BURST seconds at once.

    Of more clients than `most`, the one is forgotten that was not seen for longest. Where clients on this machine are
    `spared`, they are not counted. Not for several threads.
    """

    def __init__(
        self,
        rate: float,
        spared: bool = False,
        most: int = _MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._burst = max(rate * BURST, 1.0)
        self._spared = spared
        self._most = most
        self._clock = clock
        # For each client, how many tokens it had and when.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._buckets)

    def take(self, client: str) -> int:
        """Count a request of the client at this address; the seconds that it has to wait, 0 where it may go on."""
        if self._spared and is_this_machine(client):
            return 0
        key = client_at(client)
        now = self._clock()
        tokens, since = self._buckets.get(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        is_refused = tokens < 1
        self._buckets[key] = (tokens if is_refused else tokens - 1, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return max(math.ceil((1 - tokens) / self._rate), 1) if is_refused else 0
