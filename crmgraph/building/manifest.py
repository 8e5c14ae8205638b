"""The manifest of a built dataset: what it was made from, and what it holds."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from crmgraph.building.inputs import inputs_digest, plans_digests
from crmgraph.errors import Bilingual, Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.store import DUMP, STORE

FINDINGS = "findings.json"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """The inputs and contents of a build: sha256 of inputs and dataset, statements and findings by kind.

    `plans` is the folder of the further plans that it was built with, and `further` has the sha256 of each file there.
    """

    inputs: str
    dataset: str
    graphs: dict[str, int]
    findings: dict[str, int]
    plans: str = ""
    further: dict[str, str] = field(default_factory=dict)

    def folder(self, build: Path) -> Path:
        """Return where in the folder `build` the dataset is; another dataset has another folder."""
        return build / self.dataset[:12]


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder that was built and is whole; None where none is or can be read."""
    # The engine is slow to import, and the help does without it.
    from crmgraph.store.dataset import is_intact

    manifest = _written(folder)
    if manifest is None:
        return None
    try:
        parts = (DUMP, f"{DUMP}.gz", FINDINGS, f"{STORE}/CURRENT")
        place = manifest.folder(folder)
        return manifest if all((place / part).is_file() for part in parts) and is_intact(place) else None
    except (OSError, ValueError, TypeError):
        return None


def _written(folder: Path) -> Manifest | None:
    """Return the manifest in a folder, whether what it describes is whole or not."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def current(folder: Path, names: Names, plans: Path | None = None) -> Manifest | None:
    """Return the manifest of the dataset in `folder`, where it is whole and nothing it depends on has changed.

    Where no folder of further `plans` is named, it is that which it was built with; if that is gone, nothing in it has
    changed.
    """
    known = read_manifest(folder)
    if known is None or known.inputs != inputs_digest(names):
        return None
    own = plans or (Path(known.plans) if known.plans else None)
    is_gone = plans is None and own is not None and not own.is_dir()
    return known if is_gone or known.further == plans_digests(own) else None


def plans_of(folder: Path) -> Path | None:
    """Return the folder of the further plans that the dataset in `folder` was built with; None where it has none.

    Raises UsageError where that is gone: no dataset loses plans because nobody names them.
    """
    known = _written(folder)
    if known is None:
        return None
    if known.plans and Path(known.plans).is_dir():
        return Path(known.plans)
    if not known.further:
        return None
    further = ", ".join(sorted(known.further))
    there = f": {known.plans}" if known.plans else ""
    raise UsageError(
        Bilingual(
            f"this dataset has further plans ({further}), and their folder is gone or not known{there}; "
            "name it by --plans, CRMGRAPH_PLANS or crmgraph.toml; or remove the dataset, to have them no more",
            f"estos datos tienen otros planes ({further}), y su carpeta ya no existe o no se conoce{there}; "
            "indíquela con --plans, CRMGRAPH_PLANS o crmgraph.toml; o borre los datos, si ya no los quiere",
        ),
        Place(folder),
    )
