"""The folders of the ontology, the data and the queries, in the installed package or a checkout; the site's assets."""

from pathlib import Path

from crmgraph.errors import UsageError

STATIC = Path(__file__).parent / "site" / "static"
"""Folder of the built assets of the site: style sheets and scripts."""

_ASSETS = (
    "site.css",
    "page.css",
    "noscript.css",
    "site.js",
    "workbench.js",
    "picture.css",
    "pictures.js",
    "icon.svg",
)
_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the path of the folder `ontology`, `data` or `queries`, wherever this package is installed."""
    installed = _PACKAGE / "share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def check_assets(folder: Path | None = None) -> None:
    """Raise UsageError if an asset that the pages need is missing from the folder, by default STATIC."""
    missing = [name for name in _ASSETS if not ((folder or STATIC) / name).is_file()]
    if missing:
        raise UsageError(f"the site's {', '.join(missing)} are not built; install the package again to build them")
