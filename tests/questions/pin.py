"""Pins the answer of each question, or of those named: `python -m tests.questions.pin [NAME…]`, then read the diff."""

import sys
import tempfile
from pathlib import Path

from crmgraph.building.dataset import build
from crmgraph.namespaces import Names
from crmgraph.store import STORE
from crmgraph.store.dataset import open_store
from tests.support.questions import ANSWERS, LIBRARY, answer_as_csv

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "build"
        store = open_store(build(place, Names()).folder(place) / STORE)
        for name in sys.argv[1:] or LIBRARY:
            text = answer_as_csv(store, LIBRARY[name]).replace("\r\n", "\n")
            (ANSWERS / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        del store
