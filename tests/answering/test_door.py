"""Behind the shut door nothing is reached, whatever asks; the store goes on answering."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.storing.unions import write_union

_PROGRAM = """
import json, socket, sys
from pathlib import Path
from pyoxigraph import QueryResultsFormat, Store
from crmgraph.sparql import door
from crmgraph.storing.unions import open_union

path, url, sockets, memory = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True", int(sys.argv[4])
told = door.deny_sockets() if sockets else False
store, union = Store.read_only(str(path)), open_union(path)
limited = door.limit_memory(memory)
door.shut_files(path)

def tried(act):
    try:
        return str(act())
    except (OSError, MemoryError) as error:
        return type(error).__name__

print(json.dumps({
    "told": told,
    "limited": str(limited),
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


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def behind_the_door(store: Path, port: int, *, sockets: bool, memory: int = 2**30) -> dict[str, str]:
    url = f"http://127.0.0.1:{port}/sparql"
    command = [sys.executable, "-c", _PROGRAM, str(store), url, str(sockets), str(memory)]
    done = subprocess.run(command, capture_output=True, timeout=20, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("sockets", [True, False])
def test_nothing_is_reached_and_the_store_answers(small_store: Path, listener: socket.socket, sockets: bool) -> None:
    found = behind_the_door(small_store, port_of(listener), sockets=sockets)
    assert found["service"] in ("OSError", "PermissionError")
    assert found["silent"] == "1"
    assert found["socket"] in ("OSError", "PermissionError")
    assert found["file"] == "OSError"
    assert found["rows"] == "408"
    assert found["union"] == "True"
    assert found["memory"] == str(64 * 2**20)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_the_listener_would_have_been_reached_without_a_door(small_store: Path, listener: socket.socket) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    program = (
        "import sys, pyoxigraph; pyoxigraph.Store.read_only(sys.argv[1])"
        ".query('SELECT * { SERVICE <' + sys.argv[2] + '> { ?s ?p ?o } }')"
    )
    asking = subprocess.Popen([sys.executable, "-c", program, str(small_store), url], stderr=subprocess.DEVNULL)
    try:
        listener.settimeout(10)
        listener.accept()[0].close()
    finally:
        asking.kill()
        asking.wait()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux only")
def test_memory_has_an_end(small_store: Path, listener: socket.socket) -> None:
    found = behind_the_door(small_store, port_of(listener), sockets=True, memory=32 * 2**20)
    assert (found["limited"], found["memory"]) == ("True", "MemoryError")


@pytest.mark.parametrize("sockets", [True, False])
def test_a_store_of_many_tables_goes_on_opening_them(tmp_path: Path, sockets: bool) -> None:
    store = Store(tmp_path / "store")
    for part in range(12):
        graph = NamedNode(f"http://e/g{part}")
        store.extend(
            Quad(NamedNode(f"http://e/{n}"), NamedNode("http://e/p"), Literal(str(n)), graph) for n in range(9)
        )
        store.flush()
    del store
    write_union(tmp_path / "store")
    assert len(list((tmp_path / "store").glob("*.sst"))) > 16
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = port_of(nobody)
    found = behind_the_door(tmp_path / "store", port, sockets=sockets)
    assert found["rows"] == str(12 * 9 + 1)
    assert found["union"] == "True"
    if found["told"] == "True":
        assert found["service"] in ("OSError", "PermissionError")
        assert found["socket"] == "PermissionError"
