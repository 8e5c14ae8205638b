"""A crawler that follows the links of a site and collects errors."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import httpx

LOADED = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


class Reader(HTMLParser):
    """The links of a page, the resources that it loads, and the fragment identifiers in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attributes if value is not None}
        self.targets += [given[name] for name in ("href", "src", "action", "formaction") if name in given]
        self.loads += [given[name] for name in ("src", "srcset", "data", "poster", "action") if name in given]
        if tag in ("link", "use", "image") and (tag != "link" or LOADED & set(given.get("rel", "").split())):
            self.loads.append(given.get("href", ""))
        if given.get("id"):
            self.places.add(given["id"])


@dataclass
class Crawl:
    """A breadth-first crawl of a site, which visits the first pages of each kind, that is, of each template."""

    client: httpx.Client
    beginnings: Sequence[str]
    prefix: str = ""  # the path below which links must stay
    of_a_kind: int = 3  # the number of pages of each kind to visit
    kinds: Counter[tuple[object, ...]] = field(default_factory=Counter)  # the number of visited pages
    places: dict[str, set[str]] = field(default_factory=dict)  # the fragments in each visited page
    wanted: dict[tuple[str, str], str] = field(default_factory=dict)  # address and fragment: a page that links there
    faults: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the site."""
        return str(self.client.base_url).rstrip("/")

    @property
    def lost(self) -> list[str]:
        """Links to fragments that do not exist in the visited pages."""
        return [
            f"{source}: {address} has no place {place}"
            for (address, place), source in self.wanted.items()
            if address in self.places and place not in self.places[address]
        ]

    def go(self) -> None:
        waiting = deque(f"{self.prefix}{beginning}" for beginning in self.beginnings)
        known = set(waiting)
        while waiting:
            address = waiting.popleft()
            kind = self.kind(address)
            if self.kinds[kind] == self.of_a_kind:
                continue
            self.kinds[kind] += 1
            for target in self._visit(address):
                if target not in known:
                    known.add(target)
                    waiting.append(target)

    def kind(self, address: str) -> tuple[object, ...]:
        """Return the kind of a page: its language, first segments, path length and parameter names."""
        parts = urlsplit(address)
        steps = parts.path.removeprefix(self.prefix).strip("/").split("/")
        language = steps.pop(0) if steps[0] in ("es", "en") else ""
        about = steps[:2] if steps[:1] in (["id"], ["graph"]) else steps[:1]
        return language, *about, len(steps), *sorted(name for name, _ in parse_qsl(parts.query))

    def _visit(self, address: str) -> Iterator[str]:
        """Request an address, record errors, and yield the addresses of this site that the response links to."""
        answer = self.client.get(address, headers={"Accept": "text/html, */*;q=0.5"})
        targets = re.findall(r"<([^>]*)>", answer.headers.get("link", ""))
        if answer.has_redirect_location:
            targets.append(answer.headers["location"])
        elif answer.status_code != 200:
            self.faults.append(f"{address}: {answer.status_code}")
        if answer.headers.get("content-type", "").startswith("text/html"):
            page = Reader(answer.text)
            self.places[address] = page.places
            targets += page.targets
            self.faults += [
                f"{address}: loads {load}"
                for load in page.loads
                if not urljoin(self.origin + address, load).startswith((f"{self.origin}{self.prefix}/", "data:"))
            ]
        for target in targets:
            whole = urljoin(self.origin + address, target)
            if not whole.startswith(self.origin + "/"):
                continue
            found, _, place = whole.removeprefix(self.origin).partition("#")
            if not found.startswith(self.prefix + "/"):
                self.faults.append(f"{address}: {target} is not below {self.prefix}")
            if place:
                self.wanted.setdefault((found, unquote(place)), address)
            yield found
