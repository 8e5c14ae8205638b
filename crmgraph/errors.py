"""Bilingual messages, and all exceptions that crmgraph raises on purpose.

    CrmgraphError                   the base class
    ├── InputError (ValueError)         an input that cannot be used; has file, line and column
    │   ├── SourceError                     a file that is not a readable plan
    │   ├── TableError                      an invalid row in a reference table or an annotation
    │   └── UsageError                      a name, option or setting that does not exist
    ├── ContradictionError              data and ontology that contradict each other
    └── AnswerError                     a request that cannot be answered
        ├── PlacedError                     an error in a text; has line and column
        │   ├── QuerySyntaxError                text that is not SPARQL
        │   └── DataError                       a body that is not RDF in its media type
        ├── QueryRefusedError               a query or update that is not allowed
        ├── WriteRefusedError               a write that would introduce a violation in a plan
        ├── PreconditionError               a write whose precondition is not met
        ├── ConflictError                   an update that the data do not allow
        ├── StorageError                    a full or failing disk
        ├── NotAcceptableError              no offered media type is acceptable
        ├── QueryTimeoutError               the time limit was exceeded
        ├── UnavailableError                no answer at present
        │   └── BusyError                       too many others are waiting
        └── EngineError                     the engine failed
            ├── AbandonedError                  the client has disconnected
            ├── LimitError                      a limit of memory, size or nesting was exceeded
            └── RemoteError                     another endpoint failed

A message is one or more plain sentences: what is wrong, where, and what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple


class Bilingual(str):
    """A message in two languages: a string in English, with its Spanish translation in the attribute `spanish`."""

    spanish: str

    def __new__(cls, english: str, spanish: str) -> "Bilingual":
        """Make a message from both texts; the string itself is the English text."""
        sentence = super().__new__(cls, english)
        sentence.spanish = spanish
        return sentence

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Return the arguments for pickle."""
        return str(self), self.spanish


def join_sentences(*sentences: Bilingual) -> Bilingual:
    """Return one message with the given sentences, separated by spaces, in each language."""
    return Bilingual(" ".join(sentences), " ".join(each.spanish for each in sentences))


def in_language(text: str | BaseException, language: str) -> str:
    """Return a text, or the message of an exception, in `language` ("es" or "en").

    A text without a translation is returned as it is.
    """
    if isinstance(text, BaseException):
        text = text.args[0] if text.args and isinstance(text.args[0], Bilingual) else str(text)
    return text.spanish if language == "es" and isinstance(text, Bilingual) else str(text)


def quoted(text: str, limit: int | None = None) -> str:
    """Return the text in quotation marks. With a `limit`, the text is first shortened to so many code points."""
    return f"“{text if limit is None else shortened(text, limit)}”"


def shortened(text: str, limit: int) -> str:
    """Return the text on one line, cut to at most `limit` code points; an ellipsis marks the cut."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def join_first(texts: Sequence[str], limit: int, separator: str = ", ") -> str:
    """Return the first `limit` texts, joined, and the number of the remaining texts: "a, b and 3 more"."""
    more = f" and {len(texts) - limit} more" if len(texts) > limit else ""
    return separator.join(texts[:limit]) + more


@dataclass(frozen=True)
class Place:
    """A position in a file: the file (None for a text without a file), and the line and column, counted from 1."""

    file: Path | None
    line: int | None = None
    column: int | None = None

    @classmethod
    def of(cls, text: str, offset: int, file: Path | None = None) -> "Place":
        """Return the position of the character at the code point offset `offset` in `text`, the content of `file`."""
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        return cls(file, before.count("\n") + 1, len(before) - before.rfind("\n"))

    def __str__(self) -> str:
        parts = (self.file, self.line and f"line {self.line}", self.column and f"column {self.column}")
        return ", ".join(str(part) for part in parts if part)


class ProblemType(NamedTuple):
    """A problem type of HTTP problem details (RFC 9457).

    Attributes:
        status: The HTTP status code.
        slug: The last segment of the IRI of the type.
        title: The title of the type.
    """

    status: int
    slug: str
    title: Bilingual


class CrmgraphError(Exception):
    """The base class of all exceptions that crmgraph raises on purpose.

    The class attribute `problem` is the problem type of HTTP responses for the exception.
    """

    problem: ClassVar[ProblemType] = ProblemType(
        500, "", Bilingual("Something went wrong on our side", "Algo falló de nuestro lado")
    )


class InputError(CrmgraphError, ValueError):
    """An input that cannot be used.

    Attributes:
        message: What is wrong, and what to do.
        place: The position of the error, if known.
    """

    problem = ProblemType(400, "input", Bilingual("This value cannot be used", "Este valor no se puede usar"))

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message, place)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return ": ".join(filter(None, (str(self.place or ""), self.message)))


class SourceError(InputError):
    """A file that should contain a plan and does not."""


class TableError(InputError):
    """A reference table or an annotation that has an invalid row."""


class UsageError(InputError):
    """A name, option or setting that does not exist."""


class ContradictionError(CrmgraphError):
    """A contradiction between the data and the ontology. `triples` are the contradictory triples, in N-Triples."""

    def __init__(self, message: str, triples: tuple[str, ...]) -> None:
        super().__init__(message, triples)
        self.message = message
        self.triples = triples

    def __str__(self) -> str:
        return "\n    ".join((self.message, *self.triples))


class AnswerError(CrmgraphError):
    """A request that cannot be answered."""


class PlacedError(AnswerError):
    """An error at a position in a text.

    Attributes:
        message: What is wrong, and what to do.
        line: The line, counted from 1; None if unknown.
        column: The column, counted from 1; None if unknown.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return str(self.message)


