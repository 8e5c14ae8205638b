"""The journal of requests: a line of JSON for each, on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime

from crmgraph.http.context import Visit

__all__ = ["LOGGER", "open_journal", "write_down", "write_down_refusal"]

LOGGER = logging.getLogger("crmgraph.requests")
"""What tells of each request, at level INFO."""

_LONGEST_PATH = 500


def open_journal() -> None:
    """From now on a line for each request is written to standard error, and nowhere else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def write_down(visit: Visit, status: int, seconds: float, size: int) -> None:
    """Tell of a request that was answered with this status, 0 where it was not, and so many bytes of a body.

    Neither headers nor what follows the question mark are told, for there may be secrets in them; of a query, what it
    begins with.
    """
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    entry = _entry(visit.id, visit.client) | {
        "method": visit.method,
        "path": visit.path[:_LONGEST_PATH],
        "operation": visit.operation,
        "status": status or None,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": size,
    }
    if visit.text:
        entry["query"] = visit.text
    if visit.problem:
        entry["problem"] = visit.problem
    LOGGER.info(json.dumps(entry))


def write_down_refusal(request: str, client: str, status: int, reason: str) -> None:
    """Tell of what was sent away before it was a whole request, by the name that the answer gave it."""
    if LOGGER.isEnabledFor(logging.INFO):
        LOGGER.info(json.dumps(_entry(request, client) | {"status": status, "problem": reason}))


def _entry(request: str, client: str) -> dict[str, object]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {"time": now, "request": request, "client": client}
