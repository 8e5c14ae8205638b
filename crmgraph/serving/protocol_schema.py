"""How the endpoint describes its requests and responses in the OpenAPI document."""

from typing import Any

from crmgraph.serving.answer_schema import ALWAYS, PROBLEM, TOKEN, Responses, content, refusals
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS
from crmgraph.sparql.formats import media_types

__all__ = ["GET_SCHEMA", "PATHS", "POST_SCHEMA", "WRITING"]

_TEXT = {"type": "string"}
_EXAMPLE = "SELECT ?theme WHERE { ?theme a <https://w3id.org/crmgraph/ontology#Theme> }"


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_BESIDE_THE_QUERY = [
    _parameter("default-graph-uri", _IRIS, "A graph that makes up the default graph. May be repeated."),
    _parameter("named-graph-uri", _IRIS, "A graph that GRAPH may query. May be repeated."),
    _parameter(
        "timeout",
        {"type": "number", "exclusiveMinimum": 0},
        "The longest that the query may take, in seconds; never more than the server’s own limit.",
    ),
    _parameter(
        "format",
        # Clients send the names that other endpoints have for it, too: those say nothing here.
        {"anyOf": [{"enum": [each.short for each in RESULT_FORMATS + GRAPH_FORMATS]}, _TEXT]},
        "The syntax of the answer, in place of the Accept header. Other names are ignored.",
    ),
]
_BESIDE_THE_UPDATE = [
    _parameter("using-graph-uri", _IRIS, "A graph that makes up the default graph of an update. May be repeated."),
    _parameter("using-named-graph-uri", _IRIS, "A graph that GRAPH may query in an update. May be repeated."),
]
_QUERY = _parameter(
    "query", {**_TEXT, "example": _EXAMPLE}, "A SPARQL 1.1 query. Without one, the endpoint describes itself."
)
WRITING: Responses = {
    "401": {"description": "A change without a token that is known.", "content": PROBLEM},
    "403": {"description": "Nobody may write here, or not to this graph.", "content": PROBLEM},
    "409": {"description": "The data do not allow the update: a graph is or is not there.", "content": PROBLEM},
    "422": {"description": "The change would break a plan, or needs more memory than is allowed.", "content": PROBLEM},
    "507": {"description": "It cannot be stored on the disk.", "content": PROBLEM},
}
"""The responses to a change that is not made."""
_RESPONSES: Responses = {
    "200": {
        "description": "The whole answer: a table or a truth value for SELECT and ASK, a graph for the others.",
        "content": content(media_types(RESULT_FORMATS + GRAPH_FORMATS)),
        "headers": {
            "Crmgraph-Snapshot": {
                "schema": _TEXT,
                "description": "Endpoints of SERVICE that did not answer, of when the copies are that did, and `part` "
                "where a copy has only a part of what its endpoint had.",
            }
        },
    },
    **refusals(406, *ALWAYS),
    "400": {"description": "Not a SPARQL query, with line and column, or not the protocol.", "content": PROBLEM},
    "403": {"description": "SERVICE, LOAD, or brackets nested too deep.", "content": PROBLEM},
}

GET_SCHEMA: dict[str, Any] = {
    "parameters": [_QUERY, *_BESIDE_THE_QUERY],
    "responses": {
        **_RESPONSES,
        "200": {
            "description": "The whole answer; without a query, what the endpoint says of itself, or the query editor.",
            "content": {**_RESPONSES["200"]["content"], **content(["text/html"])},
        },
        "304": {"description": "The answer is still the one that If-None-Match names."},
    },
}
POST_SCHEMA: dict[str, Any] = {
    # Only an update needs one.
    "security": [{}, *TOKEN],
    "parameters": [*_BESIDE_THE_QUERY, *_BESIDE_THE_UPDATE],
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {**_TEXT, "example": _EXAMPLE}},
            "application/sparql-update": {"schema": _TEXT},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"query": _TEXT, "update": _TEXT},
                    "oneOf": [{"required": ["query"]}, {"required": ["update"]}],
                }
            },
        },
    },
    "responses": {
        **_RESPONSES,
        **{status: response for status, response in WRITING.items() if status not in _RESPONSES},
        "204": {"description": "The update is made."},
        "413": {"description": "The body of the request is too large.", "content": PROBLEM},
        "415": {"description": "The body of the request is of another type.", "content": PROBLEM},
    },
}

PATHS: dict[str, Any] = {
    "/sparql": {
        "get": {"tags": ["SPARQL"], "summary": "Run a query, or ask the endpoint what it is", **GET_SCHEMA},
        "post": {"tags": ["SPARQL"], "summary": "Send a query or an update as the body", **POST_SCHEMA},
    }
}
"""What stands under `paths` in the document."""
