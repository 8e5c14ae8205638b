"""The OpenAPI description tells the truth about the Graph Store."""

from pathlib import Path
from typing import Any

import pytest

from crmgraph.http.openapi import graph_store_paths
from crmgraph.sparql import GRAPH_FORMATS
from tests.support.stores import EX
from tests.support.writable import BEARER, writable_client

OPERATIONS = graph_store_paths(takes_writes=True)["/graphs"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_described(name: str) -> None:
    operation: dict[str, Any] = OPERATIONS[name]
    assert operation["summary"]
    for status, response in operation["responses"].items():
        assert response["description"].endswith(".")
        assert ("content" in response) is (int(status) >= 400 or status == "200")


def test_what_only_writers_do_is_told_where_there_are_any() -> None:
    assert set(graph_store_paths(takes_writes=False)["/graphs"]) == {"get"}
    asking = {method for method, described in OPERATIONS.items() if described.get("security")}
    assert asking == {"put", "post", "delete"}


def test_every_syntax_is_told() -> None:
    media_types = {each.media_type for each in GRAPH_FORMATS}
    assert set(OPERATIONS["get"]["responses"]["200"]["content"]) == media_types
    assert set(OPERATIONS["put"]["requestBody"]["content"]) == media_types | {"multipart/form-data"}


def test_what_is_answered_is_described(tmp_path: Path) -> None:
    turtle = {"Content-Type": "text/turtle"}
    with writable_client(tmp_path) as client:
        for method in OPERATIONS:
            for address in ("/graphs", "/graphs?default", f"/graphs?graph={EX}a", "/graphs?graph=http://e/none"):
                for headers in ({}, turtle, {**turtle, **BEARER}, BEARER):
                    response = client.request(method.upper(), address, headers=headers)
                    assert str(response.status_code) in OPERATIONS[method]["responses"]
