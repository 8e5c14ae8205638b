"""Findings and the catalogue of checks as RDF: graphs of the dataset, and a SHACL validation report."""

from collections.abc import Iterable, Iterator

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat
from rdflib import RDF, Graph, URIRef

from crmgraph.checks.catalogue import Check
from crmgraph.checks.findings import Finding, Location
from crmgraph.checks.reports import Report
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.inference.closure import statement_of
from crmgraph.inference.terms import Term, Triple, iri
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.wording import Bilingual

__all__ = ["as_turtle", "describe_checks", "describe_findings", "shape_of"]

_Pairs = Iterator[tuple[str, Term]]


def shape_of(code: str) -> str:
    """Return the IRI of the shape that is the check with this code."""
    return f"{ONTOLOGY}/shapes#{code}"


def describe_findings(findings: Iterable[Finding], data: Graph) -> Graph:
    """Return the graph `findings`, with those passages that `data` does not have, for only findings are about them."""
    triples: list[Triple] = []
    for finding in findings:
        triples += _triples(finding.iri, _properties(finding))
        triples += _triples(finding.iri, _texts(("rdfs:comment", _message(finding)), ("rdfs:label", _message(finding))))
        for location in _locations(finding):
            if (URIRef(str(location.passage)), RDF.type, CG.Passage) not in data:
                triples += _passage(location)
    return _graph(triples)


def describe_checks(checks: Iterable[Check]) -> Graph:
    """Return what people need to know of each check, under the IRI of its shape, without what the shape asks for."""
    triples: list[Triple] = []
    for check in checks:
        group = f"{ONTOLOGY}/shapes#{check.group.name}"
        pairs: list[tuple[str, Term]] = [
            ("rdf:type", iri("cg:Check")),
            ("cg:code", Literal(check.code)),
            ("sh:severity", iri(f"sh:{check.severity.capitalize()}")),
            ("sh:group", NamedNode(group)),
        ]
        texts = (check.title, check.explanation, check.example, check.remedy)
        pairs += _texts(*zip(("rdfs:label", "rdfs:comment", "skos:example", "cg:remedy"), texts, strict=True))
        triples += _triples(shape_of(check.code), pairs)
        triples += _triples(group, [("rdf:type", iri("sh:PropertyGroup")), ("sh:order", Literal(check.group.order))])
        triples += _triples(group, _texts(("rdfs:label", check.group.title)))
    return _graph(triples)


def as_turtle(report: Report, base: str) -> str:
    """Return a SHACL validation report whose results are the findings, each under its address in the graph.

    The passages of their words are in it too. What is accepted is in it as any other, and says who accepted it. `base`
    is that of the addresses. Raises UsageError where two files are plans of one name, for their findings would have the
    same addresses.
    """
    _check_names(report)
    whole = f"{base}id/validation-report"
    found = sorted({finding.iri: finding for finding in report.findings}.items())
    conforms = ("sh:conforms", Literal(not found))
    results = (("sh:result", NamedNode(address)) for address, _ in found)
    triples = list(_triples(whole, (("rdf:type", iri("sh:ValidationReport")), conforms, *results)))
    for address, finding in found:
        triples += _triples(address, (*_result(finding), *_properties(finding)))
    passages = {location.passage: location for finding in report.findings for location in _locations(finding)}
    triples += (triple for _, location in sorted(passages.items()) for triple in _passage(location))
    spaces = {prefix: PREFIXES[prefix] for prefix in ("cg", "sh", "xsd")}
    found_here = (pyoxigraph.Triple(*triple) for triple in triples)  # type: ignore[arg-type]
    written = pyoxigraph.serialize(found_here, format=RdfFormat.TURTLE, prefixes=spaces)
    return (written or b"").decode().rstrip("\n")


def _check_names(report: Report) -> None:
    files: dict[str | None, str | None] = {}
    for finding in report.findings:
        plan, file = finding.location.plan, finding.file
        if plan is not None and files.setdefault(plan, file) != file:
            named = " and ".join(sorted(map(str, (file, files[plan]))))
            raise UsageError(f"{named} are both the plan {plan}; rename one, or check one at a time")


def _properties(finding: Finding) -> _Pairs:
    """Return what a finding is, wherever it is described."""
    location, other, accepted = finding.location, finding.other, finding.accepted
    yield "rdf:type", iri("cg:Finding")
    yield "cg:code", Literal(finding.code)
    yield "cg:severity", iri(f"severity:{finding.severity}")
    yield "sh:sourceShape", NamedNode(shape_of(finding.code))
    for name, place in (
        ("cg:element", location.element),
        ("cg:passage", location.passage),
        ("cg:relatedElement", other.element if other else None),
        ("cg:relatedPassage", other.passage if other else None),
    ):
        if place is not None:
            yield name, NamedNode(place)
    if accepted is not None:
        yield "cg:acceptedBy", Literal(accepted.by)
        yield "cg:acceptedOn", Literal(accepted.on, datatype=iri("xsd:date"))
        yield from _texts(("cg:acceptedBecause", Bilingual(accepted.reason_en, accepted.reason_es)))


def _result(finding: Finding) -> _Pairs:
    """Return what SHACL says of a result."""
    location, other = finding.location, finding.other
    yield "rdf:type", iri("sh:ValidationResult")
    yield "sh:focusNode", NamedNode(location.element)
    yield "sh:resultSeverity", iri(f"sh:{finding.severity.capitalize()}")
    # What contradicts the ontology breaks no constraint of SHACL: the check stands for one.
    component = NamedNode(shape_of(finding.code)) if finding.triples else iri(f"sh:{finding.constraint}")
    yield "sh:sourceConstraintComponent", component
    if other is not None or location.exact is not None:
        yield "sh:value", NamedNode(other.element) if other is not None else Literal(location.exact or "")
    yield from _texts(("sh:resultMessage", _message(finding)))


def _passage(location: Location) -> Iterator[Triple]:
    assert location.passage is not None
    return _triples(
        location.passage,
        (
            ("rdf:type", iri("cg:Passage")),
            ("cg:source", NamedNode(location.passage.rpartition("/")[0])),
            ("cg:start", Literal(location.start or 0)),
            ("cg:end", Literal(location.end or 0)),
            ("cg:exact", Literal(location.exact or "")),
        ),
    )


def _locations(finding: Finding) -> list[Location]:
    """Return the places of a finding that have words."""
    return [
        location
        for location in (finding.location, finding.other)
        if location is not None and location.passage is not None
    ]


def _message(finding: Finding) -> Bilingual:
    return Bilingual(finding.message_en, finding.message_es)


def _texts(*pairs: tuple[str, Bilingual]) -> _Pairs:
    for name, text in pairs:
        yield name, Literal(text.spanish, language="es")
        yield name, Literal(str(text), language="en")


def _triples(subject: str, pairs: Iterable[tuple[str, Term]]) -> Iterator[Triple]:
    return ((NamedNode(subject), iri(name), value) for name, value in pairs)


def _graph(triples: Iterable[Triple]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(statement_of(triple))
    return graph
