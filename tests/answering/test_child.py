"""How a process ended, as whoever waits for it is told."""

from collections.abc import Iterator

import pytest
from crmgraph.sparql.nursery import Nursery

from crmgraph.errors import EngineError, LimitError
from crmgraph.sparql.process import Child, Start, spawn
from crmgraph.wording import Bilingual

pytestmark = pytest.mark.drill

WORK = Bilingual("query", "consulta")
ADVICE = Bilingual("Ask for less.", "Pida menos.")


@pytest.fixture(params=["spawned", "forked"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    nursery = Nursery()
    yield spawn if request.param == "spawned" else nursery.start
    nursery.close()


def ended(start: Start, told: str) -> Child:
    """A process that ended because it was told something, and was heard no more."""
    child = Child("tests.support.echo", (), WORK, ADVICE, 2**28, start)
    child.pipe.recv()
    child.pipe.send(told)
    with pytest.raises(EOFError):
        child.pipe.recv()
    return child


# One with little priority may be long in ending while others are at work.
@pytest.mark.parametrize("told", ["abort", "fade"])
def test_one_that_took_too_much_memory_is_told_of_so(start: Start, told: str) -> None:
    child = ended(start, told)
    assert isinstance(child.epitaph(), LimitError)
    assert child.end_reason == "memory"
    child.end()


def test_one_that_was_nested_too_deeply_is_told_of_so(start: Start) -> None:
    child = ended(start, "segv")
    assert isinstance(child.epitaph(), LimitError)
    assert child.end_reason == "nesting"
    child.end()


def test_one_that_ended_otherwise_is_the_engines_fault(start: Start) -> None:
    child = ended(start, "fail")
    said = child.epitaph()
    assert isinstance(said, EngineError)
    assert not isinstance(said, LimitError)
    assert "status 1" in str(said)
    child.end()
