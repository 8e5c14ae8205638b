"""The number of responses per second, for one client or several at once, measured by `wrk`."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import httpx

LONGEST = 6
"""How many seconds a question is given that has no answer by then."""

_SECONDS = 1
_WRK = """wrk.method = "POST"
wrk.body = [==[{query}]==]
wrk.headers["Content-Type"] = "application/sparql-query"
wrk.headers["Accept"] = "{accept}"
"""


class Rate(NamedTuple):
    """The number of responses per second, or an upper limit of it if there was no response in the maximum time."""

    answers: float
    is_bound: bool = False


def rate(url: str, query: str, clients: int, folder: Path) -> Rate | None:
    """Return the rate at which a query is answered by `clients` simultaneous clients; None if it fails."""
    accept = "text/turtle" if query.lstrip().startswith("CONSTRUCT") else "text/csv"
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    first = httpx.post(url, content=query, headers=headers, timeout=LONGEST, trust_env=False)
    if first.status_code != 200:
        return None
    script = folder / "wrk.lua"
    script.write_text(_WRK.format(query=query, accept=accept), encoding="utf-8")
    seconds = _SECONDS if first.elapsed.total_seconds() * clients < _SECONDS else LONGEST
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", f"{LONGEST}s", "-s", str(script), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said:
        return None
    found = re.search(r"(\d+) requests in ([\d.]+)(s|m)", said)
    assert found, said
    answers, passed = int(found[1]), float(found[2]) * (60 if found[3] == "m" else 1)
    return Rate(answers / passed) if answers else Rate(clients / LONGEST, is_bound=True)
