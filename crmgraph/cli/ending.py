"""How a command ends that runs until it is told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["ended_in_order"]


class _Told(BaseException):
    """Somebody said to stop. No Exception, so that nobody takes it for a failure of theirs."""


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Have SIGTERM close first what is open in here, as Ctrl-C does, and then end the process as it does anyway.

    A second one ends it at once.
    """

    def stop(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        raise _Told

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except _Told:
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
