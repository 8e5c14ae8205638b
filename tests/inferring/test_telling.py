"""Explanations of real statements, as people and programs get them."""

import json

import pytest
from pyoxigraph import Store

from crmgraph.inferring.records import StoreRecords
from crmgraph.inferring.telling import as_json, as_text, explain
from crmgraph.inferring.writing import read_term
from crmgraph.namespaces import Names

NAMES = Names()


@pytest.fixture(scope="module")
def records(store: Store) -> StoreRecords:
    return StoreRecords(store, NAMES.graph("inferred"))


def told(records: StoreRecords, words: str, language: str = "en", every: bool = False) -> str:
    subject, predicate, value = (read_term(word, NAMES) for word in words.split())
    return as_text(explain(records, (subject, predicate, value), every), language, NAMES.prefixes())


def test_a_chain_is_told_down_to_the_pages(records: StoreRecords) -> None:
    lines = told(records, "country/HND cg:memberOf process/rcm").split("\n")
    assert lines[0] == "id:country/HND cg:memberOf id:process/rcm"
    assert lines[1].strip().startswith("follows by prp-spo2: if a chain of properties ties two things together")
    assert "  1 cg:memberOf owl:propertyChainAxiom ( cg:membership cg:memberIn )" in lines
    assert "  2 id:country/HND cg:membership id:membership/rcm-HND" in lines
    assert "    asserted in graph:processes" in lines
    assert any(line.strip().startswith("source: <http") for line in lines)


def test_words_of_the_plan_are_quoted_with_their_place(records: StoreRecords) -> None:
    text = told(records, "plan/crm/pgm/7.1.1 dcterms:isPartOf plan/crm/pgm/7.1", "es")
    assert "se afirma en graph:plan/crm" in text
    assert "«7.1.1 Monitorear la implementación" in text
    assert "(caracteres 4890–5231 de id:source/crm)" in text


def test_both_languages_tell_the_same(records: StoreRecords) -> None:
    spanish, english = (told(records, "plan/crm/pgm/7.1.1.1 cg:within plan/crm", language) for language in ("es", "en"))
    assert spanish != english
    assert len(spanish.split("\n")) == len(english.split("\n"))
    assert "se sigue por prp-trp" in spanish


def test_premises_of_premises_are_numbered_below_them(records: StoreRecords) -> None:
    assert "\n    3.1 cg:within rdf:type owl:TransitiveProperty" in told(
        records, "plan/crm/pgm/7.1.1.1 cg:within plan/crm"
    )


def test_every_last_step_is_told_apart(records: StoreRecords) -> None:
    text = told(records, "plan/crm/pgm/7.1.1.1 cg:within plan/crm", every=True)
    assert text.count("\n\n") == text.count("\nid:plan/crm/pgm/7.1.1.1 cg:within id:plan/crm\n") > 1


def test_json_has_it_all(records: StoreRecords) -> None:
    subject, predicate, value = (read_term(word, NAMES) for word in ("country/HND", "cg:memberOf", "process/rcm"))
    [found] = json.loads(as_json(explain(records, (subject, predicate, value))))
    assert found["object"] == {"type": "uri", "value": NAMES.id("process", "rcm")}
    assert found["rule"] == "prp-spo2"
    assert found["meaning_es"] != found["meaning_en"]
    axiom, *_ = found["premises"]
    assert [member["value"].rpartition("#")[2] for member in axiom["members"]] == ["membership", "memberIn"]
    assert axiom["graphs"] == [NAMES.graph("ontology")]
    assert all(premise["rule"] or premise["graphs"] for premise in found["premises"])


def test_json_of_what_is_read_in_the_plan_has_the_exact_characters(records: StoreRecords) -> None:
    triple = tuple(read_term(word, NAMES) for word in ("plan/crm/pgm/7.1.1", "cg:number", '"7.1.1"'))
    subject, predicate, value = triple
    [found] = json.loads(as_json(explain(records, (subject, predicate, value))))
    assert found["object"] == {"type": "literal", "value": "7.1.1"}
    [passage] = found["passages"]
    assert len(passage["exact"]) == passage["end"] - passage["start"]


def test_literals_keep_their_language_and_datatype_in_json(records: StoreRecords) -> None:
    for words, expected in (
        (('"POLÍTICAS Y GESTIÓN MIGRATORIA"@es', "plan/crm/pgm", "cg:text"), {"xml:lang": "es"}),
        (("1", "plan/crm/pgm", "cg:order"), {"datatype": "http://www.w3.org/2001/XMLSchema#integer"}),
    ):
        value, subject, predicate = (read_term(word, NAMES) for word in words)
        [found] = json.loads(as_json(explain(records, (subject, predicate, value))))
        assert expected.items() <= found["object"].items()


def test_a_statement_that_another_source_contradicts_is_told_as_recorded_only(
    records: StoreRecords, store: Store
) -> None:
    rows = store.query(
        """PREFIX cg: <https://w3id.org/crmgraph/ontology#>
        SELECT ?s ?p ?o { ?x cg:rank ?rank ; cg:subject ?s ; cg:predicate ?p ; cg:object|cg:literal ?o
          FILTER(STRENDS(STR(?rank), "alternative")) FILTER NOT EXISTS { ?s ?p ?o } } ORDER BY ?x LIMIT 3""",
        use_default_graph_as_union=True,
    )
    told_of = [(row["s"], row["p"], row["o"]) for row in rows]  # type: ignore[union-attr]
    assert told_of
    for triple in told_of:
        text = as_text(explain(records, triple), "en", NAMES.prefixes())
        assert "not asserted, only recorded, by id:statement/" in text
        assert "rank: rank:alternative" in text
        assert "source: " in text


def test_a_translation_is_told_with_the_words_it_translates_and_by_whom(records: StoreRecords) -> None:
    subject, predicate = read_term("plan/crm/pgm", NAMES), read_term("rdfs:label", NAMES)
    [english] = [value for _, _, value in records.match(subject, predicate, None) if "@en" in str(value)]
    text = as_text(explain(records, (subject, predicate, english)), "en", NAMES.prefixes())
    assert "«POLÍTICAS Y GESTIÓN MIGRATORIA» (characters 140–170 of id:source/crm)" in text
    assert "attributed to: id:annotator/" in text


def test_of_what_is_not_there_nothing_is_told(records: StoreRecords) -> None:
    assert told(records, "country/HND cg:memberOf process/none") == ""
