"""Graphs of others within a dataset: each says what it likes of its own things, and changes nothing of anybody's."""

from collections.abc import Iterable, Set

from rdflib import XSD, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.findings import Finding
from crmgraph.errors import UsageError

__all__ = ["check_findings", "check_own", "check_unchanged"]

_MOST_TOLD = 3


def check_own(guest: Graph, dataset: Dataset, id: str) -> None:
    """Raise UsageError where the graph says something of what the dataset describes already.

    Nothing else in the dataset may be the subject of its statements.
    """
    known = {
        subject for subject in guest.subjects(unique=True) if next(dataset.quads((subject, None, None, None)), None)
    }
    if known:
        raise UsageError(
            f"the graph {id} says something of what is described here already, and the two are never mixed: "
            f"{_listed(known)}; give it things of its own, and link them by what it says of these"
        )


def check_unchanged(before: Graph, after: Graph, own: Set[Node], ids: Iterable[str]) -> None:
    """Raise UsageError where something follows of others that did not before the graphs with these ids came.

    `before` and `after` are what is inferred without and with them, `own` are the subjects of their statements. That
    others have to do with these follows from what is said of these, and changes nothing.
    """
    known = set(map(_plain, before))
    changed = {triple for triple in map(_plain, after) if own.isdisjoint((triple[0], triple[2]))} - known
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


def _plain(triple: tuple[Node, Node, Node]) -> tuple[Node, Node, Node]:
    """The statement with the one way to write a text that has no language; rdflib takes the two for different."""
    subject, name, value = triple
    is_text = isinstance(value, Literal) and value.datatype == XSD.string
    return subject, name, Literal(str(value)) if is_text else value


def _listed(nodes: Iterable[Node]) -> str:
    ordered = sorted(map(str, nodes))
    more = f" and {len(ordered) - _MOST_TOLD} more" if len(ordered) > _MOST_TOLD else ""
    return ", ".join(ordered[:_MOST_TOLD]) + more
