"""A SPARQL endpoint that was named, asked by HTTP (SPARQL 1.1 Protocol, 2.1.2): once, or as an engine."""

import base64
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from threading import Event

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from crmgraph.errors import (
    AnswerError,
    Bilingual,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteError,
    UnavailableError,
)
from crmgraph.federation.fetching import Allowed, Fetcher
from crmgraph.sparql.engine import Answer, Engine, Limit, Question, state_as_built, state_when_written, timeout_message
from crmgraph.sparql.formats import format_of_media_type
from crmgraph.sparql.results import write_graph, write_results
from crmgraph.sparql.rewriting import adapt_for_engine
from crmgraph.sparql.syntax import outline_query
from crmgraph.sparql.worker import media_type_of

_LARGEST = 256 * 2**20
"""Bytes that an answer may have."""

_LARGEST_ERROR = 2000
"""Bytes that are told of a message of the endpoint."""

_FRESH = 60.0
"""Seconds for which the state of the data on the engine is taken as known."""

_RESULTS, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_SIZES = Question("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", graph_type=None)


class RemoteEngine(Engine):
    """Asks an endpoint that holds the dataset with this digest and these graphs, given with their sizes.

    It is only read. Its answers are read and written again, so that they come in every syntax. Others may change its
    data: `state` is another one at least once a minute, and tells from the sizes whether the data are as built.
    Messages do not tell where it is. Raises UsageError for an address that is none.
    """

    def __init__(
        self, endpoint: str, digest: str, graphs: Mapping[str, int], headers: Mapping[str, str] | None = None
    ) -> None:
        self._endpoint = endpoint
        self._digest = digest
        self._graphs = graphs
        self._headers = headers or {}
        self._fetcher = _fetcher(endpoint)
        self._state = state_when_written(digest)
        self._known_until = 0.0

    @property
    def state(self) -> str:
        """See Engine."""
        return self._state

    def refresh(self, seconds: float) -> None:
        """See Engine. Raises RemoteError where no graph of the dataset is there."""
        if time.monotonic() < self._known_until:
            return
        rows = parse_query_results(self._ask(_SIZES, Limit(seconds)).body, QueryResultsFormat.JSON)
        assert isinstance(rows, QuerySolutions)
        sizes = {row["g"].value: int(row["n"].value) for row in rows}
        if sizes.keys().isdisjoint(self._graphs):
            raise RemoteError(
                Bilingual(
                    "The engine has no graph of the dataset that was built here; load the N-Quads of the dataset "
                    "into it.",
                    "El motor no tiene ningún grafo del conjunto de datos construido aquí; cargue en él los N-Quads "
                    "del conjunto.",
                )
            )
        is_as_built = all(sizes.get(graph, 0) == size for graph, size in self._graphs.items())
        self._state = state_as_built(self._digest) if is_as_built else state_when_written(self._digest)
        self._known_until = time.monotonic() + _FRESH

    def answer(
        self,
        question: Question,
        seconds: float,
        gone: Event | None = None,
        in_parts: bool = False,  # noqa: ARG002 - answers are whole
    ) -> Answer:
        """Return the answer (see Engine)."""
        self.refresh(seconds)
        text = question.text.removeprefix("\ufeff")
        outline = outline_query(text, question.longest)
        media_type = media_type_of(question, outline)
        is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
        base = f"BASE <{question.base_iri}>\n" if question.base_iri else ""
        asked = replace(
            question,
            text=base + adapt_for_engine(text),
            result_type=None if is_graph else _RESULTS,
            graph_type=_N_TRIPLES if is_graph else None,
        )
        said = self._ask(asked, Limit(seconds, gone=gone))
        try:
            if is_graph:
                triples = dict.fromkeys(quad.triple for quad in parse(said.body, RdfFormat.N_TRIPLES))
                body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes})
            else:
                body = write_results(parse_query_results(said.body, QueryResultsFormat.JSON), media_type)
        except (SyntaxError, ValueError):
            raise RemoteError(_NO_ANSWER) from None
        return Answer(body, media_type, outline.form or "", outline.is_deterministic)

    def close(self) -> None:
        """See Engine."""
        self._fetcher.close()

    def _ask(self, question: Question, limit: Limit) -> Answer:
        try:
            return _asked(
                self._fetcher,
                self._endpoint,
                question,
                limit,
                self._headers,
                Bilingual("The engine that holds the data", "El motor que guarda los datos"),
            )
        except QueryTimeoutError:
            raise QueryTimeoutError(timeout_message(limit.seconds)) from None
        except UnavailableError:
            raise UnavailableError(
                Bilingual(
                    "The engine that holds the data cannot be reached, or cannot answer now. Ask again later.",
                    "No se puede llegar al motor que guarda los datos, o ahora no puede responder. Vuelva a "
                    "preguntar más tarde.",
                )
            ) from None
        except (RemoteError, QueryRefusedError):
            raise RemoteError(_NO_ANSWER) from None


def authorization(user: str, password: str, token: str) -> dict[str, str]:
    """Return the header that says who asks: by a bearer token, by user and password (Basic), or none at all."""
    if token:
        return {"Authorization": f"Bearer {token}"}
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {basic}"} if user else {}


def ask_endpoint(endpoint: str, question: Question, seconds: float) -> Answer:
    """Return the answer of the endpoint at an http or https address, in a type that the question wants.

    Raises UsageError for an address that is none, QuerySyntaxError for what the endpoint does not take as a query,
    UnavailableError where it cannot be reached, RemoteError for what it refuses, answers in part or in another form,
    QueryTimeoutError where all of it takes longer than `seconds`.
    """
    with closing(_fetcher(endpoint)) as fetcher:
        return _asked(fetcher, endpoint, question, Limit(seconds), {}, Bilingual(endpoint, endpoint))


def _fetcher(endpoint: str) -> Fetcher:
    return Fetcher(Allowed([endpoint], setting="endpoint", is_trusted=True), _LARGEST)


def _asked(
    fetcher: Fetcher, endpoint: str, question: Question, limit: Limit, headers: Mapping[str, str], name: Bilingual
) -> Answer:
    """Return the answer of an endpoint, which messages call by this name."""
    wanted = [kind for kind in (question.result_type, question.graph_type) if kind]
    form = {
        "query": question.text,
        "default-graph-uri": question.default_graphs or (),
        "named-graph-uri": question.named_graphs or (),
    }
    said = fetcher.post_query(endpoint, form, ", ".join(wanted), limit, headers)
    if said.status != 200:
        words = " ".join(said.body[:_LARGEST_ERROR].decode("utf-8", "replace").split())
        kind: type[AnswerError] = {400: QuerySyntaxError, 503: UnavailableError}.get(said.status, RemoteError)
        raise kind(
            Bilingual(
                f"{name} answered {said.status}: {words}",
                f"{name.spanish} respondió {said.status}: {words}",
            )
        )
    known = format_of_media_type(said.media_type)
    media_type = known.media_type if known else said.media_type
    if media_type not in wanted:
        given, types = said.media_type or "no media type", " or ".join(wanted)
        raise RemoteError(
            Bilingual(
                f"{name} answered with {given} and not with {types}; see whether a query is asked there",
                f"{name.spanish} respondió con {given} y no con {types}; compruebe si ahí se preguntan consultas",
            )
        )
    return Answer(said.body, media_type, "SELECT" if media_type == question.result_type else "CONSTRUCT")


_NO_ANSWER = Bilingual(
    "The engine that holds the data gave no whole answer to this query.",
    "El motor que guarda los datos no dio una respuesta entera a esta consulta.",
)
