"""Acronyms: which words are some, which thing each stands for, and where the plan spells it out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.acronyms import find_acronyms
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan


def letters(text: str) -> list[str]:
    return [acronym.letters for acronym in find_acronyms(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Solicitar a la OIM un informe", ["OIM"]),
        ("Participación de la PPT/ST en la CSM, la CEAM,  etc.", ["PPT", "ST", "CSM", "CEAM"]),
        ("con ONG’s interesadas, ONGs y ONG's", ["ONG", "ONG", "ONG"]),
        ("la XIV CRM en Guatemala", ["CRM"]),
        ("LOS DERECHOS HUMANOS", []),
        ("la Red y A. de Cosas", []),
        ("el informe OIM2 y la norma A-B", []),
        ("las siglas OIM", ["OIM"]),
        ("Según la ÓRBITA", ["ÓRBITA"]),
    ],
)
def test_which_words_are_acronyms(text: str, found: list[str]) -> None:
    assert letters(text) == found


@given(st.text(max_size=200))
def test_each_stands_where_it_says(text: str) -> None:
    for acronym in find_acronyms(text):
        assert text[acronym.start : acronym.end].startswith(acronym.letters)
        assert acronym.letters.isupper()


def described(folder: Path, *texts: str) -> Graph:
    cells = "\n\n".join(f"1.1.{number} {text}" for number, text in enumerate(texts, 1))
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción", cells, ""))
    return describe_plan(plan, made_background(folder)).graph(URIRef(NAMES.graph("plan", "made")))


def acronym(name: str) -> URIRef:
    return URIRef(NAMES.id("plan", "made", "acronym", name))


def test_it_is_there_once_by_its_first_use_with_the_thing_it_stands_for(tmp_path: Path) -> None:
    graph = described(tmp_path, "Pedir a la OIM", "La OIM informa")
    assert list(graph.subjects(RDF.type, CG.Acronym)) == [acronym("OIM")]
    assert graph.value(acronym("OIM"), CG.firstUsedIn) == URIRef(NAMES.id("plan", "made", "t", "1.1.1"))
    assert graph.value(acronym("OIM"), CG.standsFor) == URIRef(NAMES.id("actor", "oim"))
    assert graph.value(acronym("OIM"), CG.spelledOutIn) is None


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("Pedir a la OIM", "La Organización Mundial informa"), "OIM"),
        (("La Comisión de Estudios (CE) informa", "La CE vota"), "CE"),
        (("La CE vota", "El Centro para la Educación (CE) informa"), "CE"),
    ],
)
def test_it_is_spelled_out_wherever_the_plan_says_its_name(texts: tuple[str, ...], name: str, tmp_path: Path) -> None:
    assert described(tmp_path, *texts).value(acronym(name), CG.spelledOutIn) is not None


def test_other_words_before_a_bracket_do_not_spell_it_out(tmp_path: Path) -> None:
    graph = described(tmp_path, "La Secretaría informa (CE) y vota")
    assert graph.value(acronym("CE"), CG.spelledOutIn) is None
    assert graph.value(acronym("CE"), CG.standsFor) is None
