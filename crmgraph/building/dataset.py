"""Assembles the dataset of all plans and background data, checks it, and writes it to a build folder."""

import hashlib
import json
import logging
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from rdflib import OWL, BNode, Dataset, Graph

from crmgraph import __version__
from crmgraph.building.manifest import (
    DECISIONS_SUFFIX,
    FINDINGS,
    GRAPH_SUFFIX,
    MANIFEST,
    VERSION_SEPARATOR,
    Manifest,
    check_names,
    current_manifest,
    earlier_versions,
    external_graphs,
    files_in,
    findings_by_document,
    inputs_digest,
    plan_digests,
    plan_documents,
    plans_folder,
    read_manifest,
    version_id,
)
from crmgraph.building.self_description import describe_partitions, describe_prefixes, describe_questions
from crmgraph.checks.findings import SEVERITIES, Finding, accepted_findings_beside, as_json, group, mark_accepted
from crmgraph.checks.plans import (
    add_external,
    background,
    check_dataset,
    check_external_graph,
    merged_graph,
)
from crmgraph.checks.shacl import describe_checks, describe_findings, known_shapes
from crmgraph.comparing.changes import agent_finder, compare
from crmgraph.comparing.reporting import describe_version
from crmgraph.describing import Background, describe_plan
from crmgraph.describing.links import describe_decisions, describe_links
from crmgraph.describing.tables import describe_origin
from crmgraph.describing.vocabulary import add_quads, add_triples, describe_source, fallback_labels, triple_of
from crmgraph.errors import Place, UsageError
from crmgraph.files import resource
from crmgraph.importing import as_n_triples, read_graph
from crmgraph.library import load_library
from crmgraph.namespaces import ANALYSIS, BASE, Names
from crmgraph.reading import Plan, read_plan
from crmgraph.reading.model import read_origin
from crmgraph.store.dataset import seal, write_dataset


def describe_catalog(folder: Path, dataset: str, names: Names) -> list[str]:
    """Return the lines of the graph `catalog`: the dataset (DCAT-AP, VoID), the library's questions and the prefixes.

    The statistics include the catalogue itself, except for the partitions by class and property. There is no date of
    the build, so that equal input gives equal output.

    Args:
        folder: The folder with the metadata in Turtle, with IRIs relative to the base (`catalog.ttl`), and with the
            SPARQL updates that add the statistics (`catalog.ru`).
        dataset: All other graphs, as N-Quads.
        names: The IRIs of things and graphs.
    """
    turtle = (folder / "catalog.ttl").read_text(encoding="utf-8").replace(f'"{BASE}', f'"{names.base}')
    turtle += f'<id/dataset/crmgraph> <{OWL.versionInfo}> "{__version__}" ; dcat:version "{__version__}" .\n'
    catalog, store = NamedNode(names.graph("catalog")), Store()
    store.bulk_load(dataset.encode(), RdfFormat.N_QUADS)
    # The partitions are of the union of the graphs, where each statement counts once.
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    questions = load_library(resource("queries"), names).values()
    for triples in (describe_questions(questions, names), describe_prefixes(names), describe_partitions(store, names)):
        store.extend(Quad(each.subject, each.predicate, each.object, catalog) for each in triples)
    store.load(turtle.encode(), RdfFormat.TURTLE, base_iri=names.base, to_graph=catalog)
    store.update((folder / "catalog.ru").read_text(encoding="utf-8"), prefixes=names.prefixes())
    return [f"{quad} ." for quad in store.quads_for_pattern(None, None, None, catalog)]


_Report = Callable[[str], None]


