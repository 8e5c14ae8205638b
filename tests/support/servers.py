"""A real server with the real dataset, in a separate process."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from crmgraph.store.changes import token_digest

TOKEN = "anas-token"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
"""The header of one who may write to all of a writable server."""


def crmgraph_command() -> list[str]:
    """Return the command line of the crmgraph under test."""
    return [sys.executable, "-m", "crmgraph"]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running_server(build: Path, *flags: str, cwd: Path | None = None) -> Iterator[str]:
    """Run `crmgraph serve` on a free port, with `cwd` as current folder, until the context ends. Yield its address."""
    # How long a query or a check takes says more of the machine than of the service.
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build), "--timeout", "300", *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=cwd)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("crmgraph is at http://"), line
        yield line.split()[3].rstrip("/")
    finally:
        process.terminate()
        process.wait(60)
        if process.stdout:
            process.stdout.close()


def wait_until_prepared(server: str) -> None:
    """Wait until a server of ours has prepared its pages, which takes seconds: until it needs no processor time."""
    before, now = -1.0, 0.0
    while now > before + 0.02:
        time.sleep(2)
        metrics = httpx.get(f"{server}/metrics", timeout=60, trust_env=False).text
        before, now = now, float(re.findall(r"^process_cpu_seconds_total (.*)$", metrics, re.MULTILINE)[0])


@contextmanager
def writable_server(build: Path, folder: Path, *flags: str) -> Iterator[str]:
    """Run a server whose store is `kept` in `folder`, with a writer who may modify all graphs. Yield its address."""
    settings = f'[[writers]]\nname = "ana"\ntoken = "{token_digest(TOKEN)}"\n'
    (folder / "crmgraph.toml").write_text(settings, encoding="utf-8")
    with running_server(build, "--store", "kept", *flags, cwd=folder) as url:
        yield url


@contextmanager
def http_server(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Run a server on the loopback interface that handles each request in a thread of its own. Yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running(command: Sequence[str], url: str, patience: float = 120) -> Iterator[None]:
    """Run a server until the context ends. It must answer at `url` within `patience` seconds."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + patience
        while True:
            assert process.poll() is None, f"{command[0]} ended"
            assert time.monotonic() < deadline, f"{command[0]} did not start"
            with suppress(httpx.HTTPError):
                if httpx.get(url, params={"query": "ASK {}"}, timeout=5, trust_env=False).status_code < 500:
                    break
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(60)
