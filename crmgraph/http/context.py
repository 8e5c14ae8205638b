"""The context of a request, for the log, the metrics and the limits: its id, its client and its operation."""

import ipaddress
import re
import secrets
from typing import Literal, get_args

from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

Operation = Literal["query", "update", "graph_read", "graph_write", "reconciliation", "page", "other"]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
"""The kinds of requests, as they are named in the log and the metrics."""

LOGGED_CHARACTERS = 200
"""Number of characters of a query that are logged."""

_KEY = "crmgraph.context"
_REQUEST_ID = re.compile(rb"[\w.:+/=@-]{1,128}", re.ASCII)
_HEALTH_PATHS = frozenset({"/live", "/ready", "/metrics"})
_RECONCILIATION = re.compile("(/[a-z]{2})?/reconcile(/.*)?", re.DOTALL)
_OTHER_PATHS = frozenset({*_HEALTH_PATHS, "/dump.nq.gz", "/openapi.json"})
_IPV6_PREFIX = 64
"""Prefix length of an IPv6 network that counts as one client: a household or company usually has at least that."""


class RequestContext:
    """What the log, the metrics and the limits need to know about a request.

    Attributes:
        id: Value of the header X-Request-ID, if valid, or a new random id.
        client: Address of the client; empty if unknown.
        method: HTTP method.
        path: Path of the URL, without the path prefix of a proxy.
        operation: Kind of request.
        text: Beginning of the query or update; empty for other requests.
        problem: Slug of the error in the response; empty if there is none.
    """

    __slots__ = ("client", "id", "method", "operation", "path", "problem", "text")

    def __init__(self, scope: Scope) -> None:
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        self.id = given.decode("ascii") if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        self.client: str = (scope.get("client") or ("",))[0]
        self.method: str = scope["method"]
        self.path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        self.operation = _operation(self.method, self.path)
        self.text = ""
        self.problem = ""
        scope[_KEY] = self

    @property
    def is_exempt_from_limits(self) -> bool:
        """Whether the request is exempt from rate limits: a health check, a metrics request, or a static asset."""
        return self.operation == "other" and (self.path in _HEALTH_PATHS or self.path.startswith("/static/"))

    def set_operation(self, operation: Operation, text: str = "") -> None:
        """Set the kind of request, and the text of its query or update, once they are known."""
        self.operation = operation
        self.text = text[:LOGGED_CHARACTERS]


def context_of(request: Request) -> RequestContext:
    """Return the context of a request; it is created if there is none."""
    context = request.scope.get(_KEY)
    return context if isinstance(context, RequestContext) else RequestContext(request.scope)


def _operation(method: str, path: str) -> Operation:
    if method == "OPTIONS" or path in _OTHER_PATHS or path.startswith("/static/"):
        return "other"
    if path == "/sparql":
        return "query"
    if path == "/graphs" or path.startswith("/graphs/"):
        return "graph_read" if method in ("GET", "HEAD") else "graph_write"
    return "reconciliation" if _RECONCILIATION.fullmatch(path) else "page"


def client_network(address: str) -> str:
    """Return the key that identifies a client by its address: the IPv4 address, or the /64 network of IPv6."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, _IPV6_PREFIX), strict=False))


def client_id(request: HTTPConnection) -> str:
    """Return the key that identifies the client of a request for limits and scheduling; empty if it is unknown."""
    return client_network(request.client.host) if request.client else ""


def is_local(address: str) -> bool:
    """Return whether this is a loopback address, or unknown: the client is on the same machine as the server."""
    return address in ("", "::1") or client_network(address).startswith("127.")
