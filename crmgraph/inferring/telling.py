"""Explanations as text for people and as JSON for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from crmgraph.inferring.asserting import Basis, basis, recorded
from crmgraph.inferring.explaining import Explainer, Proof
from crmgraph.inferring.records import Records
from crmgraph.inferring.rules import Term, Triple
from crmgraph.inferring.wordings import WORDINGS
from crmgraph.inferring.writing import short
from crmgraph.wording import Bilingual, in_language

__all__ = ["Explanation", "as_json", "as_text", "explain", "report"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_FOLLOWS = Bilingual("follows by", "se sigue por")
_ASSERTED = Bilingual("asserted in", "se afirma en")
_RECORDED = Bilingual("not asserted, only recorded, by", "no se afirma: solo consta, en")
_WORDS = Bilingual("characters", "caracteres")
_SOURCE = Bilingual("source", "fuente")
_OF = Bilingual("of", "de")
_SAID_BY = Bilingual("attributed to", "atribuido a")
_CONFIDENCE = Bilingual("confidence", "certeza")
_RANK = Bilingual("rank", "rango")


@dataclass(frozen=True)
class Explanation:
    """A statement as explained: by the rule and its premises, or, where there is no rule, by what it rests on.

    `lists` are the members of the lists that statements in it end in.
    """

    triple: Triple
    rule: str | None
    premises: tuple["Explanation", ...]
    basis: Basis | None
    members: tuple[Term, ...]

    @property
    def meaning(self) -> Bilingual:
        """What the rule says."""
        return WORDINGS[self.rule] if self.rule else Bilingual("", "")


def explain(records: Records, triple: Triple, all_of_them: bool = False) -> tuple[Explanation, ...]:
    """How the statement is known: in the shortest way, or in one for each last step that leads to it.

    A statement that is recorded and not asserted, because another source says otherwise, is explained by its record.
    Empty where there is nothing of the kind.
    """
    explainer = Explainer(records)
    shortest = explainer.shortest(triple)
    if shortest is None and recorded(records, triple):
        shortest = Proof(triple)
    proofs = (all_of_them and explainer.all(triple)) or (() if shortest is None else (shortest,))
    return tuple(_explanation(proof, records, explainer) for proof in proofs)


def _explanation(proof: Proof, records: Records, explainer: Explainer) -> Explanation:
    return Explanation(
        proof.triple,
        proof.rule,
        tuple(_explanation(premise, records, explainer) for premise in proof.premises),
        None if proof.rule else basis(records, proof.triple),
        explainer.lists.get(proof.triple[2], ()),
    )


def as_text(explanations: Sequence[Explanation], language: str, prefixes: Mapping[str, str]) -> str:
    """The explanations for people, each premise numbered below its conclusion, in `language` ("es" or "en")."""
    return "\n\n".join("\n".join(_lines(found, language, prefixes)) for found in explanations)


def _lines(found: Explanation, language: str, prefixes: Mapping[str, str], number: str = "") -> Iterator[str]:
    indent = "  " * (number.count(".") + 1 if number else 0)
    subject, predicate, value = found.triple
    last = f"( {' '.join(short(member, prefixes) for member in found.members)} )" if found.members else None
    words = " ".join((short(subject, prefixes), short(predicate, prefixes), last or short(value, prefixes)))
    yield f"{indent}{number}{' ' if number else ''}{words}"
    if found.rule:
        yield f"{indent}  {in_language(_FOLLOWS, language)} {found.rule}: {in_language(found.meaning, language)}"
    if found.basis:
        yield from (f"{indent}  {line}" for line in _basis_lines(found.basis, language, prefixes))
    for place, premise in enumerate(found.premises, start=1):
        yield from _lines(premise, language, prefixes, f"{number}{'.' if number else ''}{place}")


def _basis_lines(held: Basis, language: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    def named(iris: Sequence[str]) -> str:
        return ", ".join(short(NamedNode(name), prefixes) for name in iris)

    if held.graphs:
        yield f"{in_language(_ASSERTED, language)} {named(held.graphs)}"
    else:
        yield f"{in_language(_RECORDED, language)} {named(held.nodes)}"
    for passage in held.passages:
        words = " ".join(passage.exact.split())
        place = f"{in_language(_WORDS, language)} {passage.start}–{passage.end} {in_language(_OF, language)}"
        yield f"«{words}» ({place} {named([passage.source])})"
    for label, iris in (
        (_SOURCE, held.sources), (_SAID_BY, held.said_by), (_CONFIDENCE, held.confidence), (_RANK, held.rank),
    ):  # fmt: skip
        if iris:
            yield f"{in_language(label, language)}: {named(iris)}"
    yield from (words for spoken, words in held.notes if spoken in ("", language))


def as_json(explanations: Sequence[Explanation]) -> str:
    """The explanations as a JSON list, terms as SPARQL 1.1 Query Results JSON Format has them (section 3.2.2)."""
    return json.dumps([report(found) for found in explanations], ensure_ascii=False, indent=2)


def report(found: Explanation) -> dict[str, object]:
    """One explanation as plain values."""
    subject, predicate, value = found.triple
    told: dict[str, object] = {
        "subject": _plain(subject),
        "predicate": _plain(predicate),
        "object": _plain(value),
    }
    if found.members:
        told["members"] = [_plain(member) for member in found.members]
    told["rule"] = found.rule
    if found.rule:
        told["meaning_es"] = found.meaning.spanish
        told["meaning_en"] = str(found.meaning)
        told["premises"] = [report(premise) for premise in found.premises]
    if found.basis:
        told["graphs"] = list(found.basis.graphs)
        told["statements"] = list(found.basis.nodes)
        told["passages"] = [
            {"passage": words.iri, "source": words.source, "start": words.start, "end": words.end, "exact": words.exact}
            for words in found.basis.passages
        ]
        told["sources"] = list(found.basis.sources)
        told["attributed_to"] = list(found.basis.said_by)
        told["confidence"] = list(found.basis.confidence)
        told["rank"] = list(found.basis.rank)
        told["notes"] = [{"value": words, "xml:lang": spoken} for spoken, words in found.basis.notes]
    return told


def _plain(term: Term) -> dict[str, str]:
    if isinstance(term, Literal):
        told = {"type": "literal", "value": term.value}
        if term.language:
            told["xml:lang"] = term.language
        elif term.datatype.value != _STRING:
            told["datatype"] = term.datatype.value
        return told
    return {"type": "bnode" if isinstance(term, BlankNode) else "uri", "value": term.value}
