"""What may correspond in two plans."""

import pytest
from pyoxigraph import Store

from crmgraph.linking import Corpus, Part, parts_in, plan_iri, propose
from crmgraph.namespaces import Names
from tests.linking.measuring import PAGE, answers, precision_and_recall, report

CONCEPTS = {"smuggling": {"es": ("tráfico ilícito de migrantes",), "en": ("migrant smuggling",)}}


def part(iri: str, spanish: str, english: str, above: str = "") -> Part:
    return Part(iri, iri[0], "Objective", {"es": spanish, "en": english}, above)


PARTS = {
    each.iri: each
    for each in (
        part("a1", "Combatir el tráfico ilícito de migrantes", "Fight the smuggling of migrants"),
        part("a2", "Fortalecer la cooperación entre los Estados", "Strengthen cooperation between States"),
        part("a3", "Lograr el retorno digno", "Achieve dignified return"),
        part("b1", "Cooperación contra los traficantes de personas migrantes", "Cooperation against migrant smuggling"),
        part("b2", "Cooperación para que los retornos sean dignos", "Cooperation so that returns are dignified"),
        part("b3", "Fomentar la cooperación en estadísticas", "Promote cooperation in statistics"),
    )
}
CORPUS = Corpus(PARTS, CONCEPTS, {})


def test_the_likeliest_come_first_and_say_why() -> None:
    found = propose(CORPUS, [PARTS["a1"], PARTS["a3"]], [PARTS[iri] for iri in ("b1", "b2", "b3")])
    assert {(each.subject.iri, each.object.iri) for each in found[:2]} == {("a1", "b1"), ("a3", "b2")}
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    best = next(each for each in found if each.subject.iri == "a3" and each.object.iri == "b2").similarity
    assert set(best.words["es"]) == {"digno", "retorno"}
    assert set(best.words["en"]) == {"dignified", "return"}


def test_a_concept_is_found_by_its_names_in_either_language() -> None:
    assert CORPUS.similarity(PARTS["a1"], PARTS["b1"]).concepts == ["smuggling"]
    assert CORPUS.concept_names["smuggling"]["es"] == "tráfico ilícito de migrantes"


def test_likeness_is_mutual_and_whole_only_with_itself() -> None:
    for one in PARTS.values():
        assert CORPUS.similarity(one, one).value >= 0.59
        for other in PARTS.values():
            assert CORPUS.similarity(one, other).value == pytest.approx(CORPUS.similarity(other, one).value)
            assert 0 <= CORPUS.similarity(one, other).value <= 1.0001


def test_a_concept_counts_for_the_one_above_it_and_bridges_languages() -> None:
    names = {
        "climate": {"en": ("climate change",), "fr": ("changement climatique",)},
        "drivers": {"en": ("adverse drivers",)},
    }
    french = Part("f", "f", "Objective", {"fr": "Face au changement climatique"}, "")
    causes, effects, other = (
        Part(iri, "e", "Objective", {"en": text}, "")
        for iri, text in (("e1", "Minimize adverse drivers"), ("e2", "Climate change"), ("e3", "Manage borders"))
    )
    corpus = Corpus({each.iri: each for each in (french, causes, effects, other)}, names, {"climate": {"drivers"}})
    same, above, none = (corpus.similarity(french, each).value for each in (effects, causes, other))
    assert same > above > none == 0


@pytest.mark.parametrize(("language", "least_recall"), [("en", 0.67), ("es", 0.82), ("fr", 0.89), ("pt", 0.91)])
def test_nine_in_ten_first_proposals_are_right(language: str, least_recall: float, store: Store) -> None:
    precision, recall = precision_and_recall(each for each in answers(store) if each.language == language)
    assert precision >= 0.9
    assert recall >= least_recall


def test_the_page_tells_what_is_measured(store: Store) -> None:
    assert report(store) in PAGE.read_text(encoding="utf-8")


def test_the_parts_of_all_plans_are_there(store: Store) -> None:
    parts = parts_in(store)
    of = [part.plan for part in parts.values()]
    names = Names()
    assert of.count(plan_iri("sdg", names)) == 33
    assert of.count(plan_iri("gcm", names)) == 24
    activity = parts[names.id("plan/crm/pgm/7.1.1")]
    assert (activity.kind, activity.parent) == ("Activity", names.id("plan/crm/pgm/7.1"))
    assert set(activity.labels) == {"es", "en"}
