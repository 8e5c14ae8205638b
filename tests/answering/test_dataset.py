"""The graphs that a query names."""

import pytest
from pyoxigraph import NamedNode

from crmgraph.sparql import Question
from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.dataset import Dataset, without_clauses

A, B, C = (NamedNode(f"http://e/{name}") for name in "abc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * FROM <http://e/a> {}", Dataset((A,), ())),
        ("SELECT * from<http://e/a>from named<http://e/b>{ ?s ?p 'FROM <http://e/c>' }", Dataset((A,), (B,))),
        ("PREFIX e: <http://e/> ASK FROM e:a FROM NAMED e:a FROM <http://e/a> FROM e:b {}", Dataset((A, B), (A,))),
        ("BASE <http://e/x> ASK FROM NAMED <c> FROM NAMED <\\u0063> {}", Dataset((), (C,))),
        ("ASK FROM <b> {}", Dataset((B,), ())),
        ("ASK { ?s ?p ?o }", None),
        ("ASK FROM e:a {}", None),
        ("ASK FROM", None),
        ("ASK FROM NAMED", None),
        ("PREFIX FROM <http://e/a>", None),
        ("ASK FROM ?x {}", None),
        ("ASK FROM NAMED 5 {}", None),
        ("", None),
    ],
)
def test_within(text: str, expected: Dataset | None) -> None:
    assert Dataset.within(text, "http://e/") == expected


def test_a_relative_name_without_anything_that_it_is_relative_to() -> None:
    assert Dataset.within("ASK FROM <b> {}", None) is None


def test_beside() -> None:
    question = Question(
        "ASK {}", default_graphs=("http://e/a", "http://e/b", "http://e/a"), named_graphs=("http://e/b",)
    )
    assert Dataset.beside(question) == Dataset((A, B), (B,))
    assert Dataset.beside(Question("ASK FROM <http://e/a> {}")) is None
    assert Dataset.beside(Question("ASK {}", named_graphs=())) == Dataset((), ())
    with pytest.raises(QueryRefusedError, match="not an absolute IRI"):
        Dataset.beside(Question("ASK {}", named_graphs=("b",)))


def test_without_clauses() -> None:
    text = "PREFIX e: <http://e/> SELECT *\nFROM e:a\nFROM NAMED <b># FROM\n{ ?s ?p 'FROM <c>' }"
    assert without_clauses(text) == "PREFIX e: <http://e/> SELECT *\n \n # FROM\n{ ?s ?p 'FROM <c>' }"
    assert without_clauses("ASK {}") == "ASK {}"