class QuerySyntaxError(PlacedError):
    """A text that is not a SPARQL query or update."""

    problem = ProblemType(400, "query-syntax", Bilingual("This is not SPARQL", "Esto no es SPARQL"))


class DataError(PlacedError):
    """A request body that is not RDF in its media type."""

    problem = ProblemType(400, "data", Bilingual("This is not RDF in its syntax", "Esto no es RDF en su sintaxis"))


class QueryRefusedError(AnswerError):
    """A query or update that is not allowed, such as SERVICE for an unknown address, or a write without permission."""

    problem = ProblemType(403, "query-refused", Bilingual("This is not allowed here", "Esto no se admite aquí"))


class WriteRefusedError(AnswerError):
    """A write that would introduce a violation in a plan; the message contains the findings."""

    problem = ProblemType(422, "write-refused", Bilingual("This would break the plan", "Esto rompería el plan"))


class PreconditionError(AnswerError):
    """A write whose precondition is not met, such as that its graph does not exist yet."""

    problem = ProblemType(
        412,
        "precondition",
        Bilingual("What this was to depend on is not so", "No se cumple la condición de la petición"),
    )


class ConflictError(AnswerError):
    """An update that the data do not allow, such as DROP for a graph that does not exist."""

    problem = ProblemType(
        409, "conflict", Bilingual("The data do not allow this update", "Los datos no permiten esta actualización")
    )


class StorageError(AnswerError):
    """A write that cannot be stored, since the disk is full or fails."""

    problem = ProblemType(
        507, "storage", Bilingual("It cannot be stored on the disk", "No se puede guardar en el disco")
    )


class NotAcceptableError(AnswerError):
    """A request that accepts none of the media types on offer."""

    problem = ProblemType(
        406,
        "not-acceptable",
        Bilingual("Not available in the requested format", "No disponible en el formato solicitado"),
    )


class QueryTimeoutError(AnswerError):
    """A query that was ended because it exceeded its time limit."""

    problem = ProblemType(
        503,
        "query-timeout",
        Bilingual("This was stopped at its time limit", "Se interrumpió al alcanzar el límite de tiempo"),
    )


class UnavailableError(AnswerError):
    """No answer is possible at present.

    All workers are busy, the server is stopping, the dataset is missing, or another endpoint is unreachable.
    """

    problem = ProblemType(
        503, "unavailable", Bilingual("No answers can be had right now", "En este momento no se puede responder")
    )


class BusyError(UnavailableError):
    """A request that is refused because too many others are waiting."""

    problem = ProblemType(
        503, "busy", Bilingual("Too many requests are waiting", "Hay demasiadas peticiones en espera")
    )


class EngineError(AnswerError):
    """A failure of the engine, for example because its worker process ended."""

    problem = ProblemType(500, "engine", Bilingual("The engine gave up on the query", "El motor abandonó la consulta"))


class AbandonedError(EngineError):
    """A query that was ended because its client has disconnected."""

    problem = ProblemType(503, "left", Bilingual("Nobody was waiting any more", "Ya nadie esperaba"))


class LimitError(EngineError):
    """A query that exceeds a limit: memory, size of the answer, or nesting depth."""

    problem = ProblemType(
        422, "limit", Bilingual("This needs more than is allowed here", "Esto necesita más de lo que se admite aquí")
    )


class RemoteError(EngineError):
    """A remote endpoint that rejected the request, closed the connection, or sent an invalid response."""

    problem = ProblemType(
        502,
        "remote",
        Bilingual("Another service gave no answer that can be used", "Otro servicio no dio una respuesta que sirva"),
    )
