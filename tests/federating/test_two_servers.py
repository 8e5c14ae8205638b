"""Two servers: one asks the other, as it may, and nobody else."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from crmgraph.building import Manifest
from tests.support.servers import TOKEN, crmgraph_command, running_server, writable_server

pytestmark = pytest.mark.drill

QUERY = """SELECT ?network ?name (COUNT(*) AS ?n) {{
  ?network a <https://w3id.org/crmgraph/ontology#Network> .
  SERVICE <{address}> {{ ?network <http://www.w3.org/2000/01/rdf-schema#label> ?name FILTER(LANG(?name) = "es") }}
}} GROUP BY ?network ?name ORDER BY ?network ?name"""


def test_one_server_asks_the_other(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    with running_server(build_folder) as there, running_server(build_folder, "--allow", f"{there}/sparql") as here:
        query = QUERY.format(address=f"{there}/sparql")
        with httpx.Client(trust_env=False, timeout=60) as client:
            headers = {"Accept": "application/sparql-results+json"}
            answer = client.get(f"{here}/sparql", params={"query": query}, headers=headers)
            assert answer.status_code == 200, answer.text
            assert answer.headers["cache-control"] == "no-store"
            rows = answer.json()["results"]["bindings"]
            assert rows
            local = query.replace(f"SERVICE <{there}/sparql>", "")
            assert (
                client.get(f"{there}/sparql", params={"query": local}, headers=headers).json()["results"]
                == (answer.json()["results"])
            )
            for address in (f"{here}/sparql", f"{there}/graphs", "http://127.0.0.1:1/sparql"):
                refused = client.get(f"{here}/sparql", params={"query": QUERY.format(address=address)})
                assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "query-refused")
            refused = client.get(f"{there}/sparql", params={"query": query})
            assert "SERVICE" in refused.json()["detail"]
            for server, federates in ((here, True), (there, False)):
                said = client.get(f"{server}/sparql", headers={"Accept": "text/turtle"}).text
                assert ("sd:BasicFederatedQuery" in said) is federates
        command = [*crmgraph_command(), "query", "-", "--allow", f"{there}/sparql", "--format", "json"]
        done = subprocess.run(
            command, input=query, capture_output=True, text=True, cwd=tmp_path, check=True,
            env={**os.environ, "CRMGRAPH_BUILD": str(build_folder)},
        )  # fmt: skip
        assert json.loads(done.stdout)["results"]["bindings"] == rows


def test_one_server_loads_from_the_other(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    graph = "https://w3id.org/crmgraph/graph/plan/crm"
    with running_server(build_folder) as there:
        address = f"{there}/graphs?graph={quote(graph, safe='')}"
        with (
            writable_server(build_folder, tmp_path, "--allow", address) as here,
            httpx.Client(base_url=here, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as client,
        ):
            load = "LOAD <{}> INTO GRAPH <http://example.org/copy>"
            for other in (f"{there}/graphs?default", f"{here}/graphs?default"):
                refused = client.post("/sparql", data={"update": load.format(other)})
                assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "query-refused")
            loaded = client.post("/sparql", data={"update": load.format(address)})
            assert loaded.status_code == 204, loaded.text
            count = "SELECT (COUNT(*) AS ?n) { GRAPH <http://example.org/copy> { ?s ?p ?o } }"
            answer = client.get("/sparql", params={"query": count}, headers={"Accept": "text/csv"})
            assert answer.text.split()[1] == str(manifest.graphs[graph])
            record = (tmp_path / "kept" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
            assert [each["from"] for each in json.loads(record[-1])["loaded"]] == [address]


def test_what_is_no_address_is_refused_at_the_start(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build_folder), "--allow", "wikidata"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "setting allow" in done.stderr
