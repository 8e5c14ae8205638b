"""The seal of a built dataset: what each of its files was like when it was finished, so that damage shows."""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["SEAL", "is_intact", "seal"]

SEAL = "seal.json"
"""The name of the file that holds the seal."""

_CHUNK = 2**20
# The engine's diary and its lock are no part of the data.
_BESIDE = frozenset({"LOG", "LOCK", SEAL})


def seal(folder: Path) -> None:
    """Note the size and the CRC-32 of each file in `folder`.

    That shows damage by chance, which is what is looked for, and takes a tenth of the time of a cryptographic digest.
    """
    known = {name: _mark(folder / name) for name in sorted(_files(folder))}
    (folder / SEAL).write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def is_intact(folder: Path) -> bool:
    """Whether the folder was sealed and each file in it still is as it was then. More files do no harm."""
    try:
        known = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return bool(known) and all(_mark(folder / name) == mark for name, mark in known.items())
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _files(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.is_file() and file.name not in _BESIDE:
            yield file.relative_to(folder).as_posix()


def _mark(file: Path) -> list[int]:
    size = checksum = 0
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
    return [size, checksum]
