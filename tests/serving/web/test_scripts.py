"""The scripts of the site: their types, and the tests that are written in their own language."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from crmgraph.resources import resource
from tests.support.scripts import WEB, build_hook, node_modules


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the site beside the packages that they import, with the library where it is from there."""
    packages = node_modules()
    root = tmp_path_factory.mktemp("scripts")
    shutil.copytree(resource("queries"), root / "queries")
    copy = root / "crmgraph" / "serving" / "web"
    shutil.copytree(WEB, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    (copy / "node_modules").symlink_to(packages)
    return copy


def _run(web: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([build_hook().node(), *command], cwd=web, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("project", [".", "test"])
def test_types_are_right(web: Path, project: str) -> None:
    done = _run(web, "node_modules/typescript/bin/tsc", "--project", project)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_wrong_type_is_found(web: Path) -> None:
    wrong = web / "src" / "wrong.ts"
    wrong.write_text("export const count: number = document.title;\n", "utf-8")
    try:
        done = _run(web, "node_modules/typescript/bin/tsc", "--project", ".")
    finally:
        wrong.unlink()
    assert done.returncode != 0
    assert "src/wrong.ts(1,14)" in done.stdout


def test_what_the_scripts_do_by_themselves(web: Path) -> None:
    done = _run(web, "--test", "--test-reporter=tap", "test/**/*.test.ts")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (count := re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE))
    assert int(count[1]) >= len(list((web / "test").rglob("*.test.ts"))) > 0


def test_heights_are_kept_of_what_is_laid_out_later() -> None:
    styles = (WEB / "src" / "styles" / "frame.css").read_text("utf-8")
    [selectors] = re.findall(r"([^{}]+)\{\s*content-visibility: auto", styles)
    [kept] = re.findall(r'LATER = "([^"]+)"', (WEB / "src" / "lib" / "heights.ts").read_text("utf-8"))
    assert [each.strip() for each in selectors.split(",")] == kept.split(", ")
