"""Topics, groups, times, places, meetings and statuses: each a triple, and a statement that says where it is read."""

from pathlib import Path

import pytest
from rdflib import PROV, RDF, XSD, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.values import TABLES
from crmgraph.describing.vocabulary import CG, STATUS
from crmgraph.errors import TableError
from crmgraph.namespaces import ONTOLOGY
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

SENTENCE = "Retorno de niños desde junio 2003, cada seis meses, dentro de tres años"
PLAN = made_plan(("Tema", "1. Uno", "1.1 Acción", f"1.1.1 {SENTENCE}", "1.1.1.1 Pendiente"))
HEADER = "element,property,value,quote,occurrence,annotator\n"


def thing(path: str) -> URIRef:
    return URIRef(NAMES.id(*path.split("/")))


ELEMENT = thing("plan/made/t/1.1.1")
ENTRY = thing("plan/made/t/1.1.1.1")


@pytest.fixture
def background(tmp_path: Path) -> Background:
    return made_background(tmp_path)


def describe(background: Background) -> Graph:
    return describe_plan(PLAN, background).graph(URIRef(NAMES.graph("plan", "made")))


@pytest.mark.parametrize(
    ("table", "name", "cell", "predicate", "value"),
    [
        ("topics", "topic", "return", CG.topic, URIRef(f"{ONTOLOGY}/topic#return")),
        ("population-groups", "population-group", "children", CG.populationGroup,
         URIRef(f"{ONTOLOGY}/population-group#children")),
        ("times", "date", "2010", CG.date, Literal("2010", datatype=XSD.gYear)),
        ("times", "since", "2003-06", CG.since, Literal("2003-06", datatype=XSD.gYearMonth)),
        ("times", "recurrence", "P6M", CG.recurrence, Literal("P6M", datatype=XSD.duration)),
        ("times", "delay", "P3Y", CG.delay, Literal("P3Y", datatype=XSD.duration)),
        ("times", "recurs-with", "actor/foro", CG.recursWith, thing("actor/foro")),
        ("places", "place", "place/vancouver", CG.place, thing("place/vancouver")),
        ("places", "place", "country/HND", CG.place, thing("country/HND")),
        ("meetings", "meeting", "meeting/foro-2005", CG.meeting, thing("meeting/foro-2005")),
        ("statuses", "status", "continuous", CG.status, STATUS.continuous),
    ],
)  # fmt: skip
def test_a_value_is_said_directly_and_with_its_ground(
    table: str, name: str, cell: str, predicate: URIRef, value: URIRef | Literal, background: Background
) -> None:
    write_annotations(background, table, f"{HEADER}t/1.1.1,{name},{cell},desde junio 2003,,me\n")
    graph = describe(background)
    assert list(graph.objects(ELEMENT, predicate)) == [value]
    said = set(graph.subjects(CG.predicate, predicate))
    [statement] = said & set(graph.subjects(CG.subject, ELEMENT))
    assert (statement, RDF.type, CG.Statement) in graph
    assert graph.value(statement, CG.literal if isinstance(value, Literal) else CG.object) == value
    start = PLAN.source.text.index("desde junio")
    assert graph.value(statement, CG.passage) == thing(f"source/made/{start}-{start + 16}")
    assert graph.value(statement, PROV.wasAttributedTo) == thing("annotator/me")


def test_the_same_read_in_two_places_is_two_statements(background: Background) -> None:
    rows = "t/1.1.1,topic,return,Retorno,,me\nt/1.1.1,topic,return,niños,,me\n"
    write_annotations(background, "topics", HEADER + rows)
    graph = describe(background)
    assert len(list(graph.triples((ELEMENT, CG.topic, None)))) == 1
    assert len(list(graph.subjects(CG.predicate, CG.topic))) == 2


def test_a_reader_goes_before_the_words(background: Background) -> None:
    assert list(describe(background).objects(ENTRY, CG.status)) == [STATUS.pending]
    write_annotations(background, "statuses", f"{HEADER}t/1.1.1.1,status,continuous,Pendiente,,me\n")
    graph = describe(background)
    assert list(graph.objects(ENTRY, CG.status)) == [STATUS.continuous]
    assert len(list(graph.subjects(CG.predicate, CG.status))) == 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("name", "cell", "says"),
    [
        ("colour", "red", 'column 2: property: "colour" is not one of topic, population-group'),
        ("topic", "children", "column 3: value: the vocabulary topic has no concept children"),
        ("status", "return", "column 3: value: the vocabulary status has no concept return"),
        ("date", "2010-02-30", "column 3: value: no calendar has 2010-02-30"),
        ("since", "junio 2003", "column 3: value: junio 2003 is not a year"),
        ("recurrence", "P36M", "column 3: value: P36M has 12 months or more"),
        ("delay", "3 años", "column 3: value: 3 años is not a duration"),
        ("recurs-with", "place/vancouver", 'column 3: value: "place/vancouver" is not a path that begins with actor/'),
        ("place", "place/puebla", "column 3: value: no table has place/puebla"),
        ("place", "actor/oim", 'column 3: value: "actor/oim" is not a path that begins with place/ or country/'),
        ("meeting", "foro-2005", 'column 3: value: "foro-2005" is not a path that begins with meeting/'),
    ],
)
def test_a_wrong_value(table: str, name: str, cell: str, says: str, background: Background) -> None:
    write_annotations(background, table, f"{HEADER}t/1.1.1,{name},{cell},Retorno,,me\n")
    with pytest.raises(TableError) as caught:
        describe(background)
    assert f"{table}.csv, line 2, {says}" in str(caught.value)
