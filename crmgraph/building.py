"""Building: from the document, the tables and the ontology to the whole dataset in a folder, in one go."""

import hashlib
import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph import __version__
from crmgraph.checking.plans import background, check_dataset, check_file, check_plan, put
from crmgraph.errors import Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.plan_folder import GRAPH, TEXT, accepted_in, beside, decisions_in, origins_in, plan_files
from crmgraph.reading import ID
from crmgraph.resources import resource
from crmgraph.storing import DUMP, STORE
from crmgraph.storing.seal import is_intact, seal
from crmgraph.wording import Bilingual

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from crmgraph.checking import Finding
    from crmgraph.describing import Background
    from crmgraph.reading import Plan

__all__ = [
    "CHECKS",
    "FINDINGS",
    "MANIFEST",
    "SOURCE",
    "Manifest",
    "background",
    "build",
    "by_document",
    "check_built",
    "check_file",
    "check_guest",
    "check_plan",
    "current",
    "documents",
    "guests",
    "inputs_digest",
    "plans_digests",
    "plans_of",
    "read_manifest",
    "version_id",
    "versions",
]

FINDINGS = "findings.json"
CHECKS = "checks.json"
MANIFEST = "manifest.json"
_LIBRARIES = ("pyoxigraph", "pyshifty", "rdflib")
_CODE = (
    "namespaces.py", "texts.py", "plan_folder.py", "decisions.py", "building.py", "reading", "importing", "describing",
    "comparing", "inferring", "checking", "storing",
)  # fmt: skip
SOURCE = resource("data") / "source" / "crm.txt"
"""The document that the built dataset is about, beside those of other plans."""
_UNFINISHED = ".unfinished-"
_OURS = re.compile(rf"{re.escape(_UNFINISHED)}.*|[0-9a-f]{{12}}|{re.escape(MANIFEST)}")
_HOUR = 3600
_EARLIER = "@"
"""What stands between the id of a plan and the name of an earlier version of it."""


@dataclass(frozen=True)
class Manifest:
    """What a build was made from and holds: sha256 of inputs and dataset, statements and findings by kind.

    `plans` is the folder of the further plans that it was built with, and `further` has the sha256 of each file there.
    """

    inputs: str
    dataset: str
    graphs: dict[str, int]
    findings: dict[str, int]
    plans: str = ""
    further: dict[str, str] = field(default_factory=dict)

    def folder(self, build: Path) -> Path:
        """Where in the folder `build` the dataset is. A dataset never changes; another one has another folder."""
        return build / self.dataset[:12]


def inputs_digest(names: Names) -> str:
    """The sha256 of all of ours that a build depends on: our files and code, the libraries' versions, the base."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    digest.update(f"crmgraph {__version__} {names.base}\n".encode())
    for root, file in _inputs():
        digest.update(f"{file.relative_to(root).as_posix()} {_sha256(file)}\n".encode())
    return digest.hexdigest()


def plans_digests(plans: Path | None) -> dict[str, str]:
    """The sha256 of each file in the folder `plans` that a build depends on, by its name.

    Raises UsageError where there is something in it that is no plan, and does not belong beside one.
    """
    if plans is None:
        return {}
    own = documents(plans)[len(documents()) :]
    beside(plans)
    further = (*guests(plans), *versions(plans), *accepted_in(plans), *origins_in(plans), *decisions_in(plans))
    return {file.name: _sha256(file) for file in (*own, *further)}


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _inputs() -> Iterator[tuple[Path, Path]]:
    """Each file that a build depends on, with the folder below which its name is always the same."""
    package = Path(__file__).parent
    roots = [(resource(name).parent, resource(name), "*") for name in ("ontology", "data")]
    roots += [(package, package / name, "*.py") for name in _CODE]
    for root, place, pattern in roots:
        files = place.rglob(pattern) if place.is_dir() else (place,)
        yield from ((root, file) for file in sorted(files) if file.is_file() and not file.name.startswith("."))


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder that was built and is whole; None where there is none that this version can read."""
    manifest = _written(folder)
    if manifest is None:
        return None
    try:
        parts = (DUMP, f"{DUMP}.gz", FINDINGS, CHECKS, f"{STORE}/CURRENT")
        place = manifest.folder(folder)
        return manifest if all((place / part).is_file() for part in parts) and is_intact(place) else None
    except (OSError, ValueError, TypeError):
        return None


