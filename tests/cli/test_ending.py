"""A command that is told to stop closes what it has open, and ends as it was told to."""

import signal
import subprocess
import sys
from pathlib import Path

SERVES = """
import sys, tempfile, uvicorn
from crmgraph.cli.ending import ended_in_order

async def app(scope, receive, send):
    pass

with ended_in_order(), tempfile.TemporaryDirectory(dir=sys.argv[1]):
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
    assert process.returncode == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
