"""Dumps that say the same as the dataset."""

import io
import re

import pyoxigraph
import pytest
from pyoxigraph import Quad, RdfFormat, Store

from crmgraph.errors import UsageError
from crmgraph.exporting import export
from crmgraph.exporting.render import render
from crmgraph.namespaces import Names
from crmgraph.resources import resource

NAMES = Names()
SOURCE = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")


def written(store: Store, format: str, graph: str | None = None) -> bytes:
    out = io.BytesIO()
    export(store, format, out, NAMES, graph)
    return out.getvalue()


def test_the_plan_as_text_is_one_of_the_formats(store: Store) -> None:
    assert written(store, "render").decode() == render(store, "crm", NAMES)


@pytest.mark.parametrize("name", ["nothing", "a b", "plan/crm> {} #"])
def test_an_unknown_graph(store: Store, name: str) -> None:
    with pytest.raises(UsageError, match=f"no graph {re.escape(name)}; there are catalog, findings"):
        written(store, "ttl", name)


def test_each_dump_says_what_the_dataset_says(store: Store) -> None:
    whole = set(store)

    def parsed(format: str, syntax: RdfFormat) -> set[Quad]:
        return set(pyoxigraph.parse(written(store, format), syntax))

    assert parsed("nq", RdfFormat.N_QUADS) == whole
    assert parsed("jsonld", RdfFormat.JSON_LD) == whole
    assert {q.triple for q in parsed("ttl", RdfFormat.TURTLE)} == {q.triple for q in whole}


def test_one_graph_alone(store: Store) -> None:
    graph = pyoxigraph.NamedNode(NAMES.graph("plan", "crm"))
    lines = written(store, "nq", "plan/crm").decode().splitlines()
    assert len(lines) == sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
    assert lines == sorted(lines)
    assert all(line.endswith(f"<{graph.value}> .") for line in lines)
