"""The table of rules: all of the specification, each once, and each in words for people."""

import re

from pyoxigraph import Literal, NamedNode

from crmgraph.inferring.rules import RULES, iri
from crmgraph.inferring.wordings import WORDINGS

# The names in tables 4 to 9 of OWL 2 Profiles, section 4.3, as far as they conclude something.
TABLES = (
    "eq-sym", "eq-trans", "eq-rep-s", "eq-rep-p", "eq-rep-o", "prp-ap", "prp-dom", "prp-rng", "prp-fp", "prp-ifp",
    "prp-symp", "prp-trp", "prp-spo1", "prp-spo2", "prp-eqp1", "prp-eqp2", "prp-inv1", "prp-inv2", "prp-key",
    "cls-thing", "cls-nothing1", "cls-int1", "cls-int2", "cls-uni", "cls-svf1", "cls-svf2", "cls-avf", "cls-hv1",
    "cls-hv2", "cls-maxc2", "cls-maxqc3", "cls-maxqc4", "cls-oo", "cax-sco", "cax-eqc1", "cax-eqc2", "dt-type1",
    "scm-cls", "scm-sco", "scm-eqc1", "scm-eqc2", "scm-op", "scm-dp", "scm-spo", "scm-eqp1", "scm-eqp2", "scm-dom1",
    "scm-dom2", "scm-rng1", "scm-rng2", "scm-hv", "scm-svf1", "scm-svf2", "scm-avf1", "scm-avf2", "scm-int",
    "scm-uni",
)  # fmt: skip
FALSE = (
    "eq-diff1", "eq-diff2", "eq-diff3", "prp-irp", "prp-asyp", "prp-pdw", "prp-adp", "prp-npa1", "prp-npa2",
    "cls-nothing2", "cls-com", "cls-maxc1", "cls-maxqc1", "cls-maxqc2", "cax-dw", "cax-adc",
)  # fmt: skip


def test_every_rule_of_the_specification_is_there() -> None:
    assert {rule.name for rule in RULES if rule.conclusion} == set(TABLES)
    assert {rule.name for rule in RULES if not rule.conclusion} == {*FALSE, "prp-fp"}


def test_every_rule_that_concludes_something_has_words_in_both_languages() -> None:
    assert set(WORDINGS) == set(TABLES)
    for name, wording in WORDINGS.items():
        assert wording.spanish, name
        assert wording.spanish != str(wording)


def test_every_rule_that_ends_in_false_says_what_is_wrong_with_what() -> None:
    for rule in RULES:
        if rule.conclusion is None:
            assert {f"?{name}" for name in re.findall(r"{(\w)}", rule.meaning)} <= set(" ".join(rule.given).split())
            assert rule.meaning


def test_a_conclusion_speaks_only_of_what_its_premises_speak_of() -> None:
    for rule in RULES:
        if rule.conclusion and rule.given and not rule.each:
            known = {atom for premise in rule.premises for atom in premise} | {name for name, _ in rule.members}
            assert {atom for atom in rule.conclusion if isinstance(atom, str)} <= known, rule.name


def test_a_rule_over_a_list_is_spelt_out_for_its_members() -> None:
    [chain] = [rule for rule in RULES if rule.name == "prp-spo2"]
    head, brother, child = (NamedNode(f"https://example.org/{name}") for name in ("list", "brother", "child"))
    uncle = chain.over(head, (brother, child))
    assert uncle.premises == (
        ("p", iri("owl:propertyChainAxiom"), head),
        ("u0", brother, "u1"),
        ("u1", child, "u2"),
    )
    assert uncle.conclusion == ("u0", "p", "u2")


def test_numbers_in_patterns_are_those_of_cardinalities() -> None:
    [rule] = [rule for rule in RULES if rule.name == "cls-maxc2"]
    assert rule.premises[0][2] == Literal("1", datatype=iri("xsd:nonNegativeInteger"))
