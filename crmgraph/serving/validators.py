"""Validators of answers, by which a client learns that what it keeps is still right (RFC 9110, section 8.8)."""

import hashlib
import json
import re

from starlette.requests import Request
from starlette.responses import Response

from crmgraph import __version__

__all__ = ["FRESH", "headers_of", "matches", "not_modified", "tag_of"]

FRESH = {"Cache-Control": "no-cache"}
"""What goes with all that depends on the data: whoever keeps it asks before giving it again."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(*parts: object) -> str:
    """The tag of what depends on these parts and on nothing else; parts are what JSON can write.

    Weak, for the engine may give the rows of one answer in another order next time.
    """
    text = json.dumps([__version__, *parts])
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def matches(request: Request, tag: str, any_tag: bool = True) -> bool:
    """Whether If-None-Match names this tag, compared weakly (RFC 9110, section 13.1.2); a star does if `any_tag`."""
    given = ", ".join(request.headers.getlist("if-none-match"))
    if given.strip() == "*":
        return any_tag
    return tag.removeprefix("W/") in _TAG.findall(given)


def headers_of(tag: str) -> dict[str, str]:
    """What goes with an answer that has this tag."""
    return {"ETag": tag, **FRESH}


def not_modified(tag: str) -> Response:
    """The answer to whoever has it already."""
    return Response(status_code=304, headers=headers_of(tag))
