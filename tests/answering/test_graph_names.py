"""Names of graphs: absolute IRIs, or a word about it."""

import pytest

from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.dataset import graph_named


def test_an_absolute_iri() -> None:
    assert graph_named("http://e/ñ").value == "http://e/ñ"


@pytest.mark.parametrize("iri", ["", "relative", "http://e/a b", "http://e/%zz", "http://e/\x00"])
def test_anything_else(iri: str) -> None:
    with pytest.raises(QueryRefusedError, match="cannot name a graph") as caught:
        graph_named(iri)
    assert "no puede nombrar un grafo" in caught.value.args[0].spanish
