"""How the Graph Store describes its requests and responses in the OpenAPI document."""

from typing import Any

from crmgraph.serving.answer_schema import ALWAYS, PROBLEM, TOKEN, Responses, content, refusals
from crmgraph.serving.protocol_schema import WRITING
from crmgraph.sparql import GRAPH_FORMATS
from crmgraph.sparql.formats import media_types

__all__ = ["graph_store_paths"]

_CONTENT = content(media_types(GRAPH_FORMATS))
_PARAMETERS = [
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
_WRONG: Responses = {
    "400": {"description": "No graph is named, or more than one; or the body is not RDF.", "content": PROBLEM},
    "404": {"description": "There is no such graph.", "content": PROBLEM},
    **refusals(*ALWAYS),
}
_BODY = {
    "required": True,
    "content": {
        **_CONTENT,
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["graph"],
                "properties": {"graph": {"type": "string", "format": "binary"}},
                "additionalProperties": False,
            },
            "encoding": {"graph": {"contentType": ", ".join(_CONTENT)}},
        },
    },
}
_OTHERWISE: Responses = {
    "412": {"description": "The graph is not as If-Match or If-None-Match says.", "content": PROBLEM},
}
_TOO_MUCH: Responses = {
    "413": {"description": "The body is too large.", "content": PROBLEM},
    "415": {"description": "The body is of another type, or compressed.", "content": PROBLEM},
}
_WRITTEN: Responses = {
    "201": {"description": "There is a new graph."},
    "204": {"description": "The graph, which was there before, is changed."},
    **_WRONG,
    **_OTHERWISE,
    **_TOO_MUCH,
    **WRITING,
}


_READ: Responses = {
    "200": {"description": "All of the graph.", "content": _CONTENT},
    "304": {"description": "The graph is still as If-None-Match names it."},
    **refusals(406),
    **_WRONG,
}
_REMOVED: Responses = {"204": {"description": "The graph is gone."}, **_WRONG, **_OTHERWISE, **WRITING}
_WRITES: dict[str, Any] = {
    "put": {"summary": "Put a graph in the place of what is there", "requestBody": _BODY, "responses": _WRITTEN},
    "post": {
        "summary": "Add to a graph, or make one with a new name where none is named",
        "requestBody": _BODY,
        "responses": _WRITTEN,
    },
    "delete": {"summary": "Remove a graph", "responses": _REMOVED},
}


def graph_store_paths(takes_writes: bool) -> dict[str, Any]:
    """What stands under `paths` in the document; some may write where it `takes_writes`."""
    operations: dict[str, dict[str, Any]] = {"get": {"summary": "Read a graph", "responses": _READ}}
    if takes_writes:
        operations |= {method: {**described, "security": TOKEN} for method, described in _WRITES.items()}
    shared = {"tags": ["Graph Store"], "parameters": _PARAMETERS}
    return {"/graphs": {method: {**shared, **described} for method, described in operations.items()}}
