"""What a name in a query stands for."""

import pytest
from pyoxigraph import NamedNode

from crmgraph.sparql.dataset import iris_written


@pytest.mark.parametrize(
    ("prologue", "names", "meant"),
    [
        ("", ["<http://e/a>"], ["http://e/a"]),
        ("PREFIX p: <http://e/>", ["p:a", "p:b\\-c", "p:a"], ["http://e/a", "http://e/b-c", "http://e/a"]),
        ("BASE <http://o/> PREFIX p: <sub/>", ["<a>", "p:a"], ["http://o/a", "http://o/sub/a"]),
        ("", ["<a>", "<\\u0061>"], ["http://base/a", "http://base/a"]),
    ],
)
def test_a_name_means_what_it_means_in_the_query(prologue: str, names: list[str], meant: list[str]) -> None:
    iris = iris_written(names, prologue, "http://base/")
    assert iris == [NamedNode(iri) for iri in meant]


@pytest.mark.parametrize(
    ("prologue", "names"),
    [
        ("", ["p:a"]),
        ("PREFIX p:", ["p:a"]),
        ("", ["<a b>"]),
        ("", ["<http://e/a>", "5"]),
        ("", []),
        ("SELECT", ["<a>"]),
    ],
)
def test_what_is_no_name_means_nothing(prologue: str, names: list[str]) -> None:
    assert iris_written(names, prologue, "http://base/") is None
