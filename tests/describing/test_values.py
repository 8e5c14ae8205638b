"""Topics, groups, times, places, meetings and statuses: each a triple, and a statement that says where it is read."""

from pathlib import Path

import pytest
from rdflib import PROV, RDF, XSD, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.statements import RECOGNISER
from crmgraph.describing.times import planned_times
from crmgraph.describing.values import TABLES
from crmgraph.describing.vocabulary import CG, STATUS
from crmgraph.errors import TableError
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source
from crmgraph.resources import resource
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

SENTENCE = "Retorno de niños desde junio 2003"
PLAN = made_plan(("Tema", "1. Uno", "1.1 Acción", f"1.1.1 {SENTENCE}", "1.1.1.1 Pendiente"))
HEADER = "element,property,value,confidence,quote,occurrence,annotator\n"


def thing(path: str) -> URIRef:
    return URIRef(NAMES.id(*path.split("/")))


ELEMENT = thing("plan/made/t/1.1.1")
ENTRY = thing("plan/made/t/1.1.1.1")


@pytest.fixture
def background(tmp_path: Path) -> Background:
    return made_background(tmp_path)


def describe(background: Background, plan: Plan = PLAN) -> Graph:
    return describe_plan(plan, background).graph(URIRef(NAMES.graph("plan", "made")))


def activity(text: str) -> Plan:
    return made_plan(("Tema", "1. Uno", "1.1 Acción", f"1.1.1 {text}", "1.1.1.1 Pendiente"))


def times(graph: Graph) -> set[tuple[str, str, str]]:
    """What the graph says of times: the property, the value, and the name of who read it."""
    found = set()
    for statement in graph.subjects(RDF.type, CG.Statement):
        predicate, literal = graph.value(statement, CG.predicate), graph.value(statement, CG.literal)
        if literal is not None:
            assert (graph.value(statement, CG.subject), predicate, literal) in graph
            reader = str(graph.value(statement, PROV.wasAttributedTo)).rpartition("/")[2]
            found.add((str(predicate).rpartition("#")[2], str(literal), reader))
    return found


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
    write_annotations(background, table, f"{HEADER}t/1.1.1,{name},{cell},,desde junio 2003,,me\n")
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
    rows = "t/1.1.1,topic,return,,Retorno,,me\nt/1.1.1,topic,return,,niños,,me\n"
    write_annotations(background, "topics", HEADER + rows)
    graph = describe(background)
    assert len(list(graph.triples((ELEMENT, CG.topic, None)))) == 1
    assert len(list(graph.subjects(CG.predicate, CG.topic))) == 2


def test_how_sure_the_reader_was_is_said_of_the_statement(background: Background) -> None:
    write_annotations(background, "topics", f"{HEADER}t/1.1.1,topic,return,medium,Retorno,,me\n")
    graph = describe(background)
    [statement] = graph.subjects(CG.predicate, CG.topic)
    assert graph.value(statement, CG.confidence) == URIRef(f"{ONTOLOGY}/confidence#medium")


def test_a_reader_goes_before_the_words(background: Background) -> None:
    assert list(describe(background).objects(ENTRY, CG.status)) == [STATUS.pending]
    write_annotations(background, "statuses", f"{HEADER}t/1.1.1.1,status,continuous,,Pendiente,,me\n")
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
    write_annotations(background, table, f"{HEADER}t/1.1.1,{name},{cell},,Retorno,,me\n")
    with pytest.raises(TableError) as caught:
        describe(background)
    assert f"{table}.csv, line 2, {says}" in str(caught.value)


def test_times_that_no_reader_noted_are_recognised(background: Background) -> None:
    plan = activity("Talleres durante 2010, cada seis meses, y un seminario dentro de tres años; de 2011 a 2012")
    graph = describe(background, plan)
    assert times(graph) == {
        ("date", "2010", RECOGNISER),
        ("recurrence", "P6M", RECOGNISER),
        ("delay", "P3Y", RECOGNISER),
        ("since", "2011", RECOGNISER),
        ("until", "2012", RECOGNISER),
    }
    [statement] = graph.subjects(CG.literal, Literal("2010", datatype=XSD.gYear))
    start = plan.source.text.index("durante 2010")
    assert graph.value(statement, CG.passage) == thing(f"source/made/{start}-{start + len('durante 2010')}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Taller el 30 de febrero de 2010", "30 de febrero de 2010"),
        ("Informe, 15/13/2009", "15/13/2009"),
    ],
)
def test_what_no_calendar_has_is_no_value_but_its_words_are_kept(text: str, words: str, background: Background) -> None:
    plan = activity(text)
    graph = describe(background, plan)
    assert times(graph) == set()
    start = plan.source.text.index(words)
    [passage] = graph.objects(ELEMENT, CG.impossibleDate)
    assert passage == thing(f"source/made/{start}-{start + len(words)}")


