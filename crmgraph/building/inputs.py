"""The inputs of a build, and its manifest: what a dataset was made from, and whether that has changed since."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph import __version__
from crmgraph.errors import Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.plan_folder import ACCEPTED, DECISIONS, GRAPH, ORIGIN, TEXT, beside, files_in
from crmgraph.reading import ID
from crmgraph.resources import resource
from crmgraph.store import DUMP, STORE
from crmgraph.store.dataset import is_intact
from crmgraph.wording import Bilingual

if TYPE_CHECKING:
    from crmgraph.checks.findings import Finding

__all__ = [
    "EARLIER",
    "FINDINGS",
    "MANIFEST",
    "SOURCE",
    "Manifest",
    "by_document",
    "check_external_id",
    "current",
    "documents",
    "external_graphs",
    "inputs_digest",
    "plans_digests",
    "plans_of",
    "read_manifest",
    "version_id",
    "versions",
]

_LIBRARIES = ("pyoxigraph", "pyshifty", "rdflib")
_CODE = (
    "namespaces.py", "texts.py", "plan_folder.py", "decisions.py", "lexicon", "building", "reading", "importing",
    "extraction", "describing", "comparing", "inference", "checks", "store/dataset.py", "store/quads.py",
    "sparql/unions.py",
)  # fmt: skip
SOURCE = resource("data") / "source" / "crm.txt"
"""The document that the built dataset is about, beside those of other plans."""
EARLIER = "@"
"""The character between the id of a plan and the name of an earlier version of it."""


def inputs_digest(names: Names) -> str:
    """Return the sha256 of all that a build depends on: our files and code, versions of libraries, the base."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    digest.update(f"crmgraph {__version__} {names.base}\n".encode())
    for root, file in _inputs():
        digest.update(f"{file.relative_to(root).as_posix()} {_sha256(file)}\n".encode())
    return digest.hexdigest()


def plans_digests(plans: Path | None) -> dict[str, str]:
    """Return the sha256 of each file in the folder `plans` that a build depends on, by its name.

    Raises UsageError where there is something in it that is no plan, and does not belong beside one.
    """
    if plans is None:
        return {}
    own = documents(plans)[len(documents()) :]
    beside(plans)
    others = (file for ending in (ACCEPTED, ORIGIN, DECISIONS) for file in files_in(plans, ending))
    return {file.name: _sha256(file) for file in (*own, *external_graphs(plans), *versions(plans), *others)}


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _inputs() -> Iterator[tuple[Path, Path]]:
    """Return each file that a build depends on, with the folder below which its name is always the same."""
    package = Path(__file__).parents[1]
    roots = [(resource(name).parent, resource(name), "*") for name in ("ontology", "data")]
    roots += [(package, package / name, pattern) for name in _CODE for pattern in ("*.py", "*.yaml")]
    for root, place, pattern in roots:
        files = place.rglob(pattern) if place.is_dir() else (place,)
        yield from ((root, file) for file in sorted(files) if file.is_file() and not file.name.startswith("."))


def documents(plans: Path | None = None) -> list[Path]:
    """Return the documents of all plans of the dataset, each named by the id of its plan; that which it is about first.

    Those in the folder `plans` come last. Raises UsageError where there is no such folder, or one in it has the name of
    a plan that is held already, or one that can be no id.
    """
    held = [SOURCE, *sorted(file for file in SOURCE.parent.glob("*.txt") if file != SOURCE)]
    if plans is None:
        return held
    if not plans.is_dir():
        raise UsageError("there is no such folder of plans", Place(plans))
    names = {file.name for file in held}
    own = [file for file in files_in(plans, TEXT) if EARLIER not in file.stem]
    for file in own:
        if file.name in names:
            raise UsageError(f"there is a plan {file.stem} already; give this file another name", Place(file))
    return [*held, *own]


def external_graphs(plans: Path | None) -> list[Path]:
    """Return the graphs of others in the folder `plans`, in N-Triples, each named by its id.

    Raises UsageError where one has the name of a plan, or one that can be no id.
    """
    found, known = files_in(plans, GRAPH) if plans is not None else [], documents(plans)
    for file in found:
        check_external_id(file.stem, known, Place(file))
    return found


def check_external_id(id: str, plans: Iterable[Path], place: Place | None = None) -> None:
    """Raise UsageError where a graph of others beside these plans cannot be called so."""
    if id in {file.stem for file in plans} or not ID.fullmatch(id):
        raise UsageError(
            "the name of a graph has lower-case letters, digits, and hyphens between them, and is not that of a plan; "
            "give this file another",
            place,
        )


def versions(plans: Path | None) -> list[Path]:
    """Return the earlier versions of plans in the folder `plans`, as `crm@2006.txt`, the earlier before the later.

    Raises UsageError where one is of a plan that there is not, has a name that can be no part of an address, or would
    be called like another plan.
    """
    found = [file for file in files_in(plans, TEXT) if EARLIER in file.stem] if plans is not None else []
    known = documents(plans)
    ids = {file.stem for file in known}
    taken = {file.stem: file.name for file in (*known, *external_graphs(plans))}
    for file in found:
        plan, _, name = file.stem.partition(EARLIER)
        other = taken.get(version_id(file))
        for is_wrong, problem in (
            (
                plan not in ids,
                f"an earlier version of {plan} would be called so, and there is no such plan; there are "
                f"{', '.join(sorted(ids))}",
            ),
            (
                not ID.fullmatch(name),
                f"behind {EARLIER} stands the name of the version, in lower-case letters and digits, with hyphens "
                f"between them, as in {plan}{EARLIER}2006.txt",
            ),
            (
                other,
                f"this version is called {version_id(file)}, and so is {other} already; give one of them another name",
            ),
        ):
            if is_wrong:
                raise UsageError(problem, Place(file))
        taken[version_id(file)] = file.name
    return found


def version_id(file: Path) -> str:
    """Return the id of an earlier version of a plan by its file: crm-2006, of crm@2006.txt."""
    return file.stem.replace(EARLIER, "-")


def by_document(findings: "Iterable[Finding]", plans: Path | None = None) -> "dict[Path, list[Finding]]":
    """Return the findings about each plan, by its document; those about no plan go with the first document.

    `plans` is the folder of others that the dataset was built with.
    """
    found: dict[Path, list[Finding]] = {file: [] for file in documents(plans)}
    files = {file.stem: file for file in found}
    for finding in findings:
        found[files.get(finding.location.plan or "", SOURCE)].append(finding)
    return found


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
