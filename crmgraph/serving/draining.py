"""The last seconds of a server: it still answers, but says that nobody else is to be sent to it."""

from collections.abc import Mapping, MutableMapping
from typing import Any

__all__ = ["drain", "is_draining"]

_KEY = "crmgraph.draining"


def drain(state: MutableMapping[str, Any]) -> None:
    """Begin, in the state that a server shares with its requests."""
    state[_KEY] = True


def is_draining(state: Mapping[str, Any]) -> bool:
    """Whether it has begun, by the state of a server or of a request to it."""
    return _KEY in state
