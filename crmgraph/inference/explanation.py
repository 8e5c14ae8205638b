"""Explanations of triples: the rules and premises of a proof, down to the passages and sources of asserted triples."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from crmgraph.errors import Bilingual, in_language
from crmgraph.inference.rules import Explainer, Proof, Select, Term, Triple, abbreviate_term, iri, rules

# Properties whose value is a node with its own passage or source, such as a participation.
_NODE_PROPERTIES = frozenset(iri(f"cg:{name}") for name in ("instrumentUse", "mention", "participation", "schedule"))
# Properties whose triples are told by a membership with a role of that name.
_ROLE_PROPERTIES = frozenset((iri("cg:member"), iri("cg:observer")))
_STRING = iri("xsd:string")
_PHRASES = {
    "follows": Bilingual("follows by", "se sigue por"),
    "asserted": Bilingual("asserted in", "se afirma en"),
    "recorded": Bilingual("not asserted, only recorded, by", "no se afirma: solo consta, en"),
    "place": Bilingual("characters {start}–{end} of {source}", "caracteres {start}–{end} de {source}"),
}
_PASSAGE_FIELDS = ("passage", "source", "start", "end", "exact")
_LABELS = {
    "sources": Bilingual("source", "fuente"),
    "attributed_to": Bilingual("attributed to", "atribuido a"),
    "confidence": Bilingual("confidence", "certeza"),
}


class StatementLookup:
    """Looks up triples in a dataset and the named graphs that contain them.

    A triple that is only in the graph `inferred` is not asserted. `select` runs SELECT queries over the union of all
    graphs; the results are cached.
    """

    def __init__(self, select: Select, inferred: str) -> None:
        self._inferred = inferred
        self.select = cache(lambda query: [*select(query)])

    def graphs(self, triple: Triple) -> tuple[str, ...]:
        """Return the IRIs of the named graphs that contain a triple, sorted. A blank node matches any blank node."""
        if isinstance(triple[0], Literal) or not isinstance(triple[1], NamedNode):
            return ()
        # A query cannot name a blank node, so any blank node matches.
        words = " ".join("[]" if isinstance(term, BlankNode) else str(term) for term in triple)
        solutions = self.select(f"SELECT ?graph {{ GRAPH ?graph {{ {words} }} }}")
        return tuple(sorted({row["graph"].value for row in solutions}))

    def is_asserted(self, triple: Triple) -> bool:
        """Return whether a graph other than `inferred` contains the triple."""
        return any(graph != self._inferred for graph in self.graphs(triple))


Basis = dict[str, Any]
"""The sources of a triple, as a JSON object; see `basis_of`."""


def statement_nodes(lookup: StatementLookup, triple: Triple) -> list[Term]:
    """Return the cg:Statement nodes that describe this triple, sorted."""
    subject, predicate, value = triple
    if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode) or isinstance(value, BlankNode):
        return []
    solutions = lookup.select(
        f"SELECT DISTINCT ?node {{ ?node rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {value} }}"
    )
    return sorted((row["node"] for row in solutions), key=str)


def basis_of(lookup: StatementLookup, triple: Triple) -> Basis:
    """Return the sources of a triple, as a JSON object.

    The object describes the cg:Statement nodes of the triple, or else its membership, or else the subject. Its keys:

        graphs: The named graphs that contain the triple; empty for a triple that is recorded but not asserted.
        statements: The cg:Statement nodes of the triple.
        passages: The passages of source documents that support it.
        sources: The other sources that support it.
        attributed_to: The agents that it is attributed to.
        confidence: The degree of certainty, if there is one.
        notes: The reasons of the assessment.
    """
    subject, predicate, value = triple
    nodes = statement_nodes(lookup, triple)
    about = nodes or _memberships(lookup, triple) or [value if predicate in _NODE_PROPERTIES else subject]
    node_list = " ".join(str(node) for node in about if isinstance(node, NamedNode))

    def values(name: str, *more: str) -> list[Term]:
        """Return the values that a property of the nodes has."""
        pattern = " ".join((f"VALUES ?node {{ {node_list} }} ?node {name} ?value .", *more))
        return sorted({row["value"] for row in lookup.select(f"SELECT ?value {{ {pattern} }}")}, key=str)

    def iris(name: str, *more: str) -> list[str]:
        return sorted(term.value for term in values(name, *more))

    solutions = lookup.select(
        f"SELECT DISTINCT {' '.join(f'?{name}' for name in _PASSAGE_FIELDS)} {{ "
        f"VALUES ?node {{ {node_list} }} ?node cg:passage? ?passage . "
        "?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact }"
    )
    passages = [
        {name: int(row[name].value) if name in ("start", "end") else row[name].value for name in _PASSAGE_FIELDS}
        for row in solutions
    ]
    cited = {each["passage"] for each in passages}
    sources = iris("dcterms:source", f"?value cg:sourceOf {predicate}") or iris("dcterms:source")
    notes = [note for name in ("rdfs:comment", "skos:note") for note in values(name) if isinstance(note, Literal)]
    return {
        "graphs": lookup.graphs(triple),
        "statements": [node.value for node in nodes],
        "passages": sorted(passages, key=itemgetter("source", "start", "end")),
        "sources": [source for source in sources if source not in cited],
        "attributed_to": iris("prov:wasAttributedTo"),
        "confidence": iris("cg:confidence"),
        "notes": [{"value": note.value, "xml:lang": note.language or ""} for note in notes if nodes],
    }


def _memberships(lookup: StatementLookup, triple: Triple) -> list[Term]:
    """Return the memberships that tell that an agent is a member or an observer of a process."""
    process, predicate, agent = triple
    if predicate not in _ROLE_PROPERTIES:
        return []
    role = str(predicate).replace("#", "/membership-role#")
    solutions = lookup.select(
        f"SELECT ?node {{ ?node org:organization {process} ; org:member {agent} ; org:role {role} }}"
    )
    return [row["node"] for row in solutions]


@dataclass(frozen=True)
class Explanation:
    """A triple with its explanation.

    Attributes:
        rule: The name of the rule that derives it; None for an asserted triple.
        premises: The explanations of the premises of the rule.
        basis: The sources of an asserted triple; None for an inferred triple.
        members: The members of the list, if the object of the triple is a list.
    """

    triple: Triple
    rule: str | None
    premises: tuple["Explanation", ...]
    basis: Basis | None
    members: tuple[Term, ...]

    @property
    def meaning(self) -> Bilingual:
        """The rule as a sentence in both languages; empty for an asserted triple."""
        meanings = (rule.meaning for rule in rules() if rule.name == self.rule and rule.conclusion)
        return next(meanings, Bilingual("", ""))


def explain(lookup: StatementLookup, triple: Triple, all_of_them: bool = False) -> tuple[Explanation, ...]:
    """Return explanations of a triple: the shortest, or with `all_of_them` one for each possible last step.

    A triple that is recorded but not asserted, because another source contradicts it, is explained by its cg:Statement
    node. The result is empty if the dataset does not contain the triple.
    """
    proofs: list[Proof] = []
    if lookup.graphs(triple):
        explainer = Explainer(lookup.select, lookup.is_asserted)
        proofs = explainer.all_proofs(triple) if all_of_them else [*filter(None, [explainer.shortest_proof(triple)])]
    if not proofs and statement_nodes(lookup, triple):
        proofs = [Proof(triple)]
    return tuple(_explain_proof(proof, lookup) for proof in proofs)


def _explain_proof(proof: Proof, lookup: StatementLookup) -> Explanation:
    premises = tuple(_explain_proof(premise, lookup) for premise in proof.premises)
    return Explanation(
        proof.triple,
        proof.rule,
        premises,
        None if proof.rule else basis_of(lookup, proof.triple),
        _list_members(proof.triple[2], lookup),
    )


def _list_members(head: Term, lookup: StatementLookup) -> tuple[Term, ...]:
    """Return the members of the list that starts at a node, in their order."""
    if not isinstance(head, NamedNode):
        return ()
    solutions = lookup.select(
        f"SELECT ?member (COUNT(?cell) AS ?place) {{ {head} rdf:rest* ?cell . ?cell rdf:rest* ?last . "
        "?last rdf:first ?member } GROUP BY ?last ?member ORDER BY ?place"
    )
    return tuple(row["member"] for row in solutions)


def as_text(explanations: Sequence[Explanation], language: str, prefixes: Mapping[str, str]) -> str:
    """Return explanations as text in `language` ("es" or "en"), with numbered premises below each conclusion."""
    return "\n\n".join("\n".join(_text_lines(step, language, prefixes)) for step in explanations)


def _text_lines(step: Explanation, language: str, prefixes: Mapping[str, str], number: str = "") -> list[str]:
    indent = "  " * (number.count(".") + 1 if number else 0)
    *words, value = (abbreviate_term(term, prefixes) for term in step.triple)
    if step.members:
        value = f"( {' '.join(abbreviate_term(member, prefixes) for member in step.members)} )"
    rule = f"{in_language(_PHRASES['follows'], language)} {step.rule}: {in_language(step.meaning, language)}"
    reasons = [rule] if step.rule else _basis_lines(step.basis, language, prefixes) if step.basis else []
    numbered = ((f"{number}.{place}".lstrip("."), each) for place, each in enumerate(step.premises, start=1))
    return [
        indent + " ".join((*([number] if number else []), *words, value)),
        *(f"{indent}  {line}" for line in reasons),
        *(line for place, each in numbered for line in _text_lines(each, language, prefixes, place)),
    ]


def _basis_lines(basis: Basis, language: str, prefixes: Mapping[str, str]) -> list[str]:
    def named(iris: Iterable[str]) -> str:
        return ", ".join(abbreviate_term(NamedNode(name), prefixes) for name in iris)

    place = in_language(_PHRASES["place"], language)
    return [
        f"{in_language(_PHRASES['asserted' if basis['graphs'] else 'recorded'], language)} "
        + named(basis["graphs"] or basis["statements"]),
        *(
            f"«{' '.join(each['exact'].split())}» ({place.format_map(each | {'source': named([each['source']])})})"
            for each in basis["passages"]
        ),
        *(f"{in_language(label, language)}: {named(basis[name])}" for name, label in _LABELS.items() if basis[name]),
        *(note["value"] for note in basis["notes"] if note["xml:lang"] in ("", language)),
    ]


def as_json(explanations: Sequence[Explanation]) -> str:
    """Return explanations as a JSON array. Terms are as in the SPARQL 1.1 Query Results JSON Format (section 3.2.2)."""
    return json.dumps([_as_dict(step) for step in explanations], ensure_ascii=False, indent=2)


def _as_dict(step: Explanation) -> dict[str, object]:
    subject, predicate, value = map(_term_as_dict, step.triple)
    members = [_term_as_dict(member) for member in step.members]
    meaning = {"meaning_es": step.meaning.spanish, "meaning_en": str(step.meaning)}
    return {
        **{"subject": subject, "predicate": predicate, "object": value},
        **({"members": members} if members else {}),
        "rule": step.rule,
        **({**meaning, "premises": [_as_dict(premise) for premise in step.premises]} if step.rule else {}),
        **(step.basis or {}),
    }


def _term_as_dict(term: Term) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"type": "bnode" if isinstance(term, BlankNode) else "uri", "value": term.value}
    kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **(kind if term.datatype != _STRING else {})}
