"""The statements of the built dataset, pinned: for each named graph their number and the sha256 of its sorted lines.

`python -m tests.building.golden` writes golden.json anew, after a change that is meant to change the dataset.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from crmgraph.store import DUMP

GOLDEN = Path(__file__).with_name("golden.json")
PREVIOUS = "CRMGRAPH_GOLDEN_DUMP"
"""The variable that names a dump from before the change, dataset.nq or dataset.nq.gz, to count what went and came."""
VERSION = "<http://www.w3.org/2002/07/owl#versionInfo>"
SHOWN = 3
Graphs = Mapping[str, list[str]]


def graphs_of(dump: Path) -> Graphs:
    """Return the lines of each named graph of a dump in N-Quads, sorted. The version of the program is left out."""
    data = dump.read_bytes()
    found: dict[str, list[str]] = {}
    for line in (gzip.decompress(data) if dump.suffix == ".gz" else data).decode().split("\n"):
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


def differences(graphs: Graphs, pinned: Mapping[str, Mapping[str, int | str]], previous: Graphs | None) -> list[str]:
    """Return a line for each graph that is not as it is pinned, followed by the first statements that went and came.

    The latter only where there is a `previous` dump.
    """
    found = summary(graphs)
    told = []
    for graph in sorted({*found, *pinned}):
        if found.get(graph) == pinned.get(graph):
            continue
        before, after = (each.get(graph, {}).get("statements", 0) for each in (pinned, found))
        line = f"{graph}: {before} statements pinned, {after} built"
        if previous is None:
            told.append(line)
            continue
        old, new = set(previous.get(graph, [])), set(graphs.get(graph, []))
        went, came = sorted(old - new), sorted(new - old)
        told.append(f"{line}; {len(went)} went, {len(came)} came")
        told += [f"  - {each}" for each in went[:SHOWN]] + [f"  + {each}" for each in came[:SHOWN]]
    return told


def main() -> None:
    """Write golden.json for the dataset that this code builds."""
    from tests.support.dataset import built_dataset

    folder, manifest = built_dataset()
    pinned = summary(graphs_of(manifest.folder(folder) / DUMP))
    lines = (f"{json.dumps(graph)}: {json.dumps(known)}" for graph, known in pinned.items())
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
