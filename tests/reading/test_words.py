"""Words compared as readers do, and the language of a plan."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.folding import fold, key, tidy
from crmgraph.reading.languages import language_of

TEXTS = st.text(alphabet=st.sampled_from("aÁé ñÑ\u0301\u00a0\t\nßﬁİ½.12–"), max_size=40)


def test_what_readers_call_the_same() -> None:
    for one, other in (
        ("Tráfico", "trafico"), ("MIGRACIÓN  Y", "migración y"), ("señal", "sen\u0303al"), ("a\u00a0b", "a b"),
        (" a\n\tb ", "a b"), ("Straße", "strasse"),
    ):  # fmt: skip
        assert key(one) == key(other)
    assert key("1.1") != key("11")
    assert key("red") != key("redes")


def test_a_folded_match_leads_back_to_the_original_words() -> None:
    text = "La  Secretari\u0301a\u00a0Técnica"
    folded = fold(text)
    assert folded.text == "la secretaria tecnica"
    assert folded.original(3, len(folded.text)) == (4, len(text))


@given(TEXTS)
def test_spans_follow_each_other_and_lose_nothing_that_counts(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.spans)
    for (start, end), (later, _) in zip(folded.spans, folded.spans[1:], strict=False):
        assert 0 <= start < end <= len(text)
        assert start <= later
    covered = {i for start, end in folded.spans for i in range(start, end)}
    assert all(c.isspace() or unicodedata.combining(c) for i, c in enumerate(text) if i not in covered)
    assert key(unicodedata.normalize("NFC", text)) == key(unicodedata.normalize("NFD", text))
    assert tidy(tidy(text)) == tidy(text)
    assert key(tidy(text)) == key(text)


HEADINGS = {
    "en": ("Theme", "Objective", "Action", "Activity", "Schedule"),
    "fr": ("Thème", "Objectif", "Action", "Activité", "Calendrier"),
    "es": ("Tema", "Objetivo", "Acción", "Actividad", "Calendario"),
    "pt": ("Tema", "Objetivo", "Ação", "Atividade", "Cronograma"),
}
LANGUAGES = (
    ("en", "Hold meetings of the network", "and report to it"),
    ("es", "Celebrar reuniones de la red", "y dar cuenta"),
    ("es", "Pedir a la International Organization for Migration un informe sobre la trata"),
    ("en", "Ask the Secretaría de Gobernación for the report on trafficking in persons"),
    ("es", "Tema", "1. Uno"),
    ("es", "1.1.1 Dos talleres", "Dos informes"),
    ("pt", "Oficina dos países", "Os vistos"),
    ("fr", "Faciliter la mobilité", "Renforcer les capacités des États pour la gestion des migrations"),
    ("pt", "Reforçar as capacidades dos Estados", "Reuniões da rede e do comité"),
    ("en", "THEMES", "OBJECTIVES", "Safer borders"),
    ("fr", "THÈMES", "OBJECTIFS", "Frontières"),
    ("pt", "Temas", "Ações", "Fronteiras"),
    ("en", "No.", "Objective", "No.", "Action", "Radio spots"),
    ("es", "Protección e integración", "Albergues e información"),
    ("es", "Formación", "Capacitación", "Dos manuales"),
    ("pt", "Proteção e integração", "Abrigos e informação"),
    ("es",),
)
WITH_HEADINGS = (
    # Headings in one language count for more than a few small words, and many small words for more than headings.
    ("en", HEADINGS["en"], ("Borders", "Do a risk assessment", "Do a review")),
    ("en", HEADINGS["en"], ("Act", "y", "x")),
    ("fr", HEADINGS["fr"], ("Asile", "Accès", "Former", "en continu")),
    ("es", HEADINGS["es"], ("Trata", "On demand", "do")),
    ("pt", HEADINGS["pt"], ("Dos oficinas", "de las redes")),
    ("es", HEADINGS["en"], ("Celebrar reuniones de la red y dar cuenta de los acuerdos a las partes",) * 3),
    ("en", ("Theme / Tema", "Objective", "Action / Acción", "Activity"), ("de la red",)),
    ("en", ("Pillar", "Objective", "Responsible"), ("de la red",)),
    ("es", ("Eje", "Objetivo", "Plazo"), ("de la red",)),
    ("es", ("Tema", "Objective"), ("de la red",)),
)


def test_the_language_of_a_plan() -> None:
    assert [each for each in LANGUAGES if language_of(each[1:]) != each[0]] == []
    assert [each for each in WITH_HEADINGS if language_of(each[2], each[1]) != each[0]] == []
