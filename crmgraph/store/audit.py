"""The record of every write: who, when, what, on which graph. A line is written before the write counts."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["AUDIT", "Audit"]

AUDIT = "audit.jsonl"
"""The name of the record in the folder of the store."""

_TAIL = 2**18
"""More bytes than an entry has."""


class Audit:
    """The record in a file, an object of JSON a line. Lines are only ever added."""

    def __init__(self, folder: Path) -> None:
        """Open the record of the store in a folder."""
        self._file = file = folder / AUDIT
        # Whoever wrote last may have been ended in the middle of a line.
        if self._end() not in (b"", b"\n"):
            with file.open("a", encoding="utf-8") as broken:
                broken.write("\n")

    def add(self, **entry: object) -> None:
        """Write an entry, with the time; when this returns it is on the disk."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}, ensure_ascii=False)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> dict[str, object]:
        """Return the last entry that is whole; an empty one where there is none."""
        for line in reversed(self._end(_TAIL).decode(errors="replace").splitlines()):
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    return entry
        return {}

    def _end(self, most: int = 1) -> bytes:
        """Return the last bytes of the file, at most so many; none where there is no file."""
        if not self._file.is_file():
            return b""
        with self._file.open("rb") as file:
            file.seek(-min(most, self._file.stat().st_size), os.SEEK_END)
            return file.read()
