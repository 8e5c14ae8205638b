"""A SPARQL endpoint elsewhere, asked by HTTP (SPARQL 1.1 Protocol, 2.1.2): once, or as the engine of the service."""

import base64
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from threading import Event
from urllib.parse import urlencode, urlsplit

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from crmgraph.errors import (
    AbandonedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteError,
    UnavailableError,
    UsageError,
)
from crmgraph.sparql.engine import Answer, Engine, Question
from crmgraph.sparql.evaluation import media_type_of
from crmgraph.sparql.formats import by_media_type
from crmgraph.sparql.messages import ABANDONED
from crmgraph.sparql.results import write_graph, write_results
from crmgraph.sparql.rewriting import for_engine
from crmgraph.sparql.states import state_as_built, state_when_written
from crmgraph.sparql.validation import inspect
from crmgraph.wording import Bilingual

__all__ = ["RemoteEngine", "ask_endpoint", "authorization"]

_LARGEST = 256 * 2**20
"""Bytes that an answer may have."""

_LARGEST_ERROR = 2000
"""Bytes that are read of a message of the endpoint."""

_FRESH = 60.0
"""Seconds for which the state of the data on the engine is taken as known."""

_RESULTS, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_SIZES = Question("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", graph_type=None)
_ENGINE = Bilingual("The engine that holds the data", "El motor que guarda los datos")


class RemoteEngine(Engine):
    """Asks an endpoint that holds the dataset with this digest and these graphs, given with their sizes.

    It is only read. Its answers are read and written again, so that they come in every syntax. Others may change its
    data: `state` is another one at least once a minute, and tells from the sizes whether the data are as built.
    """

    def __init__(
        self, endpoint: str, digest: str, graphs: Mapping[str, int], headers: Mapping[str, str] | None = None
    ) -> None:
        self._endpoint = endpoint
        self._digest = digest
        self._graphs = graphs
        self._headers = dict(headers or {})
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
        rows = parse_query_results(self._ask(_SIZES, seconds, None).body, QueryResultsFormat.JSON)
        assert isinstance(rows, QuerySolutions)
        sizes = {row["g"].value: int(row["n"].value) for row in rows}
        if sizes.keys().isdisjoint(self._graphs):
            raise RemoteError(_NO_DATASET)
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
        outline = inspect(text, question.longest)
        media_type = media_type_of(question, outline)
        is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
        base = f"BASE <{question.base_iri}>\n" if question.base_iri else ""
        asked = replace(
            question,
            text=base + for_engine(text),
            result_type=None if is_graph else _RESULTS,
            graph_type=_N_TRIPLES if is_graph else None,
        )
        said = self._ask(asked, seconds, gone)
        try:
            if is_graph:
                triples = dict.fromkeys(quad.triple for quad in parse(said.body, RdfFormat.N_TRIPLES))
                body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes})
            else:
                body = write_results(parse_query_results(said.body, QueryResultsFormat.JSON), media_type)
        except (SyntaxError, ValueError):
            raise RemoteError(_NO_ANSWER) from None
        return Answer(body, media_type, outline.form or "", outline.lasting)

    def _ask(self, question: Question, seconds: float, gone: Event | None) -> Answer:
        return ask_endpoint(self._endpoint, question, seconds, _ENGINE, self._headers, gone)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: one address was named, and no other is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def authorization(user: str, password: str, token: str) -> dict[str, str]:
    """Return the header that says who asks: by a bearer token, by user and password (Basic), or none at all."""
    if token:
        return {"Authorization": f"Bearer {token}"}
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {basic}"} if user else {}


