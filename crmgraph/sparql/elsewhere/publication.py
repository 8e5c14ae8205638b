"""What we have on an engine elsewhere: a small graph that says which graphs are ours, and in which state they are."""

from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from crmgraph.errors import RemoteError, UnavailableError
from crmgraph.sparql.elsewhere.connection import RESULTS, Connection
from crmgraph.sparql.limit import Limit
from crmgraph.storing.states import is_as_built, state_as_built, state_when_written
from crmgraph.wording import Bilingual

__all__ = ["Places", "Publication", "read_publication", "whole"]

_DCTERMS = "http://purl.org/dc/terms/"
_DATASET = NamedNode(f"{_DCTERMS}identifier")
_STATE = NamedNode("http://www.w3.org/2002/07/owl#versionInfo")
_GRAPH = NamedNode(f"{_DCTERMS}hasPart")
_FAITHFUL = NamedNode(f"{_DCTERMS}conformsTo")
_STANDARD = "SPARQL 1.1"
_OK = 200


@dataclass(frozen=True)
class Places:
    """The graphs on the engine that are no graphs of the dataset: both below our base, so that nobody else has them."""

    base: str

    @property
    def union(self) -> str:
        """The graph that has each statement of all of ours once: the default graph of the dataset."""
        return f"{self.base}union"

    @property
    def publication(self) -> str:
        """The graph that says what there is."""
        return f"{self.base}publication"

    @property
    def nothing(self) -> str:
        """A graph that is empty, to be named where none is to be asked."""
        return f"{self.base}nothing"

    def are_kept(self, graph: str) -> bool:
        """Whether this graph is one of these."""
        return graph in (self.union, self.publication, self.nothing)


@dataclass(frozen=True)
class Publication:
    """Our graphs on the engine. `dataset` is the digest of the one that was published.

    `state` is another one whenever anything changes; it is empty while that is going on, and where it was broken off.
    `is_faithful` tells whether the engine gave our own answers when it was tried.
    """

    dataset: str
    state: str
    graphs: tuple[str, ...]
    is_faithful: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all is there."""
        return bool(self.state)

    @property
    def is_as_published(self) -> bool:
        """Whether nothing was written since the dataset was published."""
        return is_as_built(self.state)

    @classmethod
    def fresh(cls, dataset: str, graphs: tuple[str, ...], is_faithful: bool) -> "Publication":
        """What there is when a dataset has just been published; the state has never been before."""
        return cls(dataset, state_as_built(dataset), graphs, is_faithful)

    def changed(self, graphs: tuple[str, ...]) -> "Publication":
        """What there is after a write that leaves these graphs."""
        return replace(self, state=state_when_written(self.dataset), graphs=graphs)

    def triples(self, places: Places) -> list[str]:
        """The statements that say so, in N-Triples without the full stop; the state is the last of them."""
        this = NamedNode(places.publication)
        found = [f"{this} {_DATASET} {Literal(self.dataset)}"]
        found += [f"{this} {_GRAPH} {NamedNode(graph)}" for graph in self.graphs]
        found += [f"{this} {_FAITHFUL} {Literal(_STANDARD)}"] if self.is_faithful else []
        return [*found, *([f"{this} {_STATE} {Literal(self.state)}"] if self.state else [])]


def read_publication(connection: Connection, places: Places, limit: Limit) -> Publication | None:
    """What we have there; None where there is nothing of ours. Raises the errors of the connection, and RemoteError."""
    reply = connection.query(
        f"SELECT ?p ?o {{ <{places.publication}> ?p ?o }}", [places.publication], [places.nothing], RESULTS, limit
    )
    try:
        found = parse_query_results(reply.body, QueryResultsFormat.JSON) if reply.status == _OK else None
        if not isinstance(found, QuerySolutions):
            raise RemoteError(_NO_ENGINE)
        said: dict[str, list[str]] = {}
        for row in found:
            said.setdefault(row["p"].value, []).append(row["o"].value)
    except (SyntaxError, KeyError, ValueError, OSError):
        raise RemoteError(_NO_ENGINE) from None
    if not said:
        return None
    states = said.get(_STATE.value, [])
    # Two states are two writers at once: nobody knows what there is.
    state = states[0] if len(states) == 1 else ""
    graphs = tuple(sorted(said.get(_GRAPH.value, [])))
    return Publication(said.get(_DATASET.value, [""])[0], state, graphs, _FAITHFUL.value in said)


def whole(found: Publication | None) -> Publication:
    """The publication, where it is one and whole. Raises UnavailableError where it is not."""
    if found is None or not found.is_whole:
        raise UnavailableError(_UNFINISHED)
    return found


_NO_ENGINE = Bilingual(
    "What answers there is no SPARQL 1.1 engine, or not one that says what it holds.",
    "Lo que responde allí no es un motor de SPARQL 1.1, o no uno que diga lo que guarda.",
)
_UNFINISHED = Bilingual(
    "The data are being published on their engine, or that was broken off. Ask again later; where it lasts, publish "
    "them again.",
    "Los datos se están publicando en su motor, o eso se interrumpió. Vuelva a preguntar más tarde; si persiste, "
    "publíquelos de nuevo.",
)
