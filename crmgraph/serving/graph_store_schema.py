"""How the Graph Store describes its requests and responses in the OpenAPI document."""

from typing import Any

from crmgraph.answering import GRAPH_FORMATS
from crmgraph.serving.protocol_schema import PROBLEM, WRITING

__all__ = ["GRAPH_STORE_PATHS"]

_CONTENT = {each.media_type: {"schema": {"type": "string"}} for each in GRAPH_FORMATS}
_PARAMETERS = [
    {
        "name": "graph",
        "in": "query",
        "required": False,
        "schema": {"type": "string", "format": "iri"},
        "description": "The IRI of the graph.",
    },
    {
        "name": "default",
        "in": "query",
        "required": False,
        "allowEmptyValue": True,
        "schema": {"type": "string", "enum": [""]},
        "description": "The graph without a name, instead; it has no value.",
    },
]
_WRONG = {
    "400": {"description": "No graph is named, or more than one; or the body is not RDF.", "content": PROBLEM},
    "404": {"description": "There is no such graph.", "content": PROBLEM},
    "503": {"description": "Stopped at its time limit, or nobody can answer now.", "content": PROBLEM},
}
_BODY = {
    "required": True,
    "content": {**_CONTENT, "multipart/form-data": {"schema": {"type": "object"}}},
}
_TOO_MUCH = {
    "413": {"description": "The body is too large.", "content": PROBLEM},
    "415": {"description": "The body is of another type, or compressed.", "content": PROBLEM},
}
_WRITTEN = {
    "201": {"description": "There is a new graph."},
    "204": {"description": "The graph, which was there before, is changed."},
    **_WRONG,
    **_TOO_MUCH,
    **WRITING,
}


def _operation(summary: str, responses: dict[str, Any], body: dict[str, Any] | None = None) -> dict[str, Any]:
    described = {"tags": ["Graph Store"], "summary": summary, "parameters": _PARAMETERS, "responses": responses}
    return described if body is None else {**described, "requestBody": body}


GRAPH_STORE_PATHS: dict[str, Any] = {
    "/graphs": {
        "get": _operation(
            "Read a graph",
            {
                "200": {"description": "All of the graph.", "content": _CONTENT},
                "304": {"description": "The graph is still as If-None-Match names it."},
                "406": {"description": "No syntax on offer fits the Accept header.", "content": PROBLEM},
                **_WRONG,
            },
        ),
        "put": _operation("Put a graph in the place of what is there", _WRITTEN, _BODY),
        "post": _operation("Add to a graph, or make one with a new name where none is named", _WRITTEN, _BODY),
        "delete": _operation("Remove a graph", {"204": {"description": "The graph is gone."}, **_WRONG, **WRITING}),
    }
}
"""What stands under `paths` in the document."""
