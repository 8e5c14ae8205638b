"""Building: all plans with all the background as one dataset, what is wrong with it, and its files in a folder."""

import hashlib
import json
import logging
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from rdflib import Dataset, Graph

from crmgraph.building.inputs import (
    DECISIONS,
    EARLIER,
    by_document,
    check_external_id,
    documents,
    external_graphs,
    files_in,
    inputs_digest,
    plans_digests,
    version_id,
    versions,
)
from crmgraph.building.manifest import FINDINGS, MANIFEST, Manifest, current, plans_of, read_manifest
from crmgraph.checks.engine import known_shapes
from crmgraph.checks.findings import SEVERITIES, AcceptedFindings, Finding, as_json
from crmgraph.checks.graph import describe_checks, describe_findings
from crmgraph.checks.plans import add_external, background, check_dataset, examine, merged, put
from crmgraph.comparing.changes import agent_finder, compare
from crmgraph.comparing.reporting import describe_version
from crmgraph.describing import Background, describe_plan
from crmgraph.describing.catalog import describe_catalog, describe_origin
from crmgraph.describing.links import describe_decisions, describe_links
from crmgraph.describing.vocabulary import describe_source
from crmgraph.errors import Place, UsageError
from crmgraph.importing import as_n_triples, read_graph
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan
from crmgraph.reading.source import read_origin
from crmgraph.resources import resource
from crmgraph.store.dataset import seal, write_dataset
from crmgraph.store.quads import as_n_quads

_Say = Callable[[str], None]


def whole_dataset(
    names: Names, say: _Say, plans: Path | None, reasoner: str = "rules"
) -> tuple[str, dict[str, int], list[Finding]]:
    """Return the dataset as N-Quads, the number of statements in each of its graphs, and what is wrong with it.

    The graphs of others in the folder `plans` are in it, and must change nothing but themselves. Raises InputError for
    wrong data, ContradictionError where data and ontology cannot both be true.
    """
    dataset = _dataset(names, say, plans)
    everything, findings = check_dataset(dataset, names, say, strict=True, reasoner=reasoner)
    if files := external_graphs(plans):
        say("reading the graphs of others")
        graphs = {file.stem: _external(file, names) for file in files}
        say("checking the graphs of others")
        findings = [*findings, *add_external(graphs, dataset, names)]
        everything = merged(dataset)
    findings = _accepted(findings, plans)
    put(dataset, names.graph("findings"), describe_findings(findings, everything))
    put(dataset, names.graph("ontology"), describe_checks(known_shapes()))
    put(dataset, names.graph("catalog"), describe_catalog(resource("data") / "catalog.ttl", dataset, names))
    sizes = {str(graph.identifier): len(graph) for graph in dataset.graphs() if len(graph)}
    return as_n_quads(dataset), dict(sorted(sizes.items())), findings


def check_built(names: Names, say: _Say, plans: Path | None = None, engine: str = "pyshifty") -> list[Finding]:
    """Return what is wrong with all that `build` puts together, even where it contradicts itself and is not built."""
    return _accepted(check_dataset(_dataset(names, say, plans), names, say, strict=False, engine=engine)[1], plans)


def described_dataset(names: Names, say: _Say, plans: Path | None) -> Dataset:
    """Return all plans with all the background, without what people decided about them."""
    return _described(names, say, plans)[1].dataset


def check_external(text: str, id: str, names: Names, plans: Path | None, say: _Say = lambda _: None) -> None:
    """Look at a graph of others, in N-Triples, as `build` would do if it were called `id` in the folder `plans`.

    What is there already is described for it, so that no build is needed. Raises UsageError as `build` does.
    """
    check_external_id(id, documents(plans))
    dataset = _dataset(names, say, plans)
    files = [file for file in external_graphs(plans) if file.stem != id]
    others = {names.graph("plan", file.stem): _external(file, names) for file in files}
    say("checking")
    examine(_as_graph(text), others, dataset, id, names)


