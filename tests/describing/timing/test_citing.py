"""Dates of what a plan cites, which are not when something of it is to happen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.timing.citing import is_cited, is_of_a_subject, is_told, tells

WORDS = st.sampled_from(
    [
        "la",
        "the",
        "reunión",
        "summit",
        "de",
        "of",
        "en",
        "in",
        "hecho",
        "held",
        "planned",
        "celebrar",
        "mayo de 2025",
        "\u0301",
    ]
)


def cited(text: str) -> bool:
    """Whether the date in brackets is."""
    before, _, rest = text.partition("[")
    date, _, after = rest.partition("]")
    return is_cited(before + date + after, len(before), len(before) + len(date))


@pytest.mark.parametrize(
    "text",
    [
        "Seguir los acuerdos de la reunión de [mayo de 2025]",
        "Seguir los acuerdos de la reunión del [3 de mayo de 2025]",
        "Revisar los compromisos asumidos en la cumbre de [junio de 2024]",
        "Evaluar lo hecho [en 2024 y 2025]",
        "Evaluar lo que se ha hecho [en 2024]",
        "Asistir a las personas retornadas [en 2024]",
        "Sistematizar los casos registrados [desde 2020]",
        "Actualizar la guía publicada en Lima [en 2019]",
        "Review the commitments made at the summit of [June 2024]",
        "Evaluate what was done [in 2024]",
        "Update the guide published [in 2019]",
        "Follow up the talks held in Lima [in May 2025]",
        "Aplicar la Ley General de Migración, que entró en vigor [en mayo de 2019]",
        "Aplicar la Ley, que entro\u0301 en vigor [en mayo de 2019]",
        "Apply the Migration Act, which came into force [in May 2019]",
        "Digitalizar los expedientes [de 1990 a 2005]",
        "Review the case law of the Supreme Court [since 2015]",
        "Compare flows [in 2020] with those of 2019",
        "Compare flows in 2020 with those of [2019]",
        "Restaurar la presa de 1931, dañada [en 2017]",
        "Reparar la presa, inaugurada [en 1931]",
        "Repetir el taller que se dio [en 2022]",
        "Contratar a la Universidad, cuya Facultad ya asesoró a otras bibliotecas [en 2021]",
        "Usar el molino donde se hizo el censo [en 2010]",
        "Hacerlo como [en 2019]",
        "Lograr más visitas que [en 2019]",
        "Do it again as [in 2019]",
        "Get more visits than [in 2019]",
        "Mend the canals that the storm broke [in 2017]",
        "Use the pumps bought [in May 2018]",
        "Pay back the loan taken out [in 2015]",
        "Rebuild the dam, opened by the King [in 1931]",
        "Note: nothing was done [in 2024]",
        "Nota: la presa se rompió [en 2017]",
    ],
)
def test_of_what_is_known_already(text: str) -> None:
    assert cited(text)


@pytest.mark.parametrize(
    "text",
    [
        "Celebrar la reunión de [mayo de 2027]",
        "Celebración de la reunión de [mayo de 2027]",
        "Participar en la cumbre de [mayo de 2027]",
        "Taller de [mayo de 2027]",
        "Capacitar a los funcionarios [en mayo de 2027]",
        "Publicar el informe [en mayo de 2027]",
        "Apoyar a las personas afectadas, [en 2027]",
        "Difundir los talleres previstos [en 2027]",
        "Prepare the talks planned [in 2027]",
        "Hold the meeting of [May 2027]",
        "Evaluar el plan [en 2027]",
        "Publicar informes [de 2025 a 2027]",
        "Apoyar a las personas que necesiten ayuda [en 2027]",
        "Train the officials [in 2027]",
        "Hold the seminar [in May 2019]",
        "Hold the seminar as planned [in May 2019]",
        "Realizar la segunda jornada [en mayo de 2019]",
        "Formar a jueces, fiscales, abogados [en mayo de 2019]",
        "Repair the old shed [in 2019]",
        "1.1.1 Have the wall built [in May 2019]",
        "Publish the report that will be completed [in 2027]",
        "Formar a los agentes que han de trabajar [en 2027]",
        "Train the officers who have to work [in 2027]",
        "Train staff as well as [in 2019]",
        "Publicar el informe que se presentó y hacer el taller, [en mayo de 2019]",
        "[mayo de 2027]",
    ],
)
def test_of_what_is_to_come(text: str) -> None:
    assert not cited(text)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("1.1.1.1 Celebrado en", True),
        ("1.1.1.1 El taller fue celebrado en", True),
        ("1.1.1.1 Two courses were held in", True),
        ("1.1.1.1 Ya aprobado el", True),
        ("1.1.1.1 Se lanzaron dos proyectos (", True),
        ("1.1.1.1 Se lanzó un proyecto (", True),
        ("1.1.1.1 Según lo acordado en", False),
        ("1.1.1.1 Acuerdo que fue adoptado en", False),
        ("1.1.1.1 Continuo. Memorando firmado en", False),
        ("", False),
    ],
)
def test_what_a_schedule_tells(before: str, told: bool) -> None:
    assert tells(before) is told


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The pump installed [in 2019] will be replaced in 2026", True),
        ("La bomba instalada [en 2019] se reemplazará en 2026", True),
        ("Two courses held [in May 2019]", False),
        ("Course held [in May 2019]. Another will follow", False),
        ("In May [2019] it will be held", False),
    ],
)
def test_of_the_subject_of_what_is_to_come(text: str, subject: bool) -> None:
    before, _, rest = text.partition("[")
    date, _, after = rest.partition("]")
    assert is_of_a_subject(before + date + after, len(before), len(before) + len(date)) is subject


@given(st.text() | st.lists(WORDS, max_size=12).map(" ".join), st.integers(0, 60), st.integers(0, 60))
def test_any_words(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert is_cited(text, start, end) in (True, False)
    assert tells(text) in (True, False)
    assert is_told(text, start) in (True, False)
    assert is_of_a_subject(text, start, end) in (True, False)
