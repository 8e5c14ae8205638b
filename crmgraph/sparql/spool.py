"""Temporary files for large answers, so that a slow reader holds neither a worker nor memory."""

import tempfile
from threading import Lock
from typing import IO, Any

from crmgraph.errors import BusyError
from crmgraph.sparql.messages import no_room

__all__ = ["Spool"]

_MOST = 8 * 2**30
"""Bytes that all spooled answers of this process may have together."""

_lock = Lock()
_total = 0


class Spool:
    """A temporary file without a name, deleted when it is closed, written once and then read from its beginning."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self.size = 0

    def write(self, data: bytes) -> None:
        """Append bytes. Raises BusyError where spooled answers take as much room as they may, or the disk is full."""
        global _total
        with _lock:
            if _total + len(data) > _MOST:
                raise BusyError(no_room())
            _total += len(data)
        self.size += len(data)
        try:
            self._file.write(data)
        except OSError:
            raise BusyError(no_room()) from None

    def rewind(self) -> None:
        """Go back to the beginning, to read."""
        self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Read the next so many bytes, or all that are left."""
        return self._file.read(size)

    def close(self) -> None:
        """Delete the file. May be called more than once."""
        global _total
        if not self._file.closed:
            self._file.close()
            with _lock:
                _total -= self.size

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
