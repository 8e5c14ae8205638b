"""The service over a SPARQL endpoint elsewhere that has the dataset."""

import subprocess
from pathlib import Path

import httpx
from pyoxigraph import RdfFormat, Store

from crmgraph.building.manifest import Manifest
from crmgraph.store import DUMP
from tests.engines.conftest import own_server
from tests.support.servers import crmgraph_command, running_server

PAGES = ("/en/", "/es/id/plan/crm/pgm/7", "/en/queries/findings", "/en/graph/plan/crm", "/en/meetings")


def check(url: str, manifest: Manifest) -> None:
    with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
        for path in PAGES:
            page = client.get(path, headers={"Accept": "text/html"})
            assert page.status_code == 200
            assert "<h1" in page.text
        asked = {"query": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"}
        counted = client.get("/sparql", params=asked, headers={"Accept": "text/csv"})
        assert counted.text.split() == ["n", str(sum(manifest.graphs.values()))]
        assert client.get("/ready").json()["ready"]
        assert client.get("/sparql", params={"query": "SELECT x"}).status_code == 400
        assert client.post("/sparql", data={"update": "DROP ALL"}).status_code == 403
        assert "id/actor/oim" in client.get("/en/search", params={"q": "oim"}, headers={"Accept": "text/html"}).text
        assert "graph/plan/crm" in client.get("/sparql", headers={"Accept": "text/turtle"}).text


def test_serving_from_an_endpoint(tmp_path: Path, build_folder: Path, manifest: Manifest) -> None:
    store = Store()
    command = [*crmgraph_command(), "serve", "--build", str(build_folder), "--store"]
    with own_server(store) as endpoint:
        done = subprocess.run([*command, endpoint], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "no graph of the dataset" in done.stderr
        store.bulk_load(path=manifest.folder(build_folder) / DUMP, format=RdfFormat.N_QUADS)
        with running_server(build_folder, "--store", endpoint) as url:
            check(url, manifest)
