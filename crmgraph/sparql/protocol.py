"""Messages between the server and its worker processes: one frame each way.

A frame is the lengths of a header and of a body (two unsigned 32-bit integers in network order), the header as JSON,
and the body as it is."""

import json
from collections.abc import Iterator, Mapping
from struct import Struct
from typing import Any

from crmgraph import errors
from crmgraph.errors import AnswerError, PlacedError
from crmgraph.wording import Bilingual, in_language

__all__ = ["Frame", "Frames", "error_fields", "pack", "raise_error"]

_LENGTHS = Struct("!II")

Frame = tuple[dict[str, Any], bytes]
"""The header and the body of a frame."""


def pack(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a frame with this header and body."""
    written = json.dumps(header).encode()
    return b"".join((_LENGTHS.pack(len(written), len(body)), written, body))


class Frames:
    """Cuts received bytes into frames."""

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take more bytes, and yield each frame that is complete."""
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


def error_fields(error: AnswerError) -> dict[str, Any]:
    """Return an error as fields of a header, in both languages; `raise_error` raises it again."""
    return {
        "error": type(error).__name__,
        "texts": (in_language(error, "en"), in_language(error, "es")),
        "place": (error.line, error.column) if isinstance(error, PlacedError) else (),
    }


def raise_error(header: Mapping[str, Any]) -> None:
    """Raise the error in a header, if there is one."""
    if "error" in header:
        raise vars(errors)[header["error"]](Bilingual(*header["texts"]), *header["place"])
