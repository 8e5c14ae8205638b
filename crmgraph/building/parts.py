"""The parts that a dataset is made of, each built by itself and kept in a folder, by the digest of its inputs.

A part is a plan with what it refers to, the background of all plans, or the links between plans. It holds its own
statements, what follows from them, and the findings about them. Processes and machines that share the folder may each
build some of the parts.
"""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib import DCTERMS, BNode, Dataset, URIRef
from rdflib.term import Node

from crmgraph.building.manifest import (
    DECISIONS_SUFFIX,
    FINDINGS,
    SOURCE,
    VERSION_SEPARATOR,
    earlier_versions,
    files_in,
    inputs_digest,
    plan_digests,
    plan_documents,
    version_id,
)
from crmgraph.checks.findings import Finding, accepted_findings_beside, as_json, from_json, group, mark_accepted
from crmgraph.checks.plans import background, check_dataset
from crmgraph.checks.shacl import describe_checks, describe_findings, known_shapes
from crmgraph.comparing.changes import agent_finder, compare
from crmgraph.comparing.reporting import describe_version
from crmgraph.describing import Background, describe_plan, mentioned_background
from crmgraph.describing.links import describe_decisions, describe_links
from crmgraph.describing.tables import describe_origin
from crmgraph.describing.vocabulary import (
    CG,
    add_quads,
    add_triples,
    describe_source,
    fallback_labels,
    node_of,
    statement_of,
    triple_of,
)
from crmgraph.files import resource
from crmgraph.namespaces import ANALYSIS, Names
from crmgraph.reading import Plan, read_plan
from crmgraph.reading.model import read_origin
from crmgraph.sparql.processes import end_with_parent, start_process
from crmgraph.store import DUMP
from crmgraph.store.dataset import is_intact, seal

BACKGROUND, LINKS = "_background", "_links"
"""The ids of the parts that are no plans, unlike ids of plans."""
UNFINISHED_PREFIX = ".unfinished-"
_CROSSWALKS = resource("data") / "links"
_FEWEST_PER_PROCESS = 8
"""The number of missing parts for which a process is worth its start, as it describes the background first."""


