"""The input files of a build, and its manifest, which records the inputs and contents of a built dataset."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph import __version__
from crmgraph.errors import Bilingual, Place, UsageError
from crmgraph.files import resource, sha256_of
from crmgraph.namespaces import Names
from crmgraph.reading import ID, plan_id
from crmgraph.reading.model import ORIGIN
from crmgraph.store import DUMP, STORE

if TYPE_CHECKING:
    from crmgraph.checks.findings import Finding


TEXT_SUFFIX = ".txt"
"""The suffix of plan documents."""

GRAPH_SUFFIX = ".nt"
"""The suffix of external graphs."""

ACCEPTED_SUFFIX = ".accepted.csv"
"""The suffix of tables of accepted findings, after the name of the plan."""

DECISIONS_SUFFIX = ".sssom.tsv"
"""The suffix of files with decisions about proposed correspondences."""

_IGNORED = re.compile(
    rf"\..*|~\$.*|.*(\.toml|\.md|~|{re.escape(ORIGIN)})|(thumbs\.db|desktop\.ini|readme)(\.[^.]+)?", re.DOTALL
)
"""Matches the names, in lower case, of files that are no input: hidden and backup files, mappings and the like."""


def files_in(folder: Path, ending: str) -> list[Path]:
    """Return the input files in a folder whose names end in `ending`, such as TEXT_SUFFIX, sorted.

    Tables of accepted findings and records of origin (ORIGIN) are input files only if the document of their plan
    exists.
    """
    found = sorted(folder.glob(f"*{ending}"))
    if ending in (ACCEPTED_SUFFIX, ORIGIN):
        return [file for file in found if file.with_name(file.name.removesuffix(ending) + TEXT_SUFFIX).is_file()]
    return [file for file in found if not _is_ignored(file)]


def ignored_files(folder: Path) -> list[Path]:
    """Return the files in a folder of plans that are no input files and may be ignored, sorted.

    These are hidden files, folders, a README, mappings, and files that plans were imported from. Raises UsageError for
    any other file, since its owner would expect the file to be in the dataset.
    """
    used = {
        file
        for ending in (TEXT_SUFFIX, GRAPH_SUFFIX, ACCEPTED_SUFFIX, ORIGIN, DECISIONS_SUFFIX)
        for file in files_in(folder, ending)
    }
    found = [file for file in sorted(folder.iterdir()) if file not in used]
    for file in found:
        if not (_is_ignored(file) or file.is_dir() or _is_imported(file)):
            raise UsageError(_UNEXPECTED_FILE, Place(file))
    return found


def _is_ignored(file: Path) -> bool:
    return _IGNORED.fullmatch(file.name.lower()) is not None


def _is_imported(file: Path) -> bool:
    """Return whether the file names show that a plan was imported from the file."""
    is_plan = file.suffix.lower() in (TEXT_SUFFIX, GRAPH_SUFFIX)
    return not is_plan and any(
        file.with_name(plan_id(file) + ending).is_file() for ending in (TEXT_SUFFIX, GRAPH_SUFFIX)
    )


_UNEXPECTED_FILE = Bilingual(
    "this is no plan in text, and would not be in the dataset; make one of it by `crmgraph import`, or move it to "
    "another folder",
    "esto no es un plan en texto y no estaría en los datos; haga uno de él con `crmgraph import`, o llévelo a otra "
    "carpeta",
)
_LIBRARIES = ("pyoxigraph", "pyshifty", "rdflib")
_CODE_PATHS = (
    "namespaces.py", "files.py", "errors.py", "decisions.py", "lexicon", "building", "reading", "importing",
    "extraction", "describing", "comparing", "inference", "checks", "store/dataset.py", "sparql/syntax.py",
    "library.py",
)  # fmt: skip
SOURCE = resource("data") / "source" / "crm.txt"
"""The document of the main plan of the dataset."""
VERSION_SEPARATOR = "@"
"""The character between the id of a plan and the name of an earlier version, as in `crm@2006.txt`."""


def inputs_digest(names: Names) -> str:
    """Return the SHA-256 of the inputs of a build: files, code, versions of libraries, and the base IRI.

    Further plans are not included; see `plan_digests`.
    """
    inputs = (
        *(f"{library} {version(library)}\n" for library in _LIBRARIES),
        f"crmgraph {__version__} {names.base}\n",
        *(f"{file.relative_to(root).as_posix()} {sha256_of(file)}\n" for root, file in _input_files()),
    )
    return hashlib.sha256("".join(inputs).encode()).hexdigest()


def plan_digests(plans: Path | None) -> dict[str, str]:
    """Return the SHA-256 of each input file in the folder `plans`, by file name.

    Raises UsageError if the folder contains an unexpected file.
    """
    if plans is None:
        return {}
    own = plan_documents(plans)[len(plan_documents()) :]
    ignored_files(plans)
    others = (file for ending in (ACCEPTED_SUFFIX, ORIGIN, DECISIONS_SUFFIX) for file in files_in(plans, ending))
    return {file.name: sha256_of(file) for file in (*own, *external_graphs(plans), *earlier_versions(plans), *others)}


def _input_files() -> Iterator[tuple[Path, Path]]:
    """Yield each input file of this project, with the folder that its relative name refers to."""
    package = Path(__file__).parents[1]
    roots = [(resource(name).parent, resource(name), "*") for name in ("ontology", "data", "queries")]
    roots += [(package, package / name, pattern) for name in _CODE_PATHS for pattern in ("*.py", "*.yaml")]
    for root, place, pattern in roots:
        files = place.rglob(pattern) if place.is_dir() else (place,)
        yield from ((root, file) for file in sorted(files) if file.is_file() and not file.name.startswith("."))


def plan_documents(plans: Path | None = None) -> list[Path]:
    """Return the documents of all plans, the main plan first and those in the folder `plans` last.

    The stem of a file name is the id of its plan. Raises UsageError if the folder is missing, or if a plan in it has
    the id of another plan or an invalid id.
    """
    held = [SOURCE, *sorted(file for file in SOURCE.parent.glob("*.txt") if file != SOURCE)]
    if plans is None:
        return held
    if not plans.is_dir():
        raise UsageError("there is no such folder of plans", Place(plans))
    own = [file for file in files_in(plans, TEXT_SUFFIX) if VERSION_SEPARATOR not in file.stem]
    check_names(own, held)
    return [*held, *own]


def external_graphs(plans: Path | None) -> list[Path]:
    """Return the external graphs in the folder `plans`, in N-Triples; the stem of a file name is the id of its graph.

    Raises UsageError if an id is invalid or is that of a plan.
    """
    found = files_in(plans, GRAPH_SUFFIX) if plans is not None else []
    check_names(found, plan_documents(plans))
    return found


def earlier_versions(plans: Path | None) -> list[Path]:
    """Return the documents of earlier versions in the folder `plans`, such as `crm@2006.txt`, sorted by file name.

    The names of the versions of a plan must sort from the oldest to the newest. Raises UsageError for a version of an
    unknown plan, an invalid name, or a name that another plan has.
    """
    texts, known = files_in(plans, TEXT_SUFFIX) if plans is not None else [], plan_documents(plans)
    found = [file for file in texts if VERSION_SEPARATOR in file.stem]
    ids = sorted(file.stem for file in known)
    for file, plan in ((file, file.stem.partition(VERSION_SEPARATOR)[0]) for file in found):
        if plan not in ids:
            raise UsageError(
                f"an earlier version of {plan} would be called so, and there is no such plan; there are "
                f"{', '.join(ids)}",
                Place(file),
            )
    check_names(found, [*known, *external_graphs(plans)])
    return found


def check_names(files: Iterable[Path], known: Iterable[Path]) -> None:
    """Raise UsageError for a file whose name makes an invalid id, or the id of another file.

    `files` are the files to check; `known` are other files, whose ids are taken.
    """
    taken = {version_id(file): file.name for file in known}
    for file in files:
        id = version_id(file)
        if not ID.fullmatch(id):
            raise UsageError(
                "a plan's id has lower-case letters, digits, and hyphens between them, as in my-plan, and behind "
                f"{VERSION_SEPARATOR} the name of an earlier version, as in my-plan{VERSION_SEPARATOR}2006; give this "
                "file another name",
                Place(file),
            )
        if id in taken:
            raise UsageError(
                f"this is called {id}, and so is {taken[id]} already; give one of them another name", Place(file)
            )
        taken[id] = file.name


def version_id(file: Path) -> str:
    """Return the id of an earlier version of a plan: `crm-2006` for the file `crm@2006.txt`."""
    return file.stem.replace(VERSION_SEPARATOR, "-")


def findings_by_document(findings: "Iterable[Finding]", plans: Path | None = None) -> "dict[Path, list[Finding]]":
    """Return the findings by the document of their plan; findings about no plan belong to the main document.

    `plans` is the folder of further plans that the dataset was built with.
    """
    found: dict[Path, list[Finding]] = {file: [] for file in plan_documents(plans)}
    files = {file.stem: file for file in found}
    for finding in findings:
        found[files.get(finding.location.plan or "", SOURCE)].append(finding)
    return found


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
