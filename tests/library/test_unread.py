"""Questions about what only a reader of a plan can say, where nobody has read it."""

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from crmgraph.library import is_unread
from tests.support.questions import LIBRARY

READ = """@prefix cg: <https://w3id.org/crmgraph/ontology#> . @prefix plan: <https://w3id.org/crmgraph/id/plan/> .
<https://w3id.org/crmgraph/id/plan/crm/1> cg:within plan:crm ; cg:participation <urn:x> ; cg:instrumentUse <urn:y> .
<urn:event> cg:toldIn <https://w3id.org/crmgraph/id/plan/crm/1> .
"""
NAMES = ("agent-roles", "role-counts", "body-duties", "agents-without-role", "objective-involvement", "events")


@pytest.fixture(scope="module")
def graph() -> Store:
    store = Store()
    store.load(READ, format=RdfFormat.TURTLE)
    return store


def unread(graph: Store, name: str, **values: str) -> bool:
    def ask(query: str) -> bytes:
        solutions = graph.query(query)
        assert isinstance(solutions, QuerySolutions)
        return solutions.serialize(format=QueryResultsFormat.JSON) or b""

    return is_unread(LIBRARY[name], values, ask)


@pytest.mark.parametrize("name", [*NAMES, "instrument-objectives"])
def test_what_nobody_has_read_in_a_plan_is_unread_there_alone(name: str, graph: Store) -> None:
    assert unread(graph, name, plan="plan/other")
    assert not unread(graph, name, plan="plan/crm")
    assert not unread(graph, name)


def test_what_needs_no_reader_never_is(graph: Store) -> None:
    assert not unread(graph, "theme-counts", plan="plan/other")


def test_every_such_question_is_about_a_plan_or_a_part_of_one() -> None:
    about = [each for each in LIBRARY.values() if each.read]
    assert about
    for each in about:
        names = {one.name for one in each.parameters}
        assert any(f"?{name}" in each.read and name in names for name in ("plan", "objective"))
