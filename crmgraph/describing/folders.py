"""The folders of the tables that people write: a file that nobody would read is an error, for it may be a typo."""

from collections.abc import Collection, Iterable
from pathlib import Path

from crmgraph.errors import Place, TableError

__all__ = ["check_files"]


def check_files(folder: Path, tables: Iterable[str], beside: Collection[str] = ()) -> None:
    """Sees that `folder` holds the files `<name>.csv` of these tables, what is `beside` them, and no others.

    Hidden files do not count. Raises TableError for the first other file; a folder that is not there holds none.
    """
    known = sorted(f"{name}.csv" for name in tables)
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.name not in (*known, *beside) and not file.name.startswith("."):
            raise TableError(
                f"nobody reads a file of this name here; rename it to one of {', '.join(known)}, or take it away",
                Place(file),
            )
