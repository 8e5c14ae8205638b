"""Killed in the middle of writing: nothing that was acknowledged is lost, and nothing is half done."""

import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.sparql.workarounds import open_union
from crmgraph.store.generations import Generations

# Two operations a write, of which both are done or none; the two graphs have the same statements. The memory is the
# least that the settings allow.
PROGRAM = """
import sys
from pathlib import Path
from crmgraph.sparql.pool import Pool
from crmgraph.store.generations import Generations
from crmgraph.store.changes import Change
from crmgraph.store.writer import StoreWriter
from crmgraph.store.changes import Writer
generations = Generations(Path(sys.argv[1]))
with Pool(generations.path, memory_bytes=2**28) as pool, StoreWriter(generations, pool, 2**28) as store_writer:
    for number in range(int(sys.argv[2]), 10**9):
        said = f"<http://e/{number}> <http://e/p> {number}"
        one, two = (f"INSERT DATA {{ GRAPH <http://e/{name}> {{ {said} }} }}" for name in ("a", "b"))
        store_writer.write(Change("update", (f"{one} ; {two}".encode(),)), Writer("drill", ""), 30)
        print(number, flush=True)
"""


@pytest.mark.parametrize("times", [2, pytest.param(200, marks=pytest.mark.drill)])
def test_killed_again_and_again(tmp_path: Path, times: int) -> None:
    """Each time at another moment, before the first write or between any two instructions of a later one."""
    chance = random.Random(1)
    folder = tmp_path / "kept"
    Generations.create(folder)
    acknowledged = 0
    for _ in range(times):
        said = written_until_killed(folder, acknowledged + 1, chance.uniform(0, 0.6))
        current = Generations(folder).path
        store, union = Store.read_only(str(current)), open_union(current)
        first, second = (numbers(store, NamedNode(f"http://e/{name}")) for name in ("a", "b"))
        assert first == second, "a write was half done"
        assert first == list(range(1, len(first) + 1)), "a write was lost"
        assert first == (numbers(union, DefaultGraph()) if union else []), "the union is not that of the graphs"
        assert said <= len(first) <= said + 1, "what was acknowledged is not there"
        acknowledged = len(first)
    assert acknowledged >= times


def written_until_killed(folder: Path, start: int, seconds: float) -> int:
    """The last number that the process said was written, before it was killed after its first words or so long."""
    command = [sys.executable, "-c", PROGRAM, str(folder), str(start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        time.sleep(seconds / 2)
        select.select([process.stdout], [], [], 60)
        time.sleep(seconds / 4)
        process.kill()
        lines = process.stdout.read().split("\n")
    assert process.returncode == -signal.SIGKILL, "a write failed"
    return max([start - 1, *(int(line) for line in lines[:-1])])


def numbers(store: Store, graph: NamedNode | DefaultGraph) -> list[int]:
    return sorted(int(quad.object.value) for quad in store.quads_for_pattern(None, None, None, graph))  # type: ignore[union-attr]
