"""Checking: the SHACL shapes are run over a dataset, and what falls short becomes findings with their passages."""

from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.checking.catalogue import SEVERITIES, Check, Group
from crmgraph.checking.findings import Acceptance, Finding, Spot, locate
from crmgraph.namespaces import Names

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

__all__ = ["SEVERITIES", "Acceptance", "Check", "Finding", "Group", "Spot", "check", "locate", "merged"]


def check(data: "Graph", shapes: Path, names: Names) -> list[Finding]:
    """What the shapes in the folder `shapes` find wrong with the data."""
    # rdflib is slow to import, and a report on findings already made has no use for it.
    from crmgraph.checking.shapes import read_shapes
    from crmgraph.checking.spots import find
    from crmgraph.checking.validating import validate

    return find(validate(data, read_shapes(shapes)), data, names)


def merged(dataset: "Dataset") -> "Graph":
    """All graphs of a dataset taken together."""
    from rdflib import Graph

    data = Graph()
    for subject, predicate, value, _ in dataset.quads():
        data.add((subject, predicate, value))
    return data
