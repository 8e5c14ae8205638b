"""The RDF lists that axioms of OWL speak of, and the rules spelt out for them."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from crmgraph.inferring.rules import Rule, Term, Triple, iri

__all__ = ["Lists", "Match", "instances", "lists"]

Match = Callable[[Term | None, Term | None, Term | None], Iterable[Triple]]
"""Lists the triples that fit; None fits all."""
Lists = Mapping[Term, tuple[Term, ...]]
"""The members of each list, by its head."""

_TIES = tuple(
    iri(f"owl:{name}")
    for name in (
        "distinctMembers", "hasKey", "intersectionOf", "members", "oneOf", "propertyChainAxiom", "unionOf",
    )
)  # fmt: skip
_FIRST, _REST, _NIL = iri("rdf:first"), iri("rdf:rest"), iri("rdf:nil")


def lists(match: Match) -> Lists:
    """The lists that some axiom leads to; one that is broken or runs in a circle ends where it breaks."""
    heads = {head for tie in _TIES for _, _, head in match(None, tie, None)}
    return {head: tuple(_members(head, match)) for head in heads}


def _members(head: Term, match: Match) -> Iterator[Term]:
    seen = set()
    while head != _NIL and head not in seen:
        seen.add(head)
        yield from sorted((value for _, _, value in match(head, _FIRST, None)), key=str)[:1]
        head = min((rest for _, _, rest in match(head, _REST, None)), key=str, default=_NIL)


def instances(rules: Iterable[Rule], match: Match, known: Lists) -> Iterator[Rule]:
    """The rules with those about whole lists spelt out, for each list that their first premise leads to."""
    for rule in rules:
        if not rule.each:
            yield rule
            continue
        _, tie, _ = rule.premises[0]
        assert not isinstance(tie, str)
        for head in sorted({head for _, _, head in match(None, tie, None)}, key=str):
            if known[head]:
                yield rule.over(head, known[head])
