"""The context of a request: its id, its client, and what it asks for."""

import ipaddress
import re
import secrets
from typing import Literal, get_args

from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

Operation = Literal["query", "update", "graph_read", "graph_write", "reconciliation", "page", "other"]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
"""The operations that a request may ask for, as the log and the metrics name them."""

LOGGED_CHARACTERS = 200
"""Number of characters of a query that the log shows."""

_KEY = "crmgraph.context"
_REQUEST_ID = re.compile(rb"[\w.:+/=@-]{1,128}", re.ASCII)
_HEALTH_PATHS = frozenset({"/live", "/ready", "/metrics"})
_RECONCILIATION = re.compile("(/[a-z]{2})?/reconcile(/.*)?", re.DOTALL)
_OTHER_PATHS = frozenset({*_HEALTH_PATHS, "/dump.nq.gz", "/openapi.json"})
_IPV6_PREFIX = 64
"""Length of the network that one household or company has, and with it more addresses than can be counted."""


class RequestContext:
    """The context of a request.

    `id` is the name that the client or a proxy gave it, or a new one; `client` the address of the client, empty where
    it is unknown; `path` the path below the prefix of a proxy. `text` is the beginning of the query or update, and
    `problem` the kind of error that was answered.
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
        """Whether no limit holds for the request: it watches over the server, or is for the assets of the site."""
        return self.operation == "other" and (self.path in _HEALTH_PATHS or self.path.startswith("/static/"))

    def set_operation(self, operation: Operation, text: str = "") -> None:
        """Note what the request turned out to ask for."""
        self.operation = operation
        self.text = text[:LOGGED_CHARACTERS]


def context_of(request: Request) -> RequestContext:
    """Return the context of a request."""
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
    """Return what all addresses of one client share: the address, or of IPv6 its network."""
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
    """Return what all requests of one client share; an empty text where nobody knows where the request comes from."""
    return client_network(request.client.host) if request.client else ""


def is_local(address: str) -> bool:
    """Tell whether the client is on the machine of the server."""
    return address in ("", "::1") or client_network(address).startswith("127.")
