"""Everything that crmgraph refuses, in one tree.

    CrmgraphError               anything below
    ├── InputError (ValueError)     what was given cannot be used: file, line and column say where
    │   ├── SourceError                 a plan that cannot be read
    │   ├── TableError                  a reference table or annotation with a wrong row
    │   └── UsageError                  a name, option or setting that does not exist
    │       └── UnknownValueError           a value that is none of those there are, or might be several
    ├── ContradictionError          the data and the ontology cannot both be true
    └── AnswerError                 a question that gets no answer
        ├── PlacedError                 what is wrong has a place: line and column
        │   ├── QuerySyntaxError            it is not SPARQL
        │   └── DataError                   it is not RDF in the syntax that it says
        ├── QueryRefusedError           it asks for something that is not allowed here
        ├── WriteRefusedError           what it writes would break the plan
        ├── PreconditionError           what it was to depend on is not so
        ├── ConflictError               the data are not such that it can be done
        ├── StorageError                the disk takes no more
        ├── NotAcceptableError          no offered syntax fits
        ├── QueryTimeoutError           it took longer than its time limit
        ├── UnavailableError            nobody can answer it now
        │   └── BusyError                   as many wait already as may
        └── EngineError                 the engine gave up on it
            ├── AbandonedError              nobody waits for its answer any more
            ├── LimitError                  it needs more memory, or its answer more bytes, than is allowed
            └── RemoteError                 an engine elsewhere did not do what it should

Messages are one or more plain sentences: what is wrong, where, and what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "AbandonedError",
    "AnswerError",
    "BusyError",
    "ConflictError",
    "ContradictionError",
    "CrmgraphError",
    "DataError",
    "EngineError",
    "InputError",
    "LimitError",
    "NotAcceptableError",
    "Place",
    "PlacedError",
    "PreconditionError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "QueryTimeoutError",
    "RemoteError",
    "SourceError",
    "StorageError",
    "TableError",
    "UnavailableError",
    "UnknownValueError",
    "UsageError",
    "WriteRefusedError",
]


@dataclass(frozen=True)
class Place:
    """Where something stands: a file (or None for text that came without one), line and column, both from 1."""

    file: Path | None
    line: int | None = None
    column: int | None = None

    @classmethod
    def of(cls, text: str, offset: int, file: Path | None = None) -> "Place":
        """Where in `text`, which is that of `file`, the character at `offset` (code points) stands."""
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        return cls(file, before.count("\n") + 1, len(before) - before.rfind("\n"))

    def __str__(self) -> str:
        parts = [str(self.file)] if self.file else []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


class CrmgraphError(Exception):
    """The root: whoever catches this catches every error that crmgraph raises on purpose."""


class InputError(CrmgraphError, ValueError):
    """What was given cannot be used. `place` says where, `message` what is wrong and what to do."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message, place)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        where = str(self.place) if self.place else ""
        return f"{where}: {self.message}" if where else self.message


class SourceError(InputError):
    """A file that was to be read as a plan is not one."""


class TableError(InputError):
    """A reference table or an annotation has a row that cannot be used."""


class UsageError(InputError):
    """A name, option or setting that does not exist."""


class UnknownValueError(UsageError):
    """A value that is none of those there are, or might be several. `near` are those that may have been meant."""

    def __init__(self, message: str, near: Sequence[str]) -> None:
        super().__init__(message)
        self.near = tuple(near)


class ContradictionError(CrmgraphError):
    """The data contradict the ontology. `triples` are the statements that cannot hold together, in N-Triples."""

    def __init__(self, message: str, triples: tuple[str, ...]) -> None:
        super().__init__(message, triples)
        self.message = message
        self.triples = triples

    def __str__(self) -> str:
        return "\n    ".join((self.message, *self.triples))


class AnswerError(CrmgraphError):
    """A question that gets no answer."""


class PlacedError(AnswerError):
    """What is wrong has a place: `line` and `column` count from 1 and are None where the engine names none."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return str(self.message)


class QuerySyntaxError(PlacedError):
    """The text is not a SPARQL query or update."""


class DataError(PlacedError):
    """What was sent is not RDF in the syntax that it was sent as."""


class QueryRefusedError(AnswerError):
    """The query asks for something that is not allowed here, such as SERVICE or an update."""


class WriteRefusedError(AnswerError):
    """What is written would break what holds now; the message tells the findings."""


class PreconditionError(AnswerError):
    """What a write was to depend on is not so, such as that its graph is new."""


class ConflictError(AnswerError):
    """The data are not such that the update can be carried out: a graph to be dropped is not there."""


class StorageError(AnswerError):
    """What is written cannot be kept: the disk is full or fails."""


class NotAcceptableError(AnswerError):
    """None of the syntaxes on offer fits what was asked for."""


class QueryTimeoutError(AnswerError):
    """The query took longer than its time limit and was ended."""


class UnavailableError(AnswerError):
    """Nobody can answer now: all are busy, the server is being stopped, or the dataset is gone."""


class BusyError(UnavailableError):
    """As many questions wait already as may."""


class EngineError(AnswerError):
    """The engine gave up on the query: it ran out of memory or its process ended."""


class AbandonedError(EngineError):
    """Nobody waits for the answer any more, and the work on it was ended."""


class LimitError(EngineError):
    """The question needs more than is allowed: memory, bytes of its answer, or depth of its parts."""


class RemoteError(EngineError):
    """An engine elsewhere refused, broke off, or gave what cannot be an answer."""
