"""The documentation: its commands and queries run, its links lead somewhere, its tables leave nothing out."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crmgraph import site
from crmgraph.files import resource
from crmgraph.http.messages import OPERATIONS
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan
from crmgraph.settings import SETTINGS_WITHOUT_FLAG, Settings
from tests.support.commands import COMMANDS, commands_in
from tests.support.proxies import PAGE, example
from tests.support.servers import running_server

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
PAGES = {page.name: page.read_text(encoding="utf-8") for page in sorted([*TOP.glob("*.md"), *DOCS.glob("*.md")])}
# These make the environment that the tests already run in.
UNIT, RECIPE = ((DOCS / name).read_text(encoding="utf-8") for name in ("crmgraph.service", "Containerfile"))
FLAGS = {name for parameter in COMMANDS["serve"].params for name in parameter.opts}
STYLES = {file.name: file.read_text("utf-8") for file in (Path(site.__file__).parent / "web/src/styles").glob("*.css")}
TOKEN = re.compile(r"^\s*--([\w-]+): ([^;]+);", re.MULTILINE)


def blocks(language: str, pages: dict[str, str] = PAGES) -> list[str]:
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [text for page in pages.values() for text in pattern.findall(page)]


def commands() -> list[str]:
    """Each command of the shell blocks; one that is spread over lines within quotes is one command."""
    lines: list[str] = []
    for line in (line for block in blocks("sh") for line in block.splitlines()):
        if lines and lines[-1].count('"') % 2:
            lines[-1] += "\n" + line
        else:
            lines.append(line)
    return [line for line in lines if line != "make serve"]


@pytest.fixture(scope="module")
def address(build_folder: Path) -> Iterator[str]:
    with running_server(build_folder) as url:
        yield url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small plan of the documentation in it."""
    folder = tmp_path_factory.mktemp("docs")
    [small] = blocks("text", {"plans.md": PAGES["plans.md"]})
    (folder / "small.txt").write_text(small, encoding="utf-8")
    (folder / "small.ttl").write_text("<https://example.org/a> <https://example.org/b> 1 .", encoding="utf-8")
    return folder


def run(build: Path, folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "CRMGRAPH_BUILD": str(build)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


@pytest.mark.parametrize("command", commands())
def test_command_runs_and_says_something(command: str, build_folder: Path, address: str, folder: Path) -> None:
    plain = command.removesuffix(" 2>&1")
    if plain.startswith("crmgraph ") and not set(plain) & set(";|>"):
        with commands_in(folder, build_folder) as crmgraph:
            told = crmgraph(*shlex.split(plain)[1:])
        assert told.status == 0, told.err
        assert told.out or told.err or "--output" in command
        return
    shell = shutil.which("sh")
    assert shell is not None
    if command.startswith("curl") and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    done = run(build_folder, folder, shell, "-c", command.replace("http://127.0.0.1:8000", address))
    assert done.returncode == 0, done.stderr
    assert done.stdout or "--output" in command or ">" in command


def test_python_runs(build_folder: Path, address: str, tmp_path: Path) -> None:
    programs = blocks("python")
    assert programs
    for program in programs:
        done = run(build_folder, tmp_path, sys.executable, "-c", program.replace("http://127.0.0.1:8000", address))
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_queries_have_answers_and_addresses_answer(build_folder: Path, address: str) -> None:
    here = "http://127.0.0.1:8000"
    queries = blocks("sparql")
    # A second server may ask the first.
    with running_server(build_folder, "--allow", f"{address}/sparql") as asking_others:
        for text in queries:
            request = urllib.request.Request(
                f"{asking_others if 'SERVICE' in text else address}/sparql",
                urllib.parse.urlencode({"query": text.replace(here, address)}).encode(),
                {"Accept": "application/sparql-results+json"},
            )
            with urllib.request.urlopen(request) as answer:
                assert json.load(answer)["results"]["bindings"], text
    assert queries
    paths = set(re.findall(re.escape(here) + r"(/[a-z]*)", PAGES["README.md"])) | {"/findings", "/ontology"}
    assert len(paths) >= 4
    for path in paths:
        with urllib.request.urlopen(urllib.request.Request(address + path, headers={"Accept": "text/html"})) as answer:
            assert answer.status == 200


def test_links_within_the_repository_lead_somewhere() -> None:
    targets = [
        (name, target)
        for name, text in PAGES.items()
        for target in re.findall(r"\]\(([^)#\s]+)\)", text)
        if not target.startswith("http")
    ]
    assert len(targets) > 20
    assert [
        (name, target)
        for name, target in targets
        if not any((place / target).exists() for place in ((TOP,) if (TOP / name).exists() else (DOCS,)))
    ] == []


def test_small_plan_of_the_documentation(folder: Path) -> None:
    plan = read_plan(folder / "small.txt")
    assert [part.id for part, _ in plan.walk()] == [
        "dh", "1", "1.1", "1.1.1", "1.1.1.1", "2", "2.1", "2.1-a", "2.1-a/referral-1",
    ]  # fmt: skip


def test_most_questions_are_measured() -> None:
    library = load_library(resource("queries"), Names())
    assert sum(f"`{name}`" in PAGES["benchmarks-service.md"] for name in library) > 0.85 * len(library)


def test_tests_behind_each_promise_of_the_threat_model_are_there() -> None:
    promises = re.search(r"## Promised\n(.*?)\n## ", PAGES["THREAT_MODEL.md"], re.DOTALL)
    assert promises is not None
    rows = [row for row in promises[1].splitlines() if row.startswith("| ") and "nobody can" not in row]
    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row)
        assert named, row
        for file, test in named:
            tree = ast.parse((TOP / file).read_text(encoding="utf-8"))
            there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert not test or test in there, f"{file}::{test}"
            assert any(name.startswith("test_") for name in there), file


