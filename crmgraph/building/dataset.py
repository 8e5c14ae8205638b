"""Assembles the dataset of all plans and background data, checks it, and writes it to a build folder."""

import heapq
import json
import logging
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from itertools import chain, groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from rdflib import OWL, Dataset, Graph

from crmgraph import __version__
from crmgraph.building.manifest import (
    DECISIONS_SUFFIX,
    FINDINGS,
    GRAPH_SUFFIX,
    MANIFEST,
    Manifest,
    check_names,
    current_manifest,
    external_graphs,
    files_in,
    inputs_digest,
    plan_digests,
    plan_documents,
    plans_folder,
    read_manifest,
)
from crmgraph.building.parts import (
    UNFINISHED_PREFIX,
    Parts,
    accept_and_group,
    as_n_quads,
    describe_all_links,
    describe_document,
    shared_background,
)
from crmgraph.building.self_description import describe_partitions, describe_prefixes, describe_questions
from crmgraph.checks.findings import SEVERITIES, Finding, as_json
from crmgraph.checks.plans import add_external, check_external_graph, merged_graph
from crmgraph.checks.shacl import describe_findings
from crmgraph.describing.vocabulary import add_quads, add_triples, fallback_labels
from crmgraph.errors import Place, UsageError
from crmgraph.files import resource, sha256_of
from crmgraph.importing import as_n_triples, read_graph
from crmgraph.library import load_library
from crmgraph.namespaces import BASE, Names
from crmgraph.reading import read_plan
from crmgraph.store import DUMP
from crmgraph.store.dataset import seal, store_dump

_PARTS = "parts"
"""The subfolder of a build folder with the parts of its dataset."""
_MOST_OPEN = 500
"""The number of files that are merged at a time; systems limit how many a process may have open."""


def describe_catalog(folder: Path, dataset: Path, names: Names) -> list[str]:
    """Return the lines of the graph `catalog`: the dataset (DCAT-AP, VoID), the library's questions and the prefixes.

    The statistics include the catalogue itself, except for the partitions by class and property. There is no date of
    the build, so that equal input gives equal output.

    Args:
        folder: The folder with the metadata in Turtle, with IRIs relative to the base (`catalog.ttl`), and with the
            SPARQL updates that add the statistics (`catalog.ru`).
        dataset: The file with all other graphs, in N-Quads.
        names: The IRIs of things and graphs.
    """
    turtle = (folder / "catalog.ttl").read_text(encoding="utf-8").replace(f'"{BASE}', f'"{names.base}')
    turtle += f'<id/dataset/crmgraph> <{OWL.versionInfo}> "{__version__}" ; dcat:version "{__version__}" .\n'
    catalog, questions = NamedNode(names.graph("catalog")), load_library(resource("queries"), names).values()
    # On the disk, so that the memory does not grow with the dataset.
    with TemporaryDirectory() as place:
        store, union = Store(f"{place}/store"), Path(place) / "union"
        store.bulk_load(path=dataset, format=RdfFormat.N_QUADS)
        # The partitions are of the union of the graphs, where each statement counts once.
        with dataset.open("rb") as lines, union.open("wb") as out:
            out.writelines(triple + b".\n" for triple, _ in groupby(line[: line.rindex(b"<")] for line in lines))
        store.bulk_load(path=union, format=RdfFormat.N_TRIPLES)
        parts = (describe_questions(questions, names), describe_prefixes(names), describe_partitions(store, names))
        store.extend(Quad(each.subject, each.predicate, each.object, catalog) for each in chain.from_iterable(parts))
        store.load(turtle.encode(), RdfFormat.TURTLE, base_iri=names.base, to_graph=catalog)
        store.update((folder / "catalog.ru").read_text(encoding="utf-8"), prefixes=names.prefixes())
        described = [f"{quad} ." for quad in store.quads_for_pattern(None, None, None, catalog)]
        # The files of the store are closed before their folder is removed.
        del store
    return described


_Report = Callable[[str], None]


