"""What clients send."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from crmgraph.reconciliation.queries import MOST_QUERIES, read_extension, read_queries
from tests.support.suites import suite

EXAMPLES = "reconciliation-api/0.2/examples"


def test_a_query_with_everything() -> None:
    text = """{"q0": {"query": "Guatemla", "type": "http://e/State", "limit": 999, "type_strict": "should",
        "properties": [{"pid": "http://e/p", "v": ["a", 5, true, {"id": "http://e/x", "name": "X"}, null, ""]},
        {"pid": "http://e/q", "v": "b"}]}, "q1": {"query": "x", "type": ["a", "b"]}}"""
    queries = read_queries(text)
    query = queries["q0"]
    assert (query.query, query.type, query.limit, query.type_strict) == ("Guatemla", ("http://e/State",), 50, "should")
    assert [each.v for each in query.properties] == [("a", "5", "true", "http://e/x"), ("b",)]
    assert queries["q1"].type == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"q0": 5}',
        '{"q0": {"query": "x", "limit": 0}}',
        '{"q0": {"query": "x", "properties": [{"v": 1}]}}',
        '{"q0": {"query": "x", "properties": [{"pid": "p", "v": {"name": "X"}}]}}',
        '{"q0": {"query": "x", "type_strict": "perhaps"}}',
        json.dumps({f"q{number}": {"query": "x"} for number in range(MOST_QUERIES + 1)}),
        "[" * 100_000,
        json.dumps({"q0": {"query": "x", "properties": [{"pid": "p", "v": ["v"] * 21}]}}),
        json.dumps({"q0": {"query": "x", "properties": [{"pid": "p", "v": "v"}] * 11}}),
    ],
)
def test_what_is_no_batch_is_refused(text: str) -> None:
    with pytest.raises(HTTPException) as caught:
        read_queries(text)
    assert caught.value.status_code == 400
    assert "queries" in caught.value.detail


def test_a_blank_cell_is_no_error() -> None:
    assert [each.query for each in read_queries('{"a": {"query": "x"}, "b": {"query": ""}, "c": {}}').values()] == [
        "x",
        "",
        "",
    ]


def test_wanted_data() -> None:
    extension = read_extension(
        '{"ids": ["a", "b"], "properties": [{"id": "p"}, {"id": "q", "settings": {"limit": "5", "content": "id"}}]}'
    )
    assert extension.ids == ("a", "b")
    assert [(each.id, each.settings.limit, each.settings.content) for each in extension.properties] == [
        ("p", 0, "name"),
        ("q", 5, "id"),
    ]
    with pytest.raises(HTTPException):
        read_extension('{"ids": "a"}')


@pytest.mark.parametrize(
    ("folder", "read"), [("reconciliation-query-batch", read_queries), ("data-extension-query", read_extension)]
)
def test_the_examples_of_the_specification(folder: str, read: "object") -> None:
    files = sorted((suite(EXAMPLES) / folder / "valid").glob("*.json"))
    assert files
    for file in files:
        assert read(file.read_text(encoding="utf-8"))  # type: ignore[operator]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "ids", "settings", "q0"]), inner
    ),
)  # fmt: skip


@given(JSON | st.dictionaries(st.text(), JSON))
def test_any_json_is_read_or_refused(document: object) -> None:
    for read in (read_queries, read_extension):
        with suppress(HTTPException):
            read(json.dumps(document))
