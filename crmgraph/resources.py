"""Where the ontology, the data and the queries are: inside an installed package, or beside it in a checkout."""

from pathlib import Path

__all__ = ["resource"]

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """The folder `ontology`, `data` or `queries` that this crmgraph works with."""
    installed = _PACKAGE / "share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
