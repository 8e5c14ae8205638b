"""The documentation: its commands and queries run, its links lead somewhere, its tables leave nothing out."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crmgraph.building import Manifest
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan
from crmgraph.resources import resource
from crmgraph.settings import Settings
from tests.support.servers import running_server

TOP = Path(__file__).parents[2]
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").glob("*.md")])
# These make the environment that the tests already run in.
SET_UP = ("make serve",)


@dataclass(frozen=True)
class Block:
    page: str
    language: str
    text: str


def blocks(*languages: str) -> list[Block]:
    found = []
    for page in PAGES:
        for match in re.finditer(r"^```(\w+)\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            if match[1] in languages:
                found.append(Block(page.name, match[1], match[2]))
    return found


def commands() -> list[str]:
    """Each command of the shell blocks; one that is spread over lines within quotes is one command."""
    lines: list[str] = []
    for block in blocks("sh"):
        for line in block.text.splitlines():
            if lines and lines[-1].count('"') % 2:
                lines[-1] += "\n" + line
            else:
                lines.append(line)
    return [line for line in lines if line not in SET_UP]


@pytest.fixture(scope="module")
def address(build_folder: Path, manifest: Manifest) -> Iterator[str]:
    assert manifest.graphs
    with running_server(build_folder) as url:
        yield url


@pytest.fixture(scope="module")
def asking_others(build_folder: Path, address: str) -> Iterator[str]:
    """A second server, which may ask the first."""
    with running_server(build_folder, "--allow", f"{address}/sparql") as url:
        yield url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small plan of the documentation in it."""
    folder = tmp_path_factory.mktemp("docs")
    [small] = [block.text for block in blocks("text") if block.page == "plans.md"]
    (folder / "small.txt").write_text(small, encoding="utf-8")
    (folder / "small.ttl").write_text("<https://example.org/a> <https://example.org/b> 1 .", encoding="utf-8")
    return folder


def environment(build: Path) -> dict[str, str]:
    bin_folder = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": bin_folder + os.pathsep + os.environ["PATH"], "CRMGRAPH_BUILD": str(build)}


@pytest.mark.parametrize("command", commands())
def test_the_command_runs_and_says_something(command: str, build_folder: Path, address: str, folder: Path) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    command = command.replace("http://127.0.0.1:8000", address)
    if command.startswith("curl") and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        [shell, "-c", command], capture_output=True, text=True, cwd=folder, env=environment(build_folder), check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or "--output" in command or ">" in command


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.page)
def test_the_python_runs(block: Block, build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        capture_output=True, text=True, cwd=tmp_path, env=environment(build_folder), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("block", blocks("sparql"), ids=lambda block: block.page)
def test_the_query_has_an_answer(block: Block, address: str, asking_others: str) -> None:
    request = urllib.request.Request(
        f"{asking_others if 'SERVICE' in block.text else address}/sparql",
        urllib.parse.urlencode({"query": block.text.replace("http://127.0.0.1:8000", address)}).encode(),
        {"Accept": "application/sparql-results+json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["results"]["bindings"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_addresses_on_the_site_that_the_readme_names_answer(address: str) -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"http://127\.0\.0\.1:8000(/[a-z]*)", readme)) | {"/findings", "/ontology"}
    assert len(paths) >= 4
    for path in paths:
        with urllib.request.urlopen(urllib.request.Request(address + path, headers={"Accept": "text/html"})) as answer:
            assert answer.status == 200


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    readme = "".join((TOP / page).read_text(encoding="utf-8") for page in ("README.md", "docs/engines.md"))
    for name, field in Settings.model_fields.items():
        assert f"`{name}`" in readme
        default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default or "")
        assert not default or f"`{default}`" in readme


@pytest.mark.parametrize("page", ["benchmarks.md", "benchmarks-service.md"])
def test_most_questions_are_measured(page: str) -> None:
    measured = (TOP / "docs" / page).read_text(encoding="utf-8")
    library = load_library(resource("queries"), Names())
    assert sum(f"`{name}`" in measured for name in library) > 0.85 * len(library)


def test_the_small_plan_of_the_documentation_is_a_plan(folder: Path) -> None:
    plan = read_plan(folder / "small.txt")
    assert [part.id for part, _ in plan.walk()] == [
        "dh", "dh/1", "dh/1.1", "dh/1.1.1", "dh/1.1.1.1", "dh/2", "dh/2.1", "dh/2.1-a", "dh/2.1-a/referral-1",
    ]  # fmt: skip
