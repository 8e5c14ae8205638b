"""How answers are described in the OpenAPI document: what each syntax holds, and why there may be none."""

from collections.abc import Iterable
from typing import Any

__all__ = ["ALWAYS", "PROBLEM", "REFUSALS", "SCHEMAS", "SECURITY", "TOKEN", "Responses", "content", "refusals"]

Responses = dict[int | str, Any]
"""Responses by their status, with keys as FastAPI takes them."""

_TEXT = {"type": "string"}
_SYNTAXES: dict[str, dict[str, Any]] = {
    "application/json": {"type": ["object", "array"]},
    "application/ld+json": {"type": ["object", "array"]},
    "application/vnd.citationstyles.csl+json": {"type": ["object", "array"]},
    "application/yaml": {"type": "object"},
    "application/sparql-results+json": {"type": "object", "required": ["head"]},
}
_PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457), in the language that the request prefers.",
    "required": ["status", "type", "title"],
    "properties": {
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."},
        "type": {"type": "string", "description": "The IRI of the kind of problem, or about:blank."},
        "title": {"type": "string", "description": "The kind of problem in words."},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "line": {"type": "integer", "minimum": 1, "description": "The line in what was sent."},
        "column": {"type": "integer", "minimum": 1, "description": "The column in that line."},
        "request": {"type": "string", "description": "What the request is called, as in X-Request-ID."},
    },
}
SCHEMAS = {"Problem": _PROBLEM}
"""What is described once, under `components` in the document."""

SECURITY = {"token": {"type": "http", "scheme": "bearer", "description": "Of one who may write."}}
"""How somebody shows that they may write, under `components` in the document."""

TOKEN: list[dict[str, list[str]]] = [{"token": []}]
"""What an operation asks for that only those may do."""

PROBLEM: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    "text/html": {"schema": _TEXT},
}
"""The content of every response that tells of an error: a page for those who like that better."""

REFUSALS = {
    400: "The request cannot be understood, or a parameter or its value does not exist.",
    404: "There is nothing at this address.",
    406: "None of the syntaxes on offer matches the Accept header.",
    422: "The query needs more memory, or its answer more bytes, than is allowed.",
    429: "Too many requests come from the client’s address.",
    500: "The engine gave up on the query.",
    502: "The remote engine that holds the data did not answer.",
    503: "Stopped at its time limit, or too many queries are waiting, or the service cannot answer now.",
    507: "It cannot be stored on the disk.",
}
"""What the statuses of errors mean."""

ALWAYS = (422, 429, 500, 502, 503)
"""What can happen to whoever asks the engine, whatever they ask."""


def content(media_types: Iterable[str]) -> dict[str, Any]:
    """The content of a response that is to be had in these syntaxes."""
    return {each: {"schema": _SYNTAXES.get(each, _TEXT)} for each in media_types}


def refusals(*statuses: int) -> Responses:
    """The responses with these statuses, which all tell of an error."""
    return {str(status): {"description": REFUSALS[status], "content": PROBLEM} for status in statuses}
