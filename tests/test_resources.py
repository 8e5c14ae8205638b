"""Ontology, data and queries are found wherever crmgraph is installed."""

import pytest

from crmgraph.resources import resource


@pytest.mark.parametrize(
    ("name", "file"),
    [("ontology", "crmgraph.ttl"), ("data", "source/crm.txt"), ("queries", "theme-counts.rq")],
)
def test_each_folder_is_there(name: str, file: str) -> None:
    assert (resource(name) / file).is_file()
