"""Until when somebody waits for an answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from crmgraph.errors import AbandonedError, QueryTimeoutError, UnavailableError
from crmgraph.sparql.messages import ABANDONED
from crmgraph.wording import Advised, Bilingual

__all__ = ["GLANCE", "Limit"]

GLANCE = 0.1
"""Seconds between looks whether whoever asked is still there."""


@dataclass(frozen=True)
class Limit:
    """Until when somebody waits: `seconds` from `since` on the clock of time.monotonic, or until `gone` is set."""

    seconds: float
    since: float = field(default_factory=time.monotonic)
    gone: Event | None = None

    def left(self, too_long: Bilingual | None = None) -> float:
        """How many seconds are left.

        Raises QueryTimeoutError where there are none, with what is to be said then if it was not the engine that took
        them, and AbandonedError where nobody waits.
        """
        left = self._left()
        if left <= 0:
            raise QueryTimeoutError(too_long or _too_long(self.seconds))
        return left

    @contextmanager
    def held(self, lock: Lock, by_others: Bilingual) -> Iterator[None]:
        """Hold the lock meanwhile.

        Raises UnavailableError where others hold it until then, with what is to be said of them, and AbandonedError
        where nobody waits.
        """
        while not lock.acquire(timeout=max(min(self._left(), GLANCE), 0)):
            if self._left() <= 0:
                raise UnavailableError(by_others)
        try:
            yield
        finally:
            lock.release()

    def _left(self) -> float:
        if self.gone is not None and self.gone.is_set():
            raise AbandonedError(ABANDONED)
        return self.since + self.seconds - time.monotonic()


def _too_long(seconds: float) -> Bilingual:
    return Advised(
        Bilingual(
            f"The engine that holds the data took longer than {seconds:g} s.",
            f"El motor que guarda los datos tardó más de {seconds:g} s.",
        ),
        Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT."),
    )
