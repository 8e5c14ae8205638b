"""The tables in a file, by what its name says it is. Nothing in a file leads anywhere else, and none is too large."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.files.delimited import delimited
from crmgraph.importing.files.disguised import check_ending, saved_otherwise
from crmgraph.importing.files.garbled import garbled_told
from crmgraph.importing.files.limits import LARGEST
from crmgraph.importing.files.open_document import open_document
from crmgraph.importing.files.stratml import stratml
from crmgraph.importing.files.web_page import web_page
from crmgraph.importing.files.word import word
from crmgraph.importing.files.workbook import workbook
from crmgraph.importing.grid import MOST_CELLS, Grid
from crmgraph.importing.marks import without_marks
from crmgraph.importing.struck import without_struck
from crmgraph.texts import read_bytes

__all__ = ["ENDINGS", "read_tables"]

_READERS: Mapping[str, Callable[[bytes, Path], Iterator[Grid]]] = {
    ".csv": delimited,
    ".tsv": delimited,
    ".xlsx": workbook,
    ".docx": word,
    ".odt": open_document,
    ".ods": open_document,
    ".html": web_page,
    ".htm": web_page,
    ".xml": stratml,
    ".stratml": stratml,
}
ENDINGS = tuple(_READERS)
"""How the names of files end that can be read."""


def read_tables(file: Path) -> list[Grid]:
    """The tables in the file, in their order. Raises SourceError where it cannot be read, or has none."""
    read = _READERS.get(file.suffix.lower())
    if read is None:
        from crmgraph.importing.graphs import RDF_ENDINGS

        endings = f"{', '.join(ENDINGS)}, or for RDF in one of {', '.join(RDF_ENDINGS)}"
        raise SourceError(
            saved_otherwise(file) or f"its name should end in one of {endings}, which say what it is", Place(file)
        )
    data = read_bytes(file, SourceError, LARGEST)
    if not data:
        raise SourceError("the file is empty", Place(file))
    check_ending(data, file)
    too_many = SourceError(f"its tables have more than {MOST_CELLS:,} cells", Place(file))
    try:
        # The mark of a footnote may be half of a damaged letter.
        read_as = (replace(grid, told=(*grid.told, *garbled_told(grid))) for grid in read(data, file))
        grids = list(_with_words(map(without_marks, map(without_struck, read_as))))
    except OverflowError:
        raise too_many from None
    if not grids:
        raise SourceError(
            "there is no table with words in this file, and a plan is read from one: with a column each for themes, "
            "objectives, actions, activities and the calendar",
            Place(file),
        )
    if sum(len(grid.rows) * len(grid.rows[0]) for grid in grids) > MOST_CELLS:
        raise too_many
    return grids


def _with_words(grids: Iterable[Grid]) -> Iterator[Grid]:
    """The tables that have words. What stands around the others stands before those, or after the last."""
    before: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    heading = ""
    last: Grid | None = None
    for grid in grids:
        before, left, heading = (*before, *grid.before), (*left, *grid.left), grid.heading or heading
        if not any(map(any, grid.rows)):
            continue
        if last is not None:
            yield last
        last = replace(grid, before=before, left=left, heading=heading)
        before, left, heading = (), (), ""
    if last is not None:
        yield replace(last, left=(*last.left, *left), after=before)
