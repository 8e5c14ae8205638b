"""Which questions are proposed: the good ones, and those with some words."""

from crmgraph.site.questions.choosing import GOOD, Choice, choose_questions, good_questions
from crmgraph.site.site import Site


def found(site: Site, words: str, language: str = "en") -> list[Choice]:
    return [choice for choices in choose_questions(site, words, language).values() for choice in choices]


def test_the_good_questions_are_said_with_the_names_of_their_values(site: Site) -> None:
    assert set(GOOD) <= set(site.library)
    spanish, english = good_questions(site, "es"), good_questions(site, "en")
    assert [choice.path for choice in spanish] == [choice.path for choice in english]
    assert len(spanish) == 3
    assert spanish[0].sentence == "¿Qué actividades están pendientes según el calendario?"
    assert english[0].sentence == "Which activities are pending according to the schedule?"
    assert english[0].path == "/queries/schedule-status?status=pending"
    for choice in (*spanish, *english):
        assert "plan/crm" not in choice.sentence
        assert choice.line.endswith(".")


def test_without_words_there_are_all(site: Site) -> None:
    for words in ("", "  ", "¿?"):
        assert sorted(choice.question.name for choice in found(site, words)) == sorted(site.library)


def test_every_word_counts_in_either_language_and_in_its_other_forms(site: Site) -> None:
    for words in ("members observers", "miembros observadores", "OBSERVADOR miembro", "observer memb"):
        assert "process-members" in [choice.question.name for choice in found(site, words)]
    few = {choice.question.name for choice in found(site, "miembros observadores")}
    assert few < {choice.question.name for choice in found(site, "miembros")}


def test_the_name_of_a_value_proposes_it(site: Site) -> None:
    [choice] = found(site, "pendientes", "es")
    assert choice.values == {"status": "pending"}
    assert choice.sentence == "¿Qué actividades están pendientes según el calendario?"
    roles = [choice for choice in found(site, "implementing") if choice.question.name == "agent-roles"]
    assert [choice.values for choice in roles] == [{"agent": "any", "role": "implements"}]


def test_words_that_nothing_has_find_nothing(site: Site) -> None:
    assert found(site, "zyxwv") == []
    assert found(site, "members zyxwv") == []
