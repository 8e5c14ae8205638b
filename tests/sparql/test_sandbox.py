"""A process with its sockets and files denied reaches neither network nor files, but still answers from the store."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.sparql.engine import Question
from crmgraph.sparql.pool import Pool
from crmgraph.store.dataset import write_union

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limits are supported on Linux only")

_PROGRAM = """
import json, socket, sys
from pathlib import Path
from pyoxigraph import QueryResultsFormat, Store
from crmgraph.sparql import processes
from crmgraph.sparql.workarounds import open_union

path, url, sockets, memory = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True", int(sys.argv[4])
if sockets:
    processes.deny_sockets()
store, union = Store.read_only(str(path)), open_union(path)
processes.limit_memory(memory)
if sys.argv[5] == "True":
    processes.deny_files(path)

def tried(act):
    try:
        return str(act())
    except (OSError, MemoryError) as error:
        return type(error).__name__

print(json.dumps({
    "service": tried(lambda: list(store.query("SELECT * { SERVICE <" + url + "> { ?s ?p ?o } }"))),
    "silent": tried(lambda: len(list(store.query("SELECT * { SERVICE SILENT <" + url + "> { ?s ?p ?o } }")))),
    "socket": tried(lambda: socket.socket().fileno()),
    "file": tried(lambda: Path("/etc/hostname").read_bytes()),
    "memory": tried(lambda: len(bytearray(64 * 2**20))),
    "union": tried(lambda: bool(union and union.query("ASK { GRAPH ?g {} }"))),
    "rows": tried(lambda: store.query("SELECT * { GRAPH ?g { ?s ?p ?o } }").serialize(
        format=QueryResultsFormat.CSV).count(b"\\r\\n")),
}))
"""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def run_in_sandbox(
    store: Path, listener: socket.socket, *, sockets: bool, memory: int = 2**30, files: bool = True
) -> dict[str, str]:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    command = [sys.executable, "-c", _PROGRAM, str(store), url, str(sockets), str(memory), str(files)]
    found: dict[str, str] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


@pytest.mark.parametrize(("sockets", "files"), [(True, False), (False, True)])
def test_nothing_is_reached_and_the_store_answers(
    small_store: Path, listener: socket.socket, sockets: bool, files: bool
) -> None:
    """Denied sockets or denied files are each enough to keep queries from the network."""
    found = run_in_sandbox(small_store, listener, sockets=sockets, files=files)
    assert found["service"] in ("OSError", "PermissionError")
    assert found["silent"] == "1"
    assert found["socket"] in ("OSError", "PermissionError")
    assert found["file"] == "OSError" or not files
    assert (found["rows"], found["union"], found["memory"]) == ("408", "True", str(64 * 2**20))
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_store_of_many_tables_is_read(tmp_path: Path, listener: socket.socket) -> None:
    """The engine opens sixteen tables of a store at first and the rest when needed, so files are not denied here."""
    path = tmp_path / "store"
    store = Store(path)
    for part in range(12):
        graph = NamedNode(f"http://e/g{part}")
        store.extend(
            Quad(NamedNode(f"http://e/{n}"), NamedNode("http://e/p"), Literal(str(n)), graph) for n in range(9)
        )
        store.flush()
    del store
    write_union(path)
    assert len(list(path.glob("*.sst"))) > 16
    found = run_in_sandbox(path, listener, sockets=True)
    assert (found["rows"], found["union"], found["socket"]) == (str(12 * 9 + 1), "True", "PermissionError")
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    with Pool(path, memory_bytes=2**30, workers=1) as pool:
        for number in range(12):
            text = count.replace("?g", f"<http://e/g{number}>")
            assert pool.answer(Question(text, result_type="text/csv"), 120).body.split()[1] == b"9"
        assert pool.answer(Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", result_type="text/csv"), 120).body
