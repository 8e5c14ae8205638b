"""Paths of the test suites of the W3C and others, which are not part of this repository."""

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
MISSING = "a suite that others wrote is not here; CRMGRAPH_SUITES names the folder that holds them"


def find_suite(name: str) -> Path | None:
    """Return the path of a suite, in the folder `CRMGRAPH_SUITES` or beside the repository; None if it is missing."""
    for folder in (os.environ.get("CRMGRAPH_SUITES"), _ROOT.parent / "shared" / "suites"):
        if folder and (Path(folder) / name).exists():
            return Path(folder) / name
    return None


def suite(name: str) -> Path:
    """Return the folder of a suite. The test is skipped if it is missing."""
    found = find_suite(name)
    if found is None:
        pytest.skip(MISSING)
    return found