def _written(folder: Path) -> Manifest | None:
    """The manifest in a folder, whether what it tells of is whole or not."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def current(folder: Path, names: Names, plans: Path | None = None) -> Manifest | None:
    """The manifest of the dataset in `folder`, where it is whole and nothing that it depends on has changed since.

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
    """The folder of the further plans that the dataset in `folder` was built with; None where it has none.

    Raises UsageError where that is gone, or was not written down: no dataset loses plans because nobody names them.
    """
    known = _written(folder)
    if known is None:
        return None
    if known.plans and Path(known.plans).is_dir():
        return Path(known.plans)
    held = {file.stem for file in documents()}
    # An older manifest tells of them only by their graphs.
    graphs = {iri.rpartition("/")[2] for iri in known.graphs if "/graph/plan/" in iri}
    further = sorted(known.further) or sorted(graphs - held)
    if not further:
        return None
    there = f": {known.plans}" if known.plans else ""
    raise UsageError(
        Bilingual(
            f"this dataset has further plans ({', '.join(further)}), and their folder is gone or not known{there}; "
            "name it by --plans, CRMGRAPH_PLANS or crmgraph.toml; or remove the dataset, to have them no more",
            f"estos datos tienen otros planes ({', '.join(further)}), y su carpeta ya no existe o no se conoce{there}; "
            "indíquela con --plans, CRMGRAPH_PLANS o crmgraph.toml; o borre los datos, si ya no los quiere",
        ),
        Place(folder),
    )


def build(
    folder: Path,
    names: Names,
    say: Callable[[str], None] = lambda _: None,
    anew: bool = False,
    plans: Path | None = None,
) -> Manifest:
    """Make the dataset in `folder`, or leave it as it is where nothing changed and it is whole, unless `anew`.

    `say` is told of each step. The plans in the folder `plans` are in it beside those that are held; where none is
    named, those in the folder that the dataset which is there was built with.

    The manifest changes last and at once, so that whoever reads the folder sees one dataset or the other; the one
    before stays for those who still read it. Raises an InputError for wrong data or a folder that cannot be used, and
    ContradictionError where data and ontology cannot both be true.
    """
    unchanged = None if anew else current(folder, names, plans)
    if unchanged is not None:
        say("nothing changed")
        return unchanged
    plans = plans or plans_of(folder)
    inputs, further, known = inputs_digest(names), plans_digests(plans), read_manifest(folder)
    try:
        _check_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
        try:
            manifest = _build_into(fresh, inputs, names, say, plans)
            manifest = replace(manifest, plans=str(plans.absolute()) if plans else "", further=further)
            _publish(folder, fresh, manifest)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _clear(folder, {manifest.folder(folder), *([known.folder(folder)] if known else [])})
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(folder)) from None
    return manifest


def _check_folder(folder: Path) -> None:
    if folder.is_dir() and not all(_OURS.fullmatch(file.name) for file in folder.iterdir()):
        raise UsageError("this folder holds things that are no built dataset; name another folder", Place(folder))


def _publish(folder: Path, fresh: Path, manifest: Manifest) -> None:
    """Give the finished dataset its name, and then say in the manifest that it is the one."""
    place = manifest.folder(folder)
    if place.exists():
        place.rename(fresh / "spoiled")
    (fresh / "dataset").rename(place)
    written = fresh / MANIFEST
    written.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    written.replace(folder / MANIFEST)


def _clear(folder: Path, kept: set[Path]) -> None:
    """Remove datasets that nobody can be reading any more, and what builds that were killed have left."""
    for place in folder.iterdir():
        old = place.name.startswith(_UNFINISHED) and time.time() - place.stat().st_mtime > _HOUR
        if old or (place.is_dir() and not place.name.startswith(_UNFINISHED) and place not in kept):
            shutil.rmtree(place, ignore_errors=True)


def documents(plans: Path | None = None) -> list[Path]:
    """The documents of all plans of the dataset, each named by the id of its plan; that which it is about first.

    Those in the folder `plans` come last. Raises UsageError where there is no such folder, or one in it has the name of
    a plan that is held already, or one that can be no id.
    """
    held = [SOURCE, *sorted(file for file in SOURCE.parent.glob("*.txt") if file != SOURCE)]
    if plans is None:
        return held
    if not plans.is_dir():
        raise UsageError("there is no such folder of plans", Place(plans))
    names = {file.name for file in held}
    own = [file for file in plan_files(plans, TEXT) if _EARLIER not in file.stem]
    for file in own:
        if file.name in names:
            raise UsageError(f"there is a plan {file.stem} already; give this file another name", Place(file))
    return [*held, *own]


