"""Pins the built dataset: writes the digest and the number of statements of each named graph to golden.json."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from crmgraph.store import DUMP

GOLDEN = Path(__file__).with_name("golden.json")
VERSION = "<http://www.w3.org/2002/07/owl#versionInfo>"
Graphs = Mapping[str, list[str]]


def graphs_of(dump: Path) -> Graphs:
    """Return the lines of each named graph of a dump in N-Quads, sorted. The version of the program is left out."""
    found: dict[str, list[str]] = {}
    for line in dump.read_text(encoding="utf-8").split("\n"):
        if line:
            graph = line.removesuffix(" .").rpartition(" ")[2].strip("<>")
            if not (graph.endswith("graph/catalog") and line.split(" ", 2)[1] == VERSION):
                found.setdefault(graph, []).append(line)
    return {graph: sorted(lines) for graph, lines in sorted(found.items())}


def summary(graphs: Graphs) -> dict[str, dict[str, int | str]]:
    """Return what is pinned of each graph."""
    return {
        graph: {"statements": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}
        for graph, lines in graphs.items()
    }


def main() -> None:
    from tests.support.dataset import built_dataset

    folder, manifest = built_dataset()
    pinned = summary(graphs_of(manifest.folder(folder) / DUMP))
    lines = (f"{json.dumps(graph)}: {json.dumps(known)}" for graph, known in pinned.items())
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
