"""How the reconciliation service is described in the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from crmgraph.http.openapi import ALWAYS, PROBLEM, content, refusals
from crmgraph.linking import KINDS

__all__ = ["OPERATIONS"]

_JSON = content(["application/json"])
_QUERIES = '{"q0": {"query": "Guatemla", "type": "https://w3id.org/crmgraph/ontology#State", "limit": 3}}'
_THING = "https://w3id.org/crmgraph/id/country/GTM"
_EXTENSION = (
    '{"ids": ["https://w3id.org/crmgraph/id/country/GTM"], '
    '"properties": [{"id": "https://w3id.org/crmgraph/ontology#iso3"}]}'
)
_TOO_LARGE = {"413": {"description": "The batch has more bytes than are taken.", "content": PROBLEM}}


def _parameter(name: str, description: str, example: str = "", is_needed: bool = False) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if example:
        schema["examples"] = [example]
    return {"name": name, "in": "query", "required": is_needed, "schema": schema, "description": description}


def _answer(description: str, *parameters: dict[str, Any], may_be_wrong: bool = False) -> dict[str, Any]:
    return {
        "parameters": list(parameters),
        "responses": {
            "200": {"description": description, "content": _JSON},
            **refusals(*((400,) if may_be_wrong else ()), *ALWAYS),
        },
    }


_BATCHES = (
    _parameter("queries", "A batch of queries, as JSON.", _QUERIES),
    _parameter("extend", "Things and the properties whose values are wanted, as JSON.", _EXTENSION),
)


def _typed(example: str) -> dict[str, Any]:
    return _parameter("prefix", "What was typed.", example)


OPERATIONS: Mapping[tuple[str, str], dict[str, Any]] = {
    ("/reconcile", "GET"): _answer(
        "The candidates of each query, the values of each thing, or without either what the service says of itself.",
        *_BATCHES,
        may_be_wrong=True,
    ),
    ("/reconcile", "POST"): {
        "responses": {
            "200": {"description": "The candidates of each query, or the values of each thing.", "content": _JSON},
            **_TOO_LARGE,
            **refusals(400, *ALWAYS),
        },
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {each["name"]: each["schema"] for each in _BATCHES},
                        "anyOf": [{"required": [each["name"]]} for each in _BATCHES],
                    }
                }
            },
        },
    },
    ("/reconcile/properties", "GET"): _answer(
        "The properties that things of the kind have.",
        {**_parameter("type", "The IRI of a kind of things."), "schema": {"type": "string", "enum": list(KINDS)}},
        _parameter("limit", "How many at most."),
        may_be_wrong=True,
    ),
    ("/reconcile/suggest/entity", "GET"): _answer(
        "Things.", _typed("guate"), _parameter("cursor", "How many of them to skip.")
    ),
    ("/reconcile/suggest/type", "GET"): _answer("Kinds of things.", _typed("state")),
    ("/reconcile/suggest/property", "GET"): _answer("Properties.", _typed("member")),
    ("/reconcile/preview", "GET"): {
        "parameters": [_parameter("id", "The IRI of a thing.", _THING, is_needed=True)],
        "responses": {
            "200": {"description": "The thing at a glance.", "content": content(["text/html"])},
            **refusals(404, *ALWAYS),
        },
    },
    ("/reconcile/view", "GET"): {
        "parameters": [_parameter("id", "The IRI of a thing.", _THING, is_needed=True)],
        "responses": {"303": {"description": "The page of the thing."}, **refusals(404, *ALWAYS)},
    },
}
"""What each operation takes and answers (OpenAPI 3.1, section 4.8.10), by its path and method."""
