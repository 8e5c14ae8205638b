"""Pytest plugin that notes which mutants each test runs and how long it takes: `-p tests.mutants.recording`.

Writes one JSON line a test to CRMGRAPH_MUTANT_RECORD/<worker>.jsonl: its id, outcome, seconds, session fixtures, and
the numbers of the mutants whose code ran in its set-up and in its call.
"""

import json
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

_FOLDER = Path(os.environ["CRMGRAPH_MUTANT_RECORD"])
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_FOLDER.mkdir(parents=True, exist_ok=True)
_MAP = _FOLDER / f"{_WORKER}.map"
_MAP.write_bytes(bytes(4096))
os.environ["CRMGRAPH_MUTANT_MAP"] = str(_MAP)
with _MAP.open("r+b") as _file:
    _ran = mmap.mmap(_file.fileno(), 0)
_phases: dict[str, list[int]] = {}
_seconds: dict[str, float] = {}
_outcomes: set[str] = set()


def _take() -> list[int]:
    found = [number for number, byte in enumerate(_ran[:]) if byte]
    _ran[:] = bytes(len(_ran))
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    _phases["before"] = _take()
    try:
        return (yield)
    finally:
        _phases["setup"] = _take()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    try:
        return (yield)
    finally:
        _phases["call"] = _take()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ and hasattr(report, "node"):
        return
    _seconds[report.when] = report.duration
    _outcomes.add(report.outcome)
    if report.when == "teardown":
        line = {"id": report.nodeid, "outcomes": sorted(_outcomes), "seconds": dict(_seconds), **_phases}
        with (_FOLDER / f"{_WORKER}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        _phases.clear()
        _seconds.clear()
        _outcomes.clear()
