"""Waiting for events with a long timeout, because the duration depends on the machine more than on the code."""

import time
from collections.abc import Callable
from contextlib import suppress


def wait_for(happened: Callable[[], object]) -> None:
    """Wait until `happened` returns true; a connection error is false. Raises AssertionError after two minutes."""
    for _ in range(6000):
        with suppress(ConnectionError):
            if happened():
                return
        time.sleep(0.02)
    raise AssertionError("it did not happen")
