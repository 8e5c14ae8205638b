"""Sentences that a plan says more than once."""

from pathlib import Path

from rdflib import URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan

BEGINNING = NAMES.id("plan", "made", "")


def repeated(folder: Path, *rows: tuple[str, str, str, str, str]) -> set[tuple[str, str]]:
    graph = describe_plan(made_plan(*rows), made_background(folder)).graph(URIRef(NAMES.graph("plan", "made")))
    return {
        (str(one).removeprefix(BEGINNING), str(other).removeprefix(BEGINNING))
        for one, other in graph.subject_objects(CG.repeats)
    }


def test_each_repeats_the_first_case_accents_and_a_stop_aside(tmp_path: Path) -> None:
    activities = "1.1.1 Informar a la Red\n\n1.1.2 informar a la red.\n\n1.1.3 Informar  a la RED"
    rows = [("Tema", "1. Uno", "1.1 Acción", activities, ""), ("", "2. Dos", "2.1 Otra", "2.1.1 Ínformar a la Red", "")]
    assert repeated(tmp_path, *rows) == {("t/1.1.2", "t/1.1.1"), ("t/1.1.3", "t/1.1.1"), ("t/2.1.1", "t/1.1.1")}


def test_few_words_another_kind_or_a_schedule_are_no_repetition(tmp_path: Path) -> None:
    rows = [
        ("Tema", "1. Reunir a todos", "1.1 Reunir a todos", "1.1.1 Talleres", "1.1.1.1 Continuo, cada dos años"),
        ("", "2. Dos", "2.1 Otra", "2.1.1 Talleres", "2.1.1.1 Continuo, cada dos años"),
    ]
    assert repeated(tmp_path, *rows) == set()
