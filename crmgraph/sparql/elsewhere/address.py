"""Where an engine is, and how it knows us."""

from collections.abc import Generator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import httpx

from crmgraph.errors import UsageError

__all__ = ["Address"]

# An engine at the first of these has the others beside it.
_BESIDE = {
    "/query": ("/update", "/store"),
    "/sparql": ("/sparql-auth", "/sparql-graph-crud-auth"),
}


@dataclass(frozen=True)
class Address:
    """The addresses at which an engine answers queries, takes updates, and takes graphs, and our credentials there.

    Those that nobody names are guessed from that of the queries: those that Oxigraph has beside `/query`, Virtuoso
    beside `/sparql`; else updates go where queries go, and graphs are sent as updates.
    """

    query: str
    update: str
    graphs: str | None
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of(
        cls,
        query: str,
        update: str | None = None,
        graphs: str | None = None,
        user: str = "",
        password: str = "",
        token: str = "",
    ) -> "Address":
        """The addresses, those that are None guessed. Raises UsageError for one that is none."""
        for name, url in (("store", query), ("store_update", update), ("store_graphs", graphs)):
            _check(name, url)
        guess = _beside(query)
        return cls(query, update or guess[0] or query, graphs or guess[1], user, password, token)

    def auth(self) -> httpx.Auth | None:
        """How requests say who we are; None where nobody said it."""
        if self.token:
            return _Bearer(self.token)
        return _Asked(self.user, self.password) if self.user else None


def _beside(query: str) -> tuple[str | None, str | None]:
    parts = urlsplit(query)
    for path, others in _BESIDE.items():
        if parts.path.endswith(path) and not parts.query:
            update, graphs = (urlunsplit(parts._replace(path=parts.path.removesuffix(path) + each)) for each in others)
            return update, graphs
    return None, None


def _check(name: str, url: str | None) -> None:
    """No user or password in it: addresses are shown and logged."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        hides_nothing = "@" not in parts.netloc
    except ValueError:
        usable, hides_nothing = False, True
    if not hides_nothing:
        raise UsageError(f"setting {name}: user and password are settings of their own, store_user and store_password")
    if not usable or not url.isprintable() or not url.isascii() or " " in url or "#" in url:
        raise UsageError(f"setting {name}: an http or https address, not {url}")


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class _Asked(httpx.Auth):
    """Says user and password to an engine that asks, in the way that it asks for: by a digest where it knows that."""

    requires_request_body = True

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)
        self._known: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._known is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            asked = response.headers.get("WWW-Authenticate", "").lower()
            self._known = self._digest if "digest" in asked else self._basic if "basic" in asked else None
            if self._known is None:
                return
        yield from self._known.auth_flow(request)