@dataclass(frozen=True)
class Parts:
    """The parts of a dataset.

    Attributes:
        names: The IRIs of the dataset.
        plans: The folder of further plans, if any.
        folder: The folder in which the parts are kept.
        reasoner: "rules" or, only if `strict`, "owlrl".
        engine: The SHACL engine, "fast" or "pyshacl".
        strict: Whether a logical contradiction raises ContradictionError instead of becoming a finding.
    """

    names: Names
    plans: Path | None
    folder: Path
    reasoner: str = "rules"
    engine: str = "fast"
    strict: bool = True

    @cached_property
    def documents(self) -> dict[str, Path]:
        """The documents of the plans by id. Those of the folder of further plans come first, as they may be invalid."""
        return {file.stem: file for file in reversed(plan_documents(self.plans))}

    @cached_property
    def places(self) -> dict[str, Path]:
        """The subfolder of each part, by its id: a plan's, BACKGROUND or LINKS, which comes last.

        Its name is the digest of the inputs of the part.
        """
        # All plans depend on the others in the project: a plan has the annotations of identical sentences in these.
        shared = f"{inputs_digest(self.names)} {self.reasoner} {self.engine} {self.strict}"
        own: dict[str, list[str]] = {}
        for name, digest in plan_digests(self.plans).items():
            own.setdefault(re.split(rf"[.{VERSION_SEPARATOR}]", name)[0], []).append(f"{name} {digest}")

        def place(part: str, *inputs: str) -> Path:
            return self.folder / hashlib.sha256("\n".join((shared, part, *inputs)).encode()).hexdigest()[:16]

        places = {id: place(id, *own.get(id, ())) for id in self.documents}
        linked = (f"{id} {places[id].name}" for id in self.linked_plans)
        decisions = (file.read_text(encoding="utf-8", errors="replace") for file in self.decisions)
        return places | {BACKGROUND: place(BACKGROUND), LINKS: place(LINKS, *linked, *decisions)}

    @cached_property
    def decisions(self) -> list[Path]:
        """The files with decisions about correspondences."""
        return files_in(self.plans, DECISIONS_SUFFIX) if self.plans else []

    @cached_property
    def linked_plans(self) -> list[str]:
        """The ids of the plans that crosswalks and decisions name, the first plan first."""
        files = (*_CROSSWALKS.glob("*.sssom.tsv"), *self.decisions)
        texts = (file.read_text(encoding="utf-8", errors="replace") for file in files)
        named = {id for text in texts for id in re.findall(r"\bplan[:/]([a-z0-9-]+)", text)}
        return [id for id in reversed(self.documents) if id in named]

    def read_quads(self, part: str, is_wanted: Callable[[str], bool]) -> Iterator[tuple[Node, ...]]:
        """Yield the statements of a part in the wanted graphs, which are told by their IRIs."""
        for quad in parse(path=self.places[part] / DUMP, format=RdfFormat.N_QUADS):
            if isinstance(quad.graph_name, NamedNode) and is_wanted(quad.graph_name.value):
                yield *statement_of(quad.triple), node_of(quad.graph_name)

    def read_findings(self) -> list[Finding]:
        """Return the findings of all parts, each once and in their order."""
        found = {
            finding
            for place in self.places.values()
            for finding in from_json((place / FINDINGS).read_text(encoding="utf-8"))
        }
        return sorted(found, key=lambda finding: finding.sort_key)

    def build(self, report: Callable[[str], None] = lambda _: None) -> None:
        """Build the missing parts, in several processes if they are many.

        `report` is called with the id of each part. Raises InputError for invalid data, and ContradictionError if
        data and ontology contradict each other.
        """
        missing = [part for part, place in self.places.items() if not is_intact(place)]
        processes = min(os.cpu_count() or 1, len(missing) // _FEWEST_PER_PROCESS)
        if processes > 1:
            report(f"plans, in {processes} processes")
            self._build_shares(processes)
        # If another process failed, its error is raised here.
        for part in missing:
            self._build(part, report)

    def _build_shares(self, count: int) -> None:
        """Build a share in each of some processes, and wait for them. If this process ends, they do."""
        values = (self.names.base, self.plans or "", self.folder, self.reasoner, self.engine, self.strict)
        with ExitStack() as stack:
            started = [
                stack.enter_context(start_process(__name__, *values, number, count)) for number in range(1, count + 1)
            ]
            for process in started:
                process.wait()

    def build_share(self, number: int, count: int, report: Callable[[str], None] = lambda _: None) -> None:
        """Build every `count`-th part, from the one with this `number`, counted from 1, unless it is there already.

        The links are left out, as they need the other parts. Raises errors as `build` does.
        """
        for part in [part for part in self.places if part != LINKS][number - 1 :: count]:
            self._build(part, report)

    def _build(self, part: str, report: Callable[[str], None]) -> None:
        """Build a part unless it is there."""
        place = self.places[part]
        if is_intact(place):
            return
        report(part)
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=UNFINISHED_PREFIX, dir=self.folder) as folder:
            fresh = Path(folder) / "part"
            fresh.mkdir()
            lines, findings = self._make(part)
            (fresh / DUMP).write_text(lines, encoding="utf-8", newline="\n")
            (fresh / FINDINGS).write_text(as_json(findings), encoding="utf-8")
            seal(fresh)
            try:
                if place.exists():
                    place.rename(Path(folder) / "spoiled")
                fresh.rename(place)
            except OSError:
                # Another process has built the same part in the meantime.
                if not is_intact(place):
                    raise

    def _make(self, part: str) -> tuple[str, list[Finding]]:
        """Return the statements of a part in N-Quads, and the findings about them."""
        known = shared_background(self.names)
        if part == BACKGROUND:
            own, context = known.dataset, Dataset()
            about = {node for node in _subjects(own) if not self._is_in_a_plan(node)}
        elif part == LINKS:
            own, context = self._describe_links(known)
            about = _subjects(own) - _subjects(context)
        else:
            own = describe_document(self.documents[part], self.plans, known)
            context, about = mentioned_background(own, known), _subjects(own)
        dataset, found = Dataset(), Dataset()
        add_quads(dataset, chain(own.quads(), context.quads()))
        everything, findings = check_dataset(
            dataset, self.names, lambda _: None, self.strict, reasoner=self.reasoner, engine=self.engine, about=about
        )
        findings = accept_and_group(findings, self.documents)
        inferred = self.names.graph("inferred")
        add_quads(found, own.quads())
        add_triples(found, inferred, chain(dataset.graph(URIRef(inferred)), fallback_labels(dataset)))
        add_triples(found, self.names.graph("findings"), describe_findings(findings, everything))
        if part == BACKGROUND:
            add_triples(found, self.names.graph("ontology"), describe_checks(known_shapes()))
        return as_n_quads(found), findings

    def _is_in_a_plan(self, node: Node) -> bool:
        """Return whether a node is a plan or an element of one. Of these the background describes little."""
        before, _, path = str(node).partition(self.names.id("plan", ""))
        return not before and path.split("/")[0] in self.documents

    def _describe_links(self, known: Background) -> tuple[Dataset, Dataset]:
        """Return the links between plans, and what they refer to: elements with what these are in, and passages."""
        own, dataset, context = Dataset(), Dataset(), Dataset()
        add_quads(dataset, known.dataset.quads())
        for id in self.linked_plans:
            graphs = {self.names.graph(kind, id) for kind in ("plan", "source")}
            add_quads(dataset, self.read_quads(id, graphs.__contains__))
        before = set(dataset.quads())
        describe_all_links(
            self.decisions, {id: read_plan(self.documents[id], id) for id in self.linked_plans}, dataset, self.names
        )
        add_quads(own, (quad for quad in dataset.quads() if quad not in before))
        terms = self.names.graph("ontology")
        add_triples(context, terms, dataset.graph(URIRef(terms)))
        nodes = {node for subject, _, value, _ in own.quads() for node in (subject, value)}
        while nodes:
            described = [quad for node in nodes for quad in dataset.quads((node, None, None, None)) if quad in before]
            add_quads(context, described)
            nodes = {value for _, way, value, _ in described if way in _ABOVE} - _subjects(context)
        return own, context