def row_of(name: str) -> str:
    field = Settings.model_fields[name]
    default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
    shown = "" if field.default in (None, ()) or default == "" else f"`{default}`"
    return f"| `{name}` | {shown} | {field.description} |".replace("|  |", "| |")


def test_every_setting_is_told_with_its_default() -> None:
    rows = [row_of(name) for name in Settings.model_fields]
    assert [line for line in PAGE.splitlines() if line in rows] == rows, "\n".join(rows)
    flags = {name.removeprefix("--").partition("/")[0].replace("-", "_") for name in FLAGS}
    assert set(Settings.model_fields) - flags == SETTINGS_WITHOUT_FLAG
    assert "`writers` and those whose names begin with `store_` have no flag" in PAGE.replace("\n", " ")


def test_metrics_problems_and_journal_are_told(address: str) -> None:
    httpx.get(f"{address}/live", trust_env=False, timeout=60)
    exposed = httpx.get(f"{address}/metrics", trust_env=False, timeout=60).text
    assert set(re.findall(r"`(crmgraph_\w+)`", PAGE)) == {
        name.removesuffix("_total") + ("_total" if kind == "counter" else "")
        for name, kind in re.findall(r"^# TYPE (crmgraph_\w+) (\w+)", exposed, re.MULTILINE)
        if not name.endswith("_created")
    }
    reasons = re.findall(r'^crmgraph_(?:refusals|kills)_total{reason="(\w+)"', exposed, re.MULTILINE)
    assert [each for each in (*reasons, *OPERATIONS) if f"`{each}`" not in PAGE] == []
    problems = (TOP / "crmgraph" / "errors.py").read_text(encoding="utf-8")
    kinds = set(re.findall(r"`problem/([\w-]+)`", PAGE))
    assert len(kinds) >= 5
    assert [kind for kind in kinds if f'"{kind}"' not in problems] == []
    line = json.loads(example("json"))
    assert list(line)[:4] == ["time", "request", "client", "method"]
    assert line["bytes"] == len('{"head":{},"boolean":true}')


def test_unit_and_recipe_name_what_there_is(tmp_path: Path) -> None:
    for text in (UNIT, RECIPE, PAGE):
        assert {name.lower() for name in re.findall(r"CRMGRAPH_([A-Z_]+)", text)} <= set(Settings.model_fields)
        called = "\n".join(re.findall(r"^(?:ExecStart|RUN crm|CMD).*", text, re.MULTILINE))
        assert set(re.findall(r"crmgraph(?:\"?, \"| )([a-z]+)", called)) <= set(COMMANDS)
        for line in re.findall(r"^ExecStart=.*", text, re.MULTILINE):
            assert set(re.findall(r"--[\w-]+", line)) <= FLAGS
    copied = [name for line in re.findall(r"^COPY (?!--)(.*) \S+$", RECIPE, re.MULTILINE) for name in line.split()]
    assert {"pyproject.toml", "crmgraph", "ontology", "data", "queries"} <= set(copied)
    assert [name for name in copied if not (TOP / name).exists()] == []
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "crmgraph.service"
    unit.write_text(UNIT.replace("/opt/crmgraph/bin/crmgraph serve", f"{sys.executable} -m crmgraph serve"))
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_page_on_the_look_of_the_site_and_its_style_sheets_agree() -> None:
    page, base, styles = PAGES["style.md"], STYLES["base.css"], "".join(STYLES.values())
    light, _, dark = base.partition("@media (prefers-color-scheme: dark)")
    colours = {
        name: (value, dict(TOKEN.findall(dark))[name]) for name, value in TOKEN.findall(light) if value.startswith("#")
    }
    told = re.findall(r"^\| `--([\w-]+)` \| `(#\w+)` \| `(#\w+)`", page, re.MULTILINE)
    assert len(colours) > 20
    assert {name: (bright, dim) for name, bright, dim in told} == colours
    assert {name for name, _ in TOKEN.findall(base)} == set(re.findall(r"`--([\w-]+)`", page))
    classes = {name for names in re.findall(r"`\.([\w.-]+)`", page) for name in names.split(".")}
    assert len(classes) > 10
    assert [name for name in sorted(classes) if not re.search(rf"\.{re.escape(name)}\b", styles)] == []
    assert set(re.findall(r"var\(--([\w-]+)", styles)) <= set(re.findall(r"--([\w-]+):", styles))
    # Every size of text is on the scale, but what all of it is a share of.
    written = "".join(text for name, text in STYLES.items() if name != "picture.css")
    sizes = re.findall(r"font-size: ([^;]+);", written) + re.findall(r"font: (?:\d{3} )?([^/ ;]+)", written)
    on_it = re.compile(r"var\(--text-[\w-]+\)|[\d.]+em|inherit|\d+pt")
    assert len(sizes) > 100
    assert sorted(size for size in sizes if not on_it.fullmatch(size)) == ["125%", "162.5%"]
