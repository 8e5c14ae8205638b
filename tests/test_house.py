"""The command line starts without the heavy libraries. Which package may import which is in pyproject.toml."""

import subprocess
import sys

HEAVY = {"rdflib", "pyshacl", "owlrl", "fastapi", "pyoxigraph", "uvicorn", "lxml"}
SCRIPT = """
import sys
import crmgraph.building.manifest, crmgraph.namespaces, crmgraph.resources
from crmgraph.cli import main
sys.argv = ["crmgraph", "--help"]
try:
    main()
except SystemExit:
    print("MODULES", *sys.modules)
"""


def test_help_loads_no_heavy_library() -> None:
    told = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
    loaded = told.rpartition("MODULES")[2].split()
    assert "crmgraph.cli" in loaded
    assert HEAVY & {name.partition(".")[0] for name in loaded} == set()
