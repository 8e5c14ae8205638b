"""The OpenAPI description tells the truth about the endpoint."""

from typing import Any

import pytest
from pyoxigraph import Store

from crmgraph.http.openapi import GET_SCHEMA, POST_SCHEMA
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Question
from crmgraph.sparql.evaluation import Stored, evaluate

BOTH = pytest.mark.parametrize("schema", [GET_SCHEMA, POST_SCHEMA], ids=["get", "post"])


def parameter(schema: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (each for each in schema["parameters"] if each["name"] == name)
    assert isinstance(found, dict)
    return found


@BOTH
def test_every_syntax_is_told(schema: dict[str, Any]) -> None:
    formats = RESULT_FORMATS + GRAPH_FORMATS
    assert {each.media_type for each in formats} <= set(schema["responses"]["200"]["content"])
    named, _ = parameter(schema, "format")["schema"]["anyOf"]
    assert named["enum"] == [each.short for each in formats]


@BOTH
def test_every_error_is_a_problem_document(schema: dict[str, Any]) -> None:
    for status, response in schema["responses"].items():
        assert response["description"]
        if int(status) >= 400:
            assert set(response["content"]) == {"application/problem+json", "text/html"}


@BOTH
def test_every_parameter_says_what_it_is_for(schema: dict[str, Any]) -> None:
    for each in schema["parameters"]:
        assert each["in"] == "query"
        assert each["description"].endswith(".")


def test_only_a_get_brings_its_query_in_the_address_and_may_be_answered_by_nothing_new() -> None:
    assert not parameter(GET_SCHEMA, "query")["required"]
    assert "query" not in {each["name"] for each in POST_SCHEMA["parameters"]}
    assert "304" in GET_SCHEMA["responses"]
    assert "304" not in POST_SCHEMA["responses"]


def test_the_example_is_a_query() -> None:
    example = parameter(GET_SCHEMA, "query")["schema"]["example"]
    assert evaluate(Stored(Store()), Question(example)).form == "SELECT"
    assert POST_SCHEMA["requestBody"]["content"]["application/sparql-query"]["schema"]["example"] == example
