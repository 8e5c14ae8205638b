"""Until when somebody waits for an answer."""

import time
from dataclasses import dataclass, field
from threading import Event

from crmgraph.answering.child import NOBODY_WAITS
from crmgraph.errors import AbandonedError, QueryTimeoutError
from crmgraph.wording import Bilingual

__all__ = ["Limit"]


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
        if self.gone is not None and self.gone.is_set():
            raise AbandonedError(NOBODY_WAITS)
        left = self.since + self.seconds - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError(too_long or _too_long(self.seconds))
        return left


def _too_long(seconds: float) -> Bilingual:
    return Bilingual(
        f"The engine that holds the data took longer than {seconds:g} s. Ask for less, for example with LIMIT.",
        f"El motor que guarda los datos tardó más de {seconds:g} s. Pida menos, por ejemplo con LIMIT.",
    )
