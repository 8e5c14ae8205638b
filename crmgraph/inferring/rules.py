"""The rules of OWL 2 RL as data: what closes a graph, finds what contradicts itself and explains what was inferred.

Source: OWL 2 Profiles (second edition), section 4.3, tables 4 to 9; a rule with several conclusions has a row for each.
Left out is eq-ref (each thing is the same as itself): all that follows from it stands in a row of eq-diff1. The rules
that compare the values of literals (dt-type2, dt-eq, dt-diff, dt-not-type) are in `literals`.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from crmgraph.namespaces import PREFIXES

__all__ = ["RULES", "Atom", "Pattern", "Rule", "Term", "Triple", "iri"]

Term = NamedNode | BlankNode | Literal
Atom = Term | str
"""A term, or the name of a variable."""
Pattern = tuple[Atom, Atom, Atom]
Triple = tuple[Term, Term, Term]

_WORD = re.compile(r"\S+")
_XSD = PREFIXES["xsd"]


def iri(name: str) -> NamedNode:
    """The IRI behind a prefixed name such as `owl:sameAs`."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def _pattern(text: str) -> Pattern:
    subject, predicate, value = (_atom(word) for word in _WORD.findall(text))
    return subject, predicate, value


def _atom(word: str) -> Atom:
    if word.startswith("?"):
        return word[1:]
    if word.isdigit():
        return Literal(word, datatype=NamedNode(_XSD + "nonNegativeInteger"))
    return iri("rdf:type" if word == "a" else word)


@dataclass(frozen=True)
class Rule:
    """One rule: where all `given` hold, so does `then`; where there is no `then`, they cannot hold together.

    A pattern is written as in SPARQL. `?x in ?list` holds of each member of an RDF list. `each` are further premises,
    one for each member of the list `?list`: in them `{member}` is the member, `{here}` its place from 0 and `{next}`
    the place after it; in `then`, `{last}` is the place after the last. `distinct` are two variables that must not
    stand for the same. `meaning` says what is wrong where a rule has no `then`.
    """

    name: str
    given: tuple[str, ...]
    then: str | None
    distinct: tuple[str, str] | None = None
    each: tuple[str, ...] = ()
    meaning: str = ""
    bound: tuple[tuple[str, Term], ...] = ()

    @cached_property
    def premises(self) -> tuple[Pattern, ...]:
        """The premises as patterns, those about members of lists left out."""
        return tuple(self._fill(_pattern(text)) for text in self.given if " in " not in text)

    @cached_property
    def members(self) -> tuple[tuple[str, str], ...]:
        """The premises about members of lists: the variables of the member and of the list."""
        split = (text.split(" in ") for text in self.given if " in " in text)
        return tuple((member.removeprefix("?"), whole.removeprefix("?")) for member, whole in split)

    @cached_property
    def conclusion(self) -> Pattern | None:
        """What follows, as a pattern."""
        return self._fill(_pattern(self.then)) if self.then is not None else None

    def over(self, head: Term, members: tuple[Term, ...]) -> "Rule":
        """A rule with `each`, spelt out for one list."""
        given = tuple(
            text.format(member=f"?member{here}", here=here, next=here + 1)
            for here in range(len(members))
            for text in self.each
        )
        return replace(
            self,
            given=self.given + given,
            then=self.then.format(last=len(members)) if self.then is not None else None,
            each=(),
            bound=(("list", head), *((f"member{here}", member) for here, member in enumerate(members))),
        )

    def _fill(self, pattern: Pattern) -> Pattern:
        known = dict(self.bound)
        subject, predicate, value = (known.get(atom, atom) if isinstance(atom, str) else atom for atom in pattern)
        return subject, predicate, value


def _axiom(name: str, term: str, kind: str) -> Rule:
    return Rule(name, (), f"{term} a {kind}")


def _rule(name: str, given: str, then: str, distinct: str = "", each: tuple[str, ...] = ()) -> Rule:
    return Rule(name, tuple(given.split(" . ")), then, _pair(distinct), each)


def _never(name: str, given: str, meaning: str, distinct: str = "") -> Rule:
    return Rule(name, tuple(given.split(" . ")), None, _pair(distinct), meaning=meaning)


def _pair(names: str) -> tuple[str, str] | None:
    if not names:
        return None
    one, other = names.split()
    return one.removeprefix("?"), other.removeprefix("?")


