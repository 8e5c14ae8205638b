"""The page of the findings."""

import json
from pathlib import Path

from httpx import Client

from crmgraph.building import FINDINGS, Manifest


def test_findings_as_json_are_those_of_the_report(client: Client, manifest: Manifest, build_folder: Path) -> None:
    found = client.get("/findings.json").json()
    assert found == json.loads((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))
    assert len(found) > 5
    assert found == client.get("/findings", headers={"Accept": "application/json"}).json()