def assemble_dataset(
    names: Names, report: _Report, plans: Path | None, reasoner: str = "rules"
) -> tuple[str, dict[str, int], list[Finding]]:
    """Return the whole dataset as N-Quads, the number of statements in each graph, and the findings of all checks.

    `report` is called with a message at each step. External graphs in the folder `plans` are included. An external
    graph may only contain and imply statements about its own things. Raises InputError for invalid data, and
    ContradictionError if data and ontology contradict each other.
    """
    dataset = _asserted_dataset(names, report, plans)
    everything, findings = check_dataset(dataset, names, report, strict=True, reasoner=reasoner)
    if files := external_graphs(plans):
        report("reading the graphs of others")
        graphs = {file.stem: _read_external_graph(file, names) for file in files}
        report("checking the graphs of others")
        findings = [*findings, *add_external(graphs, dataset, names)]
        everything = merged_graph(dataset)
    _remove_analysis(dataset)
    add_triples(dataset, names.graph("inferred"), fallback_labels(dataset))
    findings = _accept_and_group(findings, plans)
    add_triples(dataset, names.graph("findings"), describe_findings(findings, everything))
    add_triples(dataset, names.graph("ontology"), describe_checks(known_shapes()))
    text = as_n_quads(dataset)
    catalog = describe_catalog(resource("data"), text, names)
    lines = sorted([*text.removesuffix("\n").split("\n"), *catalog])
    sizes = {str(graph.identifier): len(graph) for graph in dataset.graphs() if len(graph)}
    sizes[names.graph("catalog")] = len(catalog)
    return "\n".join(lines) + "\n", dict(sorted(sizes.items())), findings


def as_n_quads(dataset: Dataset) -> str:
    """Return a dataset as N-Quads, sorted by code point, so that equal datasets give equal text.

    Raises ValueError for a blank node, since its label would differ from one run to the next.
    """
    lines = set()
    for subject, predicate, value, graph in dataset.quads():
        if isinstance(subject, BNode) or isinstance(value, BNode):
            raise ValueError(f"a node without a name in {graph}: {subject.n3()} … {value.n3()}")
        quad = Quad(*triple_of((subject, predicate, value)), NamedNode(str(graph)))  # type: ignore[arg-type]
        lines.add(f"{quad} .\n")
    return "".join(sorted(lines))


def _remove_analysis(dataset: Dataset) -> None:
    """Remove the statements that only the checks need, which have run by then."""
    for graph in dataset.graphs():
        for triple in [triple for triple in graph if str(triple[1]).startswith(ANALYSIS)]:
            graph.remove(triple)


def check_built(names: Names, report: _Report, plans: Path | None = None, engine: str = "fast") -> list[Finding]:
    """Return the findings for the dataset that `build` would make, even if contradictions prevent the build."""
    return _accept_and_group(
        check_dataset(_asserted_dataset(names, report, plans), names, report, strict=False, engine=engine)[1], plans
    )


def check_external(text: str, id: str, names: Names, plans: Path | None) -> None:
    """Check an external graph in N-Triples as `build` would check it in the folder `plans` under the name `id`.

    The remaining data are assembled for the check, so no build is needed. Raises UsageError as `build` does.
    """
    check_names([Path(f"{id}{GRAPH_SUFFIX}")], plan_documents(plans))
    dataset = _asserted_dataset(names, lambda _: None, plans)
    files = [file for file in external_graphs(plans) if file.stem != id]
    others = {names.graph("plan", file.stem): _read_external_graph(file, names) for file in files}
    check_external_graph(_parse_n_triples(text), others, dataset, id, names)


def _asserted_dataset(names: Names, report: _Report, own: Path | None) -> Dataset:
    """Return all asserted data: plans, background data, decisions about correspondences, and earlier versions."""
    plans, known = _describe_plans(names, report, own)
    describe_decisions(files_in(own, DECISIONS_SUFFIX) if own else (), plans, known.dataset, names)
    _add_versions(own, plans, known, names, report)
    return known.dataset


def _describe_plans(names: Names, report: _Report, own: Path | None) -> tuple[dict[str, Plan], Background]:
    """Return the plans by id, and the background data to which the descriptions of the plans have been added."""
    report("reading")
    files = plan_documents(own)
    plans = {file.stem: read_plan(file, file.stem) for file in files}
    report("describing")
    known = background(names)
    for plan in plans.values():
        add_quads(known.dataset, describe_plan(plan, known))
    for file in files:
        if origin := read_origin(file):
            found = describe_origin(resource("data") / "origin.rq", origin, file.stem, names)
            add_triples(known.dataset, names.graph("source", file.stem), found)
    describe_links(resource("data") / "links", plans, known.dataset, names)
    return plans, known


