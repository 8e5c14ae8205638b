"""What clients of the reconciliation service send, and values as JSON can hold them."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from starlette.exceptions import HTTPException

from crmgraph.errors import in_language
from crmgraph.linking.entities import Entity
from crmgraph.namespaces import PREFIXES
from crmgraph.reconciliation.matching import MOST_QUERIES, Things, extend_data
from crmgraph.reconciliation.operations import read_extension, read_queries
from tests.support.cases import cases
from tests.support.suites import suite


def test_query_with_everything() -> None:
    text = """{"q0": {"query": "Guatemla", "type": "http://e/State", "limit": 999, "type_strict": "should",
        "properties": [{"pid": "http://e/p", "v": ["a", 5, true, {"id": "http://e/x", "name": "X"}, null, ""]},
        {"pid": "http://e/q", "v": "b"}]}, "q1": {"query": "x", "type": ["a", "b"]}, "q2": {"query": ""}, "q3": {}}"""
    queries = read_queries(text)
    query = queries["q0"]
    assert (query.query, query.type, query.limit, query.type_strict) == ("Guatemla", ("http://e/State",), 50, "should")
    assert [each.v for each in query.properties] == [("a", "5", "true", "http://e/x"), ("b",)]
    assert queries["q1"].type == ("a", "b")
    assert queries["q2"].query == queries["q3"].query == ""


WRONG = [
    *cases("reconciliation/wrong"),
    ["[" * 100_000, "no es JSON que se pueda leer"],
    [json.dumps({"k" * 500: 1}), "k" * 79 + "… no es como se describe allí"],
    [json.dumps({"q0": {"properties": [{"pid": "p", "v": "v"}] * 11}}), "q0/properties tiene más de 10"],
    [json.dumps({f"q{number}": {} for number in range(MOST_QUERIES + 1)}), "queries tiene más de 200"],
]


def test_wrong_batches_are_refused() -> None:
    for text, said in WRONG:
        with pytest.raises(HTTPException) as caught:
            read_queries(text)
        assert caught.value.status_code == 400
        assert said in in_language(caught.value.detail, "es")


def test_data_extension_query() -> None:
    extension = read_extension(
        '{"ids": ["a", "b"], "properties": [{"id": "p"}, {"id": "q", "settings": {"limit": "5", "content": "id"}}]}'
    )
    assert extension.ids == ("a", "b")
    asked = [(each.id, each.settings.limit, each.settings.content) for each in extension.properties]
    assert asked == [("p", 0, "name"), ("q", 5, "id")]
    with pytest.raises(HTTPException):
        read_extension('{"ids": "a"}')


def test_examples_of_the_specification() -> None:
    examples = suite("reconciliation-api/0.2/examples")
    for folder, read in (("reconciliation-query-batch", read_queries), ("data-extension-query", read_extension)):
        files = sorted((examples / folder / "valid").glob("*.json"))
        assert files
        for file in files:
            assert read(file.read_text(encoding="utf-8"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "ids", "settings", "q0"]), inner
    ),
)  # fmt: skip


@settings(max_examples=50)
@given(JSON | st.dictionaries(st.text(), JSON))
def test_any_json_is_read_or_refused(document: object) -> None:
    for read in (read_queries, read_extension):
        with suppress(HTTPException):
            read(json.dumps(document))


@pytest.mark.parametrize(
    ("text", "datatype", "cell"),
    [
        ("12", "integer", {"int": 12}),
        ("1.5", "decimal", {"float": 1.5}),
        ("2024-02-29", "date", {"date": "2024-02-29T00:00:00Z"}),
        ("2024-13-45", "date", {"str": "2024-13-45"}),
        ("9" * 5000, "integer", {"str": "9" * 5000}),
        ("abc", "double", {"str": "abc"}),
        ("NaN", "double", {"str": "NaN"}),
        ("1e9999", "decimal", {"str": "1e9999"}),
        ("x", "string", {"str": "x"}),
    ],
)
def test_values_in_json(text: str, datatype: str, cell: dict[str, object]) -> None:
    """A value that is not what its datatype says is a text."""
    value = Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype))
    things = Things({"http://e/a": Entity("http://e/a", (), {}, (), (), {"http://e/p": (value,)})}, {})
    answer = extend_data(things, read_extension('{"ids": ["http://e/a"], "properties": [{"id": "http://e/p"}]}'), "en")
    assert answer["rows"] == {"http://e/a": {"http://e/p": [cell]}}
    json.dumps(answer, allow_nan=False)
