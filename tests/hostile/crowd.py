"""A drill: small questions of sixteen clients beside endless streams of every hostile query and batch of names.

`python -m tests.hostile.crowd 10` goes on for ten minutes, and says how long small questions took before and during.
Each stream comes from an address of its own, and asks nothing that was asked before.
"""

import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import httpx

from crmgraph.building import build
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from tests.hostile.fuzz import BROKEN_OFF
from tests.support.servers import running_server

__all__ = ["BATCHES", "HOSTILE", "Drill", "drill"]

_PART = Names().id("plan/crm/pgm")
SMALL = (
    f"ASK {{ <{_PART}/7.1.1> ?p ?o }}",
    f"SELECT ?o {{ <{_PART}/7.1.1> <http://www.w3.org/2000/01/rdf-schema#label> ?o }}",
    f"SELECT ?s ?p ?o {{ ?s <http://purl.org/dc/terms/isPartOf> <{_PART}> ; ?p ?o }}",
    f"CONSTRUCT {{ <{_PART}/1> ?p ?o }} WHERE {{ <{_PART}/1> ?p ?o }}",
)
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "SELECT ?a (COUNT(?f) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a",
    "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER regex(str(?c), '(a+)+$') }",
    "SELECT * { ?a (!<a:a>|^(!<a:a>))* ?b }",
    "SELECT * { ?s ?p ?o . FILTER NOT EXISTS { ?a ?b ?c . ?d ?e ?f FILTER (?c = ?f && ?a != ?d && ?c = ?o) } }",
    "ASK { " + "OPTIONAL { ?s ?p ?o } " * 1_000 + "}",
    "ASK { " + " . ".join(f"?s{n} ?p{n} ?s{n + 1}" for n in range(200)) + " }",
    "ASK { FILTER(" + "||".join(["?x"] * 20_000) + ") }",
    "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }",
    "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "ASK { FILTER(" + "(" * 5_000 + "true" + ")" * 5_000 + ") }",
    "DESCRIBE ?s { ?s ?p ?o }",
)
_VALUES = [f"Conferencia Regional {first}{second}" for first in "abcdefghij" for second in "klmnopqrst"]
_LIKE = [
    {"pid": name, "v": _VALUES[20 * place : 20 * place + 20]}
    for place, name in enumerate(
        (f"{ONTOLOGY}#text", f"{ONTOLOGY}#memberOf", PREFIXES["dcterms"] + "title", PREFIXES["dcterms"] + "description")
    )
]
BATCHES = (
    {str(number): {"properties": _LIKE, "limit": 50} for number in range(150)},
    {str(number): {"query": f"migración regional sobre los derechos {number}", "limit": 50} for number in range(200)},
    {str(number): {"query": " ".join(_VALUES[:12]), "properties": _LIKE} for number in range(150)},
)
"""Names and what they are to be like, to be worked on as long as a batch may be."""

_QUIET = 20.0
_CLIENTS, _STREAMS = 16, 16


class Drill:
    """Small questions and hostile ones, sent to a service until the time is over."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = count()
        self.times: list[float] = []
        self.failed: list[str] = []
        self.answered: Counter[int] = Counter()
        self.broken: Counter[str] = Counter()

    def run(self, seconds: float, streams: int) -> float:
        """Go on so long with so many hostile streams; the 99th percentile of small questions, in seconds."""
        until = time.monotonic() + seconds
        self.times = []
        work = [self._ask_small] * _CLIENTS + [self._ask_hostile] * streams
        threads = [threading.Thread(target=_endlessly, args=(each, place, until)) for place, each in enumerate(work)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return percentile(self.times, 0.99)

    def _ask_small(self, client: httpx.Client, turn: int) -> None:
        began = time.monotonic()
        response = client.get(f"{self.url}/sparql", params={"query": SMALL[turn % len(SMALL)]})
        self.times.append(time.monotonic() - began)
        if response.status_code != 200:
            self.failed.append(f"{response.status_code}: {response.text[:200]}")
        time.sleep(0.05)

    def _ask_hostile(self, client: httpx.Client, turn: int) -> None:
        place = turn % (len(HOSTILE) + len(BATCHES))
        if place < len(HOSTILE):
            path, form = "/sparql", {"query": f"{HOSTILE[place]} # {next(self._numbers)}"}
        else:
            path, form = "/reconcile", {"queries": json.dumps(BATCHES[place - len(HOSTILE)])}
        with client.stream("POST", f"{self.url}{path}", data=form) as response:
            try:
                said = b"".join(response.iter_raw()) if response.status_code == 500 else b""
                for _ in response.iter_raw() if not said else ():
                    pass
                self.answered[response.status_code] += 1
                if said:
                    self.broken[f"{place}: {said.decode()}"] += 1
            except httpx.RemoteProtocolError:
                self.answered[BROKEN_OFF] += 1


def _endlessly(ask: Callable[[httpx.Client, int], None], place: int, until: float) -> None:
    # All of 127.0.0.0/8 is this machine.
    transport = httpx.HTTPTransport(local_address=f"127.0.1.{place + 1}")
    with httpx.Client(timeout=60, trust_env=False, transport=transport) as client:
        turn = place
        while time.monotonic() < until:
            ask(client, turn)
            turn += 1


def percentile(times: Sequence[float], part: float) -> float:
    """The time that this part of all times does not exceed."""
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def drill(url: str, seconds: float, say: Callable[[str], None]) -> tuple[float, float, Drill]:
    """The 99th percentile in quiet and beside hostile streams, and all that was noted."""
    running = Drill(url)
    running.run(2, 0)
    quiet = running.run(min(_QUIET, seconds), 0)
    say(f"quiet: {len(running.times)} small questions, 99th percentile {1000 * quiet:.1f} ms")
    beside = running.run(seconds, _STREAMS)
    say(f"beside {_STREAMS} hostile streams: {len(running.times)}, 99th percentile {1000 * beside:.1f} ms")
    return quiet, beside, running


def _memory() -> Iterator[int]:
    """The resident memory of each process of crmgraph, in bytes."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="ascii", errors="replace")
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if b"crmgraph" in command and b"hostile" not in command:
            yield from (int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "build"
        build(folder, Names())
        with running_server(folder, "--timeout", "10", "--rate", "0") as address:
            most = 0
            over = threading.Event()

            def watch() -> None:
                global most
                while not over.wait(1):
                    most = max(most, sum(_memory()))

            watching = threading.Thread(target=watch)
            watching.start()
            _, _, noted = drill(address, 60 * minutes, print)
            over.set()
            watching.join()
            print(f"small questions that failed: {len(noted.failed)} {noted.failed[:3]}")
            print(f"hostile ones: {dict(sorted(noted.answered.items()))}")
            print(f"those that were answered with 500: {dict(noted.broken)}")
            time.sleep(12)
            after = Drill(address)
            print(f"afterwards: 99th percentile {1000 * after.run(10, 0):.1f} ms")
            print(f"memory of all processes at most {most // 2**20} MiB, at the end {sum(_memory()) // 2**20} MiB")
