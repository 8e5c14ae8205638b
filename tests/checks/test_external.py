"""External graphs: they may describe their own resources, and must not change those of the dataset."""

import pytest
from pyoxigraph import Store
from rdflib import OWL, RDF, RDFS, SKOS, Dataset, Graph, Namespace, URIRef

from crmgraph.checks.findings import Finding, Location
from crmgraph.checks.plans import TERMS, add_external, check_external_graph, check_findings
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.namespaces import PREFIXES, Names
from tests.support.dataset import stated
from tests.support.phrases import rows_of

E = Namespace("http://e/")
NAMES = Names()
PREFIXES_OF_GUESTS = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + (
    "@prefix : <http://e/> . @prefix country: <https://w3id.org/crmgraph/id/country/> .\n"
    "@prefix process: <https://w3id.org/crmgraph/id/process/> .\n"
    "@prefix objective: <https://w3id.org/crmgraph/id/plan/crm/pgm/> .\n"
)


def external_graph(text: str) -> Graph:
    """The external graph in a Turtle text. Blank nodes are replaced by IRIs, as when a file is imported."""
    graph = Graph().parse(data=PREFIXES_OF_GUESTS + text, format="turtle")
    return graph.skolemize(authority="https://w3id.org/", basepath="/crmgraph/id/plan/guest/node-")


@pytest.fixture(scope="module")
def real(store: Store) -> Dataset:
    """The asserted triples of the dataset, without external graphs."""
    return stated(store)


CASES = rows_of("graphs_of_others", "checks")
"""Pairs of an external graph in Turtle and the reason for its rejection, which is empty if it is accepted."""


def test_what_would_change_something_is_refused(real: Dataset) -> None:
    wrong = []
    for text, said in (case for case in CASES if case[1]):
        try:
            check_external_graph(external_graph(text), {}, real, "guest", NAMES)
            told = "it is taken"
        except UsageError as refused:
            told = str(refused)
        if said not in told or "guest" not in told:
            wrong.append((text, told))
    assert wrong == []


def test_what_changes_nothing_is_taken(real: Dataset) -> None:
    """All cases at once, each with things of its own."""
    taken = (text for text, said in CASES if not said)
    graph = external_graph("".join(f"@prefix : <http://e/{number}/> .\n{text}\n" for number, text in enumerate(taken)))
    for subject, name, _ in check_external_graph(graph, {}, real, "guest", NAMES)[0]:
        assert next(real.quads((subject, None, None, None)), None) is None or name in TERMS["inverses"], subject


def test_addresses() -> None:
    """The IRIs of a graph's own resources contain its id; other IRIs of the dataset are rejected."""
    for path in ("plan/guest", "plan/guest/1", "plan/guest#a", "source/guest/1-2", "statement/0123456789ab"):
        check_external_graph(external_graph(f"<{NAMES.base}id/{path}> rdfs:label 'x' ."), {}, Dataset(), "guest", NAMES)
    check_external_graph(
        external_graph(f"<{NAMES.base}graph/plan/guest> rdfs:label 'x' ."), {}, Dataset(), "guest", NAMES
    )
    ours = ("id/actor/new", "id/plan/gcm/new", "id/plan/guests/1", "id/plan/", "graph/plan/crm", "id/statement/guest")
    for path in ours:
        with pytest.raises(UsageError, match="has an address as things of others have here"):
            check_external_graph(
                external_graph(f"<{NAMES.base}{path}> rdfs:label 'x' ."), {}, Dataset(), "guest", NAMES
            )


def test_graphs_of_others_do_not_mix_with_one_another() -> None:
    one = external_graph(":x a skos:Concept .")
    for text in (":x rdfs:label 'y' .", ":y owl:sameAs :x .", ":y :p :x .", ":p a owl:FunctionalProperty . :y :p :x ."):
        with pytest.raises(UsageError, match=r"the graph (one|two)"):
            add_external({"one": one, "two": external_graph(text)}, Dataset(), NAMES)
    dataset = Dataset()
    add_external({"one": one, "two": external_graph(":y skos:exactMatch :x .")}, dataset, NAMES)
    assert (E.y, SKOS.exactMatch, E.x) in dataset.graph(URIRef(NAMES.graph("plan", "two")))


def test_of_each_property_between_things_it_is_decided_whether_others_may_use_it(real: Dataset) -> None:
    """A new object property of the ontology must be in one of the lists of `external.yaml`."""
    terms = real.graph(URIRef(NAMES.graph("ontology")))
    things = {kind for kind in terms.subjects(RDF.type, OWL.Class) if kind in TERMS["counted"] or kind == CG.Agent}
    between = {
        name for name in terms.subjects(RDF.type, OWL.ObjectProperty) if set(terms.objects(name, RDFS.range)) & things
    }
    assert between - TERMS["links"] - TERMS["of_plans"] - TERMS["of_reference"] == set()


def test_it_is_held_to_what_holds_for_all() -> None:
    def found(element: URIRef, severity: str) -> Finding:
        return Finding("no-words", severity, Location(str(element)), None, "no", "no")

    check_findings([found(E.own, "warning")], "guest")
    with pytest.raises(UsageError, match=r"the graph guest is not as it says: http://e/own: no \(no-words\)$"):
        check_findings([found(E.own, "violation")], "guest")
    with pytest.raises(UsageError, match="and 2 more"):
        check_findings([found(E[str(n)], "violation") for n in range(5)], "guest")
