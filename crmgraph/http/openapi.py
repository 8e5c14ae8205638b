"""The OpenAPI descriptions of the endpoint and the graph store (OpenAPI 3.1)."""

from collections.abc import Iterable, Mapping
from typing import Any

from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS
from crmgraph.sparql.formats import media_types

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
SCHEMAS = {
    "Problem": {
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
}
"""The content of `components.schemas`."""

SECURITY = {"token": {"type": "http", "scheme": "bearer", "description": "Of one who may write."}}
"""The content of `components.securitySchemes`: the bearer token of a writer."""

_TOKEN: list[dict[str, list[str]]] = [{"token": []}]
"""The value of `security` for an operation that needs a token."""

ERROR_CONTENT: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    "text/html": {"schema": _TEXT_SCHEMA},
}
"""The `content` of every error response: a problem document or a page."""

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
    return {str(status): {"description": ERROR_DESCRIPTIONS[status], "content": ERROR_CONTENT} for status in statuses}


_EXAMPLE = "SELECT ?theme WHERE { ?theme a <https://w3id.org/crmgraph/ontology#Theme> }"


def query_parameter(name: str, schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    """Return the description of an optional parameter in the query string."""
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_IRIS_SCHEMA = {"type": "array", "items": {"type": "string", "format": "iri"}}
_QUERY_PARAMETERS = [
    query_parameter("default-graph-uri", _IRIS_SCHEMA, "A graph that makes up the default graph. May be repeated."),
    query_parameter("named-graph-uri", _IRIS_SCHEMA, "A graph that GRAPH may query. May be repeated."),
    query_parameter(
        "timeout",
        {"type": "number", "exclusiveMinimum": 0},
        "The longest that the query may take, in seconds; never more than the server’s own limit.",
    ),
    query_parameter(
        "format",
        # Any text is allowed, because clients also send names that other endpoints use.
        {"anyOf": [{"enum": [each.short for each in RESULT_FORMATS + GRAPH_FORMATS]}, _TEXT_SCHEMA]},
        "The syntax of the answer, in place of the Accept header. Other names are ignored.",
    ),
]
_UPDATE_PARAMETERS = [
    query_parameter(
        "using-graph-uri", _IRIS_SCHEMA, "A graph that makes up the default graph of an update. May be repeated."
    ),
    query_parameter(
        "using-named-graph-uri", _IRIS_SCHEMA, "A graph that GRAPH may query in an update. May be repeated."
    ),
]
_QUERY = query_parameter(
    "query", {**_TEXT_SCHEMA, "example": _EXAMPLE}, "A SPARQL 1.1 query. Without one, the endpoint describes itself."
)
WRITE_ERRORS: Responses = {
    "401": {"description": "A change without a token that is known.", "content": ERROR_CONTENT},
    "403": {"description": "Nobody may write here, or not to this graph.", "content": ERROR_CONTENT},
    "409": {"description": "The data do not allow the update: a graph is or is not there.", "content": ERROR_CONTENT},
    "422": {
        "description": "The change would break a plan, or needs more memory than is allowed.",
        "content": ERROR_CONTENT,
    },
    "507": {"description": "It cannot be stored on the disk.", "content": ERROR_CONTENT},
}
"""The error responses to writes."""
_RESPONSES: Responses = {
    "200": {
        "description": "The whole answer: a table or a truth value for SELECT and ASK, a graph for the others.",
        "content": response_content(media_types(RESULT_FORMATS + GRAPH_FORMATS)),
        "headers": {
            "Crmgraph-Snapshot": {
                "schema": _TEXT_SCHEMA,
                "description": "Endpoints of SERVICE that did not answer, of when the copies are that did, and `part` "
                "where a copy has only a part of what its endpoint had.",
            }
        },
    },
    **error_responses(406, *ENGINE_ERRORS),
    "400": {"description": "Not a SPARQL query, with line and column, or not the protocol.", "content": ERROR_CONTENT},
    "403": {"description": "SERVICE, LOAD, or brackets nested too deep.", "content": ERROR_CONTENT},
}

PATHS: dict[str, Any] = {
    "/sparql": {
        "get": {
            "tags": ["SPARQL"],
            "summary": "Run a query, or ask the endpoint what it is",
            "parameters": [_QUERY, *_QUERY_PARAMETERS],
            "responses": {
                **_RESPONSES,
                "200": {
                    "description": "The whole answer; without a query, what the endpoint says of itself, or the query "
                    "editor.",
                    "content": {**_RESPONSES["200"]["content"], **response_content(["text/html"])},
                },
                "304": {"description": "The answer is still the one that If-None-Match names."},
            },
        },
        "post": {
            "tags": ["SPARQL"],
            "summary": "Send a query or an update as the body",
            # {} for queries, which need no token.
            "security": [{}, *_TOKEN],
            "parameters": [*_QUERY_PARAMETERS, *_UPDATE_PARAMETERS],
            "requestBody": {
                "required": True,
                "content": {
                    "application/sparql-query": {"schema": {**_TEXT_SCHEMA, "example": _EXAMPLE}},
                    "application/sparql-update": {"schema": _TEXT_SCHEMA},
                    "application/x-www-form-urlencoded": {
                        "schema": {
                            "type": "object",
                            "properties": {"query": _TEXT_SCHEMA, "update": _TEXT_SCHEMA},
                            "oneOf": [{"required": ["query"]}, {"required": ["update"]}],
                        }
                    },
                },
            },
            "responses": {
                **_RESPONSES,
                **{status: response for status, response in WRITE_ERRORS.items() if status not in _RESPONSES},
                "204": {"description": "The update is made."},
                "413": {"description": "The body of the request is too large.", "content": ERROR_CONTENT},
                "415": {"description": "The body of the request is of another type.", "content": ERROR_CONTENT},
            },
        },
    }
}
"""The content of `paths` for the SPARQL endpoint."""


_GRAPH_CONTENT = response_content(media_types(GRAPH_FORMATS))
_GRAPH_PARAMETERS = [
    {
        "name": "graph",
        "in": "query",
        "required": False,
        "schema": {"type": "string", "format": "iri"},
        "description": "The IRI of the graph.",
        "example": "https://w3id.org/crmgraph/graph/plan/crm",
    },
    {
        "name": "default",
        "in": "query",
        "required": False,
        "allowEmptyValue": True,
        "schema": {"type": "string", "enum": [""]},
        "description": "The graph without a name, instead of a named one; takes no value.",
    },
]
_GRAPH_ERRORS: Responses = {
    "400": {"description": "No graph is named, or more than one; or the body is not RDF.", "content": ERROR_CONTENT},
    "404": {"description": "There is no such graph.", "content": ERROR_CONTENT},
    **error_responses(*ENGINE_ERRORS),
}
_GRAPH_BODY = {
    "required": True,
    "content": {
        **_GRAPH_CONTENT,
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["graph"],
                "properties": {"graph": {"type": "string", "format": "binary"}},
                "additionalProperties": False,
            },
            "encoding": {"graph": {"contentType": ", ".join(_GRAPH_CONTENT)}},
        },
    },
}
_CHANGE_ERRORS: Responses = {
    **_GRAPH_ERRORS,
    "412": {"description": "The graph is not as If-Match or If-None-Match says.", "content": ERROR_CONTENT},
}
_WRITE_RESPONSES: Responses = {
    "201": {"description": "There is a new graph."},
    "204": {"description": "The graph, which was there before, is changed."},
    **_CHANGE_ERRORS,
    "413": {"description": "The body is too large.", "content": ERROR_CONTENT},
    "415": {"description": "The body is of another type, or compressed.", "content": ERROR_CONTENT},
    **WRITE_ERRORS,
}
_WRITE_OPERATIONS: dict[str, Any] = {
    "put": {
        "summary": "Put a graph in the place of what is there",
        "requestBody": _GRAPH_BODY,
        "responses": _WRITE_RESPONSES,
    },
    "post": {
        "summary": "Add to a graph, or make one with a new name where none is named",
        "requestBody": _GRAPH_BODY,
        "responses": _WRITE_RESPONSES,
    },
    "delete": {
        "summary": "Remove a graph",
        "responses": {"204": {"description": "The graph is gone."}, **_CHANGE_ERRORS, **WRITE_ERRORS},
    },
}


def graph_store_paths(takes_writes: bool) -> dict[str, Any]:
    """Return the content of `paths` for the graph store; with the methods that write if it `takes_writes`."""
    read = {
        "200": {"description": "All of the graph.", "content": _GRAPH_CONTENT},
        "304": {"description": "The graph is still as If-None-Match names it."},
        **error_responses(406),
        **_GRAPH_ERRORS,
    }
    operations: dict[str, dict[str, Any]] = {"get": {"summary": "Read a graph", "responses": read}}
    if takes_writes:
        operations |= {method: {**described, "security": _TOKEN} for method, described in _WRITE_OPERATIONS.items()}
    shared = {"tags": ["Graph Store"], "parameters": _GRAPH_PARAMETERS}
    return {"/graphs": {method: {**shared, **described} for method, described in operations.items()}}
