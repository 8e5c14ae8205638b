"""Asking a SPARQL endpoint elsewhere, whose address the user named."""

import http.client
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from crmgraph.errors import EngineError, QueryTimeoutError, UsageError
from crmgraph.sparql.formats import by_media_type
from crmgraph.sparql.question import Answer, Question

__all__ = ["ask_endpoint"]

_MOST = 256 * 2**20
_MOST_SAID = 2000


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The user named one address: no other is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def ask_endpoint(endpoint: str, question: Question, seconds: float) -> Answer:
    """The answer of the SPARQL 1.1 endpoint at `endpoint` (POST, form-encoded; SPARQL 1.1 Protocol, 2.1.2).

    Raises UsageError for an address that is none, EngineError for what the endpoint refuses or fails to do or answers
    in part or in another form, QueryTimeoutError where all of it takes longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    request = _request(endpoint, question)
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=seconds) as response:
            return _answer(endpoint, question, response, deadline)
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(_MOST_SAID).decode("utf-8", "replace").strip()
        raise EngineError(f"{endpoint} answered {error.code} {error.reason}: {said}") from None
    except http.client.InvalidURL:
        raise _no_address(endpoint) from None
    except (http.client.HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            raise QueryTimeoutError(f"{endpoint} took longer than {seconds:g} seconds") from None
        what = "cannot be reached" if isinstance(error, urllib.error.URLError) else "gives no whole answer"
        raise EngineError(f"{endpoint} {what}: {reason or type(reason).__name__}") from None


def _request(endpoint: str, question: Question) -> urllib.request.Request:
    try:
        address = urlsplit(endpoint)
        usable = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        usable = False
    if not usable or not endpoint.isprintable() or " " in endpoint or not endpoint.isascii():
        raise _no_address(endpoint)
    accept = ", ".join(kind for kind in (question.result_type, question.graph_type) if kind)
    return urllib.request.Request(  # noqa: S310 - http or https, as checked above
        endpoint,
        urlencode({"query": question.text}).encode(),
        {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "crmgraph"},
    )


def _no_address(endpoint: str) -> UsageError:
    return UsageError(f"--endpoint is an http or https address, not {endpoint}")


def _answer(endpoint: str, question: Question, response: http.client.HTTPResponse, deadline: float) -> Answer:
    given = response.headers.get_content_type() if "Content-Type" in response.headers else "no media type"
    format = by_media_type(given)
    media_type = format.media_type if format else given
    if media_type not in (question.result_type, question.graph_type):
        wanted = " or ".join(kind for kind in (question.result_type, question.graph_type) if kind)
        raise EngineError(f"{endpoint} answered with {given} and not with {wanted}; see whether a query is asked there")
    body = _read(endpoint, response, deadline)
    return Answer(body, media_type, "SELECT" if media_type == question.result_type else "CONSTRUCT")


def _read(endpoint: str, response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The whole body. The time limit of a socket begins anew with each piece of it, so this one is watched here."""
    expected = response.length
    body = bytearray()
    while piece := response.read1(2**16):
        body += piece
        if len(body) > _MOST:
            raise EngineError(f"{endpoint} answered with more than {_MOST:,} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError
    if expected is not None and len(body) < expected:
        raise EngineError(f"{endpoint} broke off after {len(body):,} of {expected:,} bytes; ask again")
    return bytes(body)
