"""Messages in English and Spanish, and all errors that crmgraph raises on purpose, in one tree.

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

Messages are one or more plain sentences: what is wrong, where, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple


class Bilingual(str):
    """A message: an English string with its Spanish translation as `spanish`."""

    spanish: str

    def __new__(cls, english: str, spanish: str) -> "Bilingual":
        """Make a message of the two; the value of the string is the English one."""
        sentence = super().__new__(cls, english)
        sentence.spanish = spanish
        return sentence

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Return the arguments for pickle."""
        return str(self), self.spanish


def joined(*sentences: Bilingual) -> Bilingual:
    """Return the messages joined with a space, in each language."""
    return Bilingual(" ".join(sentences), " ".join(each.spanish for each in sentences))


def in_language(text: str | BaseException, language: str) -> str:
    """Return a text, or the message of an error, in `language` ("es" or "en"); in English without a translation."""
    if isinstance(text, BaseException):
        text = text.args[0] if text.args and isinstance(text.args[0], Bilingual) else str(text)
    return text.spanish if language == "es" and isinstance(text, Bilingual) else str(text)


def quoted(text: str, longest: int | None = None) -> str:
    """Return the text in quotation marks, shortened to `longest` code points if given."""
    return f"“{text if longest is None else shortened(text, longest)}”"


def shortened(text: str, most: int) -> str:
    """Return the text on one line, cut to at most `most` code points."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def first_of(said: Sequence[str], most: int, between: str = ", ") -> str:
    """Return the first `most` texts joined, and the number of the others."""
    more = f" and {len(said) - most} more" if len(said) > most else ""
    return between.join(said[:most]) + more


@dataclass(frozen=True)
class Place:
    """A place: a file (None for text without one), line and column, both from 1."""

    file: Path | None
    line: int | None = None
    column: int | None = None

    @classmethod
    def of(cls, text: str, offset: int, file: Path | None = None) -> "Place":
        """Return the place of the character at `offset` (code points) in `text`, the text of `file`."""
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        return cls(file, before.count("\n") + 1, len(before) - before.rfind("\n"))

    def __str__(self) -> str:
        parts = (self.file, self.line and f"line {self.line}", self.column and f"column {self.column}")
        return ", ".join(str(part) for part in parts if part)


class ProblemType(NamedTuple):
    """A kind of problem for HTTP (RFC 9457): the status, the last part of the IRI of its type, and its title."""

    status: int
    slug: str
    title: Bilingual


class CrmgraphError(Exception):
    """The root of all errors that crmgraph raises on purpose. `problem` is how HTTP reports a class of them."""

    problem: ClassVar[ProblemType] = ProblemType(
        500, "", Bilingual("Something went wrong on our side", "Algo falló de nuestro lado")
    )


class InputError(CrmgraphError, ValueError):
    """An input cannot be used. `place` says where, `message` what is wrong and what to do."""

    problem = ProblemType(400, "input", Bilingual("This value cannot be used", "Este valor no se puede usar"))

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message, place)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return ": ".join(filter(None, (str(self.place or ""), self.message)))


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
    """A text is wrong at a place: `line` and `column` count from 1 and are None where they are unknown."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return str(self.message)


class QuerySyntaxError(PlacedError):
    """The text is not a SPARQL query or update."""

    problem = ProblemType(400, "query-syntax", Bilingual("This is not SPARQL", "Esto no es SPARQL"))


class DataError(PlacedError):
    """The body of a request is not RDF in its media type."""

    problem = ProblemType(400, "data", Bilingual("This is not RDF in its syntax", "Esto no es RDF en su sintaxis"))


class QueryRefusedError(AnswerError):
    """The query asks for something that is not allowed here, such as SERVICE or an update."""

    problem = ProblemType(403, "query-refused", Bilingual("This is not allowed here", "Esto no se admite aquí"))


class WriteRefusedError(AnswerError):
    """A write would break a plan; the message has the findings."""

    problem = ProblemType(422, "write-refused", Bilingual("This would break the plan", "Esto rompería el plan"))


class PreconditionError(AnswerError):
    """The condition of a write does not hold, such as that its graph is new."""

    problem = ProblemType(
        412,
        "precondition",
        Bilingual("What this was to depend on is not so", "No se cumple la condición de la petición"),
    )


class ConflictError(AnswerError):
    """The data are not such that the update can be carried out: a graph to be dropped is not there."""

    problem = ProblemType(
        409, "conflict", Bilingual("The data do not allow this update", "Los datos no permiten esta actualización")
    )


class StorageError(AnswerError):
    """A write cannot be stored: the disk is full or fails."""

    problem = ProblemType(
        507, "storage", Bilingual("It cannot be stored on the disk", "No se puede guardar en el disco")
    )


class NotAcceptableError(AnswerError):
    """None of the syntaxes on offer fits what was asked for."""

    problem = ProblemType(
        406,
        "not-acceptable",
        Bilingual("Not available in the requested format", "No disponible en el formato solicitado"),
    )


class QueryTimeoutError(AnswerError):
    """The query took longer than its time limit and was ended."""

    problem = ProblemType(
        503,
        "query-timeout",
        Bilingual("This was stopped at its time limit", "Se interrumpió al alcanzar el límite de tiempo"),
    )


class UnavailableError(AnswerError):
    """Nobody can answer now: all are busy, the server is being stopped, or the dataset is gone."""

    problem = ProblemType(
        503, "unavailable", Bilingual("No answers can be had right now", "En este momento no se puede responder")
    )


class BusyError(UnavailableError):
    """As many questions wait already as may."""

    problem = ProblemType(
        503, "busy", Bilingual("Too many requests are waiting", "Hay demasiadas peticiones en espera")
    )


class EngineError(AnswerError):
    """The engine gave up on the query: it ran out of memory or its process ended."""

    problem = ProblemType(500, "engine", Bilingual("The engine gave up on the query", "El motor abandonó la consulta"))


class AbandonedError(EngineError):
    """Nobody waits for the answer any more, and the work on it was ended."""

    problem = ProblemType(503, "left", Bilingual("Nobody was waiting any more", "Ya nadie esperaba"))


class LimitError(EngineError):
    """The question needs more than is allowed: memory, bytes of its answer, or depth of its parts."""

    problem = ProblemType(
        422, "limit", Bilingual("This needs more than is allowed here", "Esto necesita más de lo que se admite aquí")
    )


class RemoteError(EngineError):
    """An engine elsewhere refused, broke off, or gave what cannot be an answer."""

    problem = ProblemType(
        502,
        "remote",
        Bilingual("Another service gave no answer that can be used", "Otro servicio no dio una respuesta que sirva"),
    )
