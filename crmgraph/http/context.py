"""The context of a request: its id, its client, and what it asks for."""

import ipaddress
import re
import secrets
from collections.abc import Iterable
from typing import Literal, get_args

from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

__all__ = ["OPERATIONS", "SHOWN", "Operation", "Visit", "client_at", "client_of", "is_this_machine", "visit_of"]

Operation = Literal["query", "update", "graph_read", "graph_write", "reconciliation", "page", "other"]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
"""What a request may ask for: of the endpoint, of its graphs, of the names in them, of the site, or anything else."""

SHOWN = 200
"""How many characters of a query are kept, to be told of it."""

_KEY = "crmgraph.visit"
_WELL_FORMED = re.compile(rb"[\w.:+/=@-]{1,128}", re.ASCII)
_HEALTH = frozenset({"/live", "/ready", "/metrics"})
_RECONCILIATION = re.compile("(/[a-z]{2})?/reconcile(/.*)?", re.DOTALL)
_OTHERS = frozenset({*_HEALTH, "/dump.nq.gz", "/openapi.json"})


class Visit:
    """A request as it is told of.

    `id` is the name that the client gave it, or one that is made; `path` is without the prefix of a proxy. `text` is
    the beginning of the query or update, and `problem` the kind of error that it was answered with.
    """

    __slots__ = ("client", "id", "method", "operation", "path", "problem", "text")

    def __init__(self, scope: Scope) -> None:
        self.id = _id(scope["headers"])
        client = scope.get("client")
        self.client: str = client[0] if client else ""
        self.method: str = scope["method"]
        self.path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        self.operation = _operation(self.method, self.path)
        self.text = ""
        self.problem = ""
        scope[_KEY] = self

    @property
    def is_free(self) -> bool:
        """Whether it is one that nobody is ever refused: whoever watches over the server, and the site's assets."""
        return self.operation == "other" and (self.path in _HEALTH or self.path.startswith("/static/"))

    def asks(self, operation: Operation, text: str = "") -> None:
        """Say what the request turned out to ask for."""
        self.operation = operation
        self.text = text[:SHOWN]


def visit_of(request: Request) -> Visit:
    """The visit that this request is."""
    visit = request.scope.get(_KEY)
    return visit if isinstance(visit, Visit) else Visit(request.scope)


def _id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"x-request-id" and _WELL_FORMED.fullmatch(value):
            return value.decode("ascii")
    return secrets.token_hex(8)


def _operation(method: str, path: str) -> Operation:
    if method == "OPTIONS" or path in _OTHERS or path.startswith("/static/"):
        return "other"
    if path == "/sparql":
        return "query"
    if path == "/graphs" or path.startswith("/graphs/"):
        return "graph_read" if method in ("GET", "HEAD") else "graph_write"
    if _RECONCILIATION.fullmatch(path):
        return "reconciliation"
    return "page"


# One household or company has a network of this length to itself, and with it more addresses than can be counted.
_IPV6_PREFIX = 64


def client_at(address: str) -> str:
    """What is the same for all addresses of one client: the address, or of IPv6 its network."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, _IPV6_PREFIX), strict=False))


def client_of(request: HTTPConnection) -> str:
    """What is the same for all requests of one client; nothing where nobody knows where it comes from."""
    return client_at(request.client.host) if request.client else ""


def is_this_machine(address: str) -> bool:
    """Whether the client is on the machine of the server."""
    return address in ("", "::1") or client_at(address).startswith("127.")
