"""The record of writes: lines are added, and none is lost by what was broken off."""

import json
from datetime import UTC, datetime
from pathlib import Path

from crmgraph.updating.audit import Audit


def test_each_entry_is_a_line_with_its_time(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit.jsonl")
    audit.add(writer="ana", generation=2)
    audit.add(writer="Íñigo\n", generation=3)
    entries = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(each["writer"], each["generation"]) for each in entries] == [("ana", 2), ("Íñigo\n", 3)]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(entries[0]["at"])).total_seconds()) < 60


def test_the_last_entry(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    assert Audit(file).last() == {}
    Audit(file).add(generation=2)
    assert Audit(file).last()["generation"] == 2


def test_a_line_that_was_broken_off_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    Audit(file).add(generation=2)
    with file.open("a", encoding="utf-8") as broken:
        broken.write('{"at": "2026-')
    again = Audit(file)
    assert again.last()["generation"] == 2
    again.add(generation=3)
    assert again.last()["generation"] == 3
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3


def test_entries_that_are_longer_than_what_is_looked_at_at_once(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit.jsonl")
    for number in range(100):
        audit.add(generation=number, update="x" * 10_000)
    assert audit.last()["generation"] == 99