def guests(plans: Path | None) -> list[Path]:
    """The graphs of others in the folder `plans`, in N-Triples, each named by its id.

    Raises UsageError where one has the name of a plan, or one that can be no id.
    """
    found = plan_files(plans, GRAPH) if plans is not None else []
    plans_here = documents(plans)
    for file in found:
        if wrong := _misnamed_guest(file.stem, plans_here):
            raise UsageError(wrong, Place(file))
    return found


def _misnamed_guest(id: str, plans: Iterable[Path]) -> str:
    """What is wrong with the name of a graph of others beside these plans; nothing where it can be called so."""
    if id not in {file.stem for file in plans} and ID.fullmatch(id):
        return ""
    return (
        "the name of a graph has lower-case letters, digits, and hyphens between them, and is not that of a plan; give "
        "this file another"
    )


def versions(plans: Path | None) -> list[Path]:
    """The earlier versions of plans in the folder `plans`, as `crm@2006.txt`, the earlier before the later.

    Raises UsageError where one is of a plan that there is not, has a name that can be no part of an address, or would
    be called like another plan.
    """
    found = [file for file in plan_files(plans, TEXT) if _EARLIER in file.stem] if plans is not None else []
    known = {file.stem for file in documents(plans)}
    taken = {file.stem: file.name for file in (*documents(plans), *guests(plans))}
    for file in found:
        if wrong := _misnamed(file, known, taken):
            raise UsageError(wrong, Place(file))
        taken[version_id(file)] = file.name
    return found


def version_id(file: Path) -> str:
    """What an earlier version of a plan is called, by its file: crm-2006, of crm@2006.txt."""
    return file.stem.replace(_EARLIER, "-")


def _misnamed(version: Path, known: set[str], taken: Mapping[str, str]) -> str:
    """What is wrong with the name of the file of an earlier version; nothing where it has a plan and a name."""
    plan, _, name = version.stem.partition(_EARLIER)
    id = f"{plan}-{name}"
    if plan not in known:
        return (
            f"an earlier version of {plan} would be called so, and there is no such plan; there are "
            f"{', '.join(sorted(known))}"
        )
    if not ID.fullmatch(name):
        return (
            f"behind {_EARLIER} stands the name of the version, in lower-case letters and digits, with hyphens between "
            f"them, as in {plan}{_EARLIER}2006.txt"
        )
    if id in taken:
        return f"this version is called {id}, and so is {taken[id]} already; give one of them another name"
    return ""


def by_document(findings: "Iterable[Finding]", plans: Path | None = None) -> "dict[Path, list[Finding]]":
    """The findings about each plan, by its document; those about no plan go with the document the dataset is about.

    `plans` is the folder of others that the dataset was built with.
    """
    found: dict[Path, list[Finding]] = {file: [] for file in documents(plans)}
    files = {file.stem: file for file in found}
    for finding in findings:
        found[files.get(finding.spot.plan or "", SOURCE)].append(finding)
    return found


def _dataset(names: Names, say: Callable[[str], None], own: Path | None) -> "Dataset":
    """All plans with all the background."""
    from crmgraph.describing import describe_plan
    from crmgraph.describing.decided import describe_decisions
    from crmgraph.describing.links import describe_links
    from crmgraph.describing.origins import describe_origin
    from crmgraph.reading import read_plan
    from crmgraph.reading.origin import read_origin

    say("reading")
    plans = {file.stem: read_plan(file, file.stem) for file in documents(own)}
    say("describing")
    known = background(names)
    for plan in plans.values():
        for graph in describe_plan(plan, known).graphs():
            put(known.dataset, str(graph.identifier), graph)
    for file in documents(own):
        if origin := read_origin(file):
            put(known.dataset, names.graph("source", file.stem), describe_origin(origin, file.stem, names))
    describe_links(resource("data") / "links", plans, known.dataset, names)
    describe_decisions(decisions_in(own) if own else (), plans, known.dataset, names)
    _add_versions(own, plans, known, names, say)
    return known.dataset


def _add_versions(
    own: Path | None, plans: Mapping[str, "Plan"], known: "Background", names: Names, say: Callable[[str], None]
) -> None:
    """Add to the dataset the earlier versions of plans, each compared with the one after it."""
    files = versions(own)
    if not files:
        return
    from crmgraph.comparing import compare
    from crmgraph.comparing.agents import named_in
    from crmgraph.comparing.versions import describe_version
    from crmgraph.describing.passages import describe_source
    from crmgraph.reading import read_plan

    say("comparing with earlier versions")
    read = [(file.stem.partition(_EARLIER)[0], read_plan(file, version_id(file))) for file in files]
    for place, (plan, old) in enumerate(read):
        # Those of a plan stand one after the other.
        following = read[place + 1] if place + 1 < len(read) else None
        new = following[1] if following and following[0] == plan else plans[plan]
        comparison = compare(old, new, named_in(known, new, new.language))
        put(known.dataset, names.graph("versions", old.id), describe_version(comparison, names, plan))
        put(known.dataset, names.graph("source", old.id), describe_source(old, names))


