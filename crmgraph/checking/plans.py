"""Plans as a whole: from what was read to what is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.namespaces import Names
from crmgraph.resources import resource

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from crmgraph.checking.findings import Finding
    from crmgraph.describing import Background
    from crmgraph.reading import Plan

__all__ = ["background", "check_dataset", "check_file", "check_plan", "put"]


def check_dataset(
    dataset: "Dataset", names: Names, say: Callable[[str], None], strict: bool, severity: str | None = None
) -> "tuple[Graph, list[Finding]]":
    """What a dataset says and entails, which is added to it, as one graph; and what is wrong with it.

    Where it is `strict`, a contradiction is raised as an error; else it is one of the findings. With a `severity` only
    what is of this severity, and contradictions, are looked for.
    """
    from crmgraph.checking import check, merged
    from crmgraph.inference.entailment import infer, infer_all

    say("inferring")
    inferred, contradictions = (infer(dataset, names), []) if strict else infer_all(dataset, names)
    put(dataset, names.graph("inferred"), inferred)
    say("checking")
    everything = merged(dataset)
    return everything, check(everything, resource("ontology") / "shapes", names, contradictions, severity)


def put(dataset: "Dataset", name: str, triples: "Graph") -> None:
    """Add the triples to the named graph of a dataset."""
    from rdflib import URIRef

    graph = dataset.graph(URIRef(name))
    for triple in triples:
        graph.add(triple)


def background(names: Names) -> "Background":
    """The ontology and the reference data, which every plan is seen against."""
    from crmgraph.describing import describe_background

    return describe_background(resource("ontology"), resource("data"), names)


def check_file(
    file: Path, plan: str | None, names: Names, say: Callable[[str], None], known: "Background | None" = None
) -> "list[Finding]":
    """What is wrong with the plan in `file`, called `plan` or else by its file's name; `known` as in `check_plan`."""
    from crmgraph.reading import read_plan

    say("reading")
    return check_plan(read_plan(file, plan), names, say, known)


def check_plan(
    read: "Plan", names: Names, say: Callable[[str], None], known: "Background | None" = None
) -> "list[Finding]":
    """What is wrong with a plan that has been read, each finding with its place. Raises InputError as `build` does.

    Of the background only what the plan speaks of is looked at, so other plans and all the other things cost nothing.
    Who checks many plans describes it once and gives it as `known`.
    """
    from crmgraph.checking import locate
    from crmgraph.describing import describe_plan, spoken_of

    say("describing")
    known = known or background(names)
    described = describe_plan(read, known)
    dataset = spoken_of(described, known)
    for graph in described.graphs():
        put(dataset, str(graph.identifier), graph)
    return locate(check_dataset(dataset, names, say, strict=False)[1], read.source)
