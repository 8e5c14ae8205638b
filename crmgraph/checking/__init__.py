"""Checking: the SHACL shapes are run over a dataset, and what falls short becomes findings with their passages."""

from pathlib import Path

from rdflib import RDF, SH, Dataset, Graph

from crmgraph.checking.findings import Finding, Result, describe_findings, find, locate
from crmgraph.checking.report import as_json, as_text
from crmgraph.checking.shapes import SEVERITIES, Check, Shapes, read_shapes
from crmgraph.namespaces import Names

__all__ = [
    "SEVERITIES",
    "Check",
    "Finding",
    "Shapes",
    "as_json",
    "as_text",
    "check",
    "describe_findings",
    "locate",
    "read_shapes",
]


def check(dataset: Dataset, shapes: Path, names: Names) -> list[Finding]:
    """What the shapes in the folder `shapes` find wrong with the dataset, all its graphs taken together."""
    data = Graph()
    for subject, predicate, value, _ in dataset.quads():
        data.add((subject, predicate, value))
    catalogue = read_shapes(shapes)
    return find(_results(data, catalogue), data, names)


def _results(data: Graph, catalogue: Shapes) -> list[Result]:
    from pyshacl import validate  # imported here, for it takes longer than a report of findings already made

    _, report, _ = validate(data, shacl_graph=catalogue.graph, advanced=False, inference="none")
    assert isinstance(report, Graph)
    results = []
    for node in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus = report.value(node, SH.sourceShape), report.value(node, SH.focusNode)
        assert shape is not None
        assert focus is not None
        results.append(Result(catalogue.checks[shape], focus, report.value(node, SH.value)))
    return results
