"""What happened and what is planned: kept apart, each with its time, place, people and words."""

from pathlib import Path

import pytest
from rdflib import PROV, RDF, RDFS, XSD, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

PLAN = made_plan(
    ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Seminario", "1.1.1.1 La OIM informó al Foro, Vancouver, marzo 2005"),
)
HEADER = "id,kind,element,label_es,label_en,fulfils,date,since,places,meeting,agents,quote,occurrence,annotator\n"
EVENT = URIRef(NAMES.id("event", "made", "informe"))


def thing(path: str) -> URIRef:
    return URIRef(NAMES.id(*path.split("/")))


@pytest.fixture
def background(tmp_path: Path) -> Background:
    return made_background(tmp_path)


def describe(background: Background, *rows: str) -> Graph:
    write_annotations(background, "events", HEADER + "".join(f"{row}\n" for row in rows))
    return describe_plan(PLAN, background).graph(URIRef(NAMES.graph("plan", "made")))


def test_what_happened(background: Background) -> None:
    graph = describe(
        background,
        "informe,past,t/1.1.1.1,Informe,Report,t/1.1.1|t/1.1,2005-03,2003,place/vancouver|country/HND,"
        "meeting/foro-2005,actor/oim|actor/foro,OIM informó al Foro,,me",
    )
    start = PLAN.source.text.index("OIM informó")
    assert set(graph.predicate_objects(EVENT)) == {
        (RDF.type, CG.PastEvent),
        (RDFS.label, Literal("Informe", "es")),
        (RDFS.label, Literal("Report", "en")),
        (CG.toldIn, thing("plan/made/t/1.1.1.1")),
        (CG.fulfils, thing("plan/made/t/1.1.1")),
        (CG.fulfils, thing("plan/made/t/1.1")),
        (CG.date, Literal("2005-03", datatype=XSD.gYearMonth)),
        (CG.since, Literal("2003", datatype=XSD.gYear)),
        (CG.place, thing("place/vancouver")),
        (CG.place, thing("country/HND")),
        (CG.meeting, thing("meeting/foro-2005")),
        (CG.eventAgent, thing("actor/oim")),
        (CG.eventAgent, thing("actor/foro")),
        (CG.passage, thing(f"source/made/{start}-{start + 19}")),
        (PROV.wasAttributedTo, thing("annotator/me")),
    }


def test_what_is_planned_says_no_more_than_the_text(background: Background) -> None:
    graph = describe(background, "informe,planned,t/1.1.1,Seminario,Seminar,,,,,,,Seminario,,me")
    assert set(graph.predicates(EVENT)) == {
        RDF.type, RDFS.label, CG.toldIn, CG.passage, PROV.wasAttributedTo,
    }  # fmt: skip
    assert graph.value(EVENT, RDF.type) == CG.PlannedEvent


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Informe,past,t/1,A,B,,,,,,,Uno,,me", 'column 1: id: "Informe" is not lower-case letters'),
        ("a,future,t/1,A,B,,,,,,,Uno,,me", 'column 2: kind: "future" is not past or planned'),
        ("a,past,t/1,,B,,,,,,,Uno,,me", "column 4: label_es: the cell is empty"),
        ("a,past,t/1,A,,,,,,,,Uno,,me", "column 5: label_en: the cell is empty"),
        ("a,past,t/1,A,B,t/9,,,,,,Uno,,me", "column 6: fulfils: the plan has no part t/9"),
        ("a,past,t/1,A,B,t/1,,,,,,Uno,,me", "column 6: fulfils: t/1 is no action or activity"),
        ("a,planned,t/1,A,B,t/1.1,,,,,,Uno,,me", "column 6: fulfils: what is still planned has fulfilled nothing"),
        ("a,past,t/1,A,B,,2005-13,,,,,Uno,,me", "column 7: date: no calendar has 2005-13"),
        ("a,past,t/1,A,B,,,june,,,,Uno,,me", "column 8: since: june is not a year"),
        ("a,past,t/1,A,B,,,,place/x,,,Uno,,me", "column 9: places: no table has place/x"),
        ("a,past,t/1,A,B,,,,,actor/oim,,Uno,,me", 'column 10: meeting: "actor/oim" is not a path that begins with'),
        ("a,past,t/1,A,B,,,,,,place/vancouver,Uno,,me", "column 11: agents: "),
        ("a,past,t/1,A,B,,,,,,,Dos,,me", "column 12: quote: these words are not there"),
        ("a,past,t/1,A,B,,,,,,,Uno,,me\na,past,t/1.1,C,D,,,,,,,Acción,,me", "line 3, column 1: id: a is already in"),
    ],
)
def test_a_wrong_row(row: str, says: str, background: Background) -> None:
    with pytest.raises(TableError) as caught:
        describe(background, row)
    assert says in str(caught.value)
    assert "events.csv" in str(caught.value)
