"""The site below a path of another site: every address that it names is below that path, and leads somewhere."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from crmgraph.building import Manifest
from crmgraph.namespaces import PREFIXES, Names
from tests.support.proxies import running_proxy
from tests.support.servers import running_server

PREFIX = "/grafo"
# So many pages of a kind are visited, those that are found first: there are thousands in all. Every link on these is
# held to be below the path; that it answers, where it is one of those that are visited.
OF_A_KIND = 3
# Beside the home page, what leads elsewhere and what no page leads to.
BEGINNINGS = (
    "",
    "/",
    "/es",
    "/en",
    "/.well-known/void",
    "/openapi.json",
    "/en/sparql?query=ASK+%7B%7D&format=csv",
)


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    assert manifest.graphs
    flags = ("--root-path", PREFIX, "--proxies", "127.0.0.1")
    folder = tmp_path_factory.mktemp("apache")
    with running_server(build_folder, *flags) as address, running_proxy("apache", address, folder) as client:
        yield client


class Reader(HTMLParser):
    """What a page leads to, and the places on it that can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, _tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src", "action", "formaction") and value is not None:
                self.targets.append(value)
            elif name == "id" and value:
                self.places.add(value)


def kind(address: str) -> tuple[object, ...]:
    """What pages that one template makes have in common: the language, what it is about, and what may be asked."""
    parts = urlsplit(address)
    steps = parts.path.removeprefix(PREFIX).strip("/").split("/")
    language = steps.pop(0) if steps[0] in ("es", "en") else ""
    about = steps[:2] if steps[:1] in (["id"], ["graph"]) else steps[:1]
    return language, *about, len(steps), *sorted(name for name, _ in parse_qsl(parts.query))


@dataclass
class Crawl:
    """Goes to all that it is led to, breadth first, and notes what is wrong."""

    client: httpx.Client
    kinds: Counter[tuple[object, ...]] = field(default_factory=Counter)
    places: dict[str, set[str]] = field(default_factory=dict)
    wanted: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Visit so many of each kind."""
        waiting = deque(f"{PREFIX}{beginning}" for beginning in BEGINNINGS)
        known = set(waiting)
        while waiting:
            address = waiting.popleft()
            if self.kinds[kind(address)] == OF_A_KIND:
                continue
            self.kinds[kind(address)] += 1
            for target in self.visit(address):
                if target not in known:
                    known.add(target)
                    waiting.append(target)

    def visit(self, address: str) -> Iterator[str]:
        """The addresses of this site that the answer leads to."""
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
        origin = str(self.client.base_url).rstrip("/")
        for target in targets:
            whole = urljoin(origin + address, target)
            if not whole.startswith(origin + "/"):
                continue
            found, _, place = whole.removeprefix(origin).partition("#")
            if not found.startswith(PREFIX + "/"):
                self.faults.append(f"{address}: {target} is not below {PREFIX}")
            if place:
                self.wanted.setdefault((found, unquote(place)), address)
            yield found


def test_every_link_is_below_the_path_and_leads_to_its_place(client: httpx.Client) -> None:
    crawl = Crawl(client)
    crawl.go()
    assert crawl.faults == []
    there = {wanted: source for wanted, source in crawl.wanted.items() if wanted[0] in crawl.places}
    assert [
        f"{source}: {address} has no place {place}"
        for (address, place), source in there.items()
        if place not in crawl.places[address]
    ] == []
    # It went everywhere.
    assert len(there) > 500
    assert crawl.kinds.total() > 300
    for language in ("es", "en"):
        for about in ("id", "graph", "ontology", "findings", "explain", "queries", "sparql", "void"):
            assert any(known[:2] == (language, about) for known in crawl.kinds), (language, about)


def test_the_service_says_its_own_address(client: httpx.Client) -> None:
    endpoint = str(client.base_url.join(f"{PREFIX}/sparql"))
    turtle = client.get(f"{PREFIX}/sparql", headers={"Accept": "text/turtle"})
    said = {
        str(triple.object.value)
        for triple in parse(turtle.content, format=RdfFormat.TURTLE)
        if triple.predicate.value.endswith("#endpoint")
    }
    assert said == {endpoint}
    answer = client.get(endpoint, params={"query": "ASK {}"}, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.text) == (200, "true")


def test_each_address_of_the_interface_is_below_its_server(client: httpx.Client) -> None:
    document = client.get(f"{PREFIX}/openapi.json").json()
    assert [server["url"] for server in document["servers"]] == [PREFIX]
    plain = [path for path, operations in document["paths"].items() if "{" not in path and "get" in operations]
    assert {"/sparql", "/void", "/queries", "/ready"} <= set(plain)
    for path in plain:
        # The proxy keeps the metrics to itself; others ask which graph or thing is meant.
        asking = {"/graphs": 400, "/reconcile/preview": 404, "/reconcile/view": 404}
        expected = {"/metrics": 404, **asking}.get(path, 200)
        assert client.get(PREFIX + path).status_code == expected, path


def test_the_addresses_of_the_reconciliation_service_lead_somewhere(client: httpx.Client) -> None:
    manifest = client.get(f"{PREFIX}/es/reconcile").json()
    origin = str(client.base_url).rstrip("/")
    thing = Names().id("country", "GTM")
    for template, status in ((manifest["view"]["url"], 303), (manifest["preview"]["url"], 200)):
        assert template.startswith(f"{origin}{PREFIX}/es/reconcile/")
        assert client.get(template.replace("{{id}}", thing), follow_redirects=False).status_code == status
    offered = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    for each in offered:
        answer = client.get(each["service_url"] + each["service_path"], params={"prefix": "gua"})
        assert answer.status_code == 200


def test_what_the_dataset_says_of_itself_is_there(client: httpx.Client) -> None:
    """Its addresses are those that it keeps wherever it is served: below the base, which leads to the site."""
    turtle = client.get(f"{PREFIX}/void", headers={"Accept": "text/turtle"})
    base, void = Names().base, PREFIXES["void"]
    said = {
        triple.predicate.value.removeprefix(void): str(triple.object.value)
        for triple in parse(turtle.content, format=RdfFormat.TURTLE)
        if triple.predicate.value in (f"{void}dataDump", f"{void}sparqlEndpoint")
    }
    assert set(said) == {"dataDump", "sparqlEndpoint"}
    for address in said.values():
        assert address.startswith(base)
        assert client.get(f"{PREFIX}/{address.removeprefix(base)}").status_code == 200
