"""Plans in other files: each becomes a text table, which is read like any other plan.

The tables in a file are read by the ending of its name. Nothing in a file leads anywhere else, and none is too large.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from crmgraph.errors import Place, SourceError, first_of, quoted
from crmgraph.importing.cells import MOST_CELLS, WORDS, Grid, without_marks
from crmgraph.importing.containers import LARGEST, broken, check_ending, save_as
from crmgraph.importing.documents import read_html, read_open_document, read_word
from crmgraph.importing.graphs import RDF_ENDINGS
from crmgraph.importing.guessing import guess
from crmgraph.importing.headings import Mapping, as_toml, read_mapping
from crmgraph.importing.plan_table import PlanTable, loose_told
from crmgraph.importing.rows import numbered_otherwise
from crmgraph.importing.spreadsheets import read_delimited, read_workbook
from crmgraph.importing.stratml import read_stratml
from crmgraph.texts import read_bytes

__all__ = [
    "ENDINGS", "Grid", "Mapping", "PlanTable", "as_toml", "guess", "loose_told", "numbered_otherwise",
    "read_mapping", "read_tables",
]  # fmt: skip

_READERS: dict[str, tuple[Callable[[bytes, Path], Iterator[Grid]], str]] = {
    ".csv": (read_delimited, "CSV"),
    ".tsv": (read_delimited, "TSV"),
    ".xlsx": (read_workbook, "an Excel workbook (.xlsx)"),
    ".docx": (read_word, "a Word document (.docx)"),
    ".odt": (read_open_document, "an OpenDocument file"),
    ".ods": (read_open_document, "an OpenDocument file"),
    ".html": (read_html, "a page with a table"),
    ".htm": (read_html, "a page with a table"),
    ".xml": (read_stratml, "XML"),
    ".stratml": (read_stratml, "XML"),
}
"""The reader of a file and its kind, by suffix."""
ENDINGS = tuple(_READERS)
"""Suffixes of files that can be read."""

_MOST_TOLD = 4


def read_tables(file: Path) -> list[Grid]:
    """Return the tables of a file, in their order. Raises SourceError where it cannot be read, or has none."""
    read, what = _READERS.get(file.suffix.lower(), (None, ""))
    if read is None:
        endings = f"{', '.join(ENDINGS)}, or for RDF in one of {', '.join(RDF_ENDINGS)}"
        raise SourceError(
            save_as(file) or f"its name should end in one of {endings}, which say what it is", Place(file)
        )
    data = read_bytes(file, SourceError, LARGEST)
    if not data:
        raise SourceError("the file is empty", Place(file))
    check_ending(data, file)
    try:
        # The mark of a footnote may be half of a damaged letter.
        found = (replace(grid, told=(*grid.told, *_garbled(grid))) for grid in read(data, file))
        grids = _with_words(map(without_marks, found))
        if sum(len(grid.rows) * len(grid.rows[0]) for grid in grids) > MOST_CELLS:
            raise OverflowError
    except OverflowError:
        raise SourceError(f"its tables have more than {MOST_CELLS:,} cells", Place(file)) from None
    except SourceError:
        raise
    except Exception:  # the libraries that read a format raise anything on damaged files
        raise broken(file, what) from None
    if not grids:
        raise SourceError(
            "there is no table with words in this file, and a plan is read from one: with a column each for themes, "
            "objectives, actions, activities and the calendar",
            Place(file),
        )
    return grids


def _with_words(grids: Iterable[Grid]) -> list[Grid]:
    """Return the tables that have words. What stands around the others stands before those, or after the last."""
    found: list[Grid] = []
    carried = nothing = Grid("", (), ())
    for grid in grids:
        carried = replace(
            grid,
            before=(*carried.before, *grid.before),
            left=(*carried.left, *grid.left),
            heading=grid.heading or carried.heading,
        )
        if any(map(any, grid.rows)):
            found.append(carried)
            carried = nothing
    if found:
        found[-1] = replace(found[-1], left=(*found[-1].left, *carried.left), after=carried.before)
    return found


def _garbled(grid: Grid) -> tuple[str, ...]:
    """Return which words a program has taken from UTF-8 for Windows-1252 (“ProtecciÃ³n”), and what to do."""
    found: dict[str, None] = {}
    for word in (word for row in grid.rows for cell in row for word in WORDS["garbled"].findall(cell)):
        with suppress(UnicodeError):
            found[f"{quoted(word)} for {quoted(word.encode('cp1252').decode())}"] = None
    told = (
        f"its accents look damaged ({first_of([*found], _MOST_TOLD)}): some program has taken UTF-8 for Windows-1252; "
        "save the file anew from where it is from, and import that"
    )
    return (told,) if found else ()