_AXIOMS = (
    *(_axiom("prp-ap", name, "owl:AnnotationProperty") for name in (
        "rdfs:label", "rdfs:comment", "rdfs:seeAlso", "rdfs:isDefinedBy", "owl:deprecated", "owl:versionInfo",
        "owl:priorVersion", "owl:backwardCompatibleWith", "owl:incompatibleWith",
    )),
    _axiom("cls-thing", "owl:Thing", "owl:Class"),
    _axiom("cls-nothing1", "owl:Nothing", "owl:Class"),
    *(_axiom("dt-type1", name, "rdfs:Datatype") for name in (
        "rdf:PlainLiteral", "rdf:XMLLiteral", "rdfs:Literal",
        *(f"xsd:{name}" for name in (
            "decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger",
            "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "float",
            "double", "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "boolean",
            "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp",
        )),
    )),
)  # fmt: skip

_EQUALITY = (
    _rule("eq-sym", "?x owl:sameAs ?y", "?y owl:sameAs ?x", "?x ?y"),
    _rule("eq-trans", "?x owl:sameAs ?y . ?y owl:sameAs ?z", "?x owl:sameAs ?z", "?x ?z"),
    _rule("eq-rep-s", "?x owl:sameAs ?y . ?x ?p ?z", "?y ?p ?z", "?x ?y"),
    _rule("eq-rep-p", "?p owl:sameAs ?q . ?x ?p ?y", "?x ?q ?y", "?p ?q"),
    _rule("eq-rep-o", "?x owl:sameAs ?y . ?z ?p ?x", "?z ?p ?y", "?x ?y"),
)

_PROPERTIES = (
    _rule("prp-dom", "?p rdfs:domain ?c . ?x ?p ?y", "?x a ?c"),
    _rule("prp-rng", "?p rdfs:range ?c . ?x ?p ?y", "?y a ?c"),
    _rule("prp-fp", "?p a owl:FunctionalProperty . ?x ?p ?y . ?x ?p ?z", "?y owl:sameAs ?z", "?y ?z"),
    _rule("prp-ifp", "?p a owl:InverseFunctionalProperty . ?x ?p ?z . ?y ?p ?z", "?x owl:sameAs ?y", "?x ?y"),
    _rule("prp-symp", "?p a owl:SymmetricProperty . ?x ?p ?y", "?y ?p ?x"),
    _rule("prp-trp", "?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z", "?x ?p ?z"),
    _rule("prp-spo1", "?p rdfs:subPropertyOf ?q . ?x ?p ?y", "?x ?q ?y", "?p ?q"),
    _rule("prp-spo2", "?p owl:propertyChainAxiom ?list", "?u0 ?p ?u{last}", each=("?u{here} {member} ?u{next}",)),
    _rule("prp-eqp1", "?p owl:equivalentProperty ?q . ?x ?p ?y", "?x ?q ?y", "?p ?q"),
    _rule("prp-eqp2", "?p owl:equivalentProperty ?q . ?x ?q ?y", "?x ?p ?y", "?p ?q"),
    _rule("prp-inv1", "?p owl:inverseOf ?q . ?x ?p ?y", "?y ?q ?x"),
    _rule("prp-inv2", "?p owl:inverseOf ?q . ?x ?q ?y", "?y ?p ?x"),
    _rule(
        "prp-key", "?c owl:hasKey ?list . ?x a ?c . ?y a ?c", "?x owl:sameAs ?y", "?x ?y",
        each=("?x {member} ?z{here}", "?y {member} ?z{here}"),
    ),
)  # fmt: skip

_CLASSES = (
    _rule("cls-int1", "?c owl:intersectionOf ?list", "?x a ?c", each=("?x a {member}",)),
    _rule("cls-int2", "?c owl:intersectionOf ?list . ?d in ?list . ?x a ?c", "?x a ?d"),
    _rule("cls-uni", "?c owl:unionOf ?list . ?d in ?list . ?x a ?d", "?x a ?c"),
    _rule("cls-svf1", "?c owl:someValuesFrom ?d . ?c owl:onProperty ?p . ?x ?p ?y . ?y a ?d", "?x a ?c"),
    _rule("cls-svf2", "?c owl:someValuesFrom owl:Thing . ?c owl:onProperty ?p . ?x ?p ?y", "?x a ?c"),
    _rule("cls-avf", "?c owl:allValuesFrom ?d . ?c owl:onProperty ?p . ?x a ?c . ?x ?p ?y", "?y a ?d"),
    _rule("cls-hv1", "?c owl:hasValue ?y . ?c owl:onProperty ?p . ?x a ?c", "?x ?p ?y"),
    _rule("cls-hv2", "?c owl:hasValue ?y . ?c owl:onProperty ?p . ?x ?p ?y", "?x a ?c"),
    _rule(
        "cls-maxc2", "?c owl:maxCardinality 1 . ?c owl:onProperty ?p . ?x a ?c . ?x ?p ?y . ?x ?p ?z",
        "?y owl:sameAs ?z", "?y ?z",
    ),
    _rule(
        "cls-maxqc3",
        "?c owl:maxQualifiedCardinality 1 . ?c owl:onProperty ?p . ?c owl:onClass ?d . ?x a ?c . "
        "?x ?p ?y . ?y a ?d . ?x ?p ?z . ?z a ?d",
        "?y owl:sameAs ?z", "?y ?z",
    ),
    _rule(
        "cls-maxqc4",
        "?c owl:maxQualifiedCardinality 1 . ?c owl:onProperty ?p . ?c owl:onClass owl:Thing . ?x a ?c . "
        "?x ?p ?y . ?x ?p ?z",
        "?y owl:sameAs ?z", "?y ?z",
    ),
    _rule("cls-oo", "?c owl:oneOf ?list . ?x in ?list", "?x a ?c"),
)  # fmt: skip

