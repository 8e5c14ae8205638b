"""The names in the cells that say who does something, in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.extraction.agents import find_agents

SIGNS = {None: "", "responsible": "R: ", "supporting": "S: "}


def said(text: str) -> str:
    """Return the names in a cell, each after R or S where the cell states its role."""
    return " | ".join(SIGNS[agent.role] + " ".join(agent.name.split()) for agent in find_agents(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ministry of Works and Transport; UNDP", "Ministry of Works and Transport | UNDP"),
        ("Ministry of Youth, Sport and Culture, WHO", "Ministry of Youth, Sport and Culture | WHO"),
        ("Ministry of Women and Community Development", "Ministry of Women and Community Development"),
        ("Trinidad and Tobago and Jamaica", "Trinidad and Tobago | Jamaica"),
        ("Embassies of Ghana and Togo", "Embassies of Ghana and Togo"),
        ("Ministry of Health and trade unions", "Ministry of Health | trade unions"),
        ("Border Agency and the Treasury / FAO", "Border Agency | the Treasury | FAO"),
        ("Ministry of Interior/Home Affairs", "Ministry of Interior/Home Affairs"),
        ("The Regional Office, Nairobi", "The Regional Office, Nairobi"),
        ("Tax Authority (TA)¹, employers.", "Tax Authority (TA) | employers"),
        ("Ministerio de Ciencia, Innovación y Universidades", "Ministerio de Ciencia, Innovación y Universidades"),
        ("FAO, PMA y la Cancillería", "FAO | PMA | la Cancillería"),
        ("Direcciones y oficinas de Planificación", "Direcciones y oficinas de Planificación"),
        ("MINISTERIO DE TRABAJO Y SALUD", "MINISTERIO DE TRABAJO Y SALUD"),
        ("FAO/PMA", "FAO/PMA"),
        ("FAO/PMA/OPS", "FAO | PMA | OPS"),
        ("Ministère du Plan, de l’Eau et de l’Énergie ; BAD", "Ministère du Plan, de l’Eau et de l’Énergie | BAD"),
        ("Préfecture et organisations paysannes", "Préfecture | organisations paysannes"),
        ("Ministério da Cultura e do Turismo e a Câmara", "Ministério da Cultura e do Turismo | a Câmara"),
        ("São Tomé e Príncipe e Angola", "São Tomé e Príncipe | Angola"),
        ("• FAO\n• Ministry of\nJustice\n3. states", "FAO | Ministry of Justice | states"),
        ("1) FAO 2) OPS", "FAO | OPS"),
    ],
)
def test_names_are_divided(text: str, names: str) -> None:
    assert said(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lead: Treasury. Support: WHO, FAO", "R: Treasury | S: WHO | S: FAO"),
        ("Police (lead)\nCustoms – support", "R: Police | S: Customs"),
        ("Treasury with support from WHO and the Police", "Treasury | S: WHO | S: the Police"),
        ("Treasury, jointly with WHO", "Treasury | WHO"),
        ("Working Group, convened by Fiji; WHO (to be confirmed)", "Working Group | WHO"),
        ("Cancillería (con apoyo de la OPS)", "Cancillería | S: la OPS"),
        ("Responsable: Aduanas\nApoyo: FAO e INTERPOL", "R: Aduanas | S: FAO | S: INTERPOL"),
        ("Aduanas en coordinación con la Red", "Aduanas | S: la Red"),
        ("Chef de file : Douane. Appui : BIT", "R: Douane | S: BIT"),
        ("Douane avec l’appui du PAM et de l’UNICEF", "Douane | S: PAM | S: l’UNICEF"),
        ("Coordenação: Alfândega; Apoio: OMS", "R: Alfândega | S: OMS"),
        ("Alfândega em parceria com o Governo", "Alfândega | S: o Governo"),
    ],
)
def test_roles_of_the_cell(text: str, names: str) -> None:
    assert said(text) == names


@pytest.mark.parametrize(
    "text",
    ["", "–", "N/A", "tbd", "To be identified", "Por definir", "À déterminer", "A definir", "Idem.", "12", "(TBC)"],
)
def test_cells_that_name_nobody(text: str) -> None:
    assert said(text) == ""


PIECES = st.sampled_from(
    ["FAO", "Ministry of ", "Perú", "Trade", "red ", " and ", " y ", " e ", ", ", "/", " / ", ";", "\n", "(", ")", ". ",
     "Lead:", "Apoyo: ", " (lead)", "with support from ", ", avec ", "convened by ", "de ", "la ", "l’", "1) ", "•",
     "–", "¹", "\u0301", "\u00a0", "ﬁ", "İ", "½", "tbd"]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=40)))
def test_spans_are_in_order_and_give_the_names(text: str) -> None:
    end = 0
    for agent in find_agents(text):
        assert end <= agent.start < agent.end <= len(text)
        assert text[agent.start : agent.end] == agent.name == agent.name.strip()
        end = agent.end
