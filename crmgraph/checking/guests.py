"""Graphs of others within a dataset: each says what it likes of its own things, and changes nothing of anybody's.

What is known of everything else is inferred and checked without them. Each of them is looked at for itself: what it
says, and what follows from that by the ontology and by what is said of the things that it names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import OWL, RDF, XSD, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.findings import Finding
from crmgraph.checking.neighbourhood import Neighbourhood
from crmgraph.checking.plans import check_dataset, put
from crmgraph.checking.ties import is_counted, is_link, is_other_side
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import ContradictionError, UsageError
from crmgraph.inference.entailment import infer
from crmgraph.namespaces import Names

__all__ = ["Guest", "add_guests", "check_findings", "check_own", "examine"]

_MOST_TOLD = 3

_Triple = tuple[Node, Node, Node]

_CODES = (CG.iso2, CG.iso3, CG.m49)
"""What no two things have in common."""

_SAME = {
    OWL.sameAs: "skos:exactMatch",
    OWL.equivalentClass: "rdfs:subClassOf or skos:exactMatch",
    OWL.equivalentProperty: "rdfs:subPropertyOf or skos:exactMatch",
    OWL.inverseOf: "skos:relatedMatch",
}
"""What makes one of two things or terms, and would say of both what is said of each; and what to say in its place."""


@dataclass(frozen=True)
class Guest:
    """What follows from a graph of others about its own things, and what the checks that all pass find in it."""

    inferred: Graph
    findings: list[Finding]


def add_guests(graphs: Mapping[str, Graph], dataset: Dataset, names: Names) -> list[Finding]:
    """Add to the dataset, which has been inferred from and checked, the graphs of others with these ids.

    What follows from each goes with what was inferred; the findings in them are given. Raises UsageError where one
    would change anything that is not its own, or breaks a check that every plan passes.
    """
    examined = {
        id: examine(
            graph,
            {names.graph("plan", each): other for each, other in graphs.items() if each != id},
            dataset,
            id,
            names,
        )
        for id, graph in graphs.items()
    }
    for id, graph in graphs.items():
        put(dataset, names.graph("plan", id), graph)
        put(dataset, names.graph("inferred"), examined[id].inferred)
    return [finding for each in examined.values() for finding in each.findings]


def examine(guest: Graph, others: Mapping[str, Graph], dataset: Dataset, id: str, names: Names) -> Guest:
    """Look at the graph of others that is called `id` here, beside the dataset and further such graphs, by their IRIs.

    Raises UsageError where it says, or something follows from it, that is not for it to say; or where it breaks a check
    that every plan passes.
    """
    around = Neighbourhood(guest, others, dataset, id, names)
    check_own(guest, around, id)
    inferred = _conclusions(guest, around, id)
    findings = _findings(guest, around, id)
    check_findings(findings, id)
    return Guest(inferred, findings)


def check_own(guest: Graph, around: Neighbourhood, id: str) -> None:
    """Raise UsageError where the graph says something that is not for it to say.

    Nothing else may be the subject of its statements, nor be called as a thing of the dataset's might be called. Of
    what others answer for it may say only what links to it; those who act, places, instruments and terms it may name
    in what a plan says, but not in what is counted of them, such as memberships.
    """
    foreign = {subject for subject, name, value in guest if not around.may_say(subject, name, value)}
    _refuse(id, "something of what is described here already", filter(around.is_known, foreign))
    _refuse(
        id,
        f"something of what has an address as things of others have here (its own begin with {around.own_beginning}/)",
        filter(around.is_address, foreign),
    )
    _refuse(id, "something of a term that others use here", foreign)
    said = sorted(guest, key=_written)
    for check in (_check_addresses, _check_code, _check_sameness, _check_kind, _check_link):
        for triple in said:
            check(triple, around, id)


def _check_addresses(triple: _Triple, around: Neighbourhood, id: str) -> None:
    for each in triple[1:]:
        if not around.exists(each):
            near = around.nearest(each)
            raise UsageError(
                f"the graph {id} links to what there is not: {_written(triple)}; nothing here has the address {each}"
                + (f"; the nearest are {', '.join(near)}" if near else "")
            )


def _check_code(triple: _Triple, around: Neighbourhood, id: str) -> None:
    subject, name, value = triple
    if name in _CODES and (other := around.others_with(name, value)):
        raise UsageError(
            f"the graph {id} says that {subject} has the code {value}, and that is the code of {other[0]}: "
            f"{_written(triple)}; leave it out, or link to that by skos:exactMatch"
        )


def _check_sameness(triple: _Triple, around: Neighbourhood, id: str) -> None:
    _, name, value = triple
    if name in _SAME and around.is_foreign(value):
        raise UsageError(
            f"the graph {id} makes one of two: {_written(triple)}; what is said of each would be said of both, and the "
            f"two are never mixed; say it by {_SAME[URIRef(str(name))]}"
        )


def _check_link(triple: _Triple, around: Neighbourhood, id: str) -> None:
    _, name, value = triple
    if around.is_foreign(value) and not is_link(name, around.kinds(value), around.is_used(name)):
        raise UsageError(
            f"the graph {id} says more than a link of what is described here already, and the two are never mixed: "
            f"{_written(triple)}; say it by skos:closeMatch or another match, rdfs:seeAlso, dcterms:relation or "
            "dcterms:references"
        )


def _check_kind(triple: _Triple, _: Neighbourhood, id: str) -> None:
    name, value = triple[1:]
    if name == RDF.type and is_counted(value):
        raise UsageError(
            f"by the graph {id} something would count among the things that are described here, each with its source: "
            f"{_written(triple)}; name that which is here, or say what it is in another vocabulary, such as org: or "
            "schema:"
        )


def _conclusions(guest: Graph, around: Neighbourhood, id: str) -> Graph:
    """What follows from the graph; UsageError where that says something of what is not its own."""
    names = around.names
    # What is said of terms is looked at as what is said of things, and so does not stand in the graph of the ontology.
    here = names.graph("plan", id)
    before = around.dataset(here, here)
    known = {_plain(triple) for triple in (*infer(before, names), *before.graph(URIRef(here)))}
    after = around.dataset(here, here)
    put(after, here, guest)
    try:
        following = infer(after, names)
    except ContradictionError as error:
        raise UsageError(f"the graph {id} cannot be true beside the ontology and what it names: {error}") from None
    new = [
        triple for triple in sorted(following, key=_written) if _plain(triple) not in known and not _is_empty(triple)
    ]
    wrong = [triple for triple in new if not _may_follow(triple, around)]
    if wrong:
        raise UsageError(
            f"from the graph {id} something follows of what is not its own: "
            f"{'; '.join(map(_written, wrong[:_MOST_TOLD]))}; say it without a property or class that says something "
            "of both"
        )
    found = Graph()
    for triple in new:
        _check_kind(triple, around, id)
        found.add(triple)
    return found


def _may_follow(triple: _Triple, around: Neighbourhood) -> bool:
    """Whether it is about the graph's own things, or the other side of what these may say of others."""
    subject, name, value = triple
    if around.is_foreign(subject):
        return is_other_side(name) and not around.is_foreign(value)
    return (
        name not in _SAME and is_link(name, around.kinds(value), around.is_used(name))
        if around.is_foreign(value)
        else True
    )


