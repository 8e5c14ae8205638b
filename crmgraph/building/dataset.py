"""All plans with all the background as one dataset, and what is wrong with it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.building.inputs import (
    EARLIER,
    by_document,
    documents,
    guests,
    misnamed_guest,
    version_id,
    versions,
)
from crmgraph.checking.plans import background, check_dataset, put
from crmgraph.errors import UsageError
from crmgraph.namespaces import Names
from crmgraph.plan_folder import decisions_in
from crmgraph.resources import resource

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from crmgraph.checking import Finding
    from crmgraph.describing import Background
    from crmgraph.reading import Plan

__all__ = ["check_built", "check_guest", "checked_dataset", "described_dataset"]


def checked_dataset(
    names: Names, say: Callable[[str], None], plans: Path | None
) -> "tuple[Dataset, Graph, list[Finding]]":
    """The dataset, all that is true of it, and what is wrong with it.

    The graphs of others in the folder `plans` are in it, and must change nothing but themselves. Raises InputError for
    wrong data, ContradictionError where data and ontology cannot both be true.
    """
    dataset = _dataset(names, say, plans)
    everything, findings = _checked(dataset, names, say, guests(plans))
    return dataset, everything, _accepted(findings, plans)


def described_dataset(names: Names, say: Callable[[str], None], plans: Path | None) -> "Dataset":
    """All plans with all the background, before it is looked at what people decided about them."""
    return _described(names, say, plans)[1].dataset


def _dataset(names: Names, say: Callable[[str], None], own: Path | None) -> "Dataset":
    """All plans with all the background, and what people say of them."""
    from crmgraph.describing.links import describe_decisions

    plans, known = _described(names, say, own)
    describe_decisions(decisions_in(own) if own else (), plans, known.dataset, names)
    _add_versions(own, plans, known, names, say)
    return known.dataset


def _described(names: Names, say: Callable[[str], None], own: Path | None) -> "tuple[dict[str, Plan], Background]":
    from crmgraph.describing import describe_plan
    from crmgraph.describing.catalog import describe_origin
    from crmgraph.describing.links import describe_links
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
    return plans, known


def _add_versions(
    own: Path | None, plans: Mapping[str, "Plan"], known: "Background", names: Names, say: Callable[[str], None]
) -> None:
    """Add to the dataset the earlier versions of plans, each compared with the one after it."""
    files = versions(own)
    if not files:
        return
    from crmgraph.comparing import compare
    from crmgraph.comparing.changes import agent_finder
    from crmgraph.comparing.revisions import describe_version
    from crmgraph.describing.writer import describe_source
    from crmgraph.reading import read_plan

    say("comparing with earlier versions")
    read = [(file.stem.partition(EARLIER)[0], read_plan(file, version_id(file))) for file in files]
    for place, (plan, old) in enumerate(read):
        # Those of a plan stand one after the other.
        following = read[place + 1] if place + 1 < len(read) else None
        new = following[1] if following and following[0] == plan else plans[plan]
        comparison = compare(old, new, agent_finder(known, new), known.statuses)
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

    if wrong := misnamed_guest(id, documents(plans)):
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
