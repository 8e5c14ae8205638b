"""The cache of answers, and entity tags for the caches of clients (RFC 9110, section 8.8)."""

import hashlib
import json
import re
from collections.abc import Hashable

from starlette.requests import Request
from starlette.responses import Response

from crmgraph import __version__
from crmgraph.caching import SizedCache
from crmgraph.sparql import Answer, Question

__all__ = ["FRESH", "Cache", "headers_of", "matches", "not_modified", "shares", "tag_of"]


class Cache:
    """Keeps recent answers in at most `limit` bytes, and only those that the same data would give again.

    `state` names the data that an answer comes from.
    """

    def __init__(self, limit: int) -> None:
        self._answers = SizedCache[Answer](limit)

    @property
    def largest(self) -> int:
        """The size of the largest answer that is kept, in bytes."""
        return self._answers.largest

    def get(self, state: str, question: Question) -> Answer | None:
        """Return the answer to this very question of these data, or None."""
        return self._answers.get(state, _key(question))

    def put(self, state: str, question: Question, answer: Answer) -> None:
        """Keep an answer, unless it is too large or would differ the next time (`NOW()`, `RAND()`)."""
        if answer.lasting:
            self._answers.put(state, _key(question), answer)


def shares(limit: int) -> tuple[int, int]:
    """Split a limit in bytes: return the part for answers of the endpoint and the part for pages."""
    pages = limit // 4
    return limit - pages, pages


def _key(question: Question) -> Hashable:
    return (
        question.text,
        question.default_graphs,
        question.named_graphs,
        question.result_type,
        question.graph_type,
        question.base_iri,
        question.joins_graphs,
    )


FRESH = {"Cache-Control": "no-cache"}
"""Headers of responses that depend on the data: caches ask before they serve them again."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(*parts: object) -> str:
    """Return the entity tag of a response that depends on these parts alone, which are JSON values.

    It is weak, since the engine may give the rows of an answer in another order the next time.
    """
    text = json.dumps([__version__, *parts])
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def matches(request: Request, tag: str, any_tag: bool = True) -> bool:
    """Tell whether If-None-Match has this tag, compared weakly (RFC 9110, section 13.1.2), or with `any_tag` a star."""
    given = ", ".join(request.headers.getlist("if-none-match"))
    if given.strip() == "*":
        return any_tag
    return tag.removeprefix("W/") in _TAG.findall(given)


def headers_of(tag: str) -> dict[str, str]:
    """Return the headers of a response with this tag."""
    return {"ETag": tag, **FRESH}


def not_modified(tag: str) -> Response:
    """Return the response 304 with this tag."""
    return Response(status_code=304, headers=headers_of(tag))
