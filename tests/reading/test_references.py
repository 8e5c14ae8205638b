"""Words that send the reader elsewhere: found in every form, and not where there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.references import find_cross_references, find_referrals


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
        "La red prevé ver resultados",
        "conferir al plan de trabajo de la Red su fuerza",
    ],
)
def test_no_referral(text: str) -> None:
    assert list(find_referrals(text, 0)) == []


@pytest.mark.parametrize(
    ("text", "words", "number", "theme"),
    [
        ("Ver objetivo 12 del tema “Políticas” de este plan", "objetivo 12 del tema “Políticas”", "12", "Políticas"),
        ("Véase la acción 1.2.", "acción 1.2", "1.2", None),
        ("ver actividad 1.2.1 de este plan", "actividad 1.2.1", "1.2.1", None),
        ('See objective 3 of the theme "Human"', 'objective 3 of the theme "Human"', "3", "Human"),
    ],
)
def test_cross_references(text: str, words: str, number: str, theme: str | None) -> None:
    [found] = find_cross_references(text, 7)
    assert (found.passage.exact, found.number.exact, found.theme) == (words, number, theme)
    for passage in (found.passage, found.number):
        assert text[passage.start - 7 : passage.end - 7] == passage.exact


@pytest.mark.parametrize("text", ["El objetivo 12 es otro", "Ver a la gente. El objetivo 3", "prever el objetivo 2"])
def test_no_cross_reference(text: str) -> None:
    assert list(find_cross_references(text, 0)) == []


@given(
    st.text(alphabet=st.sampled_from("ver objetivo12 plan de trabajo la ré\u0301d.“”"), max_size=60), st.integers(0, 9)
)
def test_every_passage_quotes_its_text(text: str, start: int) -> None:
    passages = [found.passage for found in find_referrals(text, start)]
    for found in find_cross_references(text, start):
        passages += [found.passage, found.number]
    for passage in passages:
        assert text[passage.start - start : passage.end - start] == passage.exact
