"""The origin of an imported plan: the file that it was made of, which is written down beside it."""

import hashlib
import json
import mimetypes
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from crmgraph.errors import Place, SourceError

__all__ = ["ORIGIN", "Origin", "origin_of", "read_origin"]

ORIGIN = ".origin.json"
"""The ending of the name of the file beside a plan that has its origin."""


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
        """Return it as it is written down."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def origin_of(file: Path, tables: tuple[str, ...], mapping: Path | None, source: str, today: date) -> Origin:
    """Return the origin of a plan that is made today of these tables of a file."""
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
    """Return the origin written down beside a plan, if any. Raises SourceError where what stands there is none."""
    file = plan.with_suffix(ORIGIN)
    if not file.is_file():
        return None
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        origin = Origin(**{**said, "tables": tuple(said["tables"])})
        if not all(isinstance(each, str) for each in (*{**vars(origin), "tables": ""}.values(), *origin.tables)):
            raise TypeError
        date.fromisoformat(origin.imported)
        return origin
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise SourceError(
            "this does not say where a plan is from as `crmgraph import` writes it; import the plan again, or remove "
            "this file",
            Place(file),
        ) from None
