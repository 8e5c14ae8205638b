"""Two servers behind HAProxy, stopped, killed and moved to another dataset while clients ask without pause."""

import itertools
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import httpx
import pytest

from crmgraph.building import Manifest, build, read_manifest
from crmgraph.namespaces import Names
from tests.support.servers import crmgraph_command, free_port

pytestmark = pytest.mark.drill

CONFIGURATION = Path(__file__).parents[2] / "docs" / "haproxy.cfg"
HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
DRAIN = 5
# By then the balancer has asked a server that has started whether it is ready.
SEEN = 2.0
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s a <https://w3id.org/crmgraph/ontology#Theme> } } # "


@dataclass(frozen=True)
class Data:
    """A built dataset, of which each server has a copy."""

    base: str
    folder: Path
    manifest: Manifest

    def copy(self, to: Path) -> "Data":
        """A copy that nobody may write to."""
        shutil.copytree(self.folder, to)
        for path in (to, *to.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)
        return Data(self.base, to, self.manifest)


@dataclass
class Node:
    """One of the servers, which is always at the same port."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    def start(self, data: Data) -> None:
        """As an operator does: wait until it is ready, and the balancer has seen it."""
        where = ("--port", str(self.port), "--build", str(data.folder), "--base", data.base)
        how = ("--proxies", "127.0.0.1", "--drain", str(DRAIN))
        self.process = subprocess.Popen([*crmgraph_command(), "serve", *where, *how], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("crmgraph is at ")
        ready = httpx.get(f"http://127.0.0.1:{self.port}/ready", trust_env=False, timeout=30)
        assert ready.json() == {"ready": True, "dataset": data.manifest.dataset}
        time.sleep(SEEN)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it and wait until it has ended."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.communicate(timeout=60)


@contextmanager
def balancer(nodes: list[Node], folder: Path) -> Iterator[str]:
    """The address of HAProxy before these servers, as it is documented."""
    assert HAPROXY is not None
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8").replace("bind :80\n", f"bind 127.0.0.1:{port}\n")
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


def by_get(client: httpx.Client, n: int) -> httpx.Response:
    return client.get("/sparql", params={"query": f"{GRAPHS}{n}"}, headers={"Accept": "text/csv"})


def by_post(client: httpx.Client, n: int) -> httpx.Response:
    headers = {"Accept": "text/csv", "Content-Type": "application/sparql-query"}
    return client.post("/sparql", content=f"{GRAPHS}{n}", headers=headers)


def page(client: httpx.Client, n: int) -> httpx.Response:
    return client.get(f"/{('es', 'en')[n % 2]}/id/plan/crm/pgm/{n % 9 + 1}", headers={"Accept": "text/html"})


def as_data(client: httpx.Client, n: int) -> httpx.Response:
    return client.get(f"/id/plan/crm/pgm/{n % 9 + 1}.ttl")


class Crowd:
    """Clients that ask one thing after another, and what they were told in each step of the drill."""

    def __init__(self, address: str, before: Data, after: Data) -> None:
        self.step = "begin"
        self.told: Counter[tuple[str, str]] = Counter()
        self.failures: list[str] = []
        self._address = address
        self._datasets = {"before": before, "after": after}
        self._enough = Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask in several threads for as long as the context lasts."""
        ways = (by_get, by_post, page, as_data)
        with ThreadPoolExecutor(len(ways)) as threads:
            asking = [threads.submit(self._ask, way) for way in ways]
            try:
                yield
            finally:
                self._enough.set()
        for each in asking:
            each.result()

    def _ask(self, way: Callable[[httpx.Client, int], httpx.Response]) -> None:
        with httpx.Client(base_url=self._address, trust_env=False, timeout=60) as client:
            for n in itertools.count():
                if self._enough.is_set():
                    return
                step = self.step
                try:
                    answer = way(client, n)
                except httpx.HTTPError as error:
                    self.failures.append(f"{step}, {way.__name__}: {error!r}")
                    continue
                if answer.status_code == 200:
                    self.told[step, self._dataset_of(answer)] += 1
                else:
                    self.failures.append(f"{step}, {way.__name__}: {answer.status_code} {answer.text[:200]}")

    def _dataset_of(self, answer: httpx.Response) -> str:
        """Which of the datasets the answer is from; no sign of the other may be in it."""
        signs = {
            name: {data.base + "id/" in answer.text, data.base + "graph/" in answer.text}
            | ({data.manifest.dataset in answer.text} if answer.text.startswith("<!") else set())
            for name, data in self._datasets.items()
        }
        whole = [name for name, found in signs.items() if True in found]
        return whole[0] if len(whole) == 1 else "both or none"


@pytest.fixture
def before(build_folder: Path, manifest: Manifest) -> Data:
    return Data(Names().base, build_folder, manifest)


@pytest.fixture
def after(tmp_path: Path) -> Data:
    base = "https://example.org/other/"
    return Data(base, tmp_path / "other", build(tmp_path / "other", Names(base)))


@pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")
def test_nobody_notices_when_one_of_two_servers_stops_dies_or_gets_another_dataset(
    before: Data, after: Data, tmp_path: Path
) -> None:
    nodes = one, two = [Node(), Node()]
    copies = {(node.port, data.base): data.copy(tmp_path / f"{node.port}-{data.manifest.dataset[:6]}")
              for node in nodes for data in (before, after)}  # fmt: skip
    with balancer(nodes, tmp_path) as address:
        crowd = Crowd(address, before, after)
        try:
            for node in nodes:
                node.start(copies[node.port, before.base])
            with crowd.asking():
                time.sleep(2)
                for step, node, how, data in (
                    ("stopped", one, signal.SIGTERM, before),
                    ("killed", two, signal.SIGKILL, before),
                    ("first moved", one, signal.SIGTERM, after),
                    ("second moved", two, signal.SIGTERM, after),
                ):
                    crowd.step = f"{step}: gone"
                    node.stop(how)
                    # One that is killed is gone at once, and people ask in the meantime.
                    time.sleep(2)
                    crowd.step = f"{step}: back"
                    node.start(copies[node.port, data.base])
                crowd.step = "end"
                time.sleep(2)
            kept = httpx.get(f"{address}/metrics", trust_env=False, timeout=60)
            ready = [httpx.get(f"{address}/ready", trust_env=False, timeout=30).json() for _ in range(10)]
        finally:
            for node in nodes:
                node.stop()
    assert crowd.failures == []
    told = {(step, which) for step, which in crowd.told}
    assert {step for step, _ in told} == {"begin", "end"} | {
        f"{step}: {how}" for step in ("stopped", "killed", "first moved", "second moved") for how in ("gone", "back")
    }
    assert {which for _, which in told} == {"before", "after"}
    assert {which for step, which in told if step == "end"} == {"after"}
    assert kept.status_code == 404
    assert ready == [{"ready": True, "dataset": after.manifest.dataset}] * 10
    assert all(read_manifest(copy.folder) == copy.manifest for copy in copies.values())
