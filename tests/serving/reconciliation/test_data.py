"""The data of things as JSON can hold them, whatever a writer says that they are."""

import json

import pytest

from crmgraph.linking import Entity, Value
from crmgraph.namespaces import PREFIXES
from crmgraph.reconciliation.data import extended
from crmgraph.reconciliation.queries import read_extension
from crmgraph.reconciliation.things import Things

XSD = PREFIXES["xsd"]


@pytest.mark.parametrize(
    ("text", "datatype", "cell"),
    [
        ("12", "integer", {"int": 12}),
        ("1.5", "decimal", {"float": 1.5}),
        ("2024-02-29", "date", {"date": "2024-02-29T00:00:00Z"}),
        ("2024-13-45", "date", {"str": "2024-13-45"}),
        ("abc", "integer", {"str": "abc"}),
        ("9" * 5000, "integer", {"str": "9" * 5000}),
        ("abc", "double", {"str": "abc"}),
        ("INF", "double", {"str": "INF"}),
        ("NaN", "double", {"str": "NaN"}),
        ("1e9999", "decimal", {"str": "1e9999"}),
        ("x", "string", {"str": "x"}),
    ],
)
def test_a_value_that_is_not_what_it_says_is_a_text(text: str, datatype: str, cell: dict[str, object]) -> None:
    value = Value(text, datatype=XSD + datatype)
    things = Things({"http://e/a": Entity("http://e/a", (), {}, (), (), {"http://e/p": (value,)})}, {})
    asked = read_extension('{"ids": ["http://e/a"], "properties": [{"id": "http://e/p"}]}')
    answer = extended(things, asked, "en")
    assert answer["rows"] == {"http://e/a": {"http://e/p": [cell]}}
    json.dumps(answer, allow_nan=False)
