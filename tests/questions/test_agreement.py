"""Questions are SPARQL and not one engine's: rdflib reads all of them, and has the same answers."""

import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, Store
from rdflib import BNode, Dataset, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import ResultRow

from crmgraph.library import LibraryQuestion
from tests.support.questions import LIBRARY

# rdflib warns of its own use of what it is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")

# The other engine looks at the whole dataset before it looks at the parameters: these take it a minute or more.
TOO_LONG_FOR_THE_OTHER = {
    "element-statements", "inferred-statements", "statements-without-provenance", "status-counts", "topic-objectives",
}  # fmt: skip
LONGEST = 90  # s
Rows = Counter[tuple[str, ...]]


@pytest.fixture
def in_time() -> Iterator[None]:
    """Ends a question that the other engine multiplies out before it has taken the machine's memory."""

    def too_long(*_: object) -> None:
        pytest.fail(f"rdflib has no answer after {LONGEST} s: is a pattern joined to nothing before it?")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def other(store: Store) -> Any:
    dataset = Dataset(default_union=True)
    for quad in store:
        graph = dataset.graph(URIRef(str(quad.graph_name.value)))
        graph.add((_other_term(quad.subject), URIRef(quad.predicate.value), _other_term(quad.object)))
    return dataset


def _other_term(term: Any) -> Any:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    return RdflibLiteral(term.value, lang=term.language, datatype=None if term.language else term.datatype.value)


def ours(store: Store, question: LibraryQuestion) -> Rows:
    solutions = store.query(question.text, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return Counter(tuple("" if term is None else str(term.value) for term in row) for row in solutions)


def theirs(other: Any, question: LibraryQuestion) -> Rows:
    rows: Rows = Counter()
    for row in other.query(question.text):
        assert isinstance(row, ResultRow)
        rows[tuple("" if term is None else str(term) for term in row)] += 1
    return rows


def test_rdflib_reads_every_question() -> None:
    for question in LIBRARY.values():
        assert prepareQuery(question.text), question.name


@pytest.mark.drill
@pytest.mark.parametrize("name", sorted(LIBRARY.keys() - TOO_LONG_FOR_THE_OTHER))
@pytest.mark.usefixtures("in_time")
def test_rdflib_gives_the_same_rows(name: str, store: Store, other: Any) -> None:
    found = ours(store, LIBRARY[name])
    assert found
    assert found == theirs(other, LIBRARY[name])