_CLASS_AXIOMS = (
    _rule("cax-sco", "?c rdfs:subClassOf ?d . ?x a ?c", "?x a ?d", "?c ?d"),
    _rule("cax-eqc1", "?c owl:equivalentClass ?d . ?x a ?c", "?x a ?d", "?c ?d"),
    _rule("cax-eqc2", "?c owl:equivalentClass ?d . ?x a ?d", "?x a ?c", "?c ?d"),
)

_SCHEMA = (
    _rule("scm-cls", "?c a owl:Class", "?c rdfs:subClassOf ?c"),
    _rule("scm-cls", "?c a owl:Class", "?c owl:equivalentClass ?c"),
    _rule("scm-cls", "?c a owl:Class", "?c rdfs:subClassOf owl:Thing"),
    _rule("scm-cls", "?c a owl:Class", "owl:Nothing rdfs:subClassOf ?c"),
    _rule("scm-sco", "?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?e", "?c rdfs:subClassOf ?e"),
    _rule("scm-eqc1", "?c owl:equivalentClass ?d", "?c rdfs:subClassOf ?d"),
    _rule("scm-eqc1", "?c owl:equivalentClass ?d", "?d rdfs:subClassOf ?c"),
    _rule("scm-eqc2", "?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c", "?c owl:equivalentClass ?d"),
    _rule("scm-op", "?p a owl:ObjectProperty", "?p rdfs:subPropertyOf ?p"),
    _rule("scm-op", "?p a owl:ObjectProperty", "?p owl:equivalentProperty ?p"),
    _rule("scm-dp", "?p a owl:DatatypeProperty", "?p rdfs:subPropertyOf ?p"),
    _rule("scm-dp", "?p a owl:DatatypeProperty", "?p owl:equivalentProperty ?p"),
    _rule("scm-spo", "?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?r", "?p rdfs:subPropertyOf ?r"),
    _rule("scm-eqp1", "?p owl:equivalentProperty ?q", "?p rdfs:subPropertyOf ?q"),
    _rule("scm-eqp1", "?p owl:equivalentProperty ?q", "?q rdfs:subPropertyOf ?p"),
    _rule("scm-eqp2", "?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p", "?p owl:equivalentProperty ?q"),
    _rule("scm-dom1", "?p rdfs:domain ?c . ?c rdfs:subClassOf ?d", "?p rdfs:domain ?d"),
    _rule("scm-dom2", "?q rdfs:domain ?c . ?p rdfs:subPropertyOf ?q", "?p rdfs:domain ?c"),
    _rule("scm-rng1", "?p rdfs:range ?c . ?c rdfs:subClassOf ?d", "?p rdfs:range ?d"),
    _rule("scm-rng2", "?q rdfs:range ?c . ?p rdfs:subPropertyOf ?q", "?p rdfs:range ?c"),
    _rule(
        "scm-hv",
        "?c owl:hasValue ?x . ?c owl:onProperty ?p . ?d owl:hasValue ?x . ?d owl:onProperty ?q . "
        "?p rdfs:subPropertyOf ?q",
        "?c rdfs:subClassOf ?d",
    ),
    *(
        _rule(
            name,
            f"?c owl:{kind} ?x . ?c owl:onProperty ?p . ?d owl:{kind} ?y . ?d owl:onProperty ?p . "
            "?x rdfs:subClassOf ?y",
            "?c rdfs:subClassOf ?d",
        )
        for name, kind in (("scm-svf1", "someValuesFrom"), ("scm-avf1", "allValuesFrom"))
    ),
    *(
        _rule(
            name,
            f"?c owl:{kind} ?x . ?c owl:onProperty ?p . ?d owl:{kind} ?x . ?d owl:onProperty ?q . "
            "?p rdfs:subPropertyOf ?q",
            then,
        )
        for name, kind, then in (
            ("scm-svf2", "someValuesFrom", "?c rdfs:subClassOf ?d"),
            ("scm-avf2", "allValuesFrom", "?d rdfs:subClassOf ?c"),
        )
    ),
    _rule("scm-int", "?c owl:intersectionOf ?list . ?d in ?list", "?c rdfs:subClassOf ?d"),
    _rule("scm-uni", "?c owl:unionOf ?list . ?d in ?list", "?d rdfs:subClassOf ?c"),
)  # fmt: skip

