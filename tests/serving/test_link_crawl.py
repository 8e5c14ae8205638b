"""All links of the site work, also below a path prefix, and pages load nothing from other hosts."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from crmgraph.building.manifest import Manifest
from crmgraph.namespaces import Names
from crmgraph.serving.server import Application
from crmgraph.settings import read_settings
from crmgraph.sparql.pool import Pool
from crmgraph.store import DUMP, STORE
from tests.support.clients import client_of
from tests.support.crawling import Crawl

PREFIX = "/grafo"
# The home page, redirects, and addresses that no page links to.
BEGINNINGS = ("/", "/es", "/en", "/.well-known/void", "/openapi.json", "/en/sparql?query=ASK+%7B%7D&format=csv")


class Proxy(httpx.HTTPTransport):
    """A transport that acts as a proxy: it serves the root of a server below a path prefix."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path
        assert path.startswith(PREFIX.encode()), path
        request.url = request.url.copy_with(raw_path=path.removeprefix(PREFIX.encode()) or b"/")
        return super().handle_request(request)


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest) -> Iterator[httpx.Client]:
    folder = manifest.folder(build_folder)
    with Pool(folder / STORE, memory_bytes=2**30, dump=folder / DUMP) as pool:
        app = Application(read_settings(build=build_folder, timeout=600, root_path=PREFIX), manifest, pool)
        with (
            client_of(app, PREFIX) as direct,
            httpx.Client(base_url=direct.base_url, transport=Proxy(), timeout=600) as client,
        ):
            yield client


@pytest.mark.drill
def test_every_link_is_below_the_path_and_leads_to_its_place(client: httpx.Client) -> None:
    crawl = Crawl(client, BEGINNINGS, PREFIX, of_a_kind=1)
    crawl.go()
    assert crawl.faults == []
    assert crawl.lost == []
    # The crawl visited all kinds of pages.
    assert sum(address in crawl.places for address, _ in crawl.wanted) > 500
    assert crawl.kinds.total() > 300
    for language in ("es", "en"):
        for about in ("id", "graph", "ontology", "findings", "explain", "queries", "sparql", "void"):
            assert any(known[:2] == (language, about) for known in crawl.kinds), (language, about)


def test_addresses_of_the_interface_are_below_the_path(client: httpx.Client) -> None:
    document = client.get(f"{PREFIX}/openapi.json").json()
    assert [server["url"] for server in document["servers"]] == [PREFIX]
    plain = [path for path, operations in document["paths"].items() if "{" not in path and "get" in operations]
    assert {"/sparql", "/void", "/queries", "/ready"} <= set(plain)
    # Questions are much alike.
    for path in (path for path in plain if not path.startswith("/queries/") or path.startswith("/queries/s")):
        # A proxy keeps the metrics to itself; a busy machine is not ready; others ask which graph or thing is meant.
        asking = {"/graphs": {400}, "/passages": {400}, "/reconcile/preview": {404}, "/reconcile/view": {404}}
        expected = {"/metrics": {200, 404}, "/ready": {200, 503}, **asking}.get(path, {200})
        assert client.get(PREFIX + path).status_code in expected, path
    endpoint = str(client.base_url.join(f"{PREFIX}/sparql"))
    turtle = client.get(f"{PREFIX}/sparql", headers={"Accept": "text/turtle"})
    said = parse(turtle.content, format=RdfFormat.TURTLE)
    assert {str(each.object.value) for each in said if each.predicate.value.endswith("#endpoint")} == {endpoint}
    answer = client.get(endpoint, params={"query": "ASK {}"}, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.text) == (200, "true")


def test_addresses_of_the_reconciliation_service_lead_somewhere(client: httpx.Client) -> None:
    manifest = client.get(f"{PREFIX}/es/reconcile").json()
    origin = str(client.base_url).rstrip("/")
    thing = Names().id("country", "GTM")
    for template, status in ((manifest["view"]["url"], 303), (manifest["preview"]["url"], 200)):
        assert template.startswith(f"{origin}{PREFIX}/es/reconcile/")
        assert client.get(template.replace("{{id}}", thing), follow_redirects=False).status_code == status
    for each in [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]:
        answer = client.get(each["service_url"] + each["service_path"], params={"prefix": "gua"})
        assert answer.status_code == 200
