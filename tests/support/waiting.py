"""Waiting for what happens by itself, with patience: how long it takes says more of the machine than of the code."""

import time
from collections.abc import Callable


def wait_for(happened: Callable[[], object]) -> None:
    """Wait until this has happened. Raises AssertionError after two minutes."""
    patience = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < patience
        time.sleep(0.02)