_CONTRADICTIONS = (
    _never("cax-dw", "?c owl:disjointWith ?d . ?x a ?c . ?x a ?d", "{x} belongs to two classes that share nothing"),
    _never(
        "cax-adc", "?all a owl:AllDisjointClasses . ?all owl:members ?list . ?c in ?list . ?d in ?list . "
        "?x a ?c . ?x a ?d",
        "{x} belongs to two classes that share nothing", "?c ?d",
    ),
    _never("cls-com", "?c owl:complementOf ?d . ?x a ?c . ?x a ?d", "{x} belongs to a class and to its complement"),
    _never("cls-nothing2", "?x a owl:Nothing", "{x} belongs to the class that has no members"),
    _never(
        "prp-pdw", "?p owl:propertyDisjointWith ?q . ?x ?p ?y . ?x ?q ?y",
        "{x} and {y} are tied by two properties that exclude each other",
    ),
    _never(
        "prp-adp", "?all a owl:AllDisjointProperties . ?all owl:members ?list . ?p in ?list . ?q in ?list . "
        "?x ?p ?y . ?x ?q ?y",
        "{x} and {y} are tied by two properties that exclude each other", "?p ?q",
    ),
    _never("prp-irp", "?p a owl:IrreflexiveProperty . ?x ?p ?x", "{x} is tied to itself by a property that forbids it"),
    _never(
        "prp-asyp", "?p a owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x",
        "{x} and {y} are tied both ways by a property that goes one way",
    ),
    *(
        _never(
            name, f"?not owl:sourceIndividual ?x . ?not owl:assertionProperty ?p . ?not owl:{kind} ?y . ?x ?p ?y",
            "{x} and {y} are tied although it is stated that they are not",
        )
        for name, kind in (("prp-npa1", "targetIndividual"), ("prp-npa2", "targetValue"))
    ),
    _never(
        "cls-maxc1", "?c owl:maxCardinality 0 . ?c owl:onProperty ?p . ?x a ?c . ?x ?p ?y",
        "{x} has a value of a property that it cannot have",
    ),
    _never(
        "cls-maxqc1", "?c owl:maxQualifiedCardinality 0 . ?c owl:onProperty ?p . ?c owl:onClass ?d . ?x a ?c . "
        "?x ?p ?y . ?y a ?d",
        "{x} has a value of a property that it cannot have",
    ),
    _never(
        "cls-maxqc2", "?c owl:maxQualifiedCardinality 0 . ?c owl:onProperty ?p . ?c owl:onClass owl:Thing . "
        "?x a ?c . ?x ?p ?y",
        "{x} has a value of a property that it cannot have",
    ),
    # prp-fp and eq-diff1 at once: a reader sees the two values rather than that they are the same and are not.
    _never(
        "prp-fp", "?p a owl:FunctionalProperty . ?x ?p ?y . ?x ?p ?z . ?y owl:differentFrom ?z",
        "{x} has two values of a property that takes one", "?y ?z",
    ),
    _never("eq-diff1", "?x owl:sameAs ?y . ?x owl:differentFrom ?y", "{x} and {y} are the same and are different"),
    _never("eq-diff1", "?x owl:differentFrom ?x", "{x} is different from itself"),
    *(
        _never(
            name, f"?all a owl:AllDifferent . ?all owl:{kind} ?list . ?x in ?list . ?y in ?list . ?x owl:sameAs ?y",
            "{x} and {y} are the same and are different", "?x ?y",
        )
        for name, kind in (("eq-diff2", "members"), ("eq-diff3", "distinctMembers"))
    ),
)  # fmt: skip

RULES = (*_AXIOMS, *_SCHEMA, *_CLASS_AXIOMS, *_CLASSES, *_PROPERTIES, *_EQUALITY, *_CONTRADICTIONS)
"""All rules, in the order that closes a graph soonest; of two contradictions the earlier is reported."""
