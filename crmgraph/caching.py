"""Caches whose use of memory is limited."""

import dataclasses
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache, wraps
from threading import Lock
from types import SimpleNamespace
from typing import Generic, TypeVar, TypeVarTuple, Unpack

Args = TypeVarTuple("Args")
T = TypeVar("T")
Value = TypeVar("Value")
_ENTRY_OVERHEAD = 1000
"""Bytes that the cache itself needs for an entry (a high estimate)."""


class SizedCache(Generic[Value]):
    """A least-recently-used cache with a limit in bytes, for values that depend on a key and on the state of the data.

    The size of an entry is that of its key and its value (see `size_of`). An entry larger than `largest` is not stored.
    Thread-safe.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = Lock()
        self._entries: OrderedDict[tuple[str, Hashable], tuple[Value, int]] = OrderedDict()
        self._bytes = 0

    @property
    def largest(self) -> int:
        """The size of the largest entry that is stored, in bytes: an eighth of the limit."""
        return self._limit // 8 - _ENTRY_OVERHEAD

    def get(self, state: str, key: Hashable) -> Value | None:
        """Return the stored value for a key in this state of the data, or None."""
        with self._lock:
            if (state, key) not in self._entries:
                return None
            self._entries.move_to_end((state, key))
            return self._entries[state, key][0]

    def put(self, state: str, key: Hashable, value: Value) -> None:
        """Store a value for a key in this state of the data. The least recently used entries are dropped if needed."""
        size = size_of(key) + size_of(value)
        if size > self.largest:
            return
        with self._lock:
            size += _ENTRY_OVERHEAD
            _, before = self._entries.pop((state, key), (value, 0))
            self._bytes += size - before
            self._entries[state, key] = value, size
            while self._bytes > self._limit:
                _, (_, freed) = self._entries.popitem(last=False)
                self._bytes -= freed


def size_of(value: object) -> int:
    """Return the memory that a value uses in bytes, with the contents of collections, namespaces and dataclasses."""
    size = sys.getsizeof(value)
    if isinstance(value, Mapping):
        return size + sum(size_of(key) + size_of(held) for key, held in value.items())
    if isinstance(value, tuple | list | set | frozenset):
        return size + sum(map(size_of, value))
    if isinstance(value, SimpleNamespace):
        return size + size_of(vars(value))
    if dataclasses.is_dataclass(value):
        return size + sum(size_of(getattr(value, field.name)) for field in dataclasses.fields(value))
    return size


def memoize(entries: int, longest: int = 1000) -> Callable[[Callable[[Unpack[Args]], T]], Callable[[Unpack[Args]], T]]:
    """Return a decorator that caches the results of a function for its most recent arguments, which must be hashable.

    The cache holds `entries` results. If the arguments, those that are not strings by their repr(), have more than
    `longest` characters together, the result is not cached, so that the memory of the cache is limited.
    """

    def decorate(function: Callable[[Unpack[Args]], T]) -> Callable[[Unpack[Args]], T]:
        cached = lru_cache(entries)(function)

        @wraps(function)
        def call(*args: *Args) -> T:
            length = sum(len(each if isinstance(each, str) else repr(each)) for each in args)
            return function(*args) if length > longest else cached(*args)

        return call

    return decorate
