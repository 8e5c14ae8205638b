"""Caches with a limit in bytes, and the memory of a server under requests that try to fill them."""

import os
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest

from crmgraph.caching import SizedCache, memoize, size_of
from tests.support.processes import children
from tests.support.servers import running_server, wait_until_prepared

MIB = 2**20


def test_keys_and_values_count_in_full() -> None:
    cache = SizedCache[bytes](8 * MIB)
    for number in range(100):
        cache.put("state", ("x" * MIB, f"{number}"), b"")
        assert cache.get("state", ("x" * MIB, f"{number}")) is None
        cache.put("state", (number, "x" * 100_000), b"y" * 100_000)
    kept = [number for number in range(100) if cache.get("state", (number, "x" * 100_000))]
    assert kept == list(range(100 - len(kept), 100))
    assert 30 < len(kept) < 42


def test_size_of_a_value_counts_what_it_holds() -> None:
    assert size_of(("a" * 1000, frozenset({"b" * 1000}), {"k" * 1000: ["v" * 1000]})) > 4000


def test_memoize_keeps_no_long_argument() -> None:
    calls: list[str] = []

    @memoize(10, longest=20)
    def length(text: str, *_: tuple[str, ...]) -> int:
        calls.append(text)
        return len(text)

    for arguments in (("a" * 9,), ("b" * 30,), ("c", ("d" * 9, "e" * 9))):
        assert length(*arguments) == length(*arguments) == len(arguments[0])
    assert calls == ["a" * 9, "b" * 30, "b" * 30, "c", "c"]


def _memory(pids: Iterable[int]) -> int:
    """Return the resident memory of processes, in bytes, shared pages divided among those that share them."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += 1024 * int(line.split()[1])
    return total


def _all_below(pid: int) -> list[int]:
    return [below for child in children(pid) for below in (child, *_all_below(child))]


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="reads the memory of a process from Linux")
def test_no_mix_of_requests_fills_the_memory(build_folder: Path, manifest: object) -> None:
    assert manifest
    with (
        running_server(build_folder, "--cache", str(16 * MIB), "--workers", "1") as url,
        httpx.Client(timeout=60) as client,
    ):
        port = url.rsplit(":", 1)[1]

        def ask(number: int) -> None:
            name = f"urn:x-{number}:" + "x" * 900_000
            form = {"query": "ASK { GRAPH ?g { ?s ?p ?o } }"}
            client.post(f"{url}/sparql", data={**form, "named-graph-uri": name})
            client.post(f"{url}/sparql", data={**form, "default-graph-uri": name}).raise_for_status()
            client.post(f"{url}/sparql", data={"query": f"ASK {{}} #{name[:60_000]}"}).raise_for_status()
            long = f"{number}" + "y" * 5_000
            client.get(f"{url}/en/search", params={"q": long}, headers={"Accept": f"text/html, x/{long}"})
            client.get(f"{url}/sparql", params=form, headers={"Host": f"{number}{'h' * 200}.example:{port}"})
            client.post(f"{url}/reconcile", data={"queries": f'{{"q0": {{"query": "{long}"}}}}'})

        for number in range(10):
            ask(number)
        wait_until_prepared(url)
        before = _memory(_all_below(os.getpid()))
        for number in range(10, 80):
            ask(number)
        assert _memory(_all_below(os.getpid())) - before < (16 + 48) * MIB
