"""SPARQL endpoints queried over HTTP (SPARQL 1.1 Protocol, 2.1.2): as an engine for the dataset, or for one query."""

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
from crmgraph.federation.fetching import AllowedUrls, Fetcher
from crmgraph.sparql.engine import Answer, Engine, Limit, Question, state_as_built, state_when_written, timeout_message
from crmgraph.sparql.formats import format_of_media_type
from crmgraph.sparql.results import write_graph, write_results
from crmgraph.sparql.rewriting import adapt_for_engine
from crmgraph.sparql.syntax import outline_query
from crmgraph.sparql.worker import media_type_of

_MAX_ANSWER = 256 * 2**20
"""The largest answer that is accepted, in bytes."""

_MAX_ERROR_SHOWN = 2000
"""The most bytes of an endpoint's error message that are shown."""

_STATE_LIFETIME = 60.0
"""Seconds until the state of the remote data is checked again."""

_RESULTS, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_GRAPH_SIZES_QUERY = Question("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", graph_type=None)


class RemoteEngine(Engine):
    """An engine that queries a remote SPARQL endpoint which holds the dataset.

    `digest` is the digest of the built dataset, and `graphs` maps the IRI of each of its graphs to the number of its
    statements. `headers` are sent with each request. Answers are parsed and serialised again, so all syntaxes are
    available. The engine never writes.

    Other programs may change the remote data. So `refresh` compares the sizes of the graphs at most once a minute and
    then sets a new `state`. Error messages do not contain the address. Raises UsageError for an invalid address.
    """

    def __init__(
        self, endpoint: str, digest: str, graphs: Mapping[str, int], headers: Mapping[str, str] | None = None
    ) -> None:
        self._endpoint = endpoint
        self._digest = digest
        self._graphs = graphs
        self._headers = headers or {}
        self._fetcher = _fetcher_for(endpoint)
        self._state = state_when_written(digest)
        self._state_expires = 0.0

    @property
    def state(self) -> str:
        """See Engine."""
        return self._state

    def refresh(self, seconds: float) -> None:
        """See Engine. Raises RemoteError if the endpoint has no graph of the dataset."""
        if time.monotonic() < self._state_expires:
            return
        rows = parse_query_results(self._ask(_GRAPH_SIZES_QUERY, Limit(seconds)).body, QueryResultsFormat.JSON)
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
        self._state_expires = time.monotonic() + _STATE_LIFETIME

    def answer(
        self,
        question: Question,
        seconds: float,
        cancel_event: Event | None = None,
        in_parts: bool = False,  # noqa: ARG002 - answers are whole
    ) -> Answer:
        """See Engine."""
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
        response = self._ask(asked, Limit(seconds, cancel_event=cancel_event))
        try:
            if is_graph:
                triples = dict.fromkeys(quad.triple for quad in parse(response.body, RdfFormat.N_TRIPLES))
                body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes})
            else:
                body = write_results(parse_query_results(response.body, QueryResultsFormat.JSON), media_type)
        except (SyntaxError, ValueError):
            raise RemoteError(_NO_WHOLE_ANSWER) from None
        return Answer(body, media_type, outline.form or "", outline.is_deterministic)

    def close(self) -> None:
        """See Engine."""
        self._fetcher.close()

    def _ask(self, question: Question, limit: Limit) -> Answer:
        try:
            return _query_endpoint(
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
            raise RemoteError(_NO_WHOLE_ANSWER) from None


def authorization_header(user: str, password: str, token: str) -> dict[str, str]:
    """Return the Authorization header for a bearer `token`, or for `user` and `password` (Basic).

    Return no header if neither is given.
    """
    if token:
        return {"Authorization": f"Bearer {token}"}
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {basic}"} if user else {}


def ask_endpoint(endpoint: str, question: Question, seconds: float) -> Answer:
    """Return the answer of a SPARQL endpoint, in one of the media types of the question.

    Raises UsageError for an invalid address, QuerySyntaxError if the endpoint rejects the query, UnavailableError if
    the endpoint is unreachable, RemoteError for another error status, an incomplete answer or another media type, and
    QueryTimeoutError after `seconds`.
    """
    with closing(_fetcher_for(endpoint)) as fetcher:
        return _query_endpoint(fetcher, endpoint, question, Limit(seconds), {}, Bilingual(endpoint, endpoint))


def _fetcher_for(endpoint: str) -> Fetcher:
    return Fetcher(AllowedUrls([endpoint], setting="endpoint", is_trusted=True), _MAX_ANSWER)


def _query_endpoint(
    fetcher: Fetcher, endpoint: str, question: Question, limit: Limit, headers: Mapping[str, str], name: Bilingual
) -> Answer:
    """Return the answer of an endpoint; error messages call the endpoint by `name`."""
    wanted = [kind for kind in (question.result_type, question.graph_type) if kind]
    form = {
        "query": question.text,
        "default-graph-uri": question.default_graphs or (),
        "named-graph-uri": question.named_graphs or (),
    }
    response = fetcher.post_query(endpoint, form, ", ".join(wanted), limit, headers)
    if response.status != 200:
        words = " ".join(response.body[:_MAX_ERROR_SHOWN].decode("utf-8", "replace").split())
        kind: type[AnswerError] = {400: QuerySyntaxError, 503: UnavailableError}.get(response.status, RemoteError)
        raise kind(
            Bilingual(
                f"{name} answered {response.status}: {words}",
                f"{name.spanish} respondió {response.status}: {words}",
            )
        )
    known = format_of_media_type(response.media_type)
    media_type = known.media_type if known else response.media_type
    if media_type not in wanted:
        given, types = response.media_type or "no media type", " or ".join(wanted)
        raise RemoteError(
            Bilingual(
                f"{name} answered with {given} and not with {types}; see whether a query is asked there",
                f"{name.spanish} respondió con {given} y no con {types}; compruebe si ahí se preguntan consultas",
            )
        )
    return Answer(response.body, media_type, "SELECT" if media_type == question.result_type else "CONSTRUCT")


_NO_WHOLE_ANSWER = Bilingual(
    "The engine that holds the data gave no whole answer to this query.",
    "El motor que guarda los datos no dio una respuesta entera a esta consulta.",
)
