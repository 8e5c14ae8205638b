"""What travels between the pool and a worker: a question one way, an answer or an error the other."""

import json
from collections.abc import Mapping
from struct import Struct
from typing import Any, NamedTuple

from crmgraph.answering.question import Answer, Question
from crmgraph.errors import (
    AnswerError,
    ConflictError,
    DataError,
    EngineError,
    LimitError,
    NotAcceptableError,
    PlacedError,
    PreconditionError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    StorageError,
    UnavailableError,
    WriteRefusedError,
)
from crmgraph.wording import Bilingual, in_language

__all__ = [
    "READY",
    "TAKEN",
    "Header",
    "pack_error",
    "pack_question",
    "pack_reply",
    "raise_error",
    "unpack_header",
    "unpack_question",
    "unpack_reply",
    "with_seconds",
]

READY = b"ready"
"""The first message of a worker that has opened its store; anything else says why it could not."""

TAKEN = b"taken"
"""What a worker says before it sets to work on a question."""

_SECONDS = Struct("!d")
_ERRORS: dict[str, type[AnswerError]] = {
    kind.__name__: kind
    for kind in (
        ConflictError,
        DataError,
        EngineError,
        LimitError,
        NotAcceptableError,
        PreconditionError,
        QueryRefusedError,
        QuerySyntaxError,
        QueryTimeoutError,
        StorageError,
        UnavailableError,
        WriteRefusedError,
    )
}


class Header(NamedTuple):
    """What comes before a body: its bytes, how many seconds of a processor it took, and whether it is the last."""

    size: int
    worked: float
    is_last: bool
    fields: Mapping[str, Any]


def pack_question(question: Question, by_parts: bool) -> bytes:
    """The question, and whether its answer may come part by part; who asks does not matter to who answers."""
    fields = {**vars(question), "prefixes": dict(question.prefixes)}
    del fields["client"]
    return json.dumps({"by_parts": by_parts, "question": fields}).encode()


def with_seconds(packed: bytes, seconds: float) -> bytes:
    """What `pack_question` packed, and how long the answer may take."""
    return _SECONDS.pack(seconds) + packed


def unpack_question(message: bytes) -> tuple[Question, float, bool]:
    """The question, how long its answer may take, and whether that may come part by part."""
    (seconds,) = _SECONDS.unpack_from(message)
    given = json.loads(message[_SECONDS.size :])
    fields = given["question"]
    for name in ("default_graphs", "named_graphs"):
        fields[name] = None if fields[name] is None else tuple(fields[name])
    return Question(**fields), seconds, given["by_parts"]


def pack_reply(reply: Answer | AnswerError, worked: float, is_last: bool = True) -> tuple[bytes, bytes]:
    """A header and a body, of all the answer or of a part of it; `is_last` where no other part follows.

    `worked` is how many seconds of a processor it has taken so far.
    """
    said: dict[str, Any] = {"worked": worked, "is_last": is_last}
    if isinstance(reply, Answer):
        said |= {"answer": {"media_type": reply.media_type, "form": reply.form, "lasting": reply.lasting}}
        return json.dumps({**said, "size": len(reply.body)}).encode(), reply.body
    return json.dumps({**said, "size": 0, **error_fields(reply)}).encode(), b""


def unpack_header(header: bytes) -> Header:
    """What the first of two messages says of the second."""
    given = json.loads(header)
    return Header(given["size"], given["worked"], given["is_last"], given)


def unpack_reply(header: Header, body: bytes) -> Answer:
    """What `pack_reply` packed; an error is raised."""
    raise_error(header.fields)
    return Answer(body, **header.fields["answer"])


def pack_error(error: AnswerError) -> bytes:
    """An error, in both languages."""
    return json.dumps(error_fields(error)).encode()


def error_fields(error: AnswerError) -> Mapping[str, Any]:
    """An error, in both languages, as JSON has it."""
    place = (error.line, error.column) if isinstance(error, PlacedError) else ()
    return {
        "error": type(error).__name__,
        "english": in_language(error, "en"),
        "spanish": in_language(error, "es"),
        "place": place,
    }


def raise_error(given: Mapping[str, Any]) -> None:
    """Raise what `pack_error` packed; nothing where that is something else."""
    if "error" in given:
        raise _ERRORS[given["error"]](Bilingual(given["english"], given["spanish"]), *given["place"])
