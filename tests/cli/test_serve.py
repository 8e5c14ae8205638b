"""`crmgraph serve` where something is missing that it makes, and what it leaves when it is stopped."""

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from crmgraph.building.manifest import Manifest
from crmgraph.cli.data import open_writable_store
from crmgraph.settings import read_settings
from crmgraph.sparql.engine import Question
from crmgraph.sparql.workarounds import has_union
from crmgraph.store.generations import Generations
from tests.support.servers import crmgraph_command
from tests.support.stores import build_store

SERVES = """
import signal, sys, tempfile, uvicorn
from crmgraph.cli.data import exit_on_signal

async def app(scope, receive, send):
    pass

signal.signal(signal.SIGTERM, exit_on_signal)
with tempfile.TemporaryDirectory(dir=sys.argv[1]):
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="error")
    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            print("ready", flush=True)
    Server(config).run()
"""


def test_what_is_open_is_closed_at_sigterm(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVES, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert len(list(tmp_path.iterdir())) == 1
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_server_that_is_stopped_while_it_builds_leaves_no_build_behind(tmp_path: Path, number: int) -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("whose child a process is, is told on Linux only")
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(tmp_path / "build")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        patience = time.monotonic() + 120
        while not any(tmp_path.glob("build/*")) and time.monotonic() < patience:
            time.sleep(0.1)
        [building] = children.read_text(encoding="ascii").split()
        process.send_signal(number)
    patience = time.monotonic() + 60
    while is_at_work(building) and time.monotonic() < patience:
        time.sleep(0.1)
    assert not is_at_work(building)


def is_at_work(pid: str) -> bool:
    # Whoever has ended and was not asked how has no words of a command any more.
    with suppress(OSError):
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    return False


def test_why_it_cannot_be_built_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana", encoding="utf-8")
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 2)
    assert "this folder holds things that are no built dataset" in done.stderr


def test_statement_that_several_graphs_of_an_old_store_share_is_counted_once(
    tmp_path: Path, build_folder: Path, manifest: Manifest
) -> None:
    generations = Generations.create(tmp_path / "kept", build_store(tmp_path / "seed"))
    assert not has_union(generations.path)
    question = Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", result_type="text/csv")
    for _ in range(2):
        with open_writable_store(generations.folder, read_settings(build=build_folder), manifest) as (pool, _):
            assert pool.answer(question, 20).body.split() == [b"n", b"406"]
