"""Explanations: how a statement is known, by which rule and from what, down to the words or the page of its source."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from crmgraph.errors import Bilingual, in_language
from crmgraph.inference.rules import Explainer, Proof, rules
from crmgraph.inference.terms import Select, Term, Triple, iri, short

# What says something of a thing by way of a node that has words or a source of its own.
_BY_WAY = frozenset(iri(f"cg:{name}") for name in ("instrumentUse", "membership", "mention", "participation"))
_STRING = iri("xsd:string")
_FOLLOWS = Bilingual("follows by", "se sigue por")
_ASSERTED = Bilingual("asserted in", "se afirma en")
_RECORDED = Bilingual("not asserted, only recorded, by", "no se afirma: solo consta, en")
_PLACE = Bilingual("characters {start}–{end} of {source}", "caracteres {start}–{end} de {source}")
_OF_PASSAGES = ("passage", "source", "start", "end", "exact")
_LABELS = {
    "sources": Bilingual("source", "fuente"),
    "attributed_to": Bilingual("attributed to", "atribuido a"),
    "confidence": Bilingual("confidence", "certeza"),
    "rank": Bilingual("rank", "rango"),
}


class Records:
    """Statements with the named graphs that they stand in.

    `select` returns the solutions of a SELECT query over all graphs together; it is asked nothing twice. What stands in
    the graph `inferred` alone is not asserted.
    """

    def __init__(self, select: Select, inferred: str) -> None:
        self._inferred = inferred
        self.select = cache(lambda query: [*select(query)])

    def graphs(self, triple: Triple) -> tuple[str, ...]:
        """Return the IRIs of the named graphs that have the statement, in the order of the characters."""
        if isinstance(triple[0], Literal) or not isinstance(triple[1], NamedNode):
            return ()
        # A blank node has no name to ask for: the statement is that with any.
        words = " ".join("[]" if isinstance(term, BlankNode) else str(term) for term in triple)
        found = self.select(f"SELECT ?graph {{ GRAPH ?graph {{ {words} }} }}")
        return tuple(sorted({row["graph"].value for row in found}))

    def is_asserted(self, triple: Triple) -> bool:
        """Return whether a graph other than that of what was inferred has the statement."""
        return any(graph != self._inferred for graph in self.graphs(triple))


Basis = dict[str, Any]
"""What a statement rests on, as `basis` returns it."""


def recorded(records: Records, triple: Triple) -> list[Term]:
    """Return the nodes (cg:Statement) that are about this statement alone, in the order of the characters."""
    subject, predicate, value = triple
    if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode) or isinstance(value, BlankNode):
        return []
    found = records.select(
        f"SELECT DISTINCT ?node {{ ?node cg:subject {subject} ; cg:predicate {predicate} ; "
        f"{'cg:literal' if isinstance(value, Literal) else 'cg:object'} {value} }}"
    )
    return sorted((row["node"] for row in found), key=str)


def basis(records: Records, triple: Triple) -> Basis:
    """Return what the statement rests on: by the node that is about it alone, else by its subject's words or source.

    It is an object of JSON: the `graphs` that have the statement; the nodes (`statements`) that record it, and where
    there are no graphs, it is only recorded; the `passages` and `sources` that support it; whom it is `attributed_to`;
    its `confidence` and `rank`, where somebody weighed it; and `notes` that say why.
    """
    subject, predicate, value = triple
    nodes = recorded(records, triple)
    about = nodes or [value if predicate in _BY_WAY else subject]
    listed = " ".join(str(node) for node in about if isinstance(node, NamedNode))

    def values(name: str, *more: str) -> list[Term]:
        """Return the values that a property of the nodes has."""
        pattern = " ".join((f"VALUES ?node {{ {listed} }} ?node {name} ?value .", *more))
        return sorted({row["value"] for row in records.select(f"SELECT ?value {{ {pattern} }}")}, key=str)

    def iris(name: str, *more: str) -> list[str]:
        return sorted(term.value for term in values(name, *more))

    found = records.select(
        f"SELECT DISTINCT {' '.join(f'?{name}' for name in _OF_PASSAGES)} {{ "
        f"VALUES ?node {{ {listed} }} ?node cg:passage? ?passage . "
        "?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact }"
    )
    fields = [{name: term.value for name, term in row.items()} for row in found]
    passages = [
        {name: int(each[name]) if name in ("start", "end") else each[name] for name in _OF_PASSAGES} for each in fields
    ]
    cited = {each["passage"] for each in passages}
    sources = iris("dcterms:source", f"?value cg:sourceOf {predicate}") or iris("dcterms:source")
    notes = [note for name in ("rdfs:comment", "skos:note") for note in values(name) if isinstance(note, Literal)]
    return {
        "graphs": records.graphs(triple),
        "statements": [node.value for node in nodes],
        "passages": sorted(passages, key=itemgetter("source", "start", "end")),
        "sources": [source for source in sources if source not in cited],
        "attributed_to": iris("prov:wasAttributedTo"),
        "confidence": iris("cg:confidence"),
        "rank": iris("cg:rank"),
        "notes": [{"value": note.value, "xml:lang": note.language or ""} for note in notes if nodes],
    }


@dataclass(frozen=True)
class Explanation:
    """A statement as explained: by the rule and its premises, or, where there is no rule, by what it rests on.

    `members` are those of the list that it ends in.
    """

    triple: Triple
    rule: str | None
    premises: tuple["Explanation", ...]
    basis: Basis | None
    members: tuple[Term, ...]

    @property
    def meaning(self) -> Bilingual:
        """The sentence that the rule says."""
        said = (rule.meaning for rule in rules() if rule.name == self.rule and rule.conclusion)
        return next(said, Bilingual("", ""))


def explain(records: Records, triple: Triple, all_of_them: bool = False) -> tuple[Explanation, ...]:
    """Return how the statement is known: in the shortest way, or in one for each last step that leads to it.

    A statement that is recorded and not asserted, because another source says otherwise, is explained by its record.
    Empty where there is nothing of the kind.
    """
    proofs: list[Proof] = []
    if records.graphs(triple):
        explainer = Explainer(records.select, records.is_asserted)
        shortest = explainer.shortest(triple)
        proofs = explainer.all(triple) if all_of_them else [shortest] if shortest else []
    if not proofs and recorded(records, triple):
        proofs = [Proof(triple)]
    return tuple(_explanation(proof, records) for proof in proofs)


def _explanation(proof: Proof, records: Records) -> Explanation:
    premises = tuple(_explanation(premise, records) for premise in proof.premises)
    return Explanation(
        proof.triple,
        proof.rule,
        premises,
        None if proof.rule else basis(records, proof.triple),
        _members(proof.triple[2], records),
    )


def _members(head: Term, records: Records) -> tuple[Term, ...]:
    """Return the members of the list that begins with this node, in their order."""
    if not isinstance(head, NamedNode):
        return ()
    found = records.select(
        f"SELECT ?member (COUNT(?cell) AS ?place) {{ {head} rdf:rest* ?cell . ?cell rdf:rest* ?last . "
        "?last rdf:first ?member } GROUP BY ?last ?member ORDER BY ?place"
    )
    return tuple(row["member"] for row in found)


def as_text(explanations: Sequence[Explanation], language: str, prefixes: Mapping[str, str]) -> str:
    """Return the explanations for people, each premise numbered below its conclusion, in `language` ("es" or "en")."""
    return "\n\n".join("\n".join(_lines(found, language, prefixes)) for found in explanations)


def _lines(found: Explanation, language: str, prefixes: Mapping[str, str], number: str = "") -> list[str]:
    indent = "  " * (number.count(".") + 1 if number else 0)
    *words, value = (short(term, prefixes) for term in found.triple)
    if found.members:
        value = f"( {' '.join(short(member, prefixes) for member in found.members)} )"
    rule = f"{in_language(_FOLLOWS, language)} {found.rule}: {in_language(found.meaning, language)}"
    reasons = [rule] if found.rule else _basis_lines(found.basis, language, prefixes) if found.basis else []
    numbered = ((f"{number}.{place}".lstrip("."), each) for place, each in enumerate(found.premises, start=1))
    return [
        indent + " ".join((*([number] if number else []), *words, value)),
        *(f"{indent}  {line}" for line in reasons),
        *(line for place, each in numbered for line in _lines(each, language, prefixes, place)),
    ]


def _basis_lines(held: Basis, language: str, prefixes: Mapping[str, str]) -> list[str]:
    def named(iris: Iterable[str]) -> str:
        return ", ".join(short(NamedNode(name), prefixes) for name in iris)

    place = in_language(_PLACE, language)
    return [
        f"{in_language(_ASSERTED if held['graphs'] else _RECORDED, language)} "
        + named(held["graphs"] or held["statements"]),
        *(
            f"«{' '.join(each['exact'].split())}» ({place.format_map(each | {'source': named([each['source']])})})"
            for each in held["passages"]
        ),
        *(f"{in_language(label, language)}: {named(held[name])}" for name, label in _LABELS.items() if held[name]),
        *(note["value"] for note in held["notes"] if note["xml:lang"] in ("", language)),
    ]


def as_json(explanations: Sequence[Explanation]) -> str:
    """Return the explanations as a JSON list, terms as in SPARQL 1.1 Query Results JSON Format (section 3.2.2)."""
    return json.dumps([_plain(found) for found in explanations], ensure_ascii=False, indent=2)


def _plain(found: Explanation) -> dict[str, object]:
    told: dict[str, object] = dict(zip(("subject", "predicate", "object"), map(_plain_term, found.triple), strict=True))
    members = [_plain_term(member) for member in found.members]
    told |= {**({"members": members} if members else {}), "rule": found.rule}
    if found.rule:
        premises = [_plain(premise) for premise in found.premises]
        told |= {"meaning_es": found.meaning.spanish, "meaning_en": str(found.meaning), "premises": premises}
    return told | (found.basis or {})


def _plain_term(term: Term) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"type": "bnode" if isinstance(term, BlankNode) else "uri", "value": term.value}
    kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **(kind if term.datatype != _STRING else {})}
