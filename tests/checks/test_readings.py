"""Checks of annotations, which must have a passage and be complete: a valid graph, and variants with one defect."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.findings import Finding
from crmgraph.checks.plans import merged_graph
from crmgraph.checks.shacl import findings_of, known_shapes, read_shapes, results_in, validate
from crmgraph.describing.vocabulary import CG, describe_statement, read_ontology, statement_iri
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from tests.support.phrases import rows_of
from tests.support.shacl import plain, reference_report

NAMES = Names()
SHAPES = read_shapes(resource("ontology") / "shapes")


def iri(*path: str) -> URIRef:
    return URIRef(NAMES.id(*path))


ELEMENT, OTHER = iri("plan/p/t/1"), iri("plan/p/t/2")
PARTICIPATION = iri("plan/p/t/1/participation-1")
SOURCE, PASSAGE, SECOND = iri("source/p"), iri("source/p/0-3"), iri("source/p/4-7")
CONCEPT = URIRef(f"{ONTOLOGY}/some#one")
MONTHS = Literal("P36M", datatype=XSD.duration, normalize=False)
THERE = iri("plan/q/t/1")
LIKE, UNLIKE = (statement_iri(NAMES, ELEMENT, SKOS.broadMatch, value, PASSAGE) for value in (THERE, iri("plan/r")))


def valid_graph() -> tuple[Graph, URIRef]:
    """A valid graph: the annotations of readings.ttl, a correspondence, and the lack of a correspondence."""
    graph = Graph().parse(Path(__file__).with_name("readings.ttl"), format="turtle", publicID=NAMES.id(""))
    for said, kind, value, other in (
        (LIKE, CG.Correspondence, THERE, iri("plan/q")), (UNLIKE, CG.NoCorrespondence, iri("plan/r"), iri("plan/r")),
    ):  # fmt: skip
        assert describe_statement(graph, NAMES, (ELEMENT, SKOS.broadMatch, value), passage=PASSAGE, by="me") == said
        graph.add((said, RDF.type, kind))
        graph.add((said, CG.comparedWith, other))
        graph.add((said, URIRef(PREFIXES["sssom"] + "confidence"), Literal("0.7", datatype=XSD.decimal)))
    graph.add((LIKE, CG.relation, CONCEPT))
    return graph, describe_statement(graph, NAMES, (ELEMENT, CG.topic, CONCEPT), passage=PASSAGE, by="me")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The subclass relations of the ontology, which are all that the shapes need of it."""
    hierarchy = Graph()
    for triple in read_ontology(resource("ontology")).triples((None, RDFS.subClassOf, None)):
        hierarchy.add(triple)
    return hierarchy


def findings(graph: Graph, ontology: Graph) -> list[Finding]:
    dataset = Dataset()
    for name, part in (("plan", graph), ("ontology", ontology)):
        target = dataset.graph(URIRef(NAMES.graph(name)))
        for triple in part:
            target.add(triple)
    data = merged_graph(dataset)
    return findings_of(validate(data, known_shapes()), data, NAMES)


def codes(graph: Graph, ontology: Graph) -> set[str]:
    return {finding.code for finding in findings(graph, ontology)}


def test_a_sound_graph_has_nothing_wrong(ontology: Graph) -> None:
    assert codes(valid_graph()[0], ontology) == set()


STATEMENT = valid_graph()[1]
PROLOGUE = f"""BASE <{NAMES.id("")}> PREFIX cg: <{CG}> PREFIX prov: <{PROV}> PREFIX some: <{ONTOLOGY}/some#>
    PREFIX rdf: <{RDF}> PREFIX sssom: <{PREFIXES["sssom"]}> PREFIX xsd: <{XSD}> """
NAMED = {"like": LIKE, "unlike": UNLIKE, "statement": STATEMENT, "other": OTHER}


def with_prologue(text: str) -> str:
    """A text of a table as SPARQL or Turtle, with a prologue, and with IRIs in place of the names in `NAMED`."""
    return PROLOGUE + re.sub(r"<(like|unlike|statement|other)>", lambda name: NAMED[name[1]].n3(), text)


def single_value_cases() -> Iterator[tuple[Node, Node, Node, str]]:
    for *terms, code in rows_of("once", "checks"):
        [(subject, predicate, another)] = Graph().parse(data=with_prologue(f"{' '.join(terms)} ."), format="turtle")
        yield subject, predicate, another, code


ONCE = list(single_value_cases())


def failed_checks(graph: Graph, ontology: Graph) -> set[tuple[str, Node]]:
    """The codes of the failed checks, each with its focus node."""
    return {(result.check.code, result.focus) for result in validate(graph + ontology, SHAPES)}


def test_what_must_be_there_once(ontology: Graph) -> None:
    """Two values are a defect, and so is a missing one. One property of each subject is removed at a time."""
    graph, _ = valid_graph()
    for subject, predicate, another, _ in ONCE:
        graph.add((subject, predicate, another))
    assert {(code, subject) for subject, _, _, code in ONCE} <= failed_checks(graph, ontology)
    left = list(ONCE)
    while left:
        turn = {subject: (predicate, code) for subject, predicate, _, code in left}
        left = [each for each in left if turn[each[0]][0] != each[1]]
        graph, _ = valid_graph()
        for subject, (predicate, _) in turn.items():
            graph.remove((subject, predicate, None))
        assert failed_checks(graph, ontology) == {(code, subject) for subject, (_, code) in turn.items()}


DEFECTS = rows_of("readings_defects", "checks")


def test_defects_made_on_purpose(ontology: Graph) -> None:
    for change, code in DEFECTS:
        graph, _ = valid_graph()
        graph.update(with_prologue(change))
        assert codes(graph, ontology) == {code}


def test_both_engines_find_the_same(ontology: Graph, caplog: pytest.LogCaptureFixture) -> None:
    """The fast engine and pySHACL find the same; `cli/test_check.py` compares them on whole plans."""
    caplog.set_level("CRITICAL")  # rdflib complains of dates that are wrong on purpose
    graph, _ = valid_graph()
    for change, _ in DEFECTS:
        graph.update(with_prologue(change))
    graph.remove((ELEMENT, CG.delay, MONTHS))  # rdflib would write it otherwise in the report that it reads
    for subject, predicate, _, _ in ONCE[::2]:
        graph.remove((subject, predicate, None))
    graph += ontology
    graph.add((ELEMENT, RDF.type, CG.Activity))
    found = set(validate(graph, SHAPES))
    assert found == set(results_in(reference_report(plain(graph), SHAPES.graph), SHAPES))
    assert len({result.check.code for result in found}) > 20


def test_words_of_findings_on_readings(ontology: Graph) -> None:
    graph, _ = valid_graph()
    graph.remove((STATEMENT, CG.passage, None))
    graph.add((STATEMENT, DCTERMS.source, URIRef("https://example.org/page")))
    assert codes(graph, ontology) == set(), "a statement may rest on a source"
    graph.set((SECOND, CG.exact, Literal("ACNUR")))
    [finding] = findings(graph, ontology)
    assert (finding.code, finding.location.element) == ("passage-extent", str(SOURCE))
    assert finding.location.passage == str(SECOND)
    assert "“ACNUR”" in finding.statement_en
    assert "«ACNUR»" in finding.statement_es
    graph, _ = valid_graph()
    graph.remove((PARTICIPATION, CG.role, None))
    [finding] = findings(graph, ontology)
    assert (finding.location.element, finding.location.exact) == (str(ELEMENT), "OIM")
    assert finding.statement_en == "the participation that is read in “OIM” must have exactly one role."
