"""The OpenAPI descriptions of addresses (OpenAPI 3.1): parts for those of pages, and the written file of all others."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crmgraph.errors import TableError
from crmgraph.files import read_text, read_yaml

Responses = dict[int | str, Any]
"""The responses of an operation by HTTP status, in the form that FastAPI accepts."""

_TEXT_SCHEMA = {"type": "string"}
_SYNTAXES: dict[str, dict[str, Any]] = {
    "application/json": {"type": ["object", "array"]},
    "application/ld+json": {"type": ["object", "array"]},
    "application/vnd.citationstyles.csl+json": {"type": ["object", "array"]},
    "application/yaml": {"type": "object"},
    "application/sparql-results+json": {"type": "object", "required": ["head"]},
}
_ERROR_CONTENT: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    "text/html": {"schema": _TEXT_SCHEMA},
}
ERROR_DESCRIPTIONS = {
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
"""Descriptions of error responses by HTTP status."""

ENGINE_ERRORS = (422, 429, 500, 502, 503)
"""HTTP statuses of errors that any request to the engine may cause."""


def response_content(media_types: Iterable[str]) -> dict[str, Any]:
    """Return the `content` of a response that is available in these media types."""
    return {each: {"schema": _SYNTAXES.get(each, _TEXT_SCHEMA)} for each in media_types}


def error_responses(*statuses: int) -> Responses:
    """Return the OpenAPI descriptions of the error responses with these statuses."""
    return {str(status): {"description": ERROR_DESCRIPTIONS[status], "content": _ERROR_CONTENT} for status in statuses}


def written_description(takes_writes: bool) -> dict[str, Any]:
    """Return `paths` and `components` of the addresses that are no pages, from the file `openapi.yaml`.

    The methods that write to graphs are left out unless the service `takes_writes`.
    """
    file = Path(__file__).with_name("openapi.yaml")
    written: dict[str, Any] = read_yaml(read_text(file, TableError), file)
    if not takes_writes:
        written["paths"]["/graphs"] = {"get": written["paths"]["/graphs"]["get"]}
    return written