def check_built(names: Names, say: Callable[[str], None], plans: Path | None = None) -> "list[Finding]":
    """What is wrong with all that `build` puts together, even where it contradicts itself and is not built."""
    return _accepted(check_dataset(_dataset(names, say, plans), names, say, strict=False)[1], plans)


def _accepted(findings: "list[Finding]", plans: Path | None) -> "list[Finding]":
    """The findings, those marked that the table beside the document of their plan lists."""
    from crmgraph.checking import catalogue
    from crmgraph.checking.accepting import AcceptedTable, beside

    codes = {check.code for check in catalogue(resource("ontology") / "shapes")}
    told = []
    for file, found in by_document(findings, plans).items():
        table = beside(file)
        told += found if table is None else AcceptedTable(table, codes).mark(found)
    return sorted(told, key=lambda finding: finding.order)


def _checked(
    dataset: "Dataset", names: Names, say: Callable[[str], None], files: list[Path]
) -> "tuple[Graph, list[Finding]]":
    """As `check_dataset`, with the graphs of others in these files, which must change nothing but themselves."""
    everything, findings = check_dataset(dataset, names, say, strict=True)
    if not files:
        return everything, findings
    from crmgraph.checking import merged
    from crmgraph.checking.guests import add_guests

    say("reading the graphs of others")
    graphs = {file.stem: _guest(file, names) for file in files}
    say("checking the graphs of others")
    findings = sorted({*findings, *add_guests(graphs, dataset, names)}, key=lambda finding: finding.order)
    return merged(dataset), findings


def check_guest(
    text: str, id: str, names: Names, plans: Path | None, say: Callable[[str], None] = lambda _: None
) -> None:
    """Look at a graph of others, in N-Triples, as `build` would do if it were called `id` in the folder `plans`.

    What is there already is described for it, so that no build is needed. Raises UsageError as `build` does.
    """
    from crmgraph.checking.guests import examine

    if wrong := _misnamed_guest(id, documents(plans)):
        raise UsageError(wrong)
    dataset = _dataset(names, say, plans)
    others = {names.graph("plan", file.stem): _guest(file, names) for file in guests(plans) if file.stem != id}
    say("checking")
    examine(_as_graph(text), others, dataset, id, names)


def _guest(file: Path, names: Names) -> "Graph":
    from crmgraph.importing.graphs import as_n_triples, read_graph

    return _as_graph(as_n_triples(read_graph(file, file.stem, names)))


def _as_graph(text: str) -> "Graph":
    import logging

    from rdflib import Graph

    # A literal that Python has no value for, such as a year before 1, is as good as any.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return Graph().parse(data=text, format="nt")


def _build_into(folder: Path, inputs: str, names: Names, say: Callable[[str], None], plans: Path | None) -> Manifest:
    from crmgraph.checking import SEVERITIES, catalogue
    from crmgraph.checking.catalogue import catalogue_to_json
    from crmgraph.checking.catalogue_graph import describe_checks
    from crmgraph.checking.graph import describe_findings
    from crmgraph.checking.reporting import as_json
    from crmgraph.describing.catalog import describe_catalog
    from crmgraph.storing.disk import write_dataset
    from crmgraph.storing.quads import quads

    dataset = _dataset(names, say, plans)
    everything, findings = _checked(dataset, names, say, guests(plans))
    findings = _accepted(findings, plans)
    put(dataset, names.graph("findings"), describe_findings(findings, everything))
    checks = catalogue(resource("ontology") / "shapes")
    put(dataset, names.graph("ontology"), describe_checks(checks))
    sizes = {str(graph.identifier): len(graph) for graph in dataset.graphs() if len(graph)}
    catalog = describe_catalog(resource("data") / "catalog.ttl", dataset, names)
    put(dataset, names.graph("catalog"), catalog)
    say("storing")
    text = quads(dataset)
    place = folder / "dataset"
    place.mkdir()
    write_dataset(text, place)
    (place / FINDINGS).write_text(as_json(findings) + "\n", encoding="utf-8")
    (place / CHECKS).write_text(catalogue_to_json(checks) + "\n", encoding="utf-8")
    seal(place)
    return Manifest(
        inputs,
        hashlib.sha256(text.encode()).hexdigest(),
        dict(sorted({**sizes, names.graph("catalog"): len(catalog)}.items())),
        {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES},
    )
