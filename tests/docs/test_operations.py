"""What operators read: every setting and metric is there, and the examples run."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import typer

from crmgraph.building import Manifest
from crmgraph.cli import app
from crmgraph.http.context import OPERATIONS
from crmgraph.settings import WITHOUT_FLAG, Settings
from tests.support.proxies import PAGE, example, running_proxy
from tests.support.servers import running_server

DOCS = Path(__file__).parents[2] / "docs"
UNIT = (DOCS / "crmgraph.service").read_text(encoding="utf-8")
RECIPE = (DOCS / "Containerfile").read_text(encoding="utf-8")
FLAGS = {name for parameter in typer.main.get_group(app).commands["serve"].params for name in parameter.opts}
COMMANDS = set(typer.main.get_group(app).commands)


def row(name: str) -> str:
    field = Settings.model_fields[name]
    default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
    shown = "" if field.default in (None, ()) or default == "" else f"`{default}`"
    return f"| `{name}` | {shown} | {field.description} |".replace("|  |", "| |")


def test_every_setting_is_told_with_its_default() -> None:
    rows = [row(name) for name in Settings.model_fields]
    assert [line for line in PAGE.splitlines() if line in rows] == rows, "\n".join(rows)


def test_which_settings_have_no_flag_is_told() -> None:
    flags = {name.removeprefix("--").partition("/")[0].replace("-", "_") for name in FLAGS}
    assert set(Settings.model_fields) - flags == WITHOUT_FLAG
    assert "`writers` and those whose names begin with `store_` have no flag" in PAGE.replace("\n", " ")


def test_every_metric_is_told(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with running_server(build_folder) as address:
        httpx.get(f"{address}/live", trust_env=False, timeout=60)
        exposed = httpx.get(f"{address}/metrics", trust_env=False, timeout=60).text
    named = set(re.findall(r"`(crmgraph_\w+)`", PAGE))
    assert named == {
        name.removesuffix("_total") + ("_total" if kind == "counter" else "")
        for name, kind in re.findall(r"^# TYPE (crmgraph_\w+) (\w+)", exposed, re.MULTILINE)
        if not name.endswith("_created")
    }
    for metric in ("refusals", "kills"):
        for reason in re.findall(rf'^crmgraph_{metric}_total{{reason="(\w+)"', exposed, re.MULTILINE):
            assert f"`{reason}`" in PAGE
    assert all(f"`{operation}`" in PAGE for operation in OPERATIONS)


def test_every_kind_of_problem_that_is_told_of_exists() -> None:
    problems = (Path(__file__).parents[2] / "crmgraph" / "serving" / "problems.py").read_text(encoding="utf-8")
    kinds = set(re.findall(r"`problem/([\w-]+)`", PAGE))
    assert len(kinds) >= 5
    assert all(f'"{kind}"' in problems for kind in kinds)


@pytest.mark.parametrize("text", [UNIT, RECIPE, PAGE], ids=["unit", "recipe", "page"])
def test_only_flags_and_settings_that_exist_are_named(text: str) -> None:
    for name in re.findall(r"CRMGRAPH_([A-Z_]+)", text):
        assert name.lower() in Settings.model_fields
    for command in re.findall(
        r"crmgraph(?:\"?, \"| )([a-z]+)", "\n".join(re.findall(r"^(?:ExecStart|RUN crm|CMD).*", text, re.M))
    ):
        assert command in COMMANDS
    for line in re.findall(r"^ExecStart=.*", text, re.MULTILINE):
        assert set(re.findall(r"--[\w-]+", line)) <= FLAGS


def test_what_the_recipe_copies_is_there() -> None:
    copied = [name for line in re.findall(r"^COPY (?!--)(.*) \S+$", RECIPE, re.MULTILINE) for name in line.split()]
    assert {"pyproject.toml", "crmgraph", "ontology", "data", "queries"} <= set(copied)
    assert all((DOCS.parent / name).exists() for name in copied)


def test_the_unit_is_one(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "crmgraph.service"
    unit.write_text(UNIT.replace("/opt/crmgraph/bin/crmgraph serve", f"{sys.executable} -m crmgraph serve"))
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_line_of_the_journal_is_json() -> None:
    line = json.loads(example("json"))
    assert list(line)[:4] == ["time", "request", "client", "method"]
    assert line["bytes"] == len('{"head":{},"boolean":true}')


@pytest.mark.parametrize("proxy", ["apache", "nginx"])
def test_the_proxy_serves_it_below_a_path(proxy: str, build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    flags = ("--root-path", "/crm", "--proxies", "127.0.0.1", "--rate", "0.2")
    with running_server(build_folder, *flags) as address, running_proxy(proxy, address + "/crm", tmp_path) as client:
        through_the_proxy(client)


def through_the_proxy(client: httpx.Client) -> None:
    assert client.get("/crm").headers["location"].endswith("/crm/")
    assert client.get("/crm/metrics").status_code == 404
    assert client.get("/crm/ready").json()["ready"] is True
    origin = client.base_url.join("/crm")
    description = client.get("/crm/sparql", headers={"Accept": "text/turtle"})
    assert f"<{origin}/sparql>" in description.text
    long = client.get("/crm/sparql", params={"query": "ASK {}" + " " * 15_000}, headers={"Accept": "text/csv"})
    assert (long.status_code, long.text) == (200, "true")
    # Whoever is behind the proxy cannot say who they are.
    statuses = [
        client.get("/crm/sparql", params={"query": "ASK {}"}, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
        for n in range(6)
    ]
    assert statuses[0] == 200
    assert statuses[-1] == 429
