"""OpenRefine itself, which reconciles a column of names as people write them, and brings data beside them."""

from pathlib import Path

import httpx
import pytest

from tests.support.cases import cases
from tests.support.openrefine import INSTALLED, OpenRefine, openrefine
from tests.support.servers import running_server

ID = "https://w3id.org/crmgraph/id/"
CG = "https://w3id.org/crmgraph/ontology#"
MEANT = dict(cases("clients/names"))

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not INSTALLED, reason="OpenRefine is not installed (Debian's openrefine)"),
]


def test_thirty_messy_names(build_folder: Path, tmp_path: Path) -> None:
    with running_server(build_folder) as url, openrefine(tmp_path) as refine:
        match_and_extend(refine, f"{url}/es/reconcile")


def match_and_extend(refine: OpenRefine, service: str) -> None:
    manifest = httpx.get(service, timeout=60).json()
    project = refine.create("names", "\n".join(("name", *MEANT)))
    refine.reconcile(project, "name", manifest, service)
    cells, found = refine.rows(project)
    results = {row[0]["v"]: found[str(row[0]["r"])] for row in cells}
    assert set(results) == set(MEANT)
    # What was matched by itself is told without its candidates.
    best = {name: result["m"] if result["j"] == "matched" else result["c"][0] for name, result in results.items()}
    first = {name: candidate["id"].removeprefix(ID) for name, candidate in best.items()}
    assert sum(first[name] == meant for name, meant in MEANT.items()) >= 28, first
    matched = {name: first[name] for name, result in results.items() if result["j"] == "matched"}
    assert len(matched) >= 12
    assert matched.items() <= MEANT.items()

    refine.match_best(project, "name")
    refine.extend(project, "name", manifest, service, [f"{CG}iso3", f"{CG}bodyOf"])
    cells, found = refine.rows(project)
    # The first of several values stands in the row of the name, and may be a thing itself.
    named = {row[0]["v"]: row for row in cells if row[0]}
    codes = {name: named[name][1]["v"] for name in ("Guatemla", "Rep. Dominicana", "EE.UU.")}
    assert codes == {"Guatemla": "GTM", "Rep. Dominicana": "DOM", "EE.UU.": "USA"}
    assert found[str(named["Red combate trata"][2]["r"])]["m"]["id"] == f"{ID}process/rcm"
    assert "Conferencia Regional sobre Migración" in {row[2]["v"] for row in cells if len(row) > 2 and row[2]}
