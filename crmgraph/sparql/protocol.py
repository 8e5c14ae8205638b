"""Messages between the server and its worker processes: one frame each way.

A frame is the lengths of a header and of a body (two unsigned 32-bit integers in network order), the header as JSON,
and the body as it is."""

import json
from collections.abc import Iterator, Mapping
from struct import Struct
from typing import Any

from crmgraph import errors
from crmgraph.errors import AnswerError, PlacedError
from crmgraph.sparql.engine import Question
from crmgraph.wording import Bilingual, in_language

__all__ = ["Frames", "Limits", "error_fields", "pack", "pack_question", "raise_error", "unpack_question"]

_LENGTHS = Struct("!II")
Fields = Mapping[str, Any]

Limits = tuple[int, int, int]
"""Limits of a worker, in bytes: memory beyond the store, a whole answer, an answer in parts."""


def pack(header: Fields, body: bytes = b"") -> bytes:
    """Return a frame with this header and body."""
    written = json.dumps(header).encode()
    return b"".join((_LENGTHS.pack(len(written), len(body)), written, body))


class Frames:
    """Cuts received bytes into frames."""

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Take more bytes, and yield the header and the body of each frame that is complete."""
        received = self._received
        received += data
        while len(received) >= _LENGTHS.size:
            header, body = _LENGTHS.unpack_from(received)
            start, end = _LENGTHS.size + header, _LENGTHS.size + header + body
            if len(received) < end:
                return
            with memoryview(received) as view:
                frame = json.loads(bytes(view[_LENGTHS.size : start])), bytes(view[start:end])
            del received[:end]
            yield frame


def pack_question(question: Question, seconds: float, in_parts: bool) -> bytes:
    """Return the frame that asks a worker a question, to be answered in so many seconds, if `in_parts` part by part."""
    fields = {**vars(question), "prefixes": dict(question.prefixes)}
    del fields["client"]
    return pack({"question": fields, "seconds": seconds, "in_parts": in_parts})


def unpack_question(header: Fields) -> Question:
    """Return the question in the header of a frame that `pack_question` made."""
    fields = header["question"]
    for name in ("default_graphs", "named_graphs"):
        fields[name] = None if fields[name] is None else tuple(fields[name])
    return Question(**fields)


def error_fields(error: AnswerError) -> dict[str, Any]:
    """Return an error as fields of a header, in both languages; `raise_error` raises it again."""
    place = (error.line, error.column) if isinstance(error, PlacedError) else ()
    return {
        "error": type(error).__name__,
        "english": in_language(error, "en"),
        "spanish": in_language(error, "es"),
        "place": place,
    }


def raise_error(header: Fields) -> None:
    """Raise the error in a header, if there is one."""
    if "error" in header:
        kind = vars(errors)[header["error"]]
        raise kind(Bilingual(header["english"], header["spanish"]), *header["place"])
