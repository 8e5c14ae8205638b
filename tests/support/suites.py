"""Where the test suites of W3C and others are, which this repository does not hold."""

import os
from pathlib import Path

import pytest

__all__ = ["suite"]

_ROOT = Path(__file__).parents[2]


def suite(name: str) -> Path:
    """The folder of that suite, in `CRMGRAPH_SUITES` or beside the repository; skips the test where there is none."""
    for folder in (os.environ.get("CRMGRAPH_SUITES"), _ROOT.parent / "shared" / "suites"):
        if folder and (Path(folder) / name).is_dir():
            return Path(folder) / name
    pytest.skip(f"the suite {name} is not here; CRMGRAPH_SUITES names the folder that holds it")
