"""A file that is written whole or left as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copymode
from tempfile import TemporaryDirectory
from typing import BinaryIO

from crmgraph.errors import Place, UsageError


@contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream that becomes `file` at the end, unless an error comes first.

    A device or a pipe is written to at once. Raises UsageError where the file cannot be written.
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
