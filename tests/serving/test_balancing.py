"""Two servers behind HAProxy: clients get no errors while a server is stopped, killed, or restarted with other data."""

import itertools
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import NamedTuple

import httpx
import pytest

from crmgraph.building.dataset import build
from crmgraph.building.manifest import Manifest, read_manifest
from crmgraph.namespaces import Names
from tests.support.servers import crmgraph_command, free_port

CONFIGURATION = Path(__file__).parents[2] / "docs" / "haproxy.cfg"
HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
# Seconds after which the balancer has checked that a started server is ready.
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s a <https://w3id.org/crmgraph/ontology#Theme> } } # "


class Dataset(NamedTuple):
    """A built dataset."""

    base: str
    folder: Path
    manifest: Manifest


@dataclass
class Node:
    """One of the two servers; its port does not change when it is restarted."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    def start(self, data: Dataset) -> None:
        """Start the server, and wait until it is ready and the balancer has noticed that."""
        where = ("--port", str(self.port), "--build", str(data.folder), "--base", data.base)
        how = ("--proxies", "127.0.0.1", "--drain", "5")
        self.process = subprocess.Popen([*crmgraph_command(), "serve", *where, *how], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("crmgraph is at ")
        ready = httpx.get(f"http://127.0.0.1:{self.port}/ready", trust_env=False, timeout=30)
        assert ready.json() == {"ready": True, "dataset": data.manifest.dataset}
        time.sleep(2.0)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.communicate(timeout=60)


@contextmanager
def balancer(nodes: list[Node], folder: Path) -> Iterator[str]:
    """Run HAProxy before these servers, with the documented configuration; yield its URL."""
    assert HAPROXY is not None
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8").replace("bind :80\n", f"bind 127.0.0.1:{port}\n")
    # The clients of the test ask as quickly as they can, all from one address.
    assert "http_req_rate gt 1000" in text
    text = text.replace("http_req_rate gt 1000", "http_req_rate gt 1000000")
    for address, node in zip(("192.0.2.1:8000", "192.0.2.2:8000"), nodes, strict=True):
        assert text.count(address) == 1
        text = text.replace(address, f"127.0.0.1:{node.port}")
    file = folder / "haproxy.cfg"
    file.write_text(text, encoding="utf-8")
    with subprocess.Popen([HAPROXY, "-db", "-q", "-f", str(file)]) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


class Clients:
    """Clients that ask one thing after another, and which dataset they were told of in each step."""

    def __init__(self, address: str, *datasets: Dataset) -> None:
        self.step = "begin"
        self.answered: set[tuple[str, str]] = set()
        self.failures: list[str] = []
        self.enough = Event()
        self._address = address
        self._bases = [each.base for each in datasets]

    def ask(self, way: int) -> None:
        with httpx.Client(base_url=self._address, trust_env=False, timeout=60) as client:
            for n in itertools.count():
                if self.enough.is_set():
                    return
                step, query, thing = self.step, f"{GRAPHS}{n}", f"/id/plan/crm/pgm/{n % 9 + 1}"
                asked = [
                    client.build_request("GET", "/sparql", params={"query": query}, headers={"Accept": "text/csv"}),
                    client.build_request("POST", "/sparql", data={"query": query}, headers={"Accept": "text/csv"}),
                    client.build_request("GET", f"/{('es', 'en')[n % 2]}{thing}", headers={"Accept": "text/html"}),
                    client.build_request("GET", f"{thing}.ttl"),
                ]
                try:
                    said = client.send(asked[way]).raise_for_status().text
                except httpx.HTTPError as error:
                    self.failures.append(f"{step}, {way}: {error!r}")
                else:
                    found = [base for base in self._bases if f"{base}id/" in said or f"{base}graph/" in said]
                    self.answered.add((step, " and ".join(found)))


@pytest.mark.drill
@pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")
def test_nobody_notices_when_one_of_two_servers_stops_dies_or_gets_another_dataset(
    build_folder: Path, manifest: Manifest, tmp_path: Path
) -> None:
    base = "https://example.org/other/"
    before = Dataset(Names().base, build_folder, manifest)
    after = Dataset(base, tmp_path / "other", build(tmp_path / "other", Names(base)))
    nodes = one, two = [Node(), Node()]
    steps = {
        "stopped": (one, signal.SIGTERM, before),
        "killed": (two, signal.SIGKILL, before),
        "first moved": (one, signal.SIGTERM, after),
        "second moved": (two, signal.SIGTERM, after),
    }
    with balancer(nodes, tmp_path) as address:
        crowd = Clients(address, before, after)
        try:
            for node in nodes:
                node.start(before)
            with ThreadPoolExecutor(4) as threads:
                asking = [threads.submit(crowd.ask, way) for way in range(4)]
                time.sleep(2)
                for step, (node, how, data) in steps.items():
                    crowd.step = f"{step}: gone"
                    node.stop(how)
                    # A killed server is gone at once, and the clients go on asking.
                    time.sleep(2)
                    crowd.step = f"{step}: back"
                    node.start(data)
                crowd.step = "end"
                time.sleep(2)
                crowd.enough.set()
                for each in asking:
                    each.result()
            kept = httpx.get(f"{address}/metrics", trust_env=False, timeout=60)
            ready = [httpx.get(f"{address}/ready", trust_env=False, timeout=30).json() for _ in range(10)]
        finally:
            crowd.enough.set()
            for node in nodes:
                node.stop()
    assert crowd.failures == []
    told = {step for step, _ in crowd.answered}
    assert told == {"begin", "end"} | {f"{step}: {how}" for step in steps for how in ("gone", "back")}
    assert {which for _, which in crowd.answered} == {before.base, after.base}
    assert {which for step, which in crowd.answered if step == "end"} == {after.base}
    assert kept.status_code == 404
    assert ready == [{"ready": True, "dataset": after.manifest.dataset}] * 10
    assert all(read_manifest(data.folder) == data.manifest for data in (before, after))
