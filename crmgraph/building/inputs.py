"""The files that a dataset is made from: ours, and those in a folder of further plans."""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from crmgraph import __version__
from crmgraph.errors import Bilingual, Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.reading import ID, plan_id
from crmgraph.reading.source import ORIGIN
from crmgraph.resources import resource

if TYPE_CHECKING:
    from crmgraph.checks.findings import Finding


TEXT = ".txt"
"""The suffix of plans in text."""

GRAPH = ".nt"
"""The suffix of external graphs."""

ACCEPTED = ".accepted.csv"
"""The ending of tables of accepted findings, behind the name of their plan."""

DECISIONS = ".sssom.tsv"
"""The ending of files of decisions about proposed correspondences."""

_HIDDEN = (".", "~$")
_NEIGHBOURS = (".toml", ".md", "~", ORIGIN)
_OTHERS = frozenset(("thumbs.db", "desktop.ini", "readme"))


def files_in(folder: Path, ending: str) -> list[Path]:
    """Return the files in the folder that are in the dataset and end so: TEXT, GRAPH …, in order.

    Accepted findings and records of origin (ORIGIN) are those of a plan beside them.
    """
    found = sorted(folder.glob(f"*{ending}"))
    if ending in (ACCEPTED, ORIGIN):
        return [file for file in found if file.with_name(file.name.removesuffix(ending) + TEXT).is_file()]
    return [file for file in found if not _is_neighbour(file)]


def beside(folder: Path) -> list[Path]:
    """Return the files that may lie beside the plans and are not in the dataset, in order.

    These are hidden files, folders, a README, mappings, and the files that plans were imported from. Raises UsageError
    for any other file, since its owner would expect it in the dataset.
    """
    used = {file for ending in (TEXT, GRAPH, ACCEPTED, ORIGIN, DECISIONS) for file in files_in(folder, ending)}
    found = [file for file in sorted(folder.iterdir()) if file not in used]
    for file in found:
        if not (_is_neighbour(file) or file.is_dir() or _is_imported(file)):
            raise UsageError(_refusal(file), Place(file))
    return found


def _is_neighbour(file: Path) -> bool:
    name = file.name.lower()
    is_other = not _OTHERS.isdisjoint((name, file.stem.lower()))
    return is_other or name.startswith(_HIDDEN) or name.endswith(_NEIGHBOURS)


def _is_imported(file: Path) -> bool:
    """Tell by the names whether a plan was imported from the file."""
    is_plan = file.suffix.lower() in (TEXT, GRAPH)
    return not is_plan and any(file.with_name(plan_id(file) + ending).is_file() for ending in (TEXT, GRAPH))


def _refusal(file: Path) -> Bilingual:
    from crmgraph.importing import ENDINGS, RDF_ENDINGS

    ending = file.suffix.lower()
    if ending in (TEXT, GRAPH):
        return Bilingual(
            f"the name of a plan ends in {ending}, in small letters; give this file such a name",
            f"el nombre de un plan termina en {ending}, en minúsculas; dé al archivo un nombre así",
        )
    if ending not in (*ENDINGS, *RDF_ENDINGS):
        endings = ", ".join(dict.fromkeys((*ENDINGS, *RDF_ENDINGS)))
        return Bilingual(
            "this is no plan in text, and would not be in the dataset; save it in a form that `crmgraph import` reads "
            f"({endings}) and make a plan of it, or move it to another folder",
            "esto no es un plan en texto y no estaría en los datos; guárdelo en un formato que lea `crmgraph import` "
            f"({endings}) y haga de él un plan, o llévelo a otra carpeta",
        )
    target = file.with_name(plan_id(file) + (GRAPH if ending in RDF_ENDINGS else TEXT))
    command = f"crmgraph import {quote(str(file))} --output {quote(str(target))}"
    return Bilingual(
        "this is no plan in text, and would not be in the dataset; make one of it by "
        f"`{command}`, or move it to another folder",
        f"esto no es un plan en texto y no estaría en los datos; haga uno de él con `{command}`, o llévelo a otra "
        "carpeta",
    )


_LIBRARIES = ("pyoxigraph", "pyshifty", "rdflib")
_CODE = (
    "namespaces.py", "texts.py", "decisions.py", "lexicon", "building", "reading", "importing",
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
        if plan not in ids:
            raise UsageError(
                f"an earlier version of {plan} would be called so, and there is no such plan; there are "
                f"{', '.join(sorted(ids))}",
                Place(file),
            )
        if not ID.fullmatch(name):
            raise UsageError(
                f"behind {EARLIER} stands the name of the version, in lower-case letters and digits, with hyphens "
                f"between them, as in {plan}{EARLIER}2006.txt",
                Place(file),
            )
        if other:
            raise UsageError(
                f"this version is called {version_id(file)}, and so is {other} already; give one of them another name",
                Place(file),
            )
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
