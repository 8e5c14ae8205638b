"""SPARQL engines that are not ours, started for a test."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.servers import free_port

_OXIGRAPH = (Path(sys.executable).parent / "oxigraph", Path(__file__).parents[2] / ".venv/oxigraph/bin/oxigraph")
_TRIES = 3
_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
CheckpointInterval = 0
CaseMode = 2
NumberOfBuffers = 20000
MaxDirtyBuffers = 12000
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerThreads = 16
[SPARQL]
ResultSetMaxRows = 10000
"""


def oxigraph_binary() -> str | None:
    """Where the server of Oxigraph is."""
    found = [shutil.which("oxigraph"), *(str(path.absolute()) for path in _OXIGRAPH if path.is_file())]
    return next((path for path in found if path), None)


class EndedError(Exception):
    """A server ended before it answered."""


@contextmanager
def oxigraph_server(folder: Path) -> Iterator[str]:
    """Oxigraph's own server over a new store in the folder."""
    binary = oxigraph_binary()
    if binary is None:
        pytest.skip("the server of Oxigraph is not on this machine")
    port = free_port()
    command = [binary, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}"
    with running(command, f"{url}/query"):
        yield f"{url}/query"


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[str]:
    """A Virtuoso over a new database in the folder."""
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip("Virtuoso is not on this machine")
    file = folder / "virtuoso.ini"
    with ExitStack() as held:
        for left in reversed(range(_TRIES)):
            web = free_port()
            file.write_text(_INI.format(folder=folder, sql=free_port(), web=web), encoding="utf-8")
            url = f"http://127.0.0.1:{web}/sparql"
            try:
                held.enter_context(running([binary, "+configfile", str(file), "+foreground"], url))
                break
            except EndedError:
                # Another may have taken one of its ports meanwhile.
                if not left:
                    raise
        yield url


@contextmanager
def running(command: Sequence[str], url: str, patience: float = 120) -> Iterator[None]:
    """A server, from when it answers at the address, for which it has so many seconds. Raises EndedError."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + patience
        while True:
            if process.poll() is not None:
                raise EndedError(f"{command[0]} ended")
            assert time.monotonic() < deadline, f"{command[0]} did not start"
            try:
                if httpx.get(url, params={"query": "ASK {}"}, timeout=5, trust_env=False).status_code < 500:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        yield
    finally:
        process.kill()
        process.wait(60)
