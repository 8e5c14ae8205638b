"""The last seconds of a server: it still answers, but says that nobody else is to be sent to it, and then halts."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

__all__ = ["drain", "halt", "halting", "is_draining"]

_DRAINING = "crmgraph.draining"
_END = "crmgraph.end"


def drain(state: MutableMapping[str, Any]) -> None:
    """Begin, in the state that a server shares with its requests."""
    state[_DRAINING] = True


def is_draining(state: Mapping[str, Any]) -> bool:
    """Whether it has begun, by the state of a server or of a request to it."""
    return _DRAINING in state


def halting(end: Callable[[], None]) -> dict[str, Any]:
    """What to add to that state so that `halt` calls `end`, which has to end what takes long."""
    return {_END: end}


def halt(state: Mapping[str, Any]) -> None:
    """End what takes long, in an application that began with `halting`. May be called from any thread."""
    if _END in state:
        state[_END]()
