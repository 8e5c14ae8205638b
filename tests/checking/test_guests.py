"""A graph of others says what it likes of its own things, and changes nothing of anybody's."""

from collections.abc import Set

import pytest
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.checking.findings import Finding, Spot
from crmgraph.checking.guests import check_findings, check_own, check_unchanged
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.namespaces import Names

E = Namespace("http://e/")
OWN: Set[Node] = {E.own}
NAMES = Names()


def graph(*triples: tuple[Node, Node, Node]) -> Graph:
    found = Graph()
    for triple in triples:
        found.add(triple)
    return found


def test_it_may_speak_of_others_but_not_say_something_of_them() -> None:
    dataset = Dataset()
    dataset.graph(E.graph).add((E.mexico, RDFS.label, E.name))
    dataset.graph(E.graph).add((E.mexico, RDF.type, CG.State))
    check_own(graph((E.own, E.about, E.mexico)), dataset, "guest", NAMES)
    with pytest.raises(UsageError, match=r"the graph guest says something of .* http://e/mexico;"):
        check_own(graph((E.own, E.about, E.mexico), (E.mexico, E.about, E.own)), dataset, "guest", NAMES)


@pytest.mark.parametrize(
    "name", [CG.memberOf, CG.within, CG.subject, DCTERMS.isPartOf, PROV.wasRevisionOf, SKOS.inScheme, E.memberOf]
)
@pytest.mark.parametrize("kind", [CG.ConsultativeProcess, CG.Objective, CG.Statement, CG.Meeting])
def test_of_what_others_answer_for_it_may_say_only_what_links_to_it(name: URIRef, kind: URIRef) -> None:
    dataset = Dataset()
    dataset.graph(E.graph).add((E.theirs, RDF.type, kind))
    for link in (SKOS.closeMatch, RDFS.seeAlso, DCTERMS.relation, CG.mentions):
        check_own(graph((E.own, link, E.theirs)), dataset, "guest", NAMES)
    with pytest.raises(UsageError, match=r"more than a link .* <http://e/own> .* <http://e/theirs>; say it by"):
        check_own(graph((E.own, name, E.theirs)), dataset, "guest", NAMES)


@pytest.mark.parametrize(
    "path", ["id/actor/new", "id/plan/gcm/new", "id/plan/guests/1", "id/plan/", "graph/plan/crm", "id/statement/guest"]
)
def test_what_has_an_address_here_is_its_own(path: str) -> None:
    node = URIRef(NAMES.base + path)
    with pytest.raises(UsageError, match="has an address as things of others have here"):
        check_own(graph((node, RDFS.label, E.name)), Dataset(), "guest", NAMES)


@pytest.mark.parametrize(
    "path",
    [
        "id/plan/guest",
        "id/plan/guest/1",
        "id/plan/guest#a",
        "graph/plan/guest",
        "id/source/guest/1-2",
        "id/statement/0123456789ab",
    ],
)
def test_its_own_addresses_begin_with_its_name(path: str) -> None:
    check_own(graph((URIRef(NAMES.base + path), RDFS.label, E.name)), Dataset(), "guest", NAMES)


def test_nothing_of_others_is_of_a_class_of_its_own() -> None:
    theirs = graph((E.mexico, RDF.type, E.State))
    with pytest.raises(UsageError, match="something follows of what is not its own"):
        check_unchanged(theirs, theirs + graph((E.mexico, RDF.type, E.own)), OWN, ["guest"])


def test_nothing_follows_of_others_but_that_they_have_to_do_with_it() -> None:
    before = graph((E.mexico, RDF.type, E.State))
    same = graph((E.mexico, RDF.type, E.State), (E.own, RDF.type, E.Plan), (E.mexico, E.inverse, E.own))
    check_unchanged(before, same, OWN, ["guest"])
    with pytest.raises(UsageError, match=r"<http://e/mexico> .*type> <http://e/Agent>"):
        check_unchanged(before, graph((E.mexico, RDF.type, E.Agent)), OWN, ["guest"])


def test_a_text_is_the_same_in_both_ways_to_write_it() -> None:
    written = graph((E.mexico, RDFS.label, Literal("x", datatype=XSD.string)))
    check_unchanged(written, graph((E.mexico, RDFS.label, Literal("x"))), OWN, ["guest"])


def test_it_is_held_to_what_holds_for_all() -> None:
    def found(element: URIRef, severity: str) -> Finding:
        return Finding("no-words", severity, Spot(str(element)), None, "no", "no")

    check_findings([found(E.own, "warning"), found(E.other, "violation")], OWN, "guest")
    with pytest.raises(UsageError, match=r"the graph guest is not as it says: http://e/own: no \(no-words\)$"):
        check_findings([found(E.own, "violation")], OWN, "guest")
    many: Set[Node] = {E[str(n)] for n in range(5)}
    with pytest.raises(UsageError, match="and 2 more"):
        check_findings([found(URIRef(str(each)), "violation") for each in many], many, "guest")
