"""Graphs of others within a dataset: each says what it likes of its own things, and changes nothing of anybody's."""

import re
from collections.abc import Iterable, Iterator, Set

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.findings import Finding
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.namespaces import Names

__all__ = ["check_findings", "check_own", "check_unchanged"]

_MOST_TOLD = 3


_LINKS = {
    *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
    *(RDFS.seeAlso, DCTERMS.relation, DCTERMS.references),
    *(CG.mentions, CG.mentioned, CG.agent, CG.meeting, CG.readIn),
    *(RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range),
}
"""What may be said of whatever there is: that something corresponds to it, has to do with it, names it, was read in it,
or is of its kind."""

_NAMED = {
    *(CG.State, CG.Organisation, CG.Network, CG.Organ, CG.AgentGroup, CG.Annotator),
    *(CG.Place, CG.Instrument, SKOS.Concept),
    *(OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property, RDFS.Class),
}
"""What may be named in whatever is said of others: those who act, places, instruments, and terms."""


def check_own(guest: Graph, dataset: Dataset, id: str, names: Names) -> None:
    """Raise UsageError where the graph says something of what the dataset describes already.

    Nothing else in the dataset may be the subject of its statements, nor be called as a thing of the dataset's might
    be called. Of parts of plans, processes, meetings and what is said of them it may say only what links to them:
    whoever is made a member of a process, say, changes what is answered of that process.
    """
    subjects = set(guest.subjects())
    _refuse(id, "something of what is described here already", (each for each in subjects if _is_in(dataset, each)))
    is_own = re.compile(
        rf"{re.escape(names.base)}((id|graph)/(plan|source|event)/{id}([/#].*)?|id/statement/[0-9a-f]{{12}})"
    ).fullmatch
    ours = (names.id(), names.graph())
    _refuse(
        id,
        f"something of what has an address as things of others have here (its own begin with {names.id('plan', id)}/)",
        (each for each in subjects if str(each).startswith(ours) and not is_own(str(each))),
    )
    for subject, name, value in guest:
        if name not in _LINKS and _is_in(dataset, value) and _NAMED.isdisjoint(_kinds(dataset, value)):
            raise UsageError(
                f"the graph {id} says more than a link of what is described here already, and the two are never mixed: "
                f"{subject.n3()} {name.n3()} {value.n3()}; say it by skos:closeMatch or another match, rdfs:seeAlso, "
                "dcterms:relation or dcterms:references"
            )


def _refuse(id: str, what: str, subjects: Iterable[Node]) -> None:
    found = set(subjects)
    if found:
        raise UsageError(
            f"the graph {id} says {what}, and the two are never mixed: {_listed(found)}; give it things of its own, "
            "and link them by what it says of these"
        )


def _kinds(dataset: Dataset, node: Node) -> Iterator[Node]:
    return (kind for _, _, kind, _ in dataset.quads((node, RDF.type, None, None)))


def _is_in(dataset: Dataset, node: Node) -> bool:
    """Whether the dataset says something of it."""
    return next(dataset.quads((node, None, None, None)), None) is not None


def check_unchanged(before: Graph, after: Graph, own: Set[Node], ids: Iterable[str]) -> None:
    """Raise UsageError where something follows of others that did not before the graphs with these ids came.

    `before` and `after` are what is inferred without and with them, `own` are the subjects of their statements. That
    others have to do with these follows from what is said of these, and changes nothing; that others are of a class of
    theirs does.
    """
    known = set(map(_plain, before))
    changed = {triple for triple in map(_plain, after) if not _is_theirs(triple, own)} - known
    if changed:
        said = (f"{subject.n3()} {name.n3()} {value.n3()}" for subject, name, value in sorted(changed)[:_MOST_TOLD])
        raise UsageError(
            f"from the graph {' or '.join(sorted(ids))} something follows of what is not its own: {'; '.join(said)}; "
            "say it without a property that says something of both"
        )


def check_findings(findings: Iterable[Finding], own: Set[Node], id: str) -> None:
    """Raise UsageError where a check that others pass finds something in the graph with these subjects."""
    broken = [each for each in findings if each.severity == "violation" and URIRef(each.spot.element) in own]
    if broken:
        told = "; ".join(f"{each.spot.element}: {each.message_en} ({each.code})" for each in broken[:_MOST_TOLD])
        more = f" and {len(broken) - _MOST_TOLD} more" if len(broken) > _MOST_TOLD else ""
        raise UsageError(f"the graph {id} is not as it says: {told}{more}")


def _is_theirs(triple: tuple[Node, Node, Node], own: Set[Node]) -> bool:
    subject, name, value = triple
    return subject in own or (value in own and name not in (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf))


def _plain(triple: tuple[Node, Node, Node]) -> tuple[Node, Node, Node]:
    """The statement with the one way to write a text that has no language; rdflib takes the two for different."""
    subject, name, value = triple
    is_text = isinstance(value, Literal) and value.datatype == XSD.string
    return subject, name, Literal(str(value)) if is_text else value


def _listed(nodes: Iterable[Node]) -> str:
    ordered = sorted(map(str, nodes))
    more = f" and {len(ordered) - _MOST_TOLD} more" if len(ordered) > _MOST_TOLD else ""
    return ", ".join(ordered[:_MOST_TOLD]) + more
