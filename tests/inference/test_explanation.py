"""Explanations: sound proofs, what asserted statements rest on, and both in words and in JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import Graph

from crmgraph.describing.vocabulary import triple_of
from crmgraph.errors import UsageError
from crmgraph.inference.entailment import Closure
from crmgraph.inference.explanation import StatementLookup, as_json, as_text, basis_of, explain, statement_nodes
from crmgraph.inference.rules import (
    Explainer,
    Proof,
    Triple,
    abbreviate_term,
    bound_rules,
    instantiate,
    iri,
    read_term,
    rule_solutions,
    select_from,
)
from crmgraph.namespaces import PREFIXES as SPACES
from crmgraph.namespaces import Names
from tests.support.phrases import rows_of

NAMES = Names()
INFERRED = "https://example.org/inferred"
PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def ex(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/{name}")


def triple(words: str) -> Triple:
    [found] = Graph().parse(data=f"{PREFIXES} {words} .", format="turtle")
    subject, predicate, value = (NamedNode(str(term)) for term in found)
    return subject, predicate, value


def records_of(store: Store, inferred: str = INFERRED) -> StatementLookup:
    return StatementLookup(select_from(store), inferred)


def explainer_of(records: StatementLookup) -> Explainer:
    return Explainer(records.select, records.is_asserted)


def closed(turtle: str) -> tuple[StatementLookup, set[Triple]]:
    """The records of a graph and of all that follows from it, and what follows."""
    closure = Closure(map(triple_of, Graph().parse(data=PREFIXES + turtle, format="turtle")))
    store = Store()
    inferred = set()
    for found in closure.triples():
        known = found in closure.asserted
        store.add(Quad(*found, ex("asserted") if known else NamedNode(INFERRED)))  # type: ignore[arg-type]
        if not known:
            inferred.add(found)
    return records_of(store), inferred


def every_step(proof: Proof) -> Iterator[Proof]:
    yield proof
    for premise in proof.premises:
        yield from every_step(premise)


def is_in_no_circle(proof: Proof, above: tuple[Triple, ...] = ()) -> bool:
    return proof.triple not in above and all(is_in_no_circle(each, (*above, proof.triple)) for each in proof.premises)


def is_instance(step: Proof, records: StatementLookup) -> bool:
    """Return whether a rule of this name makes the premises of a step come to its statement."""
    premises = {premise.triple for premise in step.premises}
    for rule, bound in bound_rules(records.select):
        if rule.name == step.rule and rule.conclusion:
            for values, found in rule_solutions(rule, bound, records.select):
                if set(found) == premises and instantiate(rule.conclusion, values) == step.triple:
                    return True
    return False


@pytest.fixture(scope="module")
def records(store: Store) -> StatementLookup:
    return records_of(store, NAMES.graph("inferred"))


def shortest(turtle: str, goal: str) -> tuple[str | None, ...]:
    """Return the rule of the shortest proof and those of its premises."""
    proof = explainer_of(closed(turtle)[0]).shortest_proof(triple(goal))
    assert proof is not None
    return (proof.rule, *(premise.rule for premise in proof.premises))


WAYS = ":p a owl:TransitiveProperty . :q rdfs:subPropertyOf :p . :a :p :b . :b :p :c . :c :p :d . :a :q :d ."
RULE_OF = rows_of("rule_of", "inference")


def test_shortest_proof() -> None:
    assert shortest(WAYS, ":a :p :c") == ("prp-trp", None, None, None)
    assert [shortest(given_graph, goal)[0] for given_graph, goal, _ in RULE_OF] == [rule for *_, rule in RULE_OF]


def test_all_proofs_the_shortest_first() -> None:
    proofs = explainer_of(closed(WAYS)[0]).all_proofs(triple(":a :p :d"))
    assert [proof.rule for proof in proofs] == ["prp-spo1", "prp-trp", "prp-trp"]
    assert [proof.sort_key for proof in proofs] == sorted(proof.sort_key for proof in proofs)
    # Asserted statements are their own proof.
    explainer = explainer_of(closed(":p owl:inverseOf :q . :a :p :b . :b :q :a .")[0])
    assert explainer.shortest_proof(triple(":a :p :b")) == Proof(triple(":a :p :b"))
    assert [proof.rule for proof in explainer.all_proofs(triple(":a :p :b"))] == [None, "prp-inv2"]


def test_no_proof_from_nothing_or_from_itself() -> None:
    explainer = explainer_of(closed(":p owl:inverseOf :q . :a :p :b .")[0])
    assert explainer.shortest_proof(triple(":a :q :b")) is None
    assert explainer.all_proofs(triple(":a :q :b")) == []
    store = Store()
    store.add(Quad(*triple(":p owl:inverseOf :q"), ex("asserted")))  # type: ignore[arg-type]
    for words in (":a :p :b", ":b :q :a"):
        store.add(Quad(*triple(words), NamedNode(INFERRED)))  # type: ignore[arg-type]
    explainer = explainer_of(records_of(store))
    assert explainer.shortest_proof(triple(":a :p :b")) is None
    assert explainer.all_proofs(triple(":a :p :b")) == []


classes, properties, things = (st.sampled_from([f":{kind}{n}" for n in range(3)]) for kind in "Cpt")
axioms = st.one_of(
    st.tuples(classes, st.sampled_from(["rdfs:subClassOf", "owl:equivalentClass"]), classes),
    st.tuples(properties, st.sampled_from(["rdfs:subPropertyOf", "owl:inverseOf"]), properties),
    st.tuples(properties, st.sampled_from(["rdfs:domain", "rdfs:range"]), classes),
    st.tuples(properties, st.just("a"), st.sampled_from(["owl:TransitiveProperty", "owl:SymmetricProperty"])),
    st.tuples(things, st.just("owl:sameAs"), things),
    st.tuples(things, st.just("a"), classes),
    st.tuples(things, properties, things),
).map(lambda parts: " ".join(parts) + " .")
chains = st.tuples(properties, properties, properties).map(
    lambda parts: f"{parts[0]} owl:propertyChainAxiom ( {parts[1]} {parts[2]} ) ."
)


@example(
    [":p0 a owl:SymmetricProperty ; owl:inverseOf :p2 . :p1 owl:inverseOf :p2 . :t0 owl:sameAs :t2 ; :p1 :t1 ."],
    [":p0 owl:propertyChainAxiom ( :p0 :p1 ) ."],
)
@settings(max_examples=15)
@given(st.lists(axioms, max_size=8), st.lists(chains, max_size=1))
def test_all_that_follows_has_a_sound_proof(stated: list[str], chained: list[str]) -> None:
    records, inferred = closed("\n".join([*stated, *chained]))
    explainer = explainer_of(records)
    for goal in sorted(inferred, key=str):
        if isinstance(goal[2], Literal) or goal[0] == goal[2] or "2002/07/owl#" in f"{goal[0]}{goal[2]}":
            continue  # about the terms of OWL themselves, which come from rules that need no premises
        proof = explainer.shortest_proof(goal)
        assert proof is not None, goal
        assert is_in_no_circle(proof)
        for step in every_step(proof):
            if step.rule is None:
                assert records.is_asserted(step.triple)
            else:
                assert is_instance(step, records), step


def test_real_inferences_are_explained_down_to_what_was_asserted(store: Store, records: StatementLookup) -> None:
    explainer = explainer_of(records)
    quads = sorted(store.quads_for_pattern(None, None, None, NamedNode(NAMES.graph("inferred"))), key=str)
    by_predicate = {quad.predicate: quad for quad in quads}
    for quad in [*quads[::250], *by_predicate.values()]:
        proof = explainer.shortest_proof((quad.subject, quad.predicate, quad.object))  # type: ignore[arg-type]
        assert proof is not None, quad
        assert is_in_no_circle(proof)
        assert all(records.is_asserted(step.triple) for step in every_step(proof) if step.rule is None)


GRAPH = SPACES["graph"] + "plan/x"
DATA = Path(__file__).with_name("asserted.ttl").read_text(encoding="utf-8")
SEVERAL = "".join(
    f"<statement/{n}> a cg:Statement ; rdf:subject <actor/a> ; rdf:predicate cg:since ;"
    ' rdf:object "1999"^^xsd:gYear .\n'
    for n in (7, 3, 9, 1000, 5, 4, 8)
)


@pytest.fixture(scope="module")
def small() -> StatementLookup:
    spaces = {
        **SPACES,
        **{name: f"{SPACES['cg'].rstrip('#')}/{name}#" for name in ("topic", "membership-role", "confidence")},
    }
    prologue = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in spaces.items())
    data, store = (prologue + DATA + SEVERAL).encode(), Store()
    store.load(data, format=RdfFormat.TURTLE, base_iri=SPACES["id"], to_graph=NamedNode(GRAPH))
    return records_of(store, SPACES["graph"] + "inferred")


def test_words_and_sources_of_asserted_statements(small: StatementLookup) -> None:
    place, annotator = SPACES["id"] + "source/x", [SPACES["id"] + "annotator/crmgraph"]
    whole, part = (
        {"passage": f"{place}/{start}-4", "source": place, "start": start, "end": 4, "exact": exact}
        for start, exact in ((0, "Niño"), (2, "ño"))
    )

    def about(subject: str, predicate: str) -> Triple:
        thing, name = NamedNode(SPACES["id"] + subject), iri(predicate)
        [row] = small.select(f"SELECT ?value {{ {thing} {name} ?value }}")
        return thing, name, row["value"]

    within = basis_of(small, about("plan/x/1", "cg:within"))
    assert (within["graphs"], within["passages"], within["sources"]) == ((GRAPH,), [whole], [])
    topic = basis_of(small, about("plan/x/1", "cg:topic"))
    assert (topic["passages"], topic["attributed_to"]) == ([part], annotator)
    assert topic["statements"] == [SPACES["id"] + "statement/1"]
    assert topic["notes"] == [{"value": "Habla de niños.", "xml:lang": "es"}]
    node = basis_of(small, about("plan/x/1", "cg:participation"))
    assert (node["passages"], node["attributed_to"]) == ([part], annotator)
    assert basis_of(small, about("source/x/0-4", "cg:exact"))["passages"] == [whole]
    code = basis_of(small, about("country/MEX", "cg:iso2"))
    assert (code["graphs"], code["sources"]) == ((GRAPH,), ["https://example.org/codes", f"{place}/0-4"])
    assert basis_of(small, about("process/y", "cg:member"))["sources"] == ["https://example.org/members"]


def test_statements_that_are_only_recorded(small: StatementLookup) -> None:
    def since(thing: str, year: str) -> Triple:
        return NamedNode(SPACES["id"] + thing), iri("cg:since"), Literal(year, datatype=iri("xsd:gYear"))

    held = basis_of(small, since("country/MEX", "1997"))
    assert (held["graphs"], held["sources"]) == ((), ["https://example.org/other"])
    assert [each.rpartition("#")[2] for each in held["confidence"]] == ["low"]
    assert {note["xml:lang"]: note["value"] for note in held["notes"]} == {
        "es": "Otra fuente dice 1996.",
        "en": "Another source says 1996.",
    }
    assert len(statement_nodes(small, since("country/MEX", "1997"))) == 1
    assert statement_nodes(small, since("country/MEX", "1998")) == []
    several = [str(node) for node in statement_nodes(small, since("actor/a", "1999"))]
    assert several == sorted(several)
    assert len(several) == 7


def test_real_statements_of_the_plan_rest_on_words_or_a_page(store: Store, records: StatementLookup) -> None:
    quads = sorted(store.quads_for_pattern(None, None, None, NamedNode(NAMES.graph("plan", "crm"))), key=str)
    for quad in quads[::80]:
        held = basis_of(records, (quad.subject, quad.predicate, quad.object))  # type: ignore[arg-type]
        assert held["passages"] or held["sources"], quad
        assert all(each["end"] - each["start"] == len(each["exact"]) for each in held["passages"])


def told(records: StatementLookup, words: str, language: str = "en", every: bool = False) -> str:
    subject, predicate, value = (read_term(word, NAMES) for word in words.split())
    return as_text(explain(records, (subject, predicate, value), every), language, NAMES.prefixes())


USE = "plan/crm/pgm/7.1.1 cg:instrumentWithin instrument/mou-2006"
ENTRY = "plan/crm/pgm/7.1.1.1 cg:within plan/crm"


def test_chain_is_told_down_to_its_sources(records: StatementLookup) -> None:
    lines = told(records, USE).split("\n")
    assert lines[0] == "id:plan/crm/pgm/7.1.1 cg:instrumentWithin id:instrument/mou-2006"
    assert lines[1].strip().startswith("follows by prp-spo2: if a chain of properties ties two things together")
    assert "  1 cg:instrumentWithin owl:propertyChainAxiom ( cg:instrumentUse cg:instrument )" in lines
    assert "  2 id:plan/crm/pgm/7.1.1 cg:instrumentUse id:plan/crm/pgm/7.1.1/instrument-use-1" in lines
    assert "    asserted in graph:plan/crm" in lines
    assert any(line.strip().startswith("attributed to: id:annotator/") for line in lines)
    assert told(records, "plan/crm/pgm/7.1.1 cg:instrumentWithin instrument/none") == ""
    # What is asserted does not follow from anything: who a member is stands in a table, with its source.
    lines = told(records, "process/rcm cg:member country/HND").split("\n")
    assert lines[1] == "  asserted in graph:processes"
    assert lines[2].startswith("  source: <http")


def test_status_of_an_activity_is_told_by_its_schedule_in_both_languages(records: StatementLookup) -> None:
    done = f"plan/crm/pgm/7.3.1 cg:status {SPACES['cg'].replace('#', '/status#')}done"
    for language, follows, words, place in (
        (
            "en",
            "follows by cg-schedule: what the schedule of an activity says holds of the activity",
            "asserted in",
            "of",
        ),
        (
            "es",
            "se sigue por cg-schedule: lo que dice el calendario de una actividad vale para ella",
            "se afirma en",
            "de",
        ),
    ):
        lines = told(records, done, language).split("\n")
        assert lines[:4] == [
            "id:plan/crm/pgm/7.3.1 cg:status status:done",
            f"  {follows}",
            "  1 id:plan/crm/pgm/7.3.1 cg:schedule id:plan/crm/pgm/7.3.1.1",
            f"    {words} graph:plan/crm",
        ]
        at = lines.index("  2 id:plan/crm/pgm/7.3.1.1 cg:status status:done")
        assert lines[at + 1] == f"    {words} graph:plan/crm"
        assert lines[at + 2].startswith("    «OIM preparó informe» (")
        assert lines[at + 2].endswith(f" {place} id:source/crm)")


def test_words_of_the_plan_are_quoted_in_both_languages(records: StatementLookup) -> None:
    text = told(records, "plan/crm/pgm/7.1.1 dcterms:isPartOf plan/crm/pgm/7.1", "es")
    assert "se afirma en graph:plan/crm" in text
    assert "«7.1.1 Monitorear la implementación" in text
    assert "(caracteres 4890–5231 de id:source/crm)" in text
    spanish, english = (told(records, ENTRY, language) for language in ("es", "en"))
    assert spanish != english
    assert len(spanish.split("\n")) == len(english.split("\n"))
    assert "se sigue por prp-trp" in spanish
    assert "\n    3.1 cg:within rdf:type owl:TransitiveProperty" in english
    every = told(records, ENTRY, every=True)
    assert every.count("\n\n") == every.count("\nid:plan/crm/pgm/7.1.1.1 cg:within id:plan/crm\n") > 1


def test_translations_and_contradicted_statements_say_whose_they_are(records: StatementLookup, store: Store) -> None:
    subject, predicate = read_term("plan/crm/pgm", NAMES), read_term("rdfs:label", NAMES)
    found = records.select(f"SELECT ?value {{ {subject} {predicate} ?value }}")
    [english] = {row["value"] for row in found if "@en" in str(row["value"])}
    text = as_text(explain(records, (subject, predicate, english)), "en", NAMES.prefixes())
    assert "«POLÍTICAS Y GESTIÓN MIGRATORIA» (characters 140–170 of id:source/crm)" in text
    assert "attributed to: id:annotator/" in text
    rows = store.query(
        """SELECT ?s ?p ?o { ?x dcterms:source ?page ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
          FILTER NOT EXISTS { ?s ?p ?o } } ORDER BY ?x LIMIT 1""",
        prefixes=dict(SPACES),
        use_default_graph_as_union=True,
    )
    [row] = rows  # type: ignore[misc]
    text = as_text(explain(records, (row["s"], row["p"], row["o"])), "en", NAMES.prefixes())
    assert "not asserted, only recorded, by id:statement/" in text
    assert "source: " in text


def test_explanation_in_json(records: StatementLookup) -> None:
    def explained(*words: str) -> dict[str, Any]:
        subject, predicate, value = (read_term(word, NAMES) for word in words)
        [found] = json.loads(as_json(explain(records, (subject, predicate, value))))
        return dict(found)

    found = explained(*USE.split())
    assert (found["object"], found["rule"]) == ({"type": "uri", "value": NAMES.id("instrument/mou-2006")}, "prp-spo2")
    axiom = found["premises"][0]
    assert [member["value"].rpartition("#")[2] for member in axiom["members"]] == ["instrumentUse", "instrument"]
    assert axiom["graphs"] == [NAMES.graph("ontology")]
    number = explained("plan/crm/pgm/7.1.1", "cg:number", '"7.1.1"')
    assert number["object"] == {"type": "literal", "value": "7.1.1"}
    [passage] = number["passages"]
    assert len(passage["exact"]) == passage["end"] - passage["start"]
    order = explained("plan/crm/pgm", "cg:order", "1")
    assert order["object"]["datatype"] == "http://www.w3.org/2001/XMLSchema#integer"


def test_terms_as_people_write_them() -> None:
    rows = rows_of("terms", "inference")
    assert [[text, str(read_term(text, NAMES))] for text, _ in rows] == rows
    assert read_term("country/HND", Names("https://example.org/")) == NamedNode("https://example.org/id/country/HND")
    for text in ("", "Honduras", "nobody:knows", '"open', '"a" , "b"', '"a" . <b:> <c:> "d"', "3 4", "<no iri>"):
        with pytest.raises(UsageError, match="is no term") as caught:
            read_term(text, NAMES)
        assert "no es un término" in caught.value.args[0].spanish
    honduras = NamedNode(NAMES.id("country", "HND"))
    for term in (honduras, iri("cg:within"), Literal("a", language="es"), NamedNode("https://example.org/x")):
        assert read_term(abbreviate_term(term, NAMES.prefixes()), NAMES) == term
    assert abbreviate_term(honduras, NAMES.prefixes()) == "id:country/HND"


@given(st.text(max_size=30))
def test_any_text_is_a_term_or_an_error(text: str) -> None:
    try:
        term = read_term(text, NAMES)
    except UsageError:
        return
    assert read_term(str(term), NAMES) == term
