"""In a process that is shut in nothing is reached, whatever asks; the store goes on answering."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.sparql import Pool, Question
from crmgraph.storing.unions import write_union

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits are told to Linux only")

_PROGRAM = """
import json, socket, sys
from pathlib import Path
from pyoxigraph import QueryResultsFormat, Store
from crmgraph.sparql import sandbox
from crmgraph.storing.unions import open_union

path, url, sockets, memory = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True", int(sys.argv[4])
told = sandbox.deny_sockets() if sockets else False
store, union = Store.read_only(str(path)), open_union(path)
limited = sandbox.limit_memory(memory)
if sys.argv[5] == "True":
    sandbox.shut_files(path)

def tried(act):
    try:
        return str(act())
    except (OSError, MemoryError) as error:
        return "MemoryError" if isinstance(error, MemoryError) else "OSError"

service = "SELECT * { SERVICE %s<" + url + "> { ?s ?p ?o } }"
print(json.dumps([
    told and limited,
    tried(lambda: list(store.query(service % ""))) if how != "memory" else "",
    tried(lambda: len(list(store.query(service % "SILENT ")))) if how != "memory" else "",
    tried(lambda: socket.socket().fileno() > 0),
    tried(lambda: Path("/etc/hostname").stat() and open("/etc/hostname").close()),
    tried(lambda: len(bytearray(64 * 2**20))),
    tried(lambda: store.query("SELECT * { GRAPH ?g { ?s ?p ?o } }").serialize(
        format=QueryResultsFormat.CSV).count(b"\\r\\n")),
]))
"""
SIZE = str(64 * 2**20)


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ("sockets", [True, "OSError", "1", "OSError", "None", SIZE, "408"]),
        ("files", [True, "OSError", "1", "OSError", "OSError", SIZE, "408"]),
        ("memory", [True, "", "", "True", "None", "MemoryError", "408"]),
    ],
)
def test_each_limit_by_itself(small_store: Path, how: str, found: list[object]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(small_store), url, how], capture_output=True, check=True, timeout=120
        )
        assert json.loads(done.stdout) == found
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_store_of_many_tables_is_read(tmp_path: Path) -> None:
    """The engine opens sixteen tables at once, and the others when they are needed."""
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
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    with Pool(path, memory_bytes=2**30, workers=1) as pool:
        for number in range(12):
            text = count.replace("?g", f"<http://e/g{number}>")
            assert pool.answer(Question(text, result_type="text/csv"), 120).body.split()[1] == b"9"
        assert pool.answer(Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", result_type="text/csv"), 120).body
