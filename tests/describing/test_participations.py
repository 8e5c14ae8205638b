"""Participations and uses of instruments: each with its agent or instrument, capacity, words and reader."""

from pathlib import Path

import pytest
from rdflib import PROV, RDF, RDFS, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from crmgraph.namespaces import ONTOLOGY
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

PLAN = made_plan(
    ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Honduras acoge, la OIM informa según el Memorándum", "1.1.1.1 Continuo"),
)
ELEMENT = URIRef(NAMES.id("plan/made/t/1.1.1"))
PARTICIPATIONS = "element,agent,role,confidence,quote,occurrence,annotator\n"
USES = "element,instrument,use,confidence,quote,occurrence,annotator\n"


@pytest.fixture
def background(tmp_path: Path) -> Background:
    return made_background(tmp_path)


def describe(background: Background) -> Graph:
    return describe_plan(PLAN, background).graph(URIRef(NAMES.graph("plan", "made")))


def words(graph: Graph, node: URIRef) -> str:
    [passage] = graph.objects(node, CG.passage)
    start, _, end = str(passage).rpartition("/")[2].partition("-")
    return PLAN.source.text[int(start) : int(end)]


def test_a_participation(background: Background) -> None:
    rows = "t/1.1.1,actor/oim,reports,,OIM informa,,me\nt/1.1.1,country/HND,hosts,,Honduras acoge,,me\n"
    write_annotations(background, "participations", PARTICIPATIONS + rows)
    graph = describe(background)
    first, second = (URIRef(f"{ELEMENT}/participation-{n}") for n in (1, 2))
    assert set(graph.objects(ELEMENT, CG.participation)) == {first, second}
    assert (first, CG.agent, URIRef(NAMES.id("country", "HND"))) in graph, "numbered in the order of the text"
    assert words(graph, second) == "OIM informa"
    assert set(graph.predicate_objects(second)) - {(CG.passage, graph.value(second, CG.passage))} == {
        (RDF.type, CG.Participation),
        (CG.agent, URIRef(NAMES.id("actor", "oim"))),
        (CG.role, URIRef(f"{ONTOLOGY}/participation-role#reports")),
        (PROV.wasAttributedTo, URIRef(NAMES.id("annotator", "me"))),
        (RDFS.label, Literal("OIM: informa", "es")),
        (RDFS.label, Literal("IOM: reports", "en")),
    }


def test_how_surely_a_participation_was_read(background: Background) -> None:
    write_annotations(
        background, "participations", f"{PARTICIPATIONS}t/1.1.1,actor/oim,reports,medium,OIM informa,,me\n"
    )
    node = URIRef(f"{ELEMENT}/participation-1")
    assert describe(background).value(node, CG.confidence) == URIRef(f"{ONTOLOGY}/confidence#medium")


def test_how_surely_a_use_was_read(background: Background) -> None:
    write_annotations(background, "instrument-uses", USES + "t/1.1.1,mou,cited,low,según el Memorándum,,me\n")
    node = URIRef(f"{ELEMENT}/instrument-use-1")
    assert describe(background).value(node, CG.confidence) == URIRef(f"{ONTOLOGY}/confidence#low")


def test_the_use_of_an_instrument(background: Background) -> None:
    write_annotations(background, "instrument-uses", USES + "t/1.1.1,mou,cited,,según el Memorándum,,me\n")
    graph = describe(background)
    [use] = graph.objects(ELEMENT, CG.instrumentUse)
    assert use == URIRef(f"{ELEMENT}/instrument-use-1")
    assert words(graph, URIRef(str(use))) == "según el Memorándum"
    assert (use, RDF.type, CG.InstrumentUse) in graph
    assert graph.value(use, CG.instrument) == URIRef(NAMES.id("instrument", "mou"))
    assert graph.value(use, CG.use) == URIRef(f"{ONTOLOGY}/instrument-use#cited")
    assert graph.value(use, PROV.wasAttributedTo) == URIRef(NAMES.id("annotator", "me"))
    assert {str(label) for label in graph.objects(use, RDFS.label)} == {
        "Memorándum de Puebla: se cita",
        "Puebla Memorandum: is cited",
    }


@pytest.mark.parametrize(
    ("rows", "relied"),
    [
        ("t/1.1.1,mou,cited,,el Memorándum,,me\n", 1),
        ("t/1.1.1,mou,drawn-up,,el Memorándum,,me\n", 0),
        ("t/1.1.1,mou,drawn-up,,el Memorándum,,me\nt/1.1.1,mou,cited,,según el Memorándum,,me\n", 0),
        ("t/1.1,mou,drawn-up,,Acción,,me\nt/1.1.1,mou,cited,,según el Memorándum,,me\n", 1),
    ],
)
def test_an_element_relies_only_on_what_it_takes_to_exist(rows: str, relied: int, background: Background) -> None:
    write_annotations(background, "instrument-uses", USES + rows)
    graph = describe(background)
    assert len(set(graph.subject_objects(CG.instrument))) == rows.count("\n")
    found = list(graph.subject_objects(CG.instrumentReliedOn))
    assert [instrument for _, instrument in found] == [URIRef(NAMES.id("instrument", "mou"))] * relied


def test_the_order_of_the_rows_makes_no_difference(background: Background) -> None:
    rows = [
        f"t/1.1.1,{agent},{role},,la OIM informa,,me\n"
        for agent in ("actor/oim", "country/HND")
        for role in ("hosts", "reports")
    ]
    write_annotations(background, "participations", PARTICIPATIONS + "".join(rows))
    one = set(describe(background))
    write_annotations(background, "participations", PARTICIPATIONS + "".join(reversed(rows)))
    assert set(describe(background)) == one


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "participations",
            PARTICIPATIONS + "t/1.1.1,actor/x,hosts,,OIM,,me\n",
            "column 2: agent: no table has actor/x",
        ),
        ("participations", PARTICIPATIONS + "t/1.1.1,place/vancouver,hosts,,OIM,,me\n", "column 2: agent: "),
        ("participations", PARTICIPATIONS + "t/1.1.1,oim,hosts,,OIM,,me\n", "is not a path such as actor/oim"),
        ("participations", PARTICIPATIONS + "t/1.1.1,actor/oim,cited,,OIM,,me\n", "column 3: role: the vocabulary"),
        ("instrument-uses", USES + "t/1.1.1,oim,cited,,OIM,,me\n", "column 2: instrument: no table has instrument/oim"),
        (
            "instrument-uses",
            USES + "t/1.1.1,mou,hosts,,OIM,,me\n",
            "column 3: use: the vocabulary instrument-use has no",
        ),
        ("instrument-uses", PARTICIPATIONS, "the header has agent where instrument belongs"),
    ],
)
def test_a_wrong_row(name: str, text: str, says: str, background: Background) -> None:
    write_annotations(background, name, text)
    with pytest.raises(TableError) as caught:
        describe(background)
    assert says in str(caught.value)
    assert f"{name}.csv" in str(caught.value)