def assemble_dataset(parts: Parts, report: _Report, folder: Path) -> tuple[dict[str, int], list[Finding]]:
    """Write the whole dataset to the file DUMP of a folder, as N-Quads sorted by code point.

    External graphs in the folder of further plans are included. An external graph may only contain and imply statements
    about its own things.

    Args:
        parts: The parts of the dataset, which are built if they are missing.
        report: Called with a message at each step.
        folder: The folder, which exists.

    Returns:
        The number of statements in each graph, and the findings of all checks.

    Raises InputError for invalid data, and ContradictionError if data and ontology contradict each other.
    """
    parts.build(report)
    report("assembling")
    files, findings = [place / DUMP for place in parts.places.values()], parts.read_findings()
    with TemporaryDirectory(dir=folder) as temporary:
        if external_graphs(parts.plans):
            report("checking the graphs of others")
            file = Path(temporary) / "external"
            text, found = _describe_external(parts)
            file.write_text(text, encoding="utf-8", newline="\n")
            files, findings = [*files, file], sorted([*findings, *found], key=lambda finding: finding.sort_key)
        merged, catalog = Path(temporary) / DUMP, Path(temporary) / "catalog"
        merge(files, merged, parts.names)
        lines = describe_catalog(resource("data"), merged, parts.names)
        catalog.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8", newline="\n")
        sizes = merge([merged, catalog], folder / DUMP, parts.names)
    return sizes, findings


def merge(files: Sequence[Path], target: Path, names: Names) -> dict[str, int]:
    """Write the distinct lines of sorted files in N-Quads to a file, sorted; return the number of lines by graph.

    What one file infers and another one states is left out of the graph `inferred`.
    """
    while len(files) > _MOST_OPEN:
        batch = target.with_name(f"{target.name}-{len(files)}")
        merge(files[:_MOST_OPEN], batch, names)
        files = [*files[_MOST_OPEN:], batch]
    inferred, sizes = f"<{names.graph('inferred')}> .\n".encode(), Counter[bytes]()
    with ExitStack() as stack, target.open("wb") as out:
        # UTF-8 sorts by code point.
        lines = heapq.merge(*(stack.enter_context(file.open("rb")) for file in files))
        for triple, same in groupby(lines, key=lambda line: line[: line.rindex(b"<")]):
            graphs = dict.fromkeys(line[len(triple) :] for line in same)
            if len(graphs) > 1:
                graphs.pop(inferred, None)
            out.writelines(triple + graph for graph in graphs)
            sizes.update(graphs.keys())
    return {graph.decode()[1:-4]: size for graph, size in sorted(sizes.items())}


def _describe_external(parts: Parts) -> tuple[str, list[Finding]]:
    """Return the external graphs with what follows from them as N-Quads, and the findings about them."""
    names, dataset, own = parts.names, Dataset(), Dataset()
    for part in parts.places:
        add_quads(dataset, parts.read_quads(part, names.graph("findings").__ne__))
    before = set(dataset.quads())
    graphs = {file.stem: _read_external_graph(file, names) for file in external_graphs(parts.plans)}
    findings = accept_and_group(add_external(graphs, dataset, names), parts.documents)
    add_quads(own, (quad for quad in dataset.quads() if quad not in before))
    add_triples(own, names.graph("inferred"), fallback_labels(own))
    add_triples(own, names.graph("findings"), describe_findings(findings, merged_graph(own)))
    return as_n_quads(own), findings


def check_built(names: Names, report: _Report, plans: Path | None = None, engine: str = "fast") -> list[Finding]:
    """Return the findings for the dataset that `build` would make, even if contradictions prevent the build."""
    with TemporaryDirectory() as folder:
        parts = Parts(names, plans, Path(folder), engine=engine, strict=False)
        parts.build(report)
        return parts.read_findings()


def check_external(text: str, id: str, names: Names, plans: Path | None) -> None:
    """Check an external graph in N-Triples as `build` would check it in the folder `plans` under the name `id`.

    The remaining data are described for the check, so no build is needed. Raises UsageError as `build` does.
    """
    check_names([Path(f"{id}{GRAPH_SUFFIX}")], plan_documents(plans))
    dataset = _asserted_dataset(names, plans)
    files = [file for file in external_graphs(plans) if file.stem != id]
    others = {names.graph("plan", file.stem): _read_external_graph(file, names) for file in files}
    check_external_graph(_parse_n_triples(text), others, dataset, id, names)


def _asserted_dataset(names: Names, plans: Path | None) -> Dataset:
    """Return all asserted data: plans, background data, and links."""
    known, documents, dataset = shared_background(names), plan_documents(plans), Dataset()
    add_quads(dataset, known.dataset.quads())
    for file in documents:
        add_quads(dataset, describe_document(file, plans, known))
    decisions = files_in(plans, DECISIONS_SUFFIX) if plans else ()
    describe_all_links(decisions, {file.stem: read_plan(file, file.stem) for file in documents}, dataset, names)
    return dataset


