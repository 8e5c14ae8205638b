"""Logical contradictions as findings, each in the place of the thing that it is about."""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import RdfFormat, parse
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from crmgraph.checking.catalogue import Check
from crmgraph.checking.findings import Finding, Spot
from crmgraph.checking.spots import spot_of
from crmgraph.checking.telling import LONGEST
from crmgraph.inference.entailment import Contradiction
from crmgraph.inference.terms import short
from crmgraph.namespaces import Names
from crmgraph.wording import shortened

__all__ = ["CODE", "logical_findings"]

CODE = "contradiction"
"""The code of all of them: what is wrong with each is said by the rule of OWL 2 RL that it breaks."""

_Triple = tuple[Node, Node, Node]


def logical_findings(
    contradictions: Sequence[Contradiction], catalogue: Iterable[Check], data: Graph, names: Names
) -> Iterator[Finding]:
    """A finding for each contradiction: in the first of the things it is about, and in the second if there is one."""
    check = next((check for check in catalogue if check.code == CODE), None)
    # One that comes of no statement comes of another contradiction, in which two values became one.
    told = [found for found in contradictions if found.facts or found.axioms]
    assert told or not contradictions, "no contradiction comes of what was said"
    for found in told:
        assert check is not None, "the catalogue has no words for contradictions"
        yield _finding(found, check, data, names)


def _finding(found: Contradiction, check: Check, data: Graph, names: Names) -> Finding:
    stated = found.facts or found.axioms
    spots = _spots(stated, data)
    statements = "; ".join(_written(triple, names) for triple in stated)
    values = {name: shortened(_term(term, names), LONGEST) for name, term in found.values.items()}
    reasons = found.reason.spanish.format(**values), found.reason.format(**values)
    spanish = check.message.spanish.format(reason=reasons[0], statements=statements)
    english = check.message.format(reason=reasons[1], statements=statements)
    triples = tuple(_ntriples([*found.facts, *found.axioms]))
    other = spots[1] if len(spots) > 1 else None
    return Finding(check.code, check.severity, spots[0], other, spanish, english, triples=triples)


def _spots(triples: Sequence[_Triple], data: Graph) -> list[Spot]:
    """Where the things are that the statements are about, those first that can be seen in a text."""
    subjects = dict.fromkeys(subject for subject, _, _ in triples if isinstance(subject, URIRef))
    spots = [spot_of(subject, data) for subject in subjects] or [Spot(str(triples[0][0]))]
    return sorted(spots, key=lambda spot: spot.start is None)


def _written(triple: _Triple, names: Names) -> str:
    subject, predicate, value = (_term(term, names) for term in triple)
    return f"{subject} {'a' if predicate == 'rdf:type' else predicate} {shortened(value, LONGEST)}"


def _term(term: Node, names: Names) -> str:
    """The term as people write it in Turtle."""
    if isinstance(term, BNode):
        return "[]"
    [read] = parse(f"<a:> <a:> {term.n3()} .", format=RdfFormat.TURTLE)
    return short(read.object, names.prefixes())


def _ntriples(triples: Iterable[_Triple]) -> Iterator[str]:
    """The statements in N-Triples; a nameless node is called by its turn, not by the name it has by chance."""
    turns: dict[Node, str] = {}
    for triple in triples:
        words = [
            turns.setdefault(term, f"_:b{len(turns)}") if isinstance(term, BNode) else term.n3() for term in triple
        ]
        yield f"{' '.join(words)} ."
