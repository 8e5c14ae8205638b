"""Checking: the SHACL shapes are run over a dataset, and what falls short becomes findings with their passages."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.checking.catalogue import SEVERITIES, Check, Group
from crmgraph.checking.findings import Acceptance, Finding, Spot, locate
from crmgraph.namespaces import Names

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from crmgraph.checking.shapes import Shapes
    from crmgraph.inference.entailment import Contradiction

__all__ = ["SEVERITIES", "Acceptance", "Check", "Finding", "Group", "Spot", "catalogue", "check", "locate", "merged"]


def check(
    data: "Graph",
    shapes: Path,
    names: Names,
    contradictions: "Sequence[Contradiction]" = (),
    severity: str | None = None,
) -> list[Finding]:
    """What the shapes in the folder `shapes` find wrong with the data, and the contradictions found in it.

    With a `severity`, those of this severity only, and all contradictions.
    """
    # rdflib is slow to import, and a report on findings already made has no use for it.
    from crmgraph.checking.logic import logical_findings
    from crmgraph.checking.telling import find
    from crmgraph.checking.validating import validate

    found = find(validate(data, _shapes(shapes, severity)), data, names)
    clashing = logical_findings(contradictions, catalogue(shapes), data, names)
    return sorted({*found, *clashing}, key=lambda finding: finding.order)


def catalogue(shapes: Path) -> list[Check]:
    """Every check in the folder `shapes`, by group, the gravest first."""
    return _shapes(shapes).catalogue


@cache
def _shapes(folder: Path, severity: str | None = None) -> "Shapes":
    from crmgraph.checking.shapes import read_shapes

    shapes = read_shapes(folder)
    return shapes if severity is None else shapes.of(severity)


def merged(dataset: "Dataset") -> "Graph":
    """All graphs of a dataset taken together."""
    from rdflib import Graph

    data = Graph()
    for subject, predicate, value, _ in dataset.quads():
        data.add((subject, predicate, value))
    return data
