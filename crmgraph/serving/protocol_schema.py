"""How the endpoint describes its requests and responses in the OpenAPI document."""

from typing import Any

from crmgraph.answering import GRAPH_FORMATS, RESULT_FORMATS

__all__ = ["GET_SCHEMA", "PATHS", "POST_SCHEMA", "PROBLEM", "WRITING"]

_TEXT = {"type": "string"}
_EXAMPLE = "SELECT ?theme WHERE { ?theme a <https://w3id.org/crmgraph/ontology#Theme> }"


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_BESIDE_THE_QUERY = [
    _parameter("default-graph-uri", _IRIS, "A graph that makes up the default graph. May be repeated."),
    _parameter("named-graph-uri", _IRIS, "A graph that GRAPH may ask. May be repeated."),
    _parameter(
        "timeout",
        {"type": "number", "exclusiveMinimum": 0},
        "The longest that the query may take, in seconds; never more than the server's own limit.",
    ),
    _parameter(
        "format",
        {"type": "string", "enum": [each.short for each in RESULT_FORMATS + GRAPH_FORMATS]},
        "The syntax of the answer, in place of the Accept header.",
    ),
]
_BESIDE_THE_UPDATE = [
    _parameter("using-graph-uri", _IRIS, "A graph that makes up the default graph of an update. May be repeated."),
    _parameter("using-named-graph-uri", _IRIS, "A graph that GRAPH may ask in an update. May be repeated."),
]
_QUERY = _parameter(
    "query", {**_TEXT, "example": _EXAMPLE}, "A SPARQL 1.1 query. Without one the endpoint tells of itself."
)
PROBLEM = {"application/problem+json": {"schema": {"type": "object"}}}
"""The content of every response that tells of an error."""

WRITING: dict[str, Any] = {
    "401": {"description": "A change without a token that is known.", "content": PROBLEM},
    "403": {"description": "Nobody may write here, or not to this graph.", "content": PROBLEM},
    "422": {"description": "The change would break a plan, or needs more memory than is allowed.", "content": PROBLEM},
    "507": {"description": "The disk takes no more.", "content": PROBLEM},
}
"""The responses to a change that is not made."""
_RESPONSES = {
    "200": {
        "description": "The whole answer: a table or a truth value for SELECT and ASK, a graph for the others.",
        "content": {each.media_type: {"schema": _TEXT} for each in RESULT_FORMATS + GRAPH_FORMATS},
    },
    "400": {"description": "Not a SPARQL query, with line and column, or not the protocol.", "content": PROBLEM},
    "403": {"description": "SERVICE, LOAD, or brackets nested too deep.", "content": PROBLEM},
    "406": {"description": "No syntax on offer fits the Accept header.", "content": PROBLEM},
    "413": {"description": "The body of the request is too large.", "content": PROBLEM},
    "415": {"description": "The body of the request is of another type.", "content": PROBLEM},
    "422": {
        "description": "The query needs more memory, or its answer more bytes, than is allowed.",
        "content": PROBLEM,
    },
    "429": {"description": "Too many requests come from the client's address.", "content": PROBLEM},
    "500": {"description": "The engine gave up on the query.", "content": PROBLEM},
    "503": {
        "description": "Stopped at its time limit, or too many queries wait, or nobody can answer now.",
        "content": PROBLEM,
    },
}

GET_SCHEMA: dict[str, Any] = {
    "parameters": [_QUERY, *_BESIDE_THE_QUERY],
    "responses": _RESPONSES | {"304": {"description": "The answer is still the one that If-None-Match names."}},
}
POST_SCHEMA: dict[str, Any] = {
    "parameters": [*_BESIDE_THE_QUERY, *_BESIDE_THE_UPDATE],
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {**_TEXT, "example": _EXAMPLE}},
            "application/sparql-update": {"schema": _TEXT},
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"query": _TEXT, "update": _TEXT}}
            },
        },
    },
    "responses": {
        **_RESPONSES,
        **{status: response for status, response in WRITING.items() if status not in _RESPONSES},
        "204": {"description": "The update is made."},
    },
}

PATHS: dict[str, Any] = {
    "/sparql": {
        "get": {"tags": ["SPARQL"], "summary": "Ask a query, or the endpoint what it is", **GET_SCHEMA},
        "post": {"tags": ["SPARQL"], "summary": "Send a query or an update as the body", **POST_SCHEMA},
    }
}
"""What stands under `paths` in the document."""
