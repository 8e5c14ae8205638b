"""Checking: the SHACL shapes are run over a dataset, and what falls short becomes findings with their passages."""

from pathlib import Path

from rdflib import Dataset, Graph

from crmgraph.checking.findings import Finding, Spot, describe_findings, find, locate
from crmgraph.checking.report import as_json, as_text
from crmgraph.checking.shapes import SEVERITIES, Check, Shapes, read_shapes
from crmgraph.checking.validating import validate
from crmgraph.namespaces import Names

__all__ = [
    "SEVERITIES",
    "Check",
    "Finding",
    "Shapes",
    "Spot",
    "as_json",
    "as_text",
    "check",
    "describe_findings",
    "locate",
    "merged",
    "read_shapes",
]


def check(data: Graph, shapes: Path, names: Names) -> list[Finding]:
    """What the shapes in the folder `shapes` find wrong with the data."""
    return find(validate(data, read_shapes(shapes)), data, names)


def merged(dataset: Dataset) -> Graph:
    """All graphs of a dataset taken together."""
    data = Graph()
    for subject, predicate, value, _ in dataset.quads():
        data.add((subject, predicate, value))
    return data
