"""Queries as newcomers wrote them: answered as when their answers were compared with the document."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import QuerySolutions, Store

QUERIES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("natural.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("asked", QUERIES, ids=lambda asked: asked["id"])
def test_query_as_first_written(store: Store, asked: dict[str, Any]) -> None:
    solutions = store.query(asked["query"], use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    firsts = [next((str(term.value) for term in row if term is not None), "") for row in solutions]
    assert len(firsts) == asked["rows"]
    assert min(firsts, default="").startswith(asked.get("row", ""))
