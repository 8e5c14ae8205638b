"""What is written brought to the disk, so that it is there even if the machine loses power now."""

import os
from pathlib import Path

__all__ = ["TABLES", "sync", "sync_folder"]

TABLES = ".sst"
"""How the names of the engine's tables end. They are never changed, and the engine has brought them there itself."""


def sync_folder(folder: Path) -> None:
    """Have the files of a store on the disk, and its name."""
    for file in list(os.scandir(folder)):
        if file.is_file() and not file.name.endswith(TABLES):
            sync(Path(file.path))
    sync(folder)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
