"""What asserted statements rest on, in a small dataset and in the real one."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from crmgraph.inferring.asserting import Passage, basis, recorded
from crmgraph.inferring.records import StoreRecords
from crmgraph.inferring.rules import Term, Triple, iri
from crmgraph.namespaces import PREFIXES, Names

GRAPH = PREFIXES["graph"] + "plan/x"
DATA = """
<plan/x/1> cg:within <plan/x> ; cg:passage <source/x/0-4> ; cg:topic topic:children ;
    cg:participation <plan/x/1/participation-1> ; cg:date "2009"^^xsd:gYear .
<plan/x/1/participation-1> cg:agent <actor/a> ; cg:passage <source/x/2-4> ;
    prov:wasAttributedTo <annotator/crmgraph> .
<source/x/0-4> cg:source <source/x> ; cg:start 0 ; cg:end 4 ; cg:exact "Niño" .
<source/x/2-4> cg:source <source/x> ; cg:start 2 ; cg:end 4 ; cg:exact "ño" .
<country/MEX> cg:iso2 "MX" ; dcterms:source <https://example.org/codes> , <source/x/0-4> .
<statement/1> a cg:Statement ; cg:subject <plan/x/1> ; cg:predicate cg:topic ; cg:object topic:children ;
    cg:passage <source/x/2-4> ; prov:wasAttributedTo <annotator/crmgraph> ; rdfs:comment "Habla de niños."@es .
<statement/2> a cg:Statement ; cg:subject <country/MEX> ; cg:predicate cg:since ; cg:literal "1997"^^xsd:gYear ;
    dcterms:source <https://example.org/other> ; cg:confidence confidence:low ; cg:rank rank:alternative ;
    skos:note "Otra fuente dice 1996."@es , "Another source says 1996."@en .
"""
WHOLE = Passage(PREFIXES["id"] + "source/x", 0, 4, "Niño", PREFIXES["id"] + "source/x/0-4")
PART = Passage(PREFIXES["id"] + "source/x", 2, 4, "ño", PREFIXES["id"] + "source/x/2-4")


@pytest.fixture(scope="module")
def records() -> StoreRecords:
    spaces = {**PREFIXES, **{name: f"{PREFIXES['cg'].rstrip('#')}/{name}#" for name in ("topic", "rank", "confidence")}}
    prologue = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in spaces.items())
    store = Store()
    store.load((prologue + DATA).encode(), format=RdfFormat.TURTLE, base_iri=PREFIXES["id"], to_graph=NamedNode(GRAPH))
    return StoreRecords(store, PREFIXES["graph"] + "inferred")


def about(records: StoreRecords, subject: str, predicate: str) -> Triple:
    [found] = records.match(NamedNode(PREFIXES["id"] + subject), iri(predicate), None)
    return found


def test_a_statement_rests_on_the_words_of_what_it_is_about(records: StoreRecords) -> None:
    held = basis(records, about(records, "plan/x/1", "cg:within"))
    assert (held.graphs, held.passages, held.sources) == ((GRAPH,), (WHOLE,), ())


def test_a_statement_with_words_of_its_own_rests_on_them(records: StoreRecords) -> None:
    held = basis(records, about(records, "plan/x/1", "cg:topic"))
    assert held.passages == (PART,)
    assert held.said_by == (PREFIXES["id"] + "annotator/crmgraph",)
    assert held.nodes == (PREFIXES["id"] + "statement/1",)
    assert held.notes == (("es", "Habla de niños."),)


def test_what_is_said_by_way_of_a_node_rests_on_the_words_of_the_node(records: StoreRecords) -> None:
    held = basis(records, about(records, "plan/x/1", "cg:participation"))
    assert (held.passages, held.said_by) == ((PART,), (PREFIXES["id"] + "annotator/crmgraph",))


def test_a_passage_rests_on_itself(records: StoreRecords) -> None:
    assert basis(records, about(records, "source/x/0-4", "cg:exact")).passages == (WHOLE,)


def test_a_page_is_a_source_and_a_passage_is_shown_as_one(records: StoreRecords) -> None:
    held = basis(records, about(records, "country/MEX", "cg:iso2"))
    assert held.sources == ("https://example.org/codes", PREFIXES["id"] + "source/x/0-4")
    assert held.graphs == (GRAPH,)


def test_what_is_only_recorded_says_why(records: StoreRecords) -> None:
    year: Term = Literal("1997", datatype=iri("xsd:gYear"))
    said = (NamedNode(PREFIXES["id"] + "country/MEX"), iri("cg:since"), year)
    held = basis(records, said)
    assert held.graphs == ()
    assert held.sources == ("https://example.org/other",)
    assert [iri.rpartition("#")[2] for iri in (*held.confidence, *held.rank)] == ["low", "alternative"]
    assert dict(held.notes) == {"es": "Otra fuente dice 1996.", "en": "Another source says 1996."}
    assert len(recorded(records, said)) == 1
    assert recorded(records, (said[0], said[1], Literal("1998", datatype=iri("xsd:gYear")))) == ()


def test_every_real_statement_of_the_plan_rests_on_words_or_on_a_page(store: Store) -> None:
    names = Names()
    records = StoreRecords(store, names.graph("inferred"))
    quads = sorted(store.quads_for_pattern(None, None, None, NamedNode(names.graph("plan", "crm"))), key=str)
    for quad in quads[::40]:
        held = basis(records, (quad.subject, quad.predicate, quad.object))  # type: ignore[arg-type]
        assert held.passages or held.sources, quad
        for passage in held.passages:
            assert passage.end - passage.start == len(passage.exact)
