"""Plans and datasets as a whole: from what is described to what follows from it and what is wrong with it."""

from collections.abc import Callable

from rdflib import Dataset, Graph, URIRef

from crmgraph.checks.engine import known_shapes, validate
from crmgraph.checks.findings import Finding, locate
from crmgraph.checks.messages import find, logical_findings
from crmgraph.describing import Background, describe_background, describe_plan, spoken_of
from crmgraph.inference.entailment import Contradiction, infer, infer_all, infer_by_owlrl
from crmgraph.namespaces import Names
from crmgraph.reading import Plan
from crmgraph.resources import resource

__all__ = ["background", "check_dataset", "check_plan", "merged", "put"]


def check_dataset(
    dataset: Dataset,
    names: Names,
    say: Callable[[str], None],
    strict: bool,
    severity: str | None = None,
    reasoner: str = "rules",
    engine: str = "pyshifty",
) -> tuple[Graph, list[Finding]]:
    """Add to a dataset what it entails; return all that it has then as one graph, and what is wrong with it.

    Where it is `strict`, a contradiction is raised as an error; else it is one of the findings. With a `severity` only
    findings of this severity, and contradictions, are looked for. `reasoner` is "rules" or, where it is strict,
    "owlrl"; `engine` is "pyshifty" or "pyshacl".
    """

    say("inferring")
    contradictions: list[Contradiction] = []
    if strict:
        inferred = infer_by_owlrl(dataset, names) if reasoner == "owlrl" else infer(dataset, names)
    else:
        inferred, contradictions = infer_all(dataset, names)
    put(dataset, names.graph("inferred"), inferred)
    say("checking")
    everything = merged(dataset)
    findings = find(validate(everything, known_shapes(severity), engine), everything, names)
    logical = logical_findings(contradictions, known_shapes().catalogue, everything, names)
    return everything, sorted({*findings, *logical}, key=lambda finding: finding.order)


def merged(dataset: Dataset) -> Graph:
    """Return all graphs of a dataset taken together."""

    data = Graph()
    for subject, predicate, value, _ in dataset.quads():
        data.add((subject, predicate, value))
    return data


def put(dataset: Dataset, name: str, triples: Graph) -> None:
    """Add the triples to the named graph of a dataset."""

    graph = dataset.graph(URIRef(name))
    for triple in triples:
        graph.add(triple)


def background(names: Names) -> Background:
    """Return the ontology and the reference data, which every plan is seen against."""

    return describe_background(resource("ontology"), resource("data"), names)


def check_plan(
    read: Plan,
    names: Names,
    say: Callable[[str], None],
    known: Background | None = None,
    engine: str = "pyshifty",
) -> list[Finding]:
    """Return what is wrong with a plan that has been read, each finding with its place. Raises InputError as `build`.

    Of the background only what the plan speaks of is looked at, so other plans and all the other things cost nothing.
    Whoever checks many plans describes it once and gives it as `known`.
    """

    say("describing")
    known = known or background(names)
    described = describe_plan(read, known)
    dataset = spoken_of(described, known)
    for graph in described.graphs():
        put(dataset, str(graph.identifier), graph)
    return locate(check_dataset(dataset, names, say, strict=False, engine=engine)[1], read.source)
