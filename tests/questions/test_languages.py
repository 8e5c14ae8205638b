"""A dataset of another base with plans in four languages: no answer depends on the language, but for its labels."""

import csv
import functools
import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.building.dataset import build
from crmgraph.decisions import Decision, write_decisions
from crmgraph.files import resource
from crmgraph.library import ANY, load_library
from crmgraph.namespaces import Names
from crmgraph.store import DUMP, STORE
from crmgraph.store.dataset import open_store
from tests.support.questions import answer

NAMES = Names("https://example.org/")
LIBRARY = load_library(resource("queries"), NAMES)
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
LANGUAGES = ("es", "en")
PLAN = Path(__file__).with_name("plan.csv")
TEXTS = {language: texts for language, *texts in zip(*csv.reader(PLAN.read_text("utf-8").splitlines()), strict=True)}
"""One plan in four languages: a title, five headings, and one row of the table."""
STRUCTURE = (
    "plan-outline", "theme-counts", "activities-without-schedule", "actions-without-activities", "unnumbered-lines",
    "uncertain-attachments",
)  # fmt: skip
ABOUT_A_PART = {
    name: parameter.name
    for name in LIBRARY
    for parameter in LIBRARY[name].parameters
    if parameter.default.startswith("plan/crm/") and any(each.name == "lang" for each in LIBRARY[name].parameters)
}
"""The questions about one part of a plan, and the parameter that names it."""


def written(title: str, *cells: str) -> str:
    headings, (theme, objective, one, two, first, second, line, when) = cells[:5], cells[5:]
    row = (theme, objective, f"{one}\n\n{two}", f"{first}\n\n{second}\n\n{line}", when)
    return f"{title}\n\n" + "".join(f"\t{cell}\n" for cell in (*headings, *row))


# French is neither of the two languages that questions are asked in: what goes wrong goes wrong there.
each_language = pytest.mark.parametrize(
    "language", [pytest.param(name, marks=() if name == "fr" else pytest.mark.drill) for name in TEXTS]
)
STEPS: list[str] = []


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with the four plans, and a decision about two of them."""
    folder = tmp_path_factory.mktemp("languages")
    plans = folder / "plans"
    plans.mkdir()
    for language, texts in TEXTS.items():
        (plans / f"plan-{language}.txt").write_text(written(*texts), encoding="utf-8")
    one, other = (NAMES.id("plan", f"plan-{language}", "1") for language in LANGUAGES)
    labels = [TEXTS[language][7].removeprefix("1. ") for language in LANGUAGES]
    decision = Decision(one, labels[0], other, labels[1], 0.9, decided="exact", author="Ana", date="2026-11-27")
    write_decisions(plans / "es-en.sssom.tsv", [decision])
    return build(folder / "build", NAMES, STEPS.append, plans=plans).folder(folder / "build")


@pytest.fixture(scope="module")
def many(dataset: Path) -> Store:
    return open_store(dataset / STORE)


def test_build_tells_its_steps_and_keeps_to_its_base(dataset: Path) -> None:
    assert STEPS[-2:] == ["assembling", "storing"]
    text = (dataset / DUMP).read_text(encoding="utf-8")
    assert "https://example.org/id/plan/crm/pgm/7.1.1" in text
    assert "https://w3id.org/crmgraph/id/" not in text
    assert "https://w3id.org/crmgraph/graph/" not in text


def test_decisions_beside_the_plans_are_in_the_dataset(many: Store) -> None:
    rows = answer(many, LIBRARY["correspondences"], objective="plan/plan-es/1", other="plan/plan-en", lang="en")
    assert [(row["match"], row["author_label"]) for row in rows] == [(NAMES.id("plan", "plan-en", "1"), "Ana")]


@functools.cache
def spoken(name: str, store: Store) -> set[str]:
    """Return the columns that are in the language asked for."""
    opened = {parameter.name: ANY for parameter in LIBRARY[name].parameters if parameter.open}
    spanish, english = (
        [Counter(row.items()) for row in answer(store, LIBRARY[name], **opened, lang=each)] for each in LANGUAGES
    )
    counts = [sum(rows, Counter()) for rows in (spanish, english)]
    return {column for column, _ in (counts[0] - counts[1]) + (counts[1] - counts[0])}


def silent(rows: list[dict[str, str]], columns: set[str]) -> Counter[tuple[tuple[str, str], ...]]:
    """Return the rows without what those columns say; whether they say something stays."""
    return Counter(
        tuple((column, str(bool(value)) if column in columns else value) for column, value in row.items())
        for row in rows
    )


@each_language
def test_answers_about_a_plan_are_the_same_but_for_labels(language: str, many: Store) -> None:
    different = []
    for name in (each for each in LIBRARY if {"plan", "lang"} <= {one.name for one in LIBRARY[each].parameters}):
        opened = {parameter.name: ANY for parameter in LIBRARY[name].parameters if parameter.open}
        rows = [answer(many, LIBRARY[name], **opened, plan=f"plan/plan-{language}", lang=each) for each in LANGUAGES]
        columns = spoken(name, many)
        if silent(rows[0], columns) != silent(rows[1], columns) or not all(row.get("label", "some") for row in rows[0]):
            different.append(name)
    assert different == []


@each_language
def test_answers_about_a_part_are_the_same_but_for_labels(language: str, many: Store) -> None:
    parts = answer(many, LIBRARY["plan-outline"], plan=f"plan/plan-{language}")
    assert len(parts) == 8
    different = []
    for name, parameter in ABOUT_A_PART.items():
        columns = spoken(name, many)
        for part in parts:
            given = {parameter: part["element"]}
            spanish, english = (answer(many, LIBRARY[name], **given, lang=each) for each in LANGUAGES)
            if silent(spanish, columns) != silent(english, columns):
                different.append((name, part["element"]))
    assert different == []


def test_structure_of_four_plans_is_the_same(many: Store) -> None:
    for name in STRUCTURE:
        found = {
            tuple(
                (row.get("number"), (row.get("element") or row["theme"]).rpartition("/")[2].partition("-")[1:])
                for row in answer(many, LIBRARY[name], plan=f"plan/plan-{language}", lang=each)
            )
            for language in TEXTS
            for each in LANGUAGES
        }
        assert len(found) == 1, name
        assert all(found), name


def test_words_are_found_in_the_language_of_the_plan(many: Store) -> None:
    for language, word in (("fr", "Protéger"), ("pt", "REGIAO"), ("en", "migrant"), ("es", "guía")):
        for asked in LANGUAGES:
            rows = answer(many, LIBRARY["text-search"], plan=f"plan/plan-{language}", words=word, lang=asked)
            assert rows, language
            assert all(row["label"] in {re.sub(r"^[\d.]+ ", "", text) for text in TEXTS[language]} for row in rows)


def test_parts_with_labels_in_two_other_languages_come_once(many: Store) -> None:
    mixed = Store()
    mixed.extend(many)
    graph = NamedNode(NAMES.graph("plan", "plan-fr"))
    for quad in list(mixed.quads_for_pattern(None, LABEL, None, graph)):
        mixed.add(Quad(quad.subject, LABEL, Literal("Parte", language="pt"), graph))
    for name in ("plan-outline", "theme-counts", "mentions", "text-search", "activities-without-schedule"):
        given = {"plan": "plan/plan-fr", **({"words": "migrants"} if name == "text-search" else {})}
        for language in LANGUAGES:
            ours, theirs = (answer(each, LIBRARY[name], **given, lang=language) for each in (mixed, many))
            assert ours == theirs, name