def _read_external_graph(file: Path, names: Names) -> Graph:
    return _parse_n_triples(as_n_triples(read_graph(file, file.stem, names)))


def _parse_n_triples(text: str) -> Graph:
    # Suppresses the warnings for literals without a Python value, such as a year before 1, which are valid.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return Graph().parse(data=text, format="nt")


_BUILD_FILES = re.compile(rf"{re.escape(UNFINISHED_PREFIX)}.*|[0-9a-f]{{12}}|{re.escape(MANIFEST)}|{_PARTS}")
_HOUR = 3600


def build(
    folder: Path,
    names: Names,
    report: _Report = lambda _: None,
    force: bool = False,
    plans: Path | None = None,
    reasoner: str = "rules",
) -> Manifest:
    """Build the dataset in `folder` and return its manifest.

    An intact build with unchanged inputs is kept, unless `force` is set. The folder `plans` contains further plans. If
    it is None, the folder of the previous build is used. `report` is called with a message at each step. `reasoner` is
    "rules" or "owlrl".

    The manifest is replaced atomically as the last step, so readers see either the old or the new dataset. The previous
    dataset is kept for processes that still read it. Raises InputError for invalid data or a folder that cannot be
    used, and ContradictionError if data and ontology contradict each other.
    """
    unchanged = None if force else current_manifest(folder, names, plans)
    if unchanged is not None:
        report("nothing changed")
        return unchanged
    plans = plans or plans_folder(folder)
    inputs, further, known = inputs_digest(names), plan_digests(plans), read_manifest(folder)
    parts = Parts(names, plans, folder / _PARTS, reasoner)
    with _writing_to(folder):
        if force:
            shutil.rmtree(parts.folder, ignore_errors=True)
        with TemporaryDirectory(prefix=UNFINISHED_PREFIX, dir=folder, ignore_cleanup_errors=True) as fresh:
            manifest = _build_into(Path(fresh), inputs, parts, report)
            manifest = replace(manifest, plans=str(plans.absolute()) if plans else "", further=further)
            _publish(folder, Path(fresh), manifest)
        _remove_others(folder, {parts.folder, manifest.folder(folder), *([known.folder(folder)] if known else [])})
        _remove_others(parts.folder, set(parts.places.values()))
    return manifest


def build_share(
    folder: Path,
    names: Names,
    number: int,
    count: int,
    report: _Report = lambda _: None,
    plans: Path | None = None,
) -> None:
    """Build every `count`-th part of the dataset that `build` would make, from the one with this `number`, from 1.

    The parts are kept in `folder`, where `build` finds them. Machines that share the folder may build a share each.
    Raises errors as `build` does.
    """
    with _writing_to(folder):
        Parts(names, plans or plans_folder(folder), folder / _PARTS).build_share(number, count, report)


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """Create the folder of a build if needed. Raises UsageError if it holds other things or cannot be written."""
    try:
        if folder.is_dir() and not all(_BUILD_FILES.fullmatch(file.name) for file in folder.iterdir()):
            raise UsageError("this folder holds things that are no built dataset; name another folder", Place(folder))
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(folder)) from None


def _publish(folder: Path, fresh: Path, manifest: Manifest) -> None:
    """Move the finished dataset to its final folder, then replace the manifest so that it refers to this folder."""
    place = manifest.folder(folder)
    if place.exists():
        place.rename(fresh / "spoiled")
    (fresh / "dataset").rename(place)
    written = fresh / MANIFEST
    written.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    written.replace(folder / MANIFEST)


def _remove_others(folder: Path, kept: set[Path]) -> None:
    """Remove all folders except `kept`, and the remains of interrupted builds that are more than an hour old."""
    for place in folder.glob("*"):
        old = place.name.startswith(UNFINISHED_PREFIX) and time.time() - place.stat().st_mtime > _HOUR
        if old or (place.is_dir() and not place.name.startswith(UNFINISHED_PREFIX) and place not in kept):
            shutil.rmtree(place, ignore_errors=True)


def _build_into(folder: Path, inputs: str, parts: Parts, report: _Report) -> Manifest:
    place = folder / "dataset"
    place.mkdir()
    sizes, findings = assemble_dataset(parts, report, place)
    report("storing")
    store_dump(place)
    (place / FINDINGS).write_text(as_json(findings) + "\n", encoding="utf-8")
    seal(place)
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    return Manifest(inputs, sha256_of(place / DUMP), sizes, counts)
