"""The folders of the ontology, the data and the queries: in an installed package, or beside it in a checkout."""

from pathlib import Path

__all__ = ["resource"]

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the folder `ontology`, `data` or `queries`."""
    installed = _PACKAGE / "share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
