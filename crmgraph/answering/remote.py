"""Asking a SPARQL endpoint elsewhere, whose address the user named."""

import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from crmgraph.answering.question import Answer, Question
from crmgraph.errors import EngineError, QueryTimeoutError, UsageError

__all__ = ["ask_endpoint"]

_MOST = 256 * 2**20


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The user named one address: no other is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def ask_endpoint(endpoint: str, question: Question, seconds: float) -> Answer:
    """The answer of the SPARQL 1.1 endpoint at `endpoint` (POST, form-encoded; SPARQL 1.1 Protocol, 2.1.2).

    Raises UsageError for an address that is none, EngineError for what the endpoint refuses or fails to do,
    QueryTimeoutError where it takes longer than `seconds`.
    """
    if urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).netloc:
        raise UsageError(f"--endpoint is an http or https address, not {endpoint}")
    accept = ", ".join(kind for kind in (question.result_type, question.graph_type) if kind)
    request = urllib.request.Request(  # noqa: S310 - http or https, as checked above
        endpoint,
        urlencode({"query": question.text}).encode(),
        {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "crmgraph"},
    )
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=seconds) as response:
            body = response.read(_MOST + 1)
            media_type = response.headers.get_content_type()
    except urllib.error.HTTPError as error:
        said = error.read(2000).decode("utf-8", "replace").strip()
        raise EngineError(f"{endpoint} answered {error.code} {error.reason}: {said}") from None
    except TimeoutError:
        raise QueryTimeoutError(f"{endpoint} took longer than {seconds:g} seconds") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise QueryTimeoutError(f"{endpoint} took longer than {seconds:g} seconds") from None
        raise EngineError(f"{endpoint} cannot be reached: {error.reason}") from None
    if len(body) > _MOST:
        raise EngineError(f"{endpoint} answered with more than {_MOST:,} bytes")
    form = "SELECT" if media_type == question.result_type else "CONSTRUCT"
    return Answer(body, media_type, form)