def _dataset(names: Names, say: _Say, own: Path | None) -> Dataset:
    """Return all plans with all the background, what people say of them, and their earlier versions."""
    plans, known = _described(names, say, own)
    describe_decisions(files_in(own, DECISIONS) if own else (), plans, known.dataset, names)
    _add_versions(own, plans, known, names, say)
    return known.dataset


def _described(names: Names, say: _Say, own: Path | None) -> tuple[dict[str, Plan], Background]:
    say("reading")
    files = documents(own)
    plans = {file.stem: read_plan(file, file.stem) for file in files}
    say("describing")
    known = background(names)
    for plan in plans.values():
        for graph in describe_plan(plan, known).graphs():
            put(known.dataset, str(graph.identifier), graph)
    for file in files:
        if origin := read_origin(file):
            put(known.dataset, names.graph("source", file.stem), describe_origin(origin, file.stem, names))
    describe_links(resource("data") / "links", plans, known.dataset, names)
    return plans, known


def _add_versions(own: Path | None, plans: Mapping[str, Plan], known: Background, names: Names, say: _Say) -> None:
    """Add to the dataset the earlier versions of plans, each compared with the one after it."""
    later = dict(plans)
    # Those of a plan stand one after the other, the earlier before the later.
    for place, file in enumerate(reversed(versions(own))):
        if not place:
            say("comparing with earlier versions")
        plan, old = file.stem.partition(EARLIER)[0], read_plan(file, version_id(file))
        comparison = compare(old, later[plan], agent_finder(known, later[plan]), known.statuses)
        put(known.dataset, names.graph("versions", old.id), describe_version(comparison, names, plan))
        put(known.dataset, names.graph("source", old.id), describe_source(old, names))
        later[plan] = old


def _accepted(findings: list[Finding], plans: Path | None) -> list[Finding]:
    """Return the findings in order, those marked that the table beside the document of their plan lists."""
    tables = AcceptedFindings({check.code for check in known_shapes().catalogue})
    marked = [each for file, found in by_document(findings, plans).items() for each in tables.mark(found, file)]
    return sorted(marked, key=lambda finding: finding.order)


def _external(file: Path, names: Names) -> Graph:
    return _as_graph(as_n_triples(read_graph(file, file.stem, names)))


def _as_graph(text: str) -> Graph:
    # A literal that Python has no value for, such as a year before 1, is as good as any.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return Graph().parse(data=text, format="nt")


_UNFINISHED = ".unfinished-"
_OURS = re.compile(rf"{re.escape(_UNFINISHED)}.*|[0-9a-f]{{12}}|{re.escape(MANIFEST)}")
_HOUR = 3600


def build(
    folder: Path,
    names: Names,
    say: Callable[[str], None] = lambda _: None,
    anew: bool = False,
    plans: Path | None = None,
    reasoner: str = "rules",
) -> Manifest:
    """Make the dataset in `folder`, or leave it as it is where nothing changed and it is whole, unless `anew`.

    `say` is told of each step. The plans in the folder `plans` are in it beside those that are held; where none is
    named, those in the folder that the dataset which is there was built with. `reasoner` is "rules" or "owlrl".

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
        if folder.is_dir() and not all(_OURS.fullmatch(file.name) for file in folder.iterdir()):
            raise UsageError("this folder holds things that are no built dataset; name another folder", Place(folder))
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
        try:
            manifest = _build_into(fresh, inputs, names, say, plans, reasoner)
            manifest = replace(manifest, plans=str(plans.absolute()) if plans else "", further=further)
            _publish(folder, fresh, manifest)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _clear(folder, {manifest.folder(folder), *([known.folder(folder)] if known else [])})
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(folder)) from None
    return manifest


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


def _build_into(
    folder: Path, inputs: str, names: Names, say: Callable[[str], None], plans: Path | None, reasoner: str
) -> Manifest:
    text, sizes, findings = whole_dataset(names, say, plans, reasoner)
    say("storing")
    place = folder / "dataset"
    place.mkdir()
    write_dataset(text, place)
    (place / FINDINGS).write_text(as_json(findings) + "\n", encoding="utf-8")
    seal(place)
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    return Manifest(inputs, hashlib.sha256(text.encode()).hexdigest(), sizes, counts)
