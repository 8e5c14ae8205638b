"""What travels between the pool and a worker: a question one way, an answer or an error the other."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crmgraph.answering.question import Answer, Question
from crmgraph.errors import (
    AnswerError,
    DataError,
    EngineError,
    LimitError,
    NotAcceptableError,
    PlacedError,
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
    "pack_error",
    "pack_question",
    "pack_reply",
    "raise_error",
    "unpack_question",
    "unpack_reply",
]

READY = b"ready"
"""The first message of a worker that has opened its store; anything else says why it could not."""

TAKEN = b"taken"
"""What a worker says before it sets to work on a question."""

_ERRORS: dict[str, type[AnswerError]] = {
    kind.__name__: kind
    for kind in (
        DataError,
        EngineError,
        LimitError,
        NotAcceptableError,
        QueryRefusedError,
        QuerySyntaxError,
        QueryTimeoutError,
        StorageError,
        UnavailableError,
        WriteRefusedError,
    )
}


def pack_question(question: Question, seconds: float) -> bytes:
    """The question and how long its answer may take."""
    fields = {**vars(question), "prefixes": dict(question.prefixes)}
    return json.dumps({"seconds": seconds, "question": fields}).encode()


def unpack_question(message: bytes) -> tuple[Question, float]:
    """What `pack_question` packed."""
    given = json.loads(message)
    fields = given["question"]
    for name in ("default_graphs", "named_graphs"):
        fields[name] = None if fields[name] is None else tuple(fields[name])
    return Question(**fields), given["seconds"]


def pack_reply(reply: Answer | AnswerError) -> tuple[bytes, bytes]:
    """A header and a body."""
    if isinstance(reply, Answer):
        header: dict[str, object] = asdict(reply)
        header.pop("body")
        return json.dumps(header).encode(), reply.body
    return pack_error(reply), b""


def unpack_reply(header: bytes, body: bytes) -> Answer:
    """What `pack_reply` packed; an error is raised."""
    given = json.loads(header)
    raise_error(given)
    return Answer(body, **given)


def pack_error(error: AnswerError) -> bytes:
    """An error, in both languages."""
    place = (error.line, error.column) if isinstance(error, PlacedError) else ()
    return json.dumps(
        {
            "error": type(error).__name__,
            "english": in_language(error, "en"),
            "spanish": in_language(error, "es"),
            "place": place,
        }
    ).encode()


def raise_error(given: Mapping[str, Any]) -> None:
    """Raise what `pack_error` packed; nothing where that is something else."""
    if "error" in given:
        raise _ERRORS[given["error"]](Bilingual(given["english"], given["spanish"]), *given["place"])
