"""Another endpoint: a store of its own behind HTTP, that notes what it was asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from crmgraph.sparql.pool import Pool
from tests.support.elsewhere import Asked, Elsewhere, Reply, elsewhere
from tests.support.stores import EX

THERE = f"""
@prefix : <{EX}> .
:ana :likes :tea , :maté . :bob :likes :maté ; :height 1.80 .
:eve :likes "nothing \\"at all\\"\\n"@en . :n1 :likes :n2 .
:zoe :likes [] .
"""


@dataclass
class Remote:
    """An endpoint elsewhere, and how it answers instead of as it should."""

    store: Store = field(default_factory=Store)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    server: Elsewhere = field(default_factory=Elsewhere)

    @property
    def url(self) -> str:
        return f"{self.server.url}/sparql"

    @property
    def queries(self) -> list[str]:
        """The queries that it was asked."""
        return [each.form["query"][0] for each in self.server.asked]

    def answer(self, asked: Asked) -> Reply:
        body = self.body
        if body is None:
            body = self.store.query(asked.form["query"][0]).serialize(format=QueryResultsFormat.JSON)  # type: ignore[arg-type]
        return Reply(body or b"", status=self.status, headers=self.headers)


@pytest.fixture(scope="session")
def served() -> Iterator[Remote]:
    there = Remote()
    with elsewhere(there.answer) as there.server:
        yield there


@pytest.fixture
def remote(served: Remote) -> Iterator[Remote]:
    """The endpoint as it is at first."""
    served.server.free.set()
    served.server.asked.clear()
    served.status, served.headers, served.body = 200, {}, None
    served.store.clear()
    served.store.load(THERE.encode(), format=RdfFormat.TURTLE)
    yield served
    served.server.free.set()


@pytest.fixture(scope="session")
def pool(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**28, workers=2) as pool:
        yield pool
