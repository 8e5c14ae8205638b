"""What travels between the pool and a worker: a question one way, an answer or an error the other."""

import json
from collections.abc import Mapping
from typing import Any

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


def pack_question(question: Question, seconds: float, by_parts: bool) -> bytes:
    """The question, how long its answer may take, and whether that may come part by part."""
    fields = {**vars(question), "prefixes": dict(question.prefixes)}
    return json.dumps({"seconds": seconds, "by_parts": by_parts, "question": fields}).encode()


def unpack_question(message: bytes) -> tuple[Question, float, bool]:
    """What `pack_question` packed."""
    given = json.loads(message)
    fields = given["question"]
    for name in ("default_graphs", "named_graphs"):
        fields[name] = None if fields[name] is None else tuple(fields[name])
    return Question(**fields), given["seconds"], given["by_parts"]


def pack_reply(reply: Answer | AnswerError, is_last: bool = True) -> tuple[bytes, bytes]:
    """A header and a body, of all the answer or of a part of it; `is_last` where no other part follows."""
    if isinstance(reply, Answer):
        answer = {"media_type": reply.media_type, "form": reply.form, "lasting": reply.lasting}
        return json.dumps({"is_last": is_last, "answer": answer}).encode(), reply.body
    return pack_error(reply), b""


def unpack_reply(header: bytes, body: bytes) -> tuple[Answer, bool]:
    """What `pack_reply` packed; an error is raised."""
    given = json.loads(header)
    raise_error(given)
    return Answer(body, **given["answer"]), given["is_last"]


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
