"""Findings and the catalogue of checks in RDF: named graphs of the dataset, and a SHACL validation report."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import RdfFormat, parse, serialize
from rdflib import RDF, RDFS, SH, SKOS, Graph, URIRef

from crmgraph.checks.engine import Shapes
from crmgraph.checks.findings import Finding, Location
from crmgraph.checks.reports import Report
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import Bilingual, UsageError
from crmgraph.inference.entailment import statement_of
from crmgraph.namespaces import ONTOLOGY, PREFIXES

_DESCRIPTIVE_PROPERTIES = (CG.code, SH.severity, SH.group, RDFS.label, RDFS.comment, SKOS.example, CG.remedy)
_IRI = {"@type": "@id"}
_TEXT = {"@container": "@language"}
_CONTEXT = {
    **{prefix: PREFIXES[prefix] for prefix in ("cg", "rdfs", "severity", "sh", "xsd")},
    **{name: {"@id": name, **_IRI} for name in ("cg:severity", "cg:element", "cg:relatedElement", "cg:source")},
    **{name: {"@id": name, **_IRI} for name in ("sh:sourceShape", "sh:focusNode", "sh:resultSeverity")},
    "sh:sourceConstraintComponent": {"@id": "sh:sourceConstraintComponent", **_IRI},
    **{name: {"@id": name, **_TEXT} for name in ("rdfs:comment", "rdfs:label", "sh:resultMessage")},
    "cg:acceptedBecause": {"@id": "cg:acceptedBecause", **_TEXT},
    "cg:acceptedOn": {"@id": "cg:acceptedOn", "@type": "xsd:date"},
}
"""The JSON-LD context of findings."""


def shape_of(code: str) -> str:
    """Return the IRI of the SHACL shape that defines the check with this code."""
    return f"{ONTOLOGY}/shapes#{code}"


def describe_findings(findings: Iterable[Finding], data: Graph) -> Graph:
    """Return the contents of the graph `findings`. Passages are described only if `data` does not contain them."""
    graph, nodes = Graph(), []
    for finding in findings:
        node = _node(finding) | dict.fromkeys(("rdfs:comment", "rdfs:label"), _by_language(finding.text))
        for name in ("cg:passage", "cg:relatedPassage"):
            if node[name] and (URIRef(node[name]["@id"]), RDF.type, CG.Passage) in data:
                node[name] = {"@id": node[name]["@id"]}
        nodes.append(node)
    graph += (statement_of((quad.subject, quad.predicate, quad.object)) for quad in _quads_of(nodes))
    return graph


def describe_checks(shapes: Shapes) -> Graph:
    """Return the descriptions of the checks and their groups for readers, without the constraints of the shapes."""
    graph, groups = Graph(), set(shapes.graph.objects(None, SH.group))
    graph += ((shape, RDF.type, CG.Check) for shape in shapes.checks)
    for nodes, properties in ((shapes.checks, _DESCRIPTIVE_PROPERTIES), (groups, (RDF.type, SH.order, RDFS.label))):
        graph += (
            each for node in nodes for property in properties for each in shapes.graph.triples((node, property, None))
        )
    return graph


def as_turtle(report: Report, base: str) -> str:
    """Return a SHACL validation report in Turtle whose results are the findings, under the IRIs that they have here.

    The passages of the findings are included. Accepted findings are included, with their acceptance. `base` is the base
    IRI of the report. Raises UsageError if two files contain plans with the same id, as findings would share IRIs.
    """
    files: dict[str, str | None] = {}
    for finding in report.findings:
        plan, file = finding.location.plan, finding.file
        if plan is not None and files.setdefault(plan, file) != file:
            named = " and ".join(sorted(map(str, (file, files[plan]))))
            raise UsageError(f"{named} are both the plan {plan}; rename one, or check one at a time")
    found = sorted({finding.iri: finding for finding in report.findings}.items())
    whole = {
        "@id": f"{base}id/validation-report",
        "@type": "sh:ValidationReport",
        "sh:conforms": not found,
        "sh:result": [_result(finding) for _, finding in found],
    }
    triples = dict.fromkeys(quad.triple for quad in _quads_of([whole]))
    spaces = {prefix: PREFIXES[prefix] for prefix in ("cg", "sh", "xsd")}
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=spaces) or b"").decode().rstrip("\n")


def _quads_of(nodes: Iterable[Mapping[str, Any]]) -> Any:
    """Return the quads of some JSON-LD nodes."""
    return parse(json.dumps({"@context": _CONTEXT, "@graph": [*nodes]}), format=RdfFormat.JSON_LD)


def _node(finding: Finding) -> dict[str, Any]:
    """Return the JSON-LD node of a finding, as in the graph `findings`."""
    location, other, accepted = finding.location, finding.other, finding.accepted
    return {
        "@id": finding.iri,
        "@type": ["cg:Finding"],
        "cg:code": finding.code,
        "cg:severity": f"severity:{finding.severity}",
        "sh:sourceShape": shape_of(finding.code),
        "cg:element": location.element,
        "cg:passage": _passage(location),
        "cg:relatedElement": other and other.element,
        "cg:relatedPassage": other and _passage(other),
        "cg:acceptedBy": accepted and accepted.by,
        "cg:acceptedOn": accepted and accepted.on,
        "cg:acceptedBecause": accepted and _by_language(Bilingual(accepted.reason_en, accepted.reason_es)),
    }


def _result(finding: Finding) -> dict[str, Any]:
    """Return the JSON-LD node of a finding as a SHACL validation result."""
    location, other = finding.location, finding.other
    # A logical contradiction violates no SHACL constraint, so its check is given as the component.
    constraint = shape_of(finding.code) if finding.triples else f"sh:{finding.constraint}"
    return _node(finding) | {
        "@type": ["sh:ValidationResult", "cg:Finding"],
        "sh:focusNode": location.element,
        "sh:resultSeverity": f"sh:{finding.severity.capitalize()}",
        "sh:sourceConstraintComponent": constraint,
        "sh:value": {"@id": other.element} if other else location.exact,
        "sh:resultMessage": _by_language(finding.text),
    }


def _passage(location: Location) -> dict[str, Any] | None:
    if location.passage is None:
        return None
    return {
        "@id": location.passage,
        "@type": "cg:Passage",
        "cg:source": location.passage.rpartition("/")[0],
        "cg:start": location.start or 0,
        "cg:end": location.end or 0,
        "cg:exact": location.exact or "",
    }


def _by_language(text: Bilingual) -> dict[str, str]:
    return {"es": text.spanish, "en": str(text)}
