"""The site below a path of another site: every address that it names is below that path, and leads somewhere."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from crmgraph.building import Manifest
from crmgraph.namespaces import PREFIXES, Names
from tests.support.crawling import Crawl
from tests.support.proxies import running_proxy
from tests.support.servers import running_server

PREFIX = "/grafo"
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
    with running_server(build_folder, *flags) as address, running_proxy("apache", address + PREFIX, folder) as client:
        yield client


def test_every_link_is_below_the_path_and_leads_to_its_place(client: httpx.Client) -> None:
    crawl = Crawl(client, BEGINNINGS, PREFIX, of_a_kind=1)
    crawl.go()
    assert crawl.faults == []
    assert crawl.lost == []
    # It went everywhere.
    assert sum(address in crawl.places for address, _ in crawl.wanted) > 500
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
        asking = {"/graphs": 400, "/passages": 400, "/reconcile/preview": 404, "/reconcile/view": 404}
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