def _is_empty(triple: _Triple) -> bool:
    """Whether the statement holds of every term, as that it is wider than itself."""
    subject, _, value = triple
    return subject in (value, OWL.Nothing) or value == OWL.Thing


def _findings(guest: Graph, around: Neighbourhood, id: str) -> list[Finding]:
    """What the checks find in the graph's own things."""
    dataset = around.dataset(around.names.graph("ontology"), around.names.graph("reference"))
    put(dataset, around.names.graph("plan", id), guest)
    own = {str(subject) for subject in guest.subjects()}
    found = check_dataset(dataset, around.names, lambda _: None, strict=True)[1]
    return [finding for finding in found if finding.spot.element in own]


def check_findings(findings: Iterable[Finding], id: str) -> None:
    """Raise UsageError where a check that others pass finds something in the graph."""
    broken = [each for each in findings if each.severity == "violation"]
    if broken:
        told = "; ".join(f"{each.spot.element}: {each.message_en} ({each.code})" for each in broken[:_MOST_TOLD])
        more = f" and {len(broken) - _MOST_TOLD} more" if len(broken) > _MOST_TOLD else ""
        raise UsageError(f"the graph {id} is not as it says: {told}{more}")


def _refuse(id: str, what: str, subjects: Iterable[Node]) -> None:
    found = set(subjects)
    if found:
        raise UsageError(
            f"the graph {id} says {what}, and the two are never mixed: {_listed(found)}; give it things of its own, "
            "and link them by what it says of these"
        )


def _written(triple: _Triple) -> str:
    return " ".join(term.n3() for term in triple)


def _plain(triple: _Triple) -> _Triple:
    """The statement with the one way to write a text that has no language; rdflib takes the two for different."""
    subject, name, value = triple
    is_text = isinstance(value, Literal) and value.datatype == XSD.string
    return subject, name, Literal(str(value)) if is_text else value


def _listed(nodes: Iterable[Node]) -> str:
    ordered = sorted(map(str, nodes))
    more = f" and {len(ordered) - _MOST_TOLD} more" if len(ordered) > _MOST_TOLD else ""
    return ", ".join(ordered[:_MOST_TOLD]) + more
