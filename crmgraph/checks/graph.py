"""Findings and the catalogue of checks as RDF: graphs of the dataset, and a SHACL validation report."""

from collections.abc import Iterable
from itertools import chain

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat
from rdflib import RDF, RDFS, SH, SKOS, Graph, URIRef

from crmgraph.checks.engine import Shapes
from crmgraph.checks.findings import Finding, Location
from crmgraph.checks.reports import Report
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.inference.closure import statement_of
from crmgraph.inference.terms import Term, Triple, iri
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.wording import Bilingual, in_language

__all__ = ["as_turtle", "describe_checks", "describe_findings", "shape_of"]

_Pair = tuple[str, Term]
_OF_CHECKS = (CG.code, SH.severity, SH.group, RDFS.label, RDFS.comment, SKOS.example, CG.remedy)


def shape_of(code: str) -> str:
    """Return the IRI of the shape that is the check with this code."""
    return f"{ONTOLOGY}/shapes#{code}"


def describe_findings(findings: Iterable[Finding], data: Graph) -> Graph:
    """Return the graph `findings`, with those passages that `data` does not have, for only findings are about them."""
    graph = Graph()
    for finding in findings:
        triples = _triples(finding.iri, _properties(finding), _texts("rdfs:comment", "rdfs:label", text=finding.text))
        passages = [each for each in _locations(finding) if not _is_described(each, data)]
        for triple in chain(triples, *map(_passage, passages)):
            graph.add(statement_of(triple))
    return graph


def describe_checks(shapes: Shapes) -> Graph:
    """Return what people need to know of each check, without what its shape asks for."""
    graph, groups = Graph(), set(shapes.graph.objects(None, SH.group))
    for shape in shapes.checks:
        graph.add((shape, RDF.type, CG.Check))
    for nodes, properties in ((shapes.checks, _OF_CHECKS), (groups, (RDF.type, SH.order, RDFS.label))):
        for node in nodes:
            for property in properties:
                for value in shapes.graph.objects(node, property):
                    graph.add((node, property, value))
    return graph


def as_turtle(report: Report, base: str) -> str:
    """Return a SHACL validation report whose results are the findings, each under its address in the graph.

    The passages of their words are in it too. What is accepted is in it as any other, and says who accepted it. `base`
    is that of the addresses. Raises UsageError where two files are plans of one name, for their findings would have the
    same addresses.
    """
    _check_names(report)
    found = sorted({finding.iri: finding for finding in report.findings}.items())
    triples = _triples(
        f"{base}id/validation-report",
        [("rdf:type", iri("sh:ValidationReport")), ("sh:conforms", Literal(not found))],
        [("sh:result", NamedNode(address)) for address, _ in found],
    )
    for address, finding in found:
        triples += _triples(address, _result(finding), _properties(finding))
    passages = {location.passage: location for finding in report.findings for location in _locations(finding)}
    triples += chain.from_iterable(_passage(location) for _, location in sorted(passages.items()))
    spaces = {prefix: PREFIXES[prefix] for prefix in ("cg", "sh", "xsd")}
    statements = (pyoxigraph.Triple(*triple) for triple in triples)  # type: ignore[arg-type]
    written = pyoxigraph.serialize(statements, format=RdfFormat.TURTLE, prefixes=spaces)
    return (written or b"").decode().rstrip("\n")


def _check_names(report: Report) -> None:
    files: dict[str | None, str | None] = {}
    for finding in report.findings:
        plan, file = finding.location.plan, finding.file
        if plan is not None and files.setdefault(plan, file) != file:
            named = " and ".join(sorted(map(str, (file, files[plan]))))
            raise UsageError(f"{named} are both the plan {plan}; rename one, or check one at a time")


def _properties(finding: Finding) -> list[_Pair]:
    """Return what a finding is, wherever it is described."""
    location, other, accepted = finding.location, finding.other, finding.accepted
    places = {
        "cg:element": location.element,
        "cg:passage": location.passage,
        "cg:relatedElement": other and other.element,
        "cg:relatedPassage": other and other.passage,
    }
    pairs: list[_Pair] = [
        ("rdf:type", iri("cg:Finding")),
        ("cg:code", Literal(finding.code)),
        ("cg:severity", iri(f"severity:{finding.severity}")),
        ("sh:sourceShape", NamedNode(shape_of(finding.code))),
        *((name, NamedNode(place)) for name, place in places.items() if place),
    ]
    if accepted is not None:
        pairs += [
            ("cg:acceptedBy", Literal(accepted.by)),
            ("cg:acceptedOn", Literal(accepted.on, datatype=iri("xsd:date"))),
            *_texts("cg:acceptedBecause", text=Bilingual(accepted.reason_en, accepted.reason_es)),
        ]
    return pairs


def _result(finding: Finding) -> list[_Pair]:
    """Return what SHACL says of a result."""
    location, other = finding.location, finding.other
    value: Term | None = Literal(location.exact) if location.exact is not None else None
    return [
        ("rdf:type", iri("sh:ValidationResult")),
        ("sh:focusNode", NamedNode(location.element)),
        ("sh:resultSeverity", iri(f"sh:{finding.severity.capitalize()}")),
        # What contradicts the ontology breaks no constraint of SHACL: the check stands for one.
        (
            "sh:sourceConstraintComponent",
            NamedNode(shape_of(finding.code)) if finding.triples else iri(f"sh:{finding.constraint}"),
        ),
        *(("sh:value", each) for each in (NamedNode(other.element) if other else value,) if each is not None),
        *_texts("sh:resultMessage", text=finding.text),
    ]


def _locations(finding: Finding) -> list[Location]:
    """Return the places of a finding that have words."""
    return [each for each in (finding.location, finding.other) if each is not None and each.passage is not None]


def _is_described(location: Location, data: Graph) -> bool:
    return (URIRef(str(location.passage)), RDF.type, CG.Passage) in data


def _passage(location: Location) -> list[Triple]:
    passage = str(location.passage)
    return _triples(
        passage,
        [
            ("rdf:type", iri("cg:Passage")),
            ("cg:source", NamedNode(passage.rpartition("/")[0])),
            ("cg:start", Literal(location.start or 0)),
            ("cg:end", Literal(location.end or 0)),
            ("cg:exact", Literal(location.exact or "")),
        ],
    )


def _texts(*names: str, text: Bilingual) -> list[_Pair]:
    return [
        (name, Literal(in_language(text, language), language=language)) for name in names for language in ("es", "en")
    ]


def _triples(subject: str, *pairs: Iterable[_Pair]) -> list[Triple]:
    return [(NamedNode(subject), iri(name), value) for name, value in chain(*pairs)]
