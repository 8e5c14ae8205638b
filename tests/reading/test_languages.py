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


HEADINGS = {
    "en": ("Theme", "Objective", "Action", "Activity", "Schedule"),
    "fr": ("Thème", "Objectif", "Action", "Activité", "Calendrier"),
    "es": ("Tema", "Objetivo", "Acción", "Actividad", "Calendario"),
    "pt": ("Tema", "Objetivo", "Ação", "Atividade", "Cronograma"),
}


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["Borders", "Do a risk assessment", "Do a review"], "en"),
        (["Act", "y", "x"], "en"),
        (["Asile", "Accès", "Former", "en continu"], "fr"),
        (["Trata", "On demand", "do"], "es"),
        (["Dos oficinas", "de las redes"], "pt"),
    ],
)
def test_headings_in_one_language_count_for_more_than_a_few_small_words(texts: list[str], language: str) -> None:
    assert language_of(texts, HEADINGS[language]) == language


@pytest.mark.parametrize(
    ("headings", "language"),
    [
        (("Theme / Tema", "Objective", "Action / Acción", "Activity"), "en"),
        (("Pillar", "Objective", "Responsible"), "en"),
        (("Eje", "Objetivo", "Plazo"), "es"),
        (("Tema", "Objective"), "es"),
    ],
)
def test_headings_in_two_languages(headings: tuple[str, ...], language: str) -> None:
    assert language_of(["de la red"], headings) == language


def test_many_small_words_count_for_more_than_headings() -> None:
    assert (
        language_of(["Celebrar reuniones de la red y dar cuenta de los acuerdos a las partes"] * 3, HEADINGS["en"])
        == "es"
    )


@given(st.lists(st.text()))
def test_it_is_one_of_four(texts: list[str]) -> None:
    assert language_of(texts) in {"es", "en", "fr", "pt"}
