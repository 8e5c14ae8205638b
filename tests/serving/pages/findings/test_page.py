"""The page of the findings."""

import csv
import json
from pathlib import Path

from httpx import Client

from crmgraph.building import FINDINGS, Manifest


def test_findings_as_json_are_those_of_the_report(client: Client, manifest: Manifest, build_folder: Path) -> None:
    found = client.get("/findings.json").json()
    assert found == json.loads((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))
    assert len(found) > 5
    assert found == client.get("/findings", headers={"Accept": "application/json"}).json()


def test_findings_are_there_as_a_table(client: Client) -> None:
    found = client.get("/findings.json").json()
    rows = list(csv.DictReader(client.get("/es/findings.csv").text.splitlines()))
    assert len(rows) == len(found)
    gravest = client.get("/en/findings.csv?severity=violation")
    assert gravest.headers["content-type"].startswith("text/csv")
    assert "Accept-Language" in gravest.headers["vary"]
    rows = list(csv.DictReader(gravest.text.splitlines()))
    assert {row["severity"] for row in rows} == {"violation"}
    row = next(row for row in rows if row["code"] == "unresolved-cross-reference")
    assert (row["number"], row["element"]) == ("1.2.1", "https://w3id.org/crmgraph/id/plan/crm/vmd/1.2.1")
    assert row["exact"] == "12"
    assert "12" in row["message"]
    one = list(csv.DictReader(client.get("/findings/unresolved-cross-reference.csv").text.splitlines()))
    assert {each["code"] for each in one} == {"unresolved-cross-reference"}
