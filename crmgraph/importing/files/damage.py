"""Files that are not what their names say."""

from pathlib import Path

from crmgraph.errors import Place, SourceError

__all__ = ["broken"]


def broken(file: Path, what: str) -> SourceError:
    """The error for a file that should be `what`."""
    return SourceError(f"this is not {what}, or it is damaged", Place(file))
