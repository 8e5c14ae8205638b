"""Statements of a store with their graphs."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from crmgraph.inferring.records import StoreRecords

A, P, B = (NamedNode(f"https://example.org/{name}") for name in "apb")
ASSERTED, INFERRED = "https://example.org/asserted", "https://example.org/inferred"


@pytest.fixture
def records() -> StoreRecords:
    store = Store()
    store.load(f"<{A.value}> <{P.value}> <{B.value}> .".encode(), format=RdfFormat.TURTLE, to_graph=NamedNode(INFERRED))
    store.load(
        f'<{A.value}> <{P.value}> <{B.value}> , "x" . <{B.value}> <{P.value}> 3 .'.encode(),
        format=RdfFormat.TURTLE,
        to_graph=NamedNode(ASSERTED),
    )
    store.load(f"<{B.value}> <{P.value}> 4 .".encode(), format=RdfFormat.TURTLE, to_graph=NamedNode(INFERRED))
    return StoreRecords(store, INFERRED)


def test_a_statement_of_two_graphs_is_one_statement(records: StoreRecords) -> None:
    assert list(records.match(A, P, B)) == [(A, P, B)]
    assert len(list(records.match(None, None, None))) == 4
    assert records.graphs((A, P, B)) == (ASSERTED, INFERRED)


def test_only_what_was_inferred_alone_is_not_asserted(records: StoreRecords) -> None:
    four = next(value for _, _, value in records.match(B, P, None) if value.value == "4")
    assert records.is_asserted((A, P, B))
    assert not records.is_asserted((B, P, four))
    assert not records.is_asserted((B, P, A))


def test_what_no_statement_can_begin_with(records: StoreRecords) -> None:
    assert list(records.match(Literal("x"), None, None)) == []
    assert list(records.match(None, Literal("x"), None)) == []
    assert records.graphs((Literal("x"), P, B)) == records.graphs((A, Literal("x"), B)) == ()
