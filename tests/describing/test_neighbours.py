"""The part before a part, and the row that it is printed in."""

from pathlib import Path

from rdflib import URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan

BEGINNING = NAMES.id("plan", "made", "t", "")
ROWS = (
    ("Tema", "1. Uno", "1.1 Acción\n\n1.3 Otra", "1.1.2 Dos\n\nSin número\n\n1.1.1 Uno", "1.1.2.1 Continuo"),
    ("", "2. Dos", "2.1 Acción", "1.1.3 Fuera de su fila\n\n2.1.1 Tres", "2.1.1.1 Continuo"),
    ("", "", "", "2.1.2 Sigue", "2.1.2.1 Continuo"),
    ("Tercero", "1. Uno", "1.1 Acción", "", ""),
)


def pairs(folder: Path, predicate: URIRef) -> set[tuple[str, str]]:
    graph = describe_plan(made_plan(*ROWS), made_background(folder)).graph(URIRef(NAMES.graph("plan", "made")))
    return {
        (str(one).removeprefix(BEGINNING), str(other).removeprefix(BEGINNING))
        for one, other in graph.subject_objects(predicate)
    }


def test_each_numbered_part_follows_the_one_of_its_kind_before_it(tmp_path: Path) -> None:
    assert pairs(tmp_path, CG.follows) == {
        ("2", "1"), ("1.3", "1.1"), ("1.1.1", "1.1.2"), ("1.1.3", "1.1.1"), ("2.1.2", "2.1.1"),
    }  # fmt: skip


def test_only_what_belongs_to_another_objective_says_in_whose_row_it_is(tmp_path: Path) -> None:
    assert pairs(tmp_path, CG.inRowOf) == {("1.1.3", "2")}
