"""Where the test suites of W3C and others are, which this repository does not hold."""

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
MISSING = "a suite that others wrote is not here; CRMGRAPH_SUITES names the folder that holds them"


def find_suite(name: str) -> Path | None:
    """The folder or file of that suite, in `CRMGRAPH_SUITES` or beside the repository; None where there is none."""
    for folder in (os.environ.get("CRMGRAPH_SUITES"), _ROOT.parent / "shared" / "suites"):
        if folder and (Path(folder) / name).exists():
            return Path(folder) / name
    return None


def suite(name: str) -> Path:
    """The folder of that suite; skips the test where there is none."""
    found = find_suite(name)
    if found is None:
        pytest.skip(MISSING)
    return found
