"""A headless OpenRefine, driven by the HTTP commands that its web pages send."""

import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.support.servers import free_port, running

_HOME = Path("/usr/share/openrefine")
# Debian's package leaves out a library that its reconciliation needs.
_LOCALIZER = Path("/usr/share/java/localizer.jar")
INSTALLED = shutil.which("java") is not None and _HOME.is_dir() and _LOCALIZER.is_file()


class OpenRefine:
    """A client of a running OpenRefine."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def create(self, name: str, table: str) -> str:
        """Create a project from a table in CSV with a header, and return its number."""
        answer = self._client.post(
            "/create-project-from-upload",
            params={"csrf_token": self._token(), "format": "text/line-based/*sv"},
            data={"project-name": name, "options": json.dumps({"separator": ",", "headerLines": 1})},
            files={"project-file": (f"{name}.csv", table.encode(), "text/csv")},
        )
        return parse_qs(urlsplit(answer.headers["location"]).query)["project"][0]

    def apply(self, project: str, operation: Mapping[str, Any]) -> None:
        """Carry out an operation and wait for its end."""
        answer = self._client.post(
            "/apply-operations",
            params={"csrf_token": self._token(), "project": project},
            data={"operations": json.dumps([{"engineConfig": {"facets": [], "mode": "row-based"}, **operation}])},
        ).json()
        assert answer["code"] in ("ok", "pending"), answer
        while self._client.get("/get-processes", params={"project": project}).json()["processes"]:
            time.sleep(0.2)

    def reconcile(self, project: str, column: str, service: Mapping[str, Any], address: str) -> None:
        """Reconcile a column with the service at `address`, without a type. `service` is its manifest."""
        self.apply(
            project,
            {
                "op": "core/recon",
                "columnName": column,
                "config": {
                    "mode": "standard-service",
                    "service": address,
                    "identifierSpace": service["identifierSpace"],
                    "schemaSpace": service["schemaSpace"],
                    "autoMatch": True,
                    "batchSize": 10,
                    "columnDetails": [],
                    "limit": 0,
                },
            },
        )

    def extend(
        self, project: str, column: str, service: Mapping[str, Any], address: str, properties: Sequence[str]
    ) -> None:
        """Add columns with the values of these properties beside a reconciled column."""
        self.apply(
            project,
            {
                "op": "core/extend-reconciled-data",
                "baseColumnName": column,
                "endpoint": address,
                "identifierSpace": service["identifierSpace"],
                "schemaSpace": service["schemaSpace"],
                "extension": {"properties": [{"id": each, "name": each} for each in properties]},
                "columnInsertIndex": 1,
            },
        )

    def match_best(self, project: str, column: str) -> None:
        """Match each cell that has candidates with the best one."""
        self.apply(project, {"op": "core/recon-match-best-candidates", "columnName": column})

    def rows(self, project: str) -> tuple[list[list[Any]], dict[str, Any]]:
        """Return the cells of all rows, and the reconciliation of each, whose key is `r` of the cell."""
        answer = self._client.post("/get-rows", params={"project": project, "start": 0, "limit": 1000}).json()
        cells = [row["cells"] for row in answer["rows"]]
        numbers = {str(cell["r"]) for row in cells for cell in row if cell and "r" in cell}
        return cells, {str(each["id"]): each for each in map(answer["pool"]["recons"].__getitem__, numbers)}

    def _token(self) -> str:
        return str(self._client.get("/get-csrf-token").json()["token"])


@contextmanager
def openrefine(folder: Path) -> Iterator[OpenRefine]:
    """Run OpenRefine with its projects in this folder until the context ends, and yield a client."""
    home = folder / "openrefine"
    shutil.copytree(_HOME, home, copy_function=lambda source, target: Path(target).symlink_to(source))
    (home / "webapp/WEB-INF/lib/localizer.jar").symlink_to(_LOCALIZER)
    port = free_port()
    settings = {"headless": "true", "data_dir": folder / "data", "webapp": home / "webapp", "port": port}
    command = ["java", "-Xmx512m", *(f"-Drefine.{name}={value}" for name, value in settings.items()),
               "-Drefine.interface=127.0.0.1", "-cp", f"{home}/server/*", "com.google.refine.Refine"]  # fmt: skip
    address = f"http://127.0.0.1:{port}/command/core"
    with running(command, f"{address}/get-csrf-token"), httpx.Client(base_url=address, timeout=60) as client:
        yield OpenRefine(client)
