"""The tables of what readers saw in a plan: each row about one of its parts, on words that stand in that part."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from crmgraph.describing.quoting import find_quote
from crmgraph.describing.remembering import Places
from crmgraph.describing.tables import Column, Row, read_table
from crmgraph.describing.things import Things
from crmgraph.errors import TableError
from crmgraph.reading.model import Part, Passage

__all__ = ["Annotation", "Reader", "path_column"]

_ELEMENT = Column("element", required=True)
_GROUND = (
    Column("quote", required=True),
    Column("occurrence", pattern=r"[1-9]\d*", hint="a number from 1, or empty for the first"),
    Column("annotator", required=True),
)
_PATH = r"[a-z]+/[A-Za-z0-9-]+"

Value = TypeVar("Value")


def path_column(name: str, required: bool = False, many: bool = False) -> Column:
    """A column for the paths of things, such as actor/oim."""
    return Column(name, required, many, pattern=_PATH, hint="a path such as actor/oim")


@dataclass(frozen=True)
class Annotation:
    """A row that fits the plan: the part that it is about, the words that it rests on, and the id of who read them."""

    row: Row
    element: Part
    passage: Passage
    annotator: str

    def resolve(self, column: str, find: Callable[[str], Value]) -> Value:
        """What `find` makes of a cell; where it raises ValueError that is a TableError about the cell."""
        return _try(self.row, column, self.row[column], find)

    def resolve_all(self, column: str, find: Callable[[str], Value]) -> tuple[Value, ...]:
        """What `find` makes of each value of a cell, in their order."""
        return tuple(_try(self.row, column, value, find) for value in self.row.values(column))


class Reader:
    """Reads the tables in `folder`, which are about the plan whose parts are at `places` and may name `things`."""

    def __init__(self, folder: Path, places: Places, things: Things) -> None:
        """Reads nothing yet."""
        self.folder = folder
        self.things = things
        self._places = places

    def parts(self, id_: str) -> Sequence[Part]:
        """Where the part with that id is; nowhere in a plan that does not say it. Raises ValueError for no such id."""
        if id_ not in self._places:
            raise ValueError(f"the plan has no part {id_}")
        return self._places[id_]

    def annotator(self, id_: str) -> str:
        """The id again. Raises ValueError where no table has an annotator with it."""
        self.things.thing(f"annotator/{id_}", ("annotator",))
        return id_

    def read(
        self, name: str, columns: Sequence[Column], key: Sequence[str] = (), before: Sequence[Column] = ()
    ) -> list[Annotation]:
        """The rows of `<name>.csv`, in the order of the plan's words; none where there is no such file.

        Its columns are those of `before`, then element, then `columns`, then quote, occurrence and annotator. No two
        rows may agree in the columns of `key`, or else in element, `columns` and the place of the quote.
        Raises TableError for the first row that does not fit the plan.
        """
        file = self.folder / f"{name}.csv"
        if not file.exists():
            return []
        rows = read_table(file, (*before, _ELEMENT, *columns, *_GROUND), key)
        found = [annotation for row in rows for annotation in self._annotations(row)]
        _check_once(found, [column.name for column in columns])
        return sorted(found, key=lambda each: (each.passage.start, each.passage.end, each.row.cells))

    def _annotations(self, row: Row) -> Iterator[Annotation]:
        """What the row says of each part that it is about."""
        occurrence = int(row["occurrence"] or 1)
        annotator = _try(row, "annotator", row["annotator"], self.annotator)
        for element in _try(row, "element", row["element"], self.parts):
            passage = _try(
                row,
                "occurrence" if occurrence > 1 else "quote",
                row["quote"],
                lambda quote, element=element: find_quote(element.passage, quote, occurrence),  # type: ignore[misc]
            )
            yield Annotation(row, element, passage, annotator)


def _try(row: Row, column: str, value: str, find: Callable[[str], Value]) -> Value:
    try:
        return find(value)
    except TableError:
        raise
    except ValueError as error:
        raise row.problem(column, str(error)) from None


def _check_once(annotations: Iterable[Annotation], columns: Sequence[str]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for each in annotations:
        said = (each.element.id, each.passage.start, each.passage.end, *(each.row[name] for name in columns))
        if said in seen:
            raise each.row.problem("element", f"line {seen[said]} says the same of the same words; keep one of the two")
        seen[said] = each.row.line
