"""Running the command line as a stranger does."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Outcome", "Run"]


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit status, and what it printed on standard output and standard error."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]
