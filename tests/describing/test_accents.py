"""Words that lack their accent in any sense: which they are, and where the plan first has each."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.accents import bare_words
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PLAN DE ACCION", ["ACCION"]),
        ("accion, Comision. GESTION", ["accion", "Comision", "GESTION"]),
        ("acción, ACCIO\u0301N, comisión, gestión", []),
        ("WWW.MIGRACION.GOB y migracion@gob.ni", []),
        ("acciones, comisiones, gestiones", []),
        ("Commission, mission, Organization, region, revision, union, guion, cuestion, mas, publica", []),
        ("indigestion, congestion, cion, mision", []),
        ("una participación mas activa, no mas de dos, cada vez\u00a0mas", ["mas", "mas"]),
        ("una  mas  activa, otra\nmas amplia", ["mas", "mas"]),
        (
            "Para cada reunión, los países miembros suministraran datos.  La OIM preparara una matriz",
            ["suministraran", "preparara"],
        ),
        ("La OIM prepara una matriz y los países miembros declaran sus datos, las partes separan lo suyo", []),
        ("Si lo piden, los países miembros suministraran datos. Que la OIM preparara una matriz bastaba", []),
        ("La OIM pidió a los países que suministraran datos; la primera cuchara de plata, la Guadalajara de hoy", []),
        (
            "Se publicara el informe. El comité se reunira en mayo. Realizaran un taller. Se hara más y Habra menos",
            ["publicara", "reunira", "Realizaran", "hara"],
        ),
        ("Habra talleres, las oficinas tendran internet, que podran usar", ["Habra", "tendran", "podran"]),
        (
            "Será lo que sera; seran, estaran, deberan, establecera, contribuira, correspondera, promovera",
            ["sera", "seran", "estaran", "deberan", "establecera", "contribuira", "correspondera", "promovera"],
        ),
        ("La primera manera, la carretera entera espera; opera, genera y considera la cabecera de la frontera", []),
        ("Retira y admira la mentira; respira, aspira, gira, tira, inspira, expira y estira mil lempira", []),
        ("Si fuera, hiciera o tuviera; quisiera que preparara, como publicara; la vera, la cabra, el Sera y Dara", []),
        ("Que los países informaran; suministraran datos y se preparara todo. Se reunira\u0301, reunira\u0301n", []),
        ("La Comisio\u0301n de Agua preparara un plan. Caro mas tambie\u0301n bueno, mas jama\u0301s", ["preparara"]),
        ("Prepara un taller. Comparan datos. Guadalajara es grande. Se declara y se separan", []),
        ("Traducir el manual «La gestion des eaux» del francés, y “The accion of the mision”", []),
        ("Traducir el manual «La gestion del agua»", ["gestion"]),
        ("Es barato mas no bueno, y mas sí, mas nunca, pero mas caro", ["mas"]),
        ("mas no basta; quiso, mas no pudo. Mas otros, el MAS dijo, masivo, los demas", []),
    ],
)
def test_which_words_they_are(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in bare_words(text)] == words


@given(st.text())
def test_each_is_in_the_text(text: str) -> None:
    for start, end in bare_words(text):
        assert text[start:end].lower().endswith(("ion", "mas", "ra", "ran"))


def told(graph: Graph, tmp: str = "made") -> set[tuple[str, str]]:
    root = NAMES.id("plan", tmp)
    return {
        (str(element).removeprefix(root).lstrip("/"), str(passage).rpartition("/")[2])
        for element, passage in graph.subject_objects(CG.unaccentedWord)
    }


def described(folder: Path, activity: str) -> Graph:
    plan = made_plan(("Tema", "1. Uno", "1.1 Hacer", f"1.1.1 {activity}", "1.1.1.1 Continuo"))
    return describe_plan(plan, made_background(folder)).graph(URIRef(NAMES.graph("plan", "made")))


def test_the_heading_counts_as_the_plan_and_each_word_once(tmp_path: Path) -> None:
    elements = [element for element, _ in told(described(tmp_path, "Una gestion para la accion y otra gestion"))]
    assert sorted(elements) == ["", "", "t/1.1.1"], "ACCION and IMPLEMENTACION in the headings, gestion below"


def test_a_name_without_accents_tells_it(tmp_path: Path) -> None:
    before = told(described(tmp_path, "Pedir un informe"))
    assert len(told(described(tmp_path, "Pedir a la Organizacion Mundial un informe"))) == len(before)
    assert len(told(described(tmp_path, "Pedir a la Organizacion un informe"))) == len(before) + 1


def test_a_plan_in_english_has_none(tmp_path: Path) -> None:
    assert told(described(tmp_path, "Hold the meetings of the comision and report on it to the members")) == set()
