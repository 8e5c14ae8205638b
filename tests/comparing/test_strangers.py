"""Two that can hardly be compared, in two languages or of two plans: it is said before anything else."""

import json
from itertools import permutations

import pytest
from rdflib import PROV, RDFS, Graph

from crmgraph.building import background, documents
from crmgraph.comparing import Comparison, compare
from crmgraph.comparing.agents import named_in
from crmgraph.comparing.reporting import as_html, as_json, as_text, as_turtle
from crmgraph.describing.naming import Lexicon
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.source import Source
from tests.support.pages import read_page

HELD = {file.stem: file for file in documents()}
HEAD = "PLAN\n\n\tTHEMES\n\tOBJECTIVES\n\tACTIONS\n\tACTIVITIES\n\tSCHEDULE\n"
SPANISH = (
    f"{HEAD}\tRetorno\n\t6. El retorno de los migrantes con la OIM\n\t6.1 Memorandum de la OIM\n"
    "\t6.1.1 El fondo implementado por la OIM\n\t6.1.1.1 Continuo\n"
)
ENGLISH = (
    f"{HEAD}\tGoing back\n\t6. The way home for all migrants with IOM\n\t6.1 Memorandum of IOM\n"
    "\t6.1.1 The fund is for all that is run by IOM\n\t6.1.1.1 Continuous\n"
)


def compared(old: Plan, new: Plan) -> Comparison:
    known = background(Names())
    return compare(old, new, named_in(known, new), known.statuses)


@pytest.fixture(scope="module")
def foreign() -> Comparison:
    return compared(*(read_plan_text(Source(text), name) for text, name in ((SPANISH, "old"), (ENGLISH, "new"))))


@pytest.fixture(scope="module")
def strange() -> Comparison:
    return compared(read_plan(HELD["gcm"]), read_plan(HELD["bali"]))


def test_two_languages_are_said_first_in_all_forms(foreign: Comparison) -> None:
    said = (
        "old is in Spanish and new in English. Words are compared, so that almost all of it counts as dropped and added"
    )
    assert as_text(foreign, "en").startswith(said)
    assert as_text(foreign, "es").startswith("old está en español y new en inglés. Se comparan las palabras")
    assert [each.text for each in read_page(as_html(foreign, "en")).iter("strong")] == [
        as_text(foreign, "en").split("\n")[0]
    ]
    [notice] = json.loads(as_json(foreign, "en"))["notices"]
    assert (notice["code"], notice["said"].startswith(said)) == ("languages", True)
    graph = Graph().parse(data=as_turtle(foreign, Names()), format="turtle")
    [revision] = graph.subjects(PROV.generated)
    assert {each.language for each in graph.objects(revision, RDFS.comment)} == {"en", "es"}  # type: ignore[attr-defined]


def test_in_two_languages_nobody_is_handed_anything_and_nothing_moves_with_its_parent(foreign: Comparison) -> None:
    kinds = {kind for change in foreign.changes for kind in change.kinds}
    assert kinds == {"added", "dropped", "reworded", "rescheduled"}
    assert not any(any(change.agents) for change in foreign.changes)


def test_other_plans_are_told_as_such(strange: Comparison) -> None:
    said = "gcm.txt and bali.txt do not look like versions of one plan: they have hardly any words in common."
    assert as_text(strange, "en").startswith(said)
    assert as_text(strange, "es").startswith("gcm.txt y bali.txt no parecen versiones de un mismo plan")
    assert json.loads(as_json(strange, "es"))["notices"][0]["code"] == "strangers"
    # Neither has a part that became one of the other because both stand first or have one number.
    assert {kind for change in strange.changes for kind in change.kinds} == {"added", "dropped"}


def test_nothing_is_said_of_two_versions() -> None:
    plan = read_plan(HELD["crm"])
    comparison = compare(plan, plan, lambda _: (), Lexicon(Graph()))
    assert "notices" not in json.loads(as_json(comparison, "en"))


TEXTS = {
    "es": "El retorno de los migrantes a la región",
    "en": "The return of the migrants to the region",
    "fr": "Le retour des migrants dans la région",
    "pt": "O retorno das pessoas que migram para os países da região",
}
CALLED = {"es": "español", "en": "inglés", "fr": "francés", "pt": "portugués"}


@pytest.mark.parametrize(("old", "new"), list(permutations(TEXTS, 2)))
def test_any_two_languages_can_be_compared_in_all_forms(old: str, new: str) -> None:
    plans = [
        read_plan_text(
            Source(SPANISH.split("\tRetorno")[0] + f"\t{TEXTS[each]}\n\t1. {TEXTS[each]}\n\t1.1 a\n\t1.1.1 b\n\t\n"),
            each,
        )
        for each in (old, new)
    ]
    assert [plan.language for plan in plans] == [old, new]
    comparison = compared(*plans)
    said = f"{old} está en {CALLED[old]} y {new} en {CALLED[new]}."
    assert as_text(comparison, "es").startswith(said)
    for written in (as_json(comparison, "es"), as_html(comparison, "es"), as_turtle(comparison, Names())):
        assert said in written