_ABOVE = (DCTERMS.isPartOf, CG.passage)
"""The properties that lead from an element to what tells where it is."""


def _subjects(dataset: Dataset) -> set[Node]:
    return {quad[0] for quad in dataset.quads()}


@cache
def shared_background(names: Names) -> Background:
    """Return the background, described once in each process."""
    return background(names)


def describe_document(file: Path, plans: Path | None, known: Background) -> Dataset:
    """Return the graphs of a plan: of its words and annotations, of its source, and of its earlier versions.

    `plans` is the folder with the earlier versions. Raises InputError if a file or an annotation is invalid.
    """
    plan, names = read_plan(file, file.stem), known.names
    dataset = describe_plan(plan, known)
    if origin := read_origin(file):
        found = describe_origin(resource("data") / "origin.rq", origin, plan.id, names)
        add_triples(dataset, names.graph("source", plan.id), found)
    later = plan
    # Versions are sorted from the oldest to the newest; each is compared with the next newer one.
    for older in reversed(earlier_versions(plans)):
        if older.stem.partition(VERSION_SEPARATOR)[0] == plan.id:
            old = read_plan(older, version_id(older))
            comparison = compare(old, later, agent_finder(known, later))
            add_triples(dataset, names.graph("versions", old.id), describe_version(comparison, names, plan.id))
            add_triples(dataset, names.graph("source", old.id), describe_source(old, names))
            later = old
    return dataset


def describe_all_links(decisions: Iterable[Path], plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add the crosswalks and the decisions about correspondences to a dataset, which has the graphs of the `plans`."""
    describe_links(_CROSSWALKS, plans, dataset, names)
    describe_decisions(decisions, plans, dataset, names)


def accept_and_group(findings: Iterable[Finding], documents: Mapping[str, Path]) -> list[Finding]:
    """Return the findings, one for each cause; those accepted in the table beside their document are marked.

    `documents` are those of the plans, by id. Findings about no plan belong to the main document.
    """
    catalogue = known_shapes().catalogue
    codes = {check.code for check in catalogue}
    by_document = defaultdict[Path, list[Finding]](list)
    for finding in findings:
        by_document[documents.get(finding.location.plan or "", SOURCE)].append(finding)
    marked = (mark_accepted(found, accepted_findings_beside(file, codes)) for file, found in by_document.items())
    return group(chain.from_iterable(marked), catalogue)


def as_n_quads(dataset: Dataset) -> str:
    """Return a dataset as N-Quads, sorted by code point, so that equal datasets give equal text.

    Statements that only the checks need are left out. Raises ValueError for a blank node, since its label would differ
    from one run to the next.
    """
    lines = set()
    for subject, predicate, value, graph in dataset.quads():
        if isinstance(subject, BNode) or isinstance(value, BNode):
            raise ValueError(f"a node without a name in {graph}: {subject.n3()} … {value.n3()}")
        if not str(predicate).startswith(ANALYSIS):
            quad = Quad(*triple_of((subject, predicate, value)), NamedNode(str(graph)))  # type: ignore[arg-type]
            lines.add(f"{quad} .\n")
    return "".join(sorted(lines))


def main(base: str, plans: str, folder: str, reasoner: str, engine: str, strict: str, number: str, count: str) -> None:
    """Build a share of the parts in a process that another one has started."""
    end_with_parent(0)
    parts = Parts(Names(base), Path(plans) if plans else None, Path(folder), reasoner, engine, strict == str(True))
    parts.build_share(int(number), int(count))
