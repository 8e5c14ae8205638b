"""What the service answers, held against its own description: Schemathesis asks all that /openapi.json tells of.

`python -m tests.hostile.openapi 500` sends up to so many requests to each address, all of them made at random.
"""

import re
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from pathlib import Path

from crmgraph.building import build
from crmgraph.namespaces import Names
from tests.support.servers import TOKEN, running_server, writable_server

__all__ = ["QUESTIONS", "answered", "ask_everything"]

QUESTIONS = "^/queries/[a-z]"
"""The addresses of the questions of the library, which are many and much alike."""

_SETTINGS = Path(__file__).with_name("schemathesis.toml")
_TOP = Path(__file__).parents[2]


def ask_everything(url: str, examples: int, *flags: str) -> None:
    """Have Schemathesis send requests, right and wrong, at most so many at random to each address, as the writer.

    `flags` are those of its command line. Raises AssertionError with its report where an answer is not as described.
    """
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(_SETTINGS), "run", f"{url}/openapi.json"]
    limits = ["--max-examples", str(examples), "--no-shrink", "--continue-on-failure", "--request-timeout", "60"]
    done = subprocess.run(
        [*command, *limits, "--header", f"Authorization: Bearer {TOKEN}", "--no-color", *flags],
        cwd=_TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def answered(url: str) -> Counter[int]:
    """How often each status was answered so far, as the server itself has counted."""
    with urllib.request.urlopen(f"{url}/metrics") as answer:
        counts = re.findall(r'^crmgraph_requests_total\{.*status="(\d+)"\} ([\d.e+]+)$', answer.read().decode(), re.M)
    total: Counter[int] = Counter()
    for status, count in counts:
        total[int(status)] += int(float(count))
    return total


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        build(folder / "build", Names())
        for name, server in (
            ("read", running_server(folder / "build")),
            ("written to", writable_server(folder / "build", folder)),
        ):
            with server as address:
                ask_everything(address, wanted)
                print(f"a server that is {name} answered {dict(sorted(answered(address).items()))}")