def ask_endpoint(
    endpoint: str,
    question: Question,
    seconds: float,
    name: Bilingual | None = None,
    headers: Mapping[str, str] | None = None,
    gone: Event | None = None,
) -> Answer:
    """Return the answer of the endpoint at an http or https address, in a type that the question wants.

    Messages call it by `name`, or else by its address. Raises UsageError for an address that is none, QuerySyntaxError
    for what the endpoint does not take as a query, UnavailableError where it cannot be reached, RemoteError for what it
    refuses, answers in part or in another form, QueryTimeoutError where all of it takes longer than `seconds`, and
    AbandonedError where `gone` is set.
    """
    name = name or Bilingual(endpoint, endpoint)
    deadline = time.monotonic() + seconds
    request = _request(endpoint, question, headers or {})
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=seconds) as response:
            return _answer(name, question, response, deadline, gone)
    except urllib.error.HTTPError as error:
        with error:
            said = " ".join(error.read(_LARGEST_ERROR).decode("utf-8", "replace").split())
        kind = QuerySyntaxError if error.code == 400 else UnavailableError if error.code == 503 else RemoteError
        status = f"{error.code} {error.reason}: {said}"
        raise kind(_told(name, f"answered {status}", f"respondió {status}")) from None
    except (http.client.HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            raise QueryTimeoutError(
                _told(name, f"took longer than {seconds:g} seconds", f"tardó más de {seconds:g} segundos")
            ) from None
        if isinstance(error, urllib.error.URLError):
            raise UnavailableError(_told(name, f"cannot be reached: {reason}", f"no responde: {reason}")) from None
        fault = reason or type(reason).__name__
        raise RemoteError(
            _told(name, f"gives no whole answer: {fault}", f"no da una respuesta entera: {fault}")
        ) from None


def _request(endpoint: str, question: Question, headers: Mapping[str, str]) -> urllib.request.Request:
    try:
        address = urlsplit(endpoint)
        usable = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        usable = False
    if not usable or not endpoint.isprintable() or " " in endpoint or not endpoint.isascii() or "@" in address.netloc:
        raise UsageError(f"an endpoint has an http or https address, without user and password in it, not {endpoint}")
    accept = ", ".join(kind for kind in (question.result_type, question.graph_type) if kind)
    form = [("query", question.text)]
    form += [("default-graph-uri", iri) for iri in question.default_graphs or ()]
    form += [("named-graph-uri", iri) for iri in question.named_graphs or ()]
    return urllib.request.Request(  # noqa: S310 - http or https, as checked above
        endpoint,
        urlencode(form).encode(),
        {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "crmgraph", **headers},
    )


def _answer(
    name: Bilingual, question: Question, response: http.client.HTTPResponse, deadline: float, gone: Event | None
) -> Answer:
    given = response.headers.get_content_type() if "Content-Type" in response.headers else "no media type"
    format = by_media_type(given)
    media_type = format.media_type if format else given
    if media_type not in (question.result_type, question.graph_type):
        wanted = " or ".join(kind for kind in (question.result_type, question.graph_type) if kind)
        raise RemoteError(
            _told(
                name,
                f"answered with {given} and not with {wanted}; see whether a query is asked there",
                f"respondió con {given} y no con {wanted}",
            )
        )
    expected = response.length
    body = bytearray()
    # The time limit of a socket begins anew with each part, so that of the whole is looked after here.
    while part := response.read1(2**16):
        body += part
        if len(body) > _LARGEST:
            raise RemoteError(
                _told(name, f"answered with more than {_LARGEST:,} bytes", f"respondió con más de {_LARGEST:,} bytes")
            )
        if gone is not None and gone.is_set():
            raise AbandonedError(ABANDONED)
        if time.monotonic() > deadline:
            raise TimeoutError
    if expected is not None and len(body) < expected:
        raise RemoteError(
            _told(
                name,
                f"broke off after {len(body):,} of {expected:,} bytes; ask again",
                f"se interrumpió tras {len(body):,} de {expected:,} bytes; vuelva a preguntar",
            )
        )
    return Answer(bytes(body), media_type, "SELECT" if media_type == question.result_type else "CONSTRUCT")


def _told(name: Bilingual, english: str, spanish: str) -> Bilingual:
    return Bilingual(f"{name} {english}", f"{name.spanish} {spanish}")


_NO_ANSWER = Bilingual(
    "What the engine that holds the data sent is no answer to this query.",
    "Lo que envió el motor que guarda los datos no es una respuesta a esta consulta.",
)
_NO_DATASET = Bilingual(
    "The engine has no graph of the dataset that was built here; load the N-Quads of the dataset into it.",
    "El motor no tiene ningún grafo del conjunto de datos construido aquí; cargue en él los N-Quads del conjunto.",
)
