"""The document from the graph alone."""

import unicodedata

import pyoxigraph
import pytest
from hypothesis import given, settings
from pyoxigraph import Quad, RdfFormat, Store

from crmgraph.describing.passages import describe_source
from crmgraph.errors import UsageError
from crmgraph.exporting.render import render
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import Attachment
from crmgraph.reading.source import Source
from crmgraph.resources import resource
from tests.support import tables

NAMES = Names()
SOURCE = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")


def shape(text: str) -> list[tuple[str, str, str | None, str, Attachment]]:
    plan = read_plan_text(Source(text), "crm")
    return [(part.id, part.kind, part.number, tidy(part.text), part.attached_by) for part, _ in plan.walk()]


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_the_document_from_the_graph_is_the_document_but_for_blank_space(store: Store) -> None:
    assert folded(render(store, "crm", NAMES)) == folded(SOURCE)


def test_what_is_rendered_is_read_as_the_same_plan(store: Store) -> None:
    assert shape(render(store, "crm", NAMES)) == shape(SOURCE)


def source_store(plan: Plan) -> Store:
    store = Store()
    triples = pyoxigraph.parse(
        describe_source(plan, NAMES).serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES
    )
    graph = pyoxigraph.NamedNode(NAMES.graph("source", plan.id))
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return store


@settings(max_examples=40)
@given(tables.plans(), tables.STYLES)
def test_random_plans_are_rendered_as_they_were_written(made: tuple[tables.Theme, ...], style: tables.Style) -> None:
    text = tables.write_table(made, style).decode("utf-8-sig")
    store = source_store(read_plan_text(Source(text), "random"))
    assert folded(render(store, "random", NAMES)) == folded(text)


@pytest.mark.parametrize("plan", ["nothing", "a b", "x> FROM <https://w3id.org/crmgraph/graph/source/crm"])
def test_an_unknown_plan(store: Store, plan: str) -> None:
    with pytest.raises(UsageError, match=f"no plan {plan}"):
        render(store, plan, NAMES)