def test_a_period_that_ends_before_it_begins_is_told_as_it_stands(background: Background) -> None:
    graph = describe(background, activity("Talleres de 2012 a 2010"))
    assert times(graph) == {("since", "2012", RECOGNISER), ("until", "2010", RECOGNISER)}
    assert list(graph.objects(ELEMENT, CG.impossibleDate)) == []


@pytest.mark.parametrize(
    ("title", "dates"),
    [
        ("PLAN DE ACCIÓN", {}),
        ("PLAN DE ACCIÓN 2025", {"2025": "2025"}),
        ("PLAN DE ACCIÓN 2025-2026", {"2025": "2025-2026", "2026": "2025-2026"}),
        ("PLAN DE ACCIÓN\nAdoptado en Puebla, el 12 de noviembre de 2024", {"2024-11-12": "12 de noviembre de 2024"}),
        ("PLAN DE ACCIÓN HACIA LA AGENDA 2030", {}),
        ("PLAN OF ACTION FOR THE 2030 AGENDA", {}),
        ("PLAN DE ACCIÓN\nEn cumplimiento de la Ley 25.871 de 2003", {}),
        ("PLAN DE ACCIÓN DEL DECRETO 45 DEL 3 DE MAYO DE 2010", {}),
        ("PLAN OF ACTION UNDER THE MIGRATION ACT OF 2003", {}),
        ("PLAN DE ACCIÓN PARA LA AGENDA 2030, 2025-2026", {"2025": "2025-2026", "2026": "2025-2026"}),
        ("PLAN aprobado por Resolución 12 del 3 de mayo de 2022", {"2022-05-03": "3 de mayo de 2022"}),
        ("PLAN DE ACCIÓN DE LA DECLARACIÓN DE LIMA, 2022", {"2022": "2022"}),
        ("PLAN DE ACCIÓN\nAdoptado el 31 de abril de 2022", {"2022": "2022"}),
    ],
)
def test_the_dates_in_its_title_are_those_of_the_plan(
    title: str, dates: dict[str, str], background: Background
) -> None:
    cells = ("TEMAS", "OBJETIVOS", "ACCION", "ACTIVIDADES", "CALENDARIO", "Tema", "1. Uno", "1.1 Dos", "1.1.1 Tres", "")
    source = Source(f"{title}\n\n" + "".join(f"\t{cell}\n" for cell in cells))
    plan = read_plan_text(source, "made")
    graph = describe(background, plan)
    found = {}
    for statement in graph.subjects(CG.subject, thing("plan/made")):
        if (statement, CG.predicate, CG.date) in graph:
            start, _, end = str(graph.value(statement, CG.passage)).rpartition("/")[2].partition("-")
            found[str(graph.value(statement, CG.literal))] = plan.source.text[int(start) : int(end)]
    assert found == dates


def test_where_a_reader_noted_a_time_the_recogniser_says_nothing(background: Background) -> None:
    write_annotations(background, "times", f"{HEADER}t/1.1.1,date,2003,,junio 2003,,me\n")
    assert times(describe(background)) == {("date", "2003", "me")}


def test_a_reader_of_other_words_or_of_other_things_leaves_the_times_to_the_recogniser(background: Background) -> None:
    write_annotations(background, "times", f"{HEADER}t/1.1.1,recurrence,P1Y,,Retorno,,me\n")
    write_annotations(background, "topics", f"{HEADER}t/1.1.1,topic,return,,desde junio 2003,,me\n")
    assert times(describe(background)) == {("recurrence", "P1Y", "me"), ("since", "2003-06", RECOGNISER)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Seguir la Reunión del Foro de 2005", []),
        ("Seguir la Reunión del Foro de 2005, marzo 2005", []),
        ("Seguir la Reunión del Foro de 2005 (15/03/2005)", []),
        ("Seguir la Reunión del Foro de 2005 del 15 de marzo de 2005", []),
        ("Seguir la Reunión del Foro de 2005 en marzo de 2010", ["2010-03"]),
        ("Seguir la Reunión del Foro de 2005, cada seis meses", ["P6M"]),
        ("En Honduras, marzo 2005", ["2005-03"]),
    ],
)
def test_the_date_of_a_meeting_that_is_named_is_not_when_something_is_planned(
    text: str, found: list[str], background: Background
) -> None:
    seen = planned_times(activity(text), background.named, NAMES)
    assert [moment.value for _, _, moment in seen] == found


def test_the_recogniser_is_an_annotator() -> None:
    table = (resource("data") / "annotations" / "annotators.csv").read_text(encoding="utf-8")
    assert f"\n{RECOGNISER}," in table
