"""Words that send the reader elsewhere: found in every form, and not where there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.references import find_cross_references, find_referrals, find_theme_references
from tests.support.growth import growth


@pytest.mark.parametrize(
    ("text", "words", "target"),
    [
        ("Referirse al plan de trabajo de la Red para el Combate a la Trata", None, "Red para el Combate a la Trata"),
        (
            "Talleres – referirse al plan de trabajo de cada red ",
            "referirse al plan de trabajo de cada red",
            "cada red",
        ),
        ("Continuo. referirse al plan de trabajo de la red X.", "referirse al plan de trabajo de la red X", "red X"),
        ("Véase el plan de trabajo de las redes, anexo", "Véase el plan de trabajo de las redes", "redes"),
        ("Ver los planes de trabajo del grupo (2009)", "Ver los planes de trabajo del grupo", "grupo"),
        ("REFERIRSE  AL\u00a0PLAN DE TRABAJO DE LA RED", None, "RED"),
        ("Refer to the work plan of the Network", None, "Network"),
        ("Conforme al plan de trabajo de la Red X", None, "Red X"),
        ("De acuerdo con el plan de trabajo del grupo", None, "grupo"),
        ("El detalle está en el plan de trabajo de la OIM", "está en el plan de trabajo de la OIM", "OIM"),
        ("The dates are in the work plan of IOM", "are in the work plan of IOM", "IOM"),
        ("In accordance with the work plan of each network", None, "each network"),
    ],
)
def test_referrals(text: str, words: str | None, target: str) -> None:
    [found] = find_referrals(text, 100)
    assert (found.passage.exact, found.target) == (words or text, target)
    assert text[found.passage.start - 100 : found.passage.end - 100] == found.passage.exact


@pytest.mark.parametrize(
    "text",
    [
        "Solicitar una propuesta de plan de trabajo regional",
        "Elaborar el plan de trabajo de la Red",
        "Avanzar en el plan de trabajo de la Red",
        "Aprobar conforme a la ley el plan de trabajo de la Red",
        "La red prevé ver resultados",
        "conferir al plan de trabajo de la Red su fuerza",
    ],
)
def test_no_referral(text: str) -> None:
    assert list(find_referrals(text, 0)) == []


@pytest.mark.parametrize(
    ("text", "words", "kind", "number", "theme"),
    [
        (
            "Ver objetivo 12 del tema “Políticas” de este plan",
            "Ver objetivo 12 del tema “Políticas”",
            "Objective",
            "12",
            "Políticas",
        ),
        ("Conforme al objetivo 7 de este plan", "Conforme al objetivo 7", "Objective", "7", None),
        ("Según lo previsto en 2.1.9", "Según lo previsto en 2.1.9", "Activity", "2.1.9", None),
        ("Se hará (véase 8.1)", "véase 8.1", "Action", "8.1", None),
        ("De acuerdo con la acción 3.2, reunirse", "De acuerdo con la acción 3.2", "Action", "3.2", None),
        ("Remítase al punto 5.5", "Remítase al punto 5.5", "Action", "5.5", None),
        ("Consúltese el apartado 2.1.", "Consúltese el apartado 2.1", "Action", "2.1", None),
        ("Remítanse a la acción 1.2", "Remítanse a la acción 1.2", "Action", "1.2", None),
        ("See point 3.1.", "See point 3.1", "Action", "3.1", None),
        (
            "Referirse al plan de trabajo de la Red y a la acción 1.9 de este plan",
            "Referirse al plan de trabajo de la Red y a la acción 1.9",
            "Action",
            "1.9",
            None,
        ),
        ("ver objetivo 2 del plan", "ver objetivo 2", "Objective", "2", None),
        ("Véase la acción 1.2.", "Véase la acción 1.2", "Action", "1.2", None),
        ("ver actividad 1.2.1 de este plan", "ver actividad 1.2.1", "Activity", "1.2.1", None),
        ("Ver los talleres, y ver la acción 1.1", "Ver los talleres, y ver la acción 1.1", "Action", "1.1", None),
        ("Ver esto. Ver la acción 1.1", "Ver la acción 1.1", "Action", "1.1", None),
        ("El objetivo 1: ver el objetivo 2", "ver el objetivo 2", "Objective", "2", None),
        ("Las previstas en la acción 1.9.", "previstas en la acción 1.9", "Action", "1.9", None),
        (
            "Las previstas en el objetivo 9 del tema «A»",
            "previstas en el objetivo 9 del tema «A»",
            "Objective",
            "9",
            "A",
        ),
        ("Coordinar todo (objetivo 199).", "objetivo 199", "Objective", "199", None),
        ("Coordinar todo (cf. objetivo 5)", "cf. objetivo 5", "Objective", "5", None),
        ("Ver acción n.º 1.9", "Ver acción n.º 1.9", "Action", "1.9", None),
        ("Ver acción Nº 1.9", "Ver acción Nº 1.9", "Action", "1.9", None),
        ("Ver acción N° 1.9", "Ver acción N° 1.9", "Action", "1.9", None),
        ("Ver obj. 199.", "Ver obj. 199", "Objective", "199", None),
        ("Ver act. 1.1.9.", "Ver act. 1.1.9", "Activity", "1.1.9", None),
        ("Work under objective 199.", "under objective 199", "Objective", "199", None),
        ("As set out in action 1.9 of this plan", "set out in action 1.9", "Action", "1.9", None),
        ("Como en la actividad 1.1.9", "Como en la actividad 1.1.9", "Activity", "1.1.9", None),
        ("Hacerlo igual que en el objetivo 2", "igual que en el objetivo 2", "Objective", "2", None),
        ("Do it as in action 1.9", "as in action 1.9", "Action", "1.9", None),
        ("As set out in 4.2", "As set out in 4.2", "Action", "4.2", None),
        ("Hacerlo tal como se prevé en el punto 4.2.", "tal como se prevé en el punto 4.2", "Action", "4.2", None),
        ("Ver el tema “B”, objetivo 3", "Ver el tema “B”, objetivo 3", "Objective", "3", "B"),
        ('See objective 3 of the theme "Human"', 'See objective 3 of the theme "Human"', "Objective", "3", "Human"),
    ],
)
def test_cross_references(text: str, words: str, kind: str, number: str, theme: str | None) -> None:
    [found] = find_cross_references(text, 7)
    named = found.theme and found.theme.exact
    assert found.number is not None
    assert (found.passage.exact, found.kind, found.number.exact, named) == (words, kind, number, theme)
    for passage in filter(None, (found.passage, found.number, found.theme)):
        assert text[passage.start - 7 : passage.end - 7] == passage.exact


@pytest.mark.parametrize(
    "text",
    [
        "El objetivo 12 es otro",
        "Ver a la gente. El objetivo 3",
        "prever el objetivo 2",
        "Conforme al objetivo 10 de la Agenda 2030",
        "Ver el objetivo 3 de los ODS",
        "Ver la actividad 2 del plan de trabajo de la Red",
        "Ver 2.1 de la Ley",
        "Según la evaluación, revisar el objetivo 3",
        "Ver los casos, que bajaron a 12.5.",
        "según 12.11.2024.",
        "Según 3 expertos",
        "Remítase al punto 5.5 del orden del día",
        "Remítase el punto final",
        "Cumplir el Pacto Mundial (objetivo 23)",
        "Meet the targets of the 2030 Agenda (objective 10)",
        "Work under objective 10 of the Global Compact",
        "Work under objective 23 (GCM)",
        "Lo previsto en la acción 1.9 del Plan Nacional de Salud",
        "Coordinar todo (actividad 3)",
        "Como en los objetivos de otros",
        "Como en la actividad 1.1.9 de la Ley",
        "Como en el objetivo 2 de los ODS",
        "Apply the Law as set out in 4.2",
        "Es como en 2.5",
        "Referirse al plan de trabajo de la Red (anexo 2), actividades 3.1.1 y 3.1.2",
        "Refer to the work plan of the Network, actions 3.1 and 3.2",
        "Firmar el act. 5",
    ],
)
def test_no_cross_reference(text: str) -> None:
    assert list(find_cross_references(text, 0)) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Véanse las actividades 1.1.1 y 1.1.77", ["1.1.1", "1.1.77"]),
        ("Ver los objetivos 1, 2 y 3 del tema “A”", ["1", "2", "3"]),
        ("See activities 1.1.1 to 1.1.4", ["1.1.1", "1.1.4"]),
        ("véase 1.2 y 1.3", ["1.2", "1.3"]),
        ("Ver actividad 1.1.9 y objetivo 99", ["1.1.9", "99"]),
        ("Coordinar todo (acciones 1.1, 1.2).", ["1.1", "1.2"]),
    ],
)
def test_each_number_of_a_list_is_one(text: str, numbers: list[str]) -> None:
    assert [each.number and each.number.exact for each in find_cross_references(text, 0)] == numbers


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("Ver el tema «Salud».", ["Salud"]),
        ("See the theme “Health”", ["Health"]),
        ("Revisar el tema «Salud»", []),
        ("Ver el tema «Salud», objetivo 3", []),
    ],
)
def test_references_to_a_whole_theme(text: str, themes: list[str]) -> None:
    found = list(find_theme_references(text, 0))
    assert [each.theme.exact for each in found if each.theme] == themes
    assert all((each.kind, each.number) == ("Theme", None) for each in found)


def test_each_reference_needs_words_that_send() -> None:
    found = list(find_cross_references("Ver objetivo 1 sobre el objetivo 2; véase el objetivo 3", 0))
    assert [each.number and each.number.exact for each in found] == ["1", "3"]


@pytest.mark.drill
@pytest.mark.parametrize(
    "words",
    ["ver ", "ver objetivo 1 del tema “a ", "referirse al plan de trabajo de ", "objetivo ", "según ", "véase 1.1, "],
)
def test_words_again_and_again_take_no_longer_each_time(words: str) -> None:
    def find(size: int) -> None:
        text = words * (size // len(words))
        assert len(list(find_cross_references(text, 0))) + len(list(find_referrals(text, 0))) < len(text)

    assert growth(find, 50_000) < 6


@given(
    st.text(alphabet=st.sampled_from("ver según objetivos12 plan de trabajo la ré\u0301d.“”"), max_size=60),
    st.integers(0, 9),
)
def test_every_passage_quotes_its_text(text: str, start: int) -> None:
    passages = [found.passage for found in find_referrals(text, start)]
    for found in find_cross_references(text, start):
        passages += filter(None, [found.passage, found.number, found.theme])
    for passage in passages:
        assert text[passage.start - start : passage.end - start] == passage.exact
