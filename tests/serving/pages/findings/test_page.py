"""The page of the findings."""

import csv
import json
from pathlib import Path

import pytest
from httpx import Client

from crmgraph.building import FINDINGS, Manifest
from tests.support.pages import having, read_page, text


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


@pytest.mark.parametrize(("language", "objective"), [("es", "· objetivo 4 ·"), ("en", "· objective 4 ·")])
def test_links_that_read_alike_lead_to_one_place(client: Client, language: str, objective: str) -> None:
    page = read_page(client.get(f"/{language}/findings").text)
    targets: dict[str, set[str]] = {}
    for place in having(page, "finding-place"):
        link = list(place.iter("a"))[-1]
        targets.setdefault(text(link), set()).add(link.get("href", ""))
    assert [words for words, leading in targets.items() if len(leading) > 1] == []
    assert any(objective in words for words in targets)
