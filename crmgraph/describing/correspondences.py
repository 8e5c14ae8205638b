"""What somebody found who compared a part of a plan with another plan: what corresponds to it, or that nothing does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from crmgraph.describing.statements import describe_statement
from crmgraph.describing.vocabulary import CG, concept
from crmgraph.namespaces import Names
from crmgraph.reading.model import Part, Plan

__all__ = ["Found", "describe_found", "part_with"]

_DEGREES = ((0.85, "high"), (0.65, "medium"), (0.0, "low"))
"""From which number on a mapping is as certain as that."""


@dataclass(frozen=True)
class Found:
    """What was found for `subject` in the plan `other`: `value` in this way, or with no way, nothing.

    The way is called as the mapping relation of SKOS that says it: exact, close, broad, narrow or related. `passage`
    has the words that it rests on, `by` the id of who found it, and `certainty` goes from 0 to 1 where it is said.
    """

    subject: URIRef
    other: URIRef
    value: URIRef | None
    way: str
    passage: URIRef
    by: str
    date: Literal
    justification: URIRef
    certainty: str
    reasons: Sequence[Literal]


def part_with(iri: str, plans: Mapping[str, Plan], names: Names) -> tuple[Plan, Part] | None:
    """The part of one of the plans that has this IRI, behind its plan; None where none has it."""
    id, _, path = iri.removeprefix(names.id("plan", "")).partition("/")
    plan = plans.get(id)
    part = next((part for part, _ in plan.walk() if part.id == path), None) if plan else None
    return (plan, part) if plan and part else None


def describe_found(graph: Graph, found: Found, names: Names) -> None:
    """Add what was found, plainly and as a statement."""
    if found.value:
        triple = (found.subject, SKOS[f"{found.way}Match"], found.value)
    else:
        triple = (found.subject, CG.correspondsToNothingIn, found.other)
    graph.add(triple)
    said = describe_statement(graph, names, triple, passage=found.passage, by=found.by)
    graph.add((said, CG.comparedWith, found.other))
    graph.add((said, CG.justification, found.justification))
    graph.add((said, DCTERMS.date, found.date))
    if found.certainty:
        graph.add((said, CG.certainty, Literal(found.certainty, datatype=XSD.decimal)))
        degree = next(name for least, name in _DEGREES if float(found.certainty) >= least)
        graph.add((said, CG.confidence, concept("confidence", degree)))
    for reason in found.reasons:
        graph.add((said, RDFS.comment, reason))
    if found.value is None:
        graph.add((said, RDF.type, CG.NoCorrespondence))
        return
    graph.add((said, RDF.type, CG.Correspondence))
    graph.add((said, CG.relation, concept("correspondence", found.way)))
