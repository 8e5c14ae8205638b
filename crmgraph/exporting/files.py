"""Atomic writing of files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copymode
from tempfile import TemporaryDirectory
from typing import BinaryIO

from crmgraph.errors import Place, UsageError


@contextmanager
def atomic_writer(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose contents replace `file` when the context ends without an error.

    If the context ends with an error, `file` is unchanged. A device or a pipe is written to directly. Raises UsageError
    if the file cannot be written.
    """
    try:
        if file.exists() and not file.is_file():
            with file.open("wb") as out:
                yield out
            return
        place = file.resolve()
        with TemporaryDirectory(prefix=f".{place.name[:99]}-", dir=place.parent) as folder:
            fresh = Path(folder) / "fresh"
            with fresh.open("wb") as out:
                yield out
            if place.exists():
                copymode(place, fresh)
            fresh.replace(place)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(file)) from None
