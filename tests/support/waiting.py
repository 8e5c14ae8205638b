"""Waiting for events with a long timeout, because the duration depends on the machine more than on the code."""

import time
from collections.abc import Callable


def wait_for(happened: Callable[[], object]) -> None:
    """Wait until `happened` returns a true value. Raises AssertionError after two minutes."""
    patience = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < patience
        time.sleep(0.02)
