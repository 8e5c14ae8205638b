"""Words that send the reader elsewhere: found in every form, and not where there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.tree import find_cross_references, find_referrals
from tests.support.growth import growth
from tests.support.phrases import marked, pairs, phrases

# The words of the referral stand in brackets; whose plan it is stands behind the arrow.
REFERRALS = """
[Referirse al plan de trabajo de la Red para el Combate a la Trata] => Red para el Combate a la Trata
Talleres – [referirse al plan de trabajo de cada red] => cada red
Continuo. [referirse al plan de trabajo de la red X]. => red X
[Véase el plan de trabajo de las redes], anexo => redes
[Ver los planes de trabajo del grupo] (2009) => grupo
[REFERIRSE  AL\u00a0PLAN DE TRABAJO DE LA RED] => RED
[Refer to the work plan of the Network] => Network
[Conforme al plan de trabajo de la Red X] => Red X
[De acuerdo con el plan de trabajo del grupo] => grupo
El detalle [está en el plan de trabajo de la OIM] => OIM
The dates [are in the work plan of IOM] => IOM
[In accordance with the work plan of each network] => each network
"""
NO_REFERRALS = """
Solicitar una propuesta de plan de trabajo regional | Elaborar el plan de trabajo de la Red
Avanzar en el plan de trabajo de la Red | Aprobar conforme a la ley el plan de trabajo de la Red
La red prevé ver resultados | conferir al plan de trabajo de la Red su fuerza
"""
# The words of the reference stand in brackets; the kind of part, its number and its theme behind the arrow.
REFERENCES = """
[Ver objetivo 12 del tema “Políticas”] de este plan => Objective 12 Políticas
[Conforme al objetivo 7] de este plan => Objective 7
[Según lo previsto en 2.1.9] => Activity 2.1.9
Se hará ([véase 8.1]) => Action 8.1
[De acuerdo con la acción 3.2], reunirse => Action 3.2
[Remítase al punto 5.5] => Action 5.5
[Consúltese el apartado 2.1]. => Action 2.1
[Remítanse a la acción 1.2] => Action 1.2
[See point 3.1]. => Action 3.1
[Referirse al plan de trabajo de la Red y a la acción 1.9] de este plan => Action 1.9
[ver objetivo 2] del plan => Objective 2
[ver actividad 1.2.1] de este plan => Activity 1.2.1
[Ver los talleres, y ver la acción 1.1] => Action 1.1
Ver esto. [Ver la acción 1.1] => Action 1.1
El objetivo 1: [ver el objetivo 2] => Objective 2
[Ver acción n.º 1.9] => Action 1.9
[Ver acción Nº 1.9] => Action 1.9
[Ver acción N° 1.9] => Action 1.9
[Ver obj. 199]. => Objective 199
[Ver act. 1.1.9]. => Activity 1.1.9
[Ver el tema “B”, objetivo 3] => Objective 3 B
[See objective 3 of the theme "Human"] => Objective 3 Human
"""
NO_REFERENCES = """
El objetivo 12 es otro | Ver a la gente. El objetivo 3 | prever el objetivo 2 | Según 3 expertos | Es como en 2.5
Conforme al objetivo 10 de la Agenda 2030 | Ver el objetivo 3 de los ODS | Como en el objetivo 2 de los ODS
Ver la actividad 2 del plan de trabajo de la Red | Ver 2.1 de la Ley | Como en la actividad 1.1.9 de la Ley
Según la evaluación, revisar el objetivo 3 | Ver los casos, que bajaron a 12.5. | según 12.11.2024.
Remítase al punto 5.5 del orden del día | Remítase el punto final | Coordinar todo (actividad 3)
Cumplir el Pacto Mundial (objetivo 23) | Meet the targets of the 2030 Agenda (objective 10)
Work under objective 10 of the Global Compact | Work under objective 23 (GCM) | Firmar el act. 5
Lo previsto en la acción 1.9 del Plan Nacional de Salud | Como en los objetivos de otros
Apply the Law as set out in 4.2 | Refer to the work plan of the Network, actions 3.1 and 3.2
Referirse al plan de trabajo de la Red (anexo 2), actividades 3.1.1 y 3.1.2
"""
NUMBERS = """
Véanse las actividades 1.1.1 y 1.1.77 => 1.1.1 1.1.77
Ver los objetivos 1, 2 y 3 del tema “A” => 1 2 3
See activities 1.1.1 to 1.1.4 => 1.1.1 1.1.4
véase 1.2 y 1.3 => 1.2 1.3
Ver actividad 1.1.9 y objetivo 99 => 1.1.9 99
Ver objetivo 1 sobre el objetivo 2; véase el objetivo 3 => 1 3
"""


def test_referrals() -> None:
    for row, target in pairs(REFERRALS):
        text, words = marked(row)
        [found] = find_referrals(text, 100)
        assert (found.passage.exact, found.target) == (words, target)
        assert text[found.passage.start - 100 : found.passage.end - 100] == words
    assert [text for text in phrases(NO_REFERRALS) if list(find_referrals(text, 0))] == []


def test_cross_references() -> None:
    wrong = []
    for row, expected in pairs(REFERENCES):
        text, words = marked(row)
        found = list(find_cross_references(text, 7))
        said = [(each.target_kind, each.target_number, each.target_theme) for each in found]
        told = [" ".join(word for word in each if word) for each in said]
        if (told, [each.passage.exact for each in found]) != ([expected], [words]):
            wrong.append((row, told))
    assert wrong == []
    assert [text for text in phrases(NO_REFERENCES) if list(find_cross_references(text, 0))] == []


def test_each_number_of_a_list_is_one() -> None:
    for text, expected in pairs(NUMBERS):
        numbers = [each.target_number for each in find_cross_references(text, 0)]
        assert numbers == expected.split(), text


def test_references_to_a_whole_theme() -> None:
    for text, themes in (
        ("Ver el tema «Salud».", ["Salud"]),
        ("See the theme “Health”", ["Health"]),
        ("Revisar el tema «Salud»", []),
        ("Ver el tema «Salud», objetivo 3", []),
    ):
        found = [each for each in find_cross_references(text, 0) if each.target_kind == "Theme"]
        assert [each.target_theme for each in found] == themes
        assert all(each.number_passage is None for each in found)


@pytest.mark.drill
def test_words_again_and_again_take_no_longer_each_time() -> None:
    def find(words: str, size: int) -> None:
        text = words * (size // len(words))
        assert len(list(find_cross_references(text, 0))) + len(list(find_referrals(text, 0))) < len(text)

    for words in ("ver ", "ver objetivo 1 del tema “a ", "referirse al plan de trabajo de ", "según ", "véase 1.1, "):
        assert growth(lambda size, words=words: find(words, size), 50_000) < 6, words  # type: ignore[misc]


@given(
    st.text(alphabet=st.sampled_from("ver según objetivos12 plan de trabajo la ré\u0301d.“”"), max_size=60),
    st.integers(0, 9),
)
def test_every_passage_quotes_its_text(text: str, start: int) -> None:
    passages = [found.passage for found in find_referrals(text, start)]
    for reference in find_cross_references(text, start):
        passages += filter(None, [reference.passage, reference.number_passage, reference.theme_passage])
    for passage in passages:
        assert text[passage.start - start : passage.end - start] == passage.exact
