"""The manifest of a built dataset: a record of its inputs and contents."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from crmgraph.building.inputs import inputs_digest, plan_digests
from crmgraph.errors import Bilingual, Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.store import DUMP, STORE

FINDINGS = "findings.json"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """The manifest of a build.

    Attributes:
        inputs: The SHA-256 of the inputs, without further plans.
        dataset: The SHA-256 of the dataset as N-Quads.
        graphs: The number of statements in each graph, by IRI.
        findings: The number of findings, by severity.
        plans: The folder of further plans; empty if there is none.
        further: The SHA-256 of each input file in that folder, by file name.
    """

    inputs: str
    dataset: str
    graphs: dict[str, int]
    findings: dict[str, int]
    plans: str = ""
    further: dict[str, str] = field(default_factory=dict)

    def folder(self, build: Path) -> Path:
        """Return the folder of the dataset within the folder `build`. Each dataset has its own folder."""
        return build / self.dataset[:12]


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of an intact build in a folder, or None if there is none."""
    # Imported late, since the engine is slow to import and `--help` does not need it.
    from crmgraph.store.dataset import is_intact

    manifest = _load_manifest(folder)
    if manifest is None:
        return None
    try:
        parts = (DUMP, f"{DUMP}.gz", FINDINGS, f"{STORE}/CURRENT")
        place = manifest.folder(folder)
        return manifest if all((place / part).is_file() for part in parts) and is_intact(place) else None
    except (OSError, ValueError, TypeError):
        return None


def _load_manifest(folder: Path) -> Manifest | None:
    """Return the manifest in a folder, even if the dataset is damaged; None if there is no readable manifest."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def current_manifest(folder: Path, names: Names, plans: Path | None = None) -> Manifest | None:
    """Return the manifest of the build in `folder` if it is intact and its inputs are unchanged; otherwise None.

    Without `plans`, the folder of further plans is that of the build. If that folder no longer exists, its files count
    as unchanged.
    """
    known = read_manifest(folder)
    if known is None or known.inputs != inputs_digest(names):
        return None
    own = plans or (Path(known.plans) if known.plans else None)
    is_gone = plans is None and own is not None and not own.is_dir()
    return known if is_gone or known.further == plan_digests(own) else None


def plans_folder(folder: Path) -> Path | None:
    """Return the folder of further plans that the dataset in `folder` was built with, or None if there was none.

    Raises UsageError if that folder no longer exists. Otherwise a new build would silently drop these plans.
    """
    known = _load_manifest(folder)
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
