"""Temporary files for large answers, so that a slow reader holds neither a worker nor memory."""

import tempfile
import time
from threading import RLock
from typing import IO

from crmgraph.errors import BusyError, UnavailableError
from crmgraph.sparql.messages import cut_off, no_room

__all__ = ["Spool"]

_MOST = 4 * 2**30
"""Bytes that all spooled answers of this process may have together."""

_PATIENCE = 30.0
"""Seconds after which the oldest answer makes room for another, whether it was read or not."""

_lock = RLock()
_open: list["Spool"] = []


class Spool:
    """A temporary file without a name, written once and then read from its beginning; deleted when it is closed."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._since = time.monotonic()
        self.size = 0
        with _lock:
            _open.append(self)

    def write(self, data: bytes) -> None:
        """Append bytes. Raises BusyError where spooled answers take as much room as they may, or the disk is full."""
        with _lock:
            while sum(each.size for each in _open) + len(data) > _MOST:
                if _open[0] is self or time.monotonic() - _open[0]._since < _PATIENCE:
                    raise BusyError(no_room())
                _open[0].close()
            self.size += len(data)
        try:
            self._file.write(data)
        except (OSError, ValueError):  # ValueError: closed, to make room for another
            raise BusyError(no_room()) from None

    def rewind(self) -> None:
        """Go back to the beginning, to read."""
        self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Read the next so many bytes, or all that are left. Raises UnavailableError where it made room for another."""
        with _lock:
            if self._file.closed:
                raise UnavailableError(cut_off())
            return self._file.read(size)

    def close(self) -> None:
        """Delete the file. May be called more than once."""
        with _lock:
            if not self._file.closed:
                self._file.close()
                _open.remove(self)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
