"""What was made of the data before, kept for as long as they are the same."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Kept", "shares"]

Value = TypeVar("Value")
_BESIDE = 1000
"""How many bytes an entry takes beside what it was made for and what was made, by a generous guess."""


class Kept(Generic[Value]):
    """The values that were asked for last, in at most `most` bytes. May be used from many threads at once.

    What was kept of another state of the data is forgotten with the first value of this one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._state = ""
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0

    @property
    def largest(self) -> int:
        """How many bytes a value may have that is kept."""
        return self._most // 8 - _BESIDE

    def get(self, state: str, key: Hashable) -> Value | None:
        """The value for this key in this state of the data; None where it is not kept."""
        with self._lock:
            if state != self._state or key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, state: str, key: Hashable, value: Value, size: int) -> None:
        """Keep a value of so many bytes, with its key, unless that is a large part of what there is room for."""
        if size > self.largest:
            return
        with self._lock:
            if state != self._state:
                self._state, self._bytes = state, 0
                self._values.clear()
            size += _BESIDE
            _, before = self._values.pop(key, (value, 0))
            self._bytes += size - before
            self._values[key] = value, size
            while self._bytes > self._most:
                _, (_, freed) = self._values.popitem(last=False)
                self._bytes -= freed


def shares(most: int) -> tuple[int, int]:
    """Of so many bytes, how many are for answers of the endpoint, and how many for pages."""
    pages = most // 4
    return most - pages, pages