def _add_versions(
    own: Path | None, plans: Mapping[str, Plan], known: Background, names: Names, report: _Report
) -> None:
    """Add the earlier versions of plans to the dataset, each with its differences from the next version."""
    later = dict(plans)
    # Versions are sorted from the oldest to the newest; each is compared with the next newer one.
    for place, file in enumerate(reversed(earlier_versions(own))):
        if not place:
            report("comparing with earlier versions")
        plan, old = file.stem.partition(VERSION_SEPARATOR)[0], read_plan(file, version_id(file))
        comparison = compare(old, later[plan], agent_finder(known, later[plan]))
        add_triples(known.dataset, names.graph("versions", old.id), describe_version(comparison, names, plan))
        add_triples(known.dataset, names.graph("source", old.id), describe_source(old, names))
        later[plan] = old


def _accept_and_group(findings: list[Finding], plans: Path | None) -> list[Finding]:
    """Return the findings, one for each cause; those accepted in the table beside their document are marked."""
    catalogue = known_shapes().catalogue
    codes = {check.code for check in catalogue}
    marked = [
        each
        for file, found in findings_by_document(findings, plans).items()
        for each in mark_accepted(found, accepted_findings_beside(file, codes))
    ]
    return group(marked, catalogue)


def _read_external_graph(file: Path, names: Names) -> Graph:
    return _parse_n_triples(as_n_triples(read_graph(file, file.stem, names)))


def _parse_n_triples(text: str) -> Graph:
    # Suppresses the warnings for literals without a Python value, such as a year before 1, which are valid.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return Graph().parse(data=text, format="nt")


_UNFINISHED_PREFIX = ".unfinished-"
_BUILD_FILES = re.compile(rf"{re.escape(_UNFINISHED_PREFIX)}.*|[0-9a-f]{{12}}|{re.escape(MANIFEST)}")
_HOUR = 3600


def build(
    folder: Path,
    names: Names,
    report: Callable[[str], None] = lambda _: None,
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
    try:
        if folder.is_dir() and not all(_BUILD_FILES.fullmatch(file.name) for file in folder.iterdir()):
            raise UsageError("this folder holds things that are no built dataset; name another folder", Place(folder))
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=_UNFINISHED_PREFIX, dir=folder, ignore_cleanup_errors=True) as fresh:
            manifest = _build_into(Path(fresh), inputs, names, report, plans, reasoner)
            manifest = replace(manifest, plans=str(plans.absolute()) if plans else "", further=further)
            _publish(folder, Path(fresh), manifest)
        _remove_old_builds(folder, {manifest.folder(folder), *([known.folder(folder)] if known else [])})
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(folder)) from None
    return manifest


def _publish(folder: Path, fresh: Path, manifest: Manifest) -> None:
    """Move the finished dataset to its final folder, then replace the manifest so that it refers to this folder."""
    place = manifest.folder(folder)
    if place.exists():
        place.rename(fresh / "spoiled")
    (fresh / "dataset").rename(place)
    written = fresh / MANIFEST
    written.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    written.replace(folder / MANIFEST)


def _remove_old_builds(folder: Path, kept: set[Path]) -> None:
    """Remove all datasets except `kept`, and the remains of interrupted builds that are more than an hour old."""
    for place in folder.iterdir():
        old = place.name.startswith(_UNFINISHED_PREFIX) and time.time() - place.stat().st_mtime > _HOUR
        if old or (place.is_dir() and not place.name.startswith(_UNFINISHED_PREFIX) and place not in kept):
            shutil.rmtree(place, ignore_errors=True)


def _build_into(
    folder: Path, inputs: str, names: Names, report: Callable[[str], None], plans: Path | None, reasoner: str
) -> Manifest:
    text, sizes, findings = assemble_dataset(names, report, plans, reasoner)
    report("storing")
    place = folder / "dataset"
    place.mkdir()
    write_dataset(text, place)
    (place / FINDINGS).write_text(as_json(findings) + "\n", encoding="utf-8")
    seal(place)
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    return Manifest(inputs, hashlib.sha256(text.encode()).hexdigest(), sizes, counts)
