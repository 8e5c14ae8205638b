"""Notes that deny of an activity what it is to do, and to what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.own_subjects import find_denial
from crmgraph.reading.plan import Activity, Attachment, Note, Objective, Passage

WORDS = st.sampled_from(
    ["Nota:", "no", "se ha", "dictado", "ningún", "curso", "Dictar", "un", "Hold", "a", "course", "No", "has been",
     "held", "the", ".", "aún", "u\u0301"]
)  # fmt: skip


def denied(activity: str, note: str) -> str | None:
    holder = Activity("t/1.1.1", "1.1.1", activity, Passage(0, len(activity), activity), Attachment.PRINTED_NUMBER)
    words = find_denial(Note("t/1.1.1-a", None, note, Passage(50, 50 + len(note), note), Attachment.POSITION), holder)
    assert words is None or note[words.start - 50 : words.end - 50] == words.exact
    return words.exact if words else None


@pytest.mark.parametrize(
    ("activity", "note", "words"),
    [
        ("Dictar un curso sobre el agua", "Nota: no se ha dictado ningún curso.", "no se ha dictado ningún curso"),
        ("Dictar un curso", "Nota: el curso aún no se ha dictado", "el curso aún no se ha dictado"),
        ("Dictar un curso", "Nota: no se dictó el curso por falta de fondos.", "no se dictó el curso"),
        ("Construir dos pozos", "Nota: ningún pozo se ha construido", "ningún pozo se ha construido"),
        ("Construir los pozos", "Nota: los pozos no se construyeron", "los pozos no se construyeron"),
        ("Hacer un mapa", "Nota: todavía no se ha hecho ningún mapa", "no se ha hecho ningún mapa"),
        ("Hold a training course on water", "Note: no training course has been held yet.",
         "no training course has been held"),
        ("Build two wells", "Note: the wells have not been built.", "the wells have not been built"),
        ("Publish a map", "Note: no map was published", "no map was published"),
        ("Map the wells", "Note: the wells weren’t mapped", "the wells weren’t mapped"),
    ],
)  # fmt: skip
def test_the_own_subject(activity: str, note: str, words: str | None) -> None:
    assert denied(activity, note) == words


@pytest.mark.parametrize(
    ("activity", "note"),
    [
        ("Dictar un curso", "Nota: no se ha dictado ningún taller."),
        ("Dictar un curso", "Nota: no se ha evaluado ningún curso."),
        ("Dictar un curso", "Nota: no se ha dictado ningún curso en Cuba."),
        ("Dictar un curso", "Nota: no se ha dictado ningún otro curso."),
        ("Dictar dos cursos", "Nota: no se ha dictado un curso."),
        ("Dictar dos cursos", "Nota: el curso no se ha dictado."),
        ("Dictar dos cursos", "Nota: el segundo curso no se ha dictado."),
        ("Dictar un curso", "Nota: si no se ha dictado ningún curso, se dictará."),
        ("Dictar un curso", "Nota: se ha dictado el curso."),
        ("Hold a course", "Note: no further course has been held."),
        ("Hold a course", "Note: no course has been held in Cuba."),
        ("Hold a course", "Note: the course has been held."),
        ("Hold a course", "Note: the second course has not been held."),
        ("Cursos", "Nota: no se ha dictado ningún curso."),
        ("", ""),
    ],
)
def test_another_subject(activity: str, note: str) -> None:
    assert denied(activity, note) is None


def test_what_is_no_activity_does_nothing() -> None:
    text = "Dictar un curso"
    holder = Objective("t/1", "1", text, Passage(0, len(text), text), Attachment.PRINTED_NUMBER)
    note = "Nota: no se ha dictado ningún curso."
    part = Note("t/1-a", None, note, Passage(50, 50 + len(note), note), Attachment.POSITION)
    assert find_denial(part, holder) is None


@given(st.text() | st.lists(WORDS, max_size=12).map(" ".join), st.text() | st.lists(WORDS, max_size=12).map(" ".join))
def test_any_words(activity: str, note: str) -> None:
    denied(activity, note)
