import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.languages import language_of


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["Hold meetings of the network", "and report to it"], "en"),
        (["Celebrar reuniones de la red", "y dar cuenta"], "es"),
        (["Pedir a la International Organization for Migration un informe sobre la trata"], "es"),
        (["Ask the Secretaría de Gobernación for the report on trafficking in persons"], "en"),
        (["Tema", "1. Uno"], "es"),
        (["NO A LA TRATA DE PERSONAS"], "es"),
        (["Tema", "2. Dos"], "es"),
        (["1.1.1 Dos talleres", "Dos informes"], "es"),
        (["Oficina dos países", "Os vistos"], "pt"),
        (["Faciliter la mobilité", "Renforcer les capacités des États pour la gestion des migrations"], "fr"),
        (["Reforçar as capacidades dos Estados", "Reuniões da rede e do comité"], "pt"),
        (["THEMES", "OBJECTIVES", "Safer borders"], "en"),
        (["THÈMES", "OBJECTIFS", "Frontières"], "fr"),
        (["Temas", "Ações", "Fronteiras"], "pt"),
        (["No.", "Objective", "No.", "Action", "Radio spots"], "en"),
        (["Protección e integración", "Albergues e información"], "es"),
        (["Formación", "Capacitación", "Dos manuales"], "es"),
        (["Proteção e integração", "Abrigos e informação"], "pt"),
        ([], "es"),
    ],
)
def test_the_language_of_a_plan(texts: list[str], language: str) -> None:
    assert language_of(texts) == language


@given(st.lists(st.text()))
def test_it_is_one_of_four(texts: list[str]) -> None:
    assert language_of(texts) in {"es", "en", "fr", "pt"}
