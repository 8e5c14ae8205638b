"""Where an imported plan is from: the file that it was made of, which is written down beside it."""

import hashlib
import json
import mimetypes
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from crmgraph.errors import Place, SourceError

__all__ = ["ORIGIN", "Origin", "origin_of", "read_origin"]

ORIGIN = ".origin.json"
"""How the name of the file ends in which it is written beside a plan where that is from."""


@dataclass(frozen=True)
class Origin:
    """A file that a plan was made of: its name, digest and media type, and the tables (or sheets) that were read.

    `imported` is the day, as 2026-11-28. `mapping` is the name of the file that says which columns are which, and
    `mapping_sha256` its digest; nothing where the columns were guessed. `source` is the address that the file is from,
    where somebody said it.
    """

    file: str
    sha256: str
    media_type: str
    tables: tuple[str, ...]
    imported: str
    mapping: str = ""
    mapping_sha256: str = ""
    source: str = ""

    def as_json(self) -> str:
        """As it is written down."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def origin_of(file: Path, tables: tuple[str, ...], mapping: Path | None, source: str, today: date) -> Origin:
    """Where a plan is from that is made today of these tables of the file."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    digest = hashlib.sha256(mapping.read_bytes()).hexdigest() if mapping else ""
    return Origin(
        file.name,
        hashlib.sha256(file.read_bytes()).hexdigest(),
        kind,
        tables,
        today.isoformat(),
        mapping.name if mapping else "",
        digest,
        source,
    )


def read_origin(plan: Path) -> Origin | None:
    """What is written down beside the plan; None where there is nothing. Raises SourceError where it is not that."""
    file = plan.with_suffix(ORIGIN)
    if not file.is_file():
        return None
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        names = {each.name for each in fields(Origin)}
        tables = said.pop("tables")
        if not set(said) < names or not all(isinstance(each, str) for each in (*said.values(), *tables)):
            raise TypeError
        date.fromisoformat(said["imported"])
        return Origin(tables=tuple(tables), **said)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise SourceError(
            "this does not say where a plan is from as `crmgraph import` writes it; import the plan again, or remove "
            "this file",
            Place(file),
        ) from None
