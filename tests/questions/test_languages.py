"""Of a plan in whatever language a question has the same answer in Spanish and in English, but for the labels."""

import functools
import re
from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.building import build
from crmgraph.library.parameters import ANY
from crmgraph.namespaces import Names
from crmgraph.storing.disk import open_store
from tests.support.questions import LIBRARY, answer

NAMES = Names()
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
LANGUAGES = ("es", "en")
TEXTS = {
    "es": (
        "Plan de la región", "TEMAS", "OBJETIVOS", "ACCIÓN", "ACTIVIDADES", "CALENDARIO",
        "Protección de las personas", "1. Proteger a las personas migrantes de la región",
        "1.1 Capacitar al personal de los consulados", "1.2 Trabajar con los que la conocen",
        "1.1.1 Realizar dos talleres con la OIM en Honduras", "1.1.2 Publicar una guía para el personal",
        "Reunir a los puntos focales de la red", "1.1.1.1 Cada seis meses",
    ),
    "en": (
        "Plan of the region", "THEMES", "OBJECTIVES", "ACTION", "ACTIVITIES", "SCHEDULE",
        "Protection of the people", "1. Protect the migrants of the region",
        "1.1 Train the staff of the consulates", "1.2 Work with those who know it",
        "1.1.1 Hold two workshops with IOM in Honduras", "1.1.2 Publish a guide for the staff",
        "Bring the focal points of the network together", "1.1.1.1 Every six months",
    ),
    "fr": (
        "Plan de la région", "THÈMES", "OBJECTIFS", "ACTION", "ACTIVITÉS", "CALENDRIER",
        "Protection des personnes", "1. Protéger les migrants dans la région",
        "1.1 Former le personnel des consulats", "1.2 Travailler avec ceux qui la connaissent",
        "1.1.1 Tenir deux ateliers avec l’OIM au Honduras", "1.1.2 Publier un guide pour le personnel",
        "Réunir les points focaux du réseau", "1.1.1.1 Tous les six mois",
    ),
    "pt": (
        "Plano da região", "TEMAS", "OBJETIVOS", "AÇÃO", "ATIVIDADES", "CALENDÁRIO",
        "Proteção das pessoas", "1. Proteger as pessoas migrantes da região",
        "1.1 Capacitar o pessoal dos consulados", "1.2 Trabalhar com os que a conhecem",
        "1.1.1 Realizar duas oficinas com a OIM em Honduras", "1.1.2 Publicar um guia para o pessoal",
        "Reunir os pontos focais da rede", "1.1.1.1 A cada seis meses",
    ),
}  # fmt: skip
"""One plan in four languages: a title, five headings, and one row of the table."""
STRUCTURE = (
    "plan-outline", "theme-counts", "activities-without-schedule", "actions-without-activities", "unnumbered-lines",
    "uncertain-attachments",
)  # fmt: skip
ABOUT_A_PLAN = [name for name in LIBRARY if {"plan", "lang"} <= {each.name for each in LIBRARY[name].parameters}]
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


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("languages")
    plans = folder / "plans"
    plans.mkdir()
    for language, texts in TEXTS.items():
        (plans / f"plan-{language}.txt").write_text(written(*texts), encoding="utf-8")
    return open_store(build(folder / "build", NAMES, plans=plans).folder(folder / "build"))


@pytest.fixture(scope="module")
def mixed(many: Store) -> Store:
    """The same, and each part of the plan in French has a label in Portuguese too."""
    both = Store()
    both.extend(many)
    graph = NamedNode(NAMES.graph("plan", "plan-fr"))
    for quad in list(both.quads_for_pattern(None, LABEL, None, graph)):
        both.add(Quad(quad.subject, LABEL, Literal("Parte", language="pt"), graph))
    return both


@functools.cache
def spoken(name: str, store: Store) -> set[str]:
    """The columns that are in the language asked for."""
    opened = {parameter.name: ANY for parameter in LIBRARY[name].parameters if parameter.open}
    spanish, english = (
        [Counter(row.items()) for row in answer(store, LIBRARY[name], **opened, lang=each)] for each in LANGUAGES
    )
    counts = [sum(rows, Counter()) for rows in (spanish, english)]
    return {column for column, _ in (counts[0] - counts[1]) + (counts[1] - counts[0])}


def silent(rows: list[dict[str, str]], columns: set[str]) -> Counter[tuple[tuple[str, str], ...]]:
    """The rows without what those columns say; that they say something stays."""
    return Counter(
        tuple((column, str(bool(value)) if column in columns else value) for column, value in row.items())
        for row in rows
    )


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("name", ABOUT_A_PLAN)
def test_the_answer_about_a_plan_is_the_same_but_for_labels(name: str, language: str, many: Store) -> None:
    opened = {parameter.name: ANY for parameter in LIBRARY[name].parameters if parameter.open}
    rows = [answer(many, LIBRARY[name], **opened, plan=f"plan/plan-{language}", lang=each) for each in LANGUAGES]
    columns = spoken(name, many)
    assert silent(rows[0], columns) == silent(rows[1], columns)
    assert all(row.get("label", "some") for row in rows[0])


@pytest.mark.parametrize("name", STRUCTURE)
def test_what_four_plans_have_in_common_is_answered_of_each(name: str, many: Store) -> None:
    found = {
        tuple(
            (row.get("number"), (row.get("element") or row["theme"]).rpartition("/")[2].partition("-")[1:])
            for row in answer(many, LIBRARY[name], plan=f"plan/plan-{language}", lang=each)
        )
        for language in TEXTS
        for each in LANGUAGES
    }
    assert len(found) == 1
    assert all(found)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("name", ABOUT_A_PART)
def test_the_answer_about_a_part_is_the_same_but_for_labels(name: str, language: str, many: Store) -> None:
    columns = spoken(name, many)
    parts = answer(many, LIBRARY["plan-outline"], plan=f"plan/plan-{language}")
    assert len(parts) == 8
    for part in parts:
        given = {ABOUT_A_PART[name]: part["element"]}
        spanish, english = (answer(many, LIBRARY[name], **given, lang=each) for each in LANGUAGES)
        assert silent(spanish, columns) == silent(english, columns)


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Protéger"), ("pt", "REGIAO"), ("en", "migrant"), ("es", "guía")]
)
@pytest.mark.parametrize("asked", LANGUAGES)
def test_words_are_found_in_the_language_of_the_plan(language: str, word: str, asked: str, many: Store) -> None:
    rows = answer(many, LIBRARY["text-search"], plan=f"plan/plan-{language}", words=word, lang=asked)
    assert rows
    assert all(row["label"] in {re.sub(r"^[\d.]+ ", "", text) for text in TEXTS[language]} for row in rows)


@pytest.mark.parametrize(
    "name", ["plan-outline", "theme-counts", "mentions", "text-search", "activities-without-schedule"]
)
def test_a_part_with_two_other_languages_comes_once(name: str, many: Store, mixed: Store) -> None:
    given = {"plan": "plan/plan-fr", **({"words": "migrants"} if name == "text-search" else {})}
    for language in LANGUAGES:
        assert answer(mixed, LIBRARY[name], **given, lang=language) == answer(
            many, LIBRARY[name], **given, lang=language
        )


BARE = re.compile(r"LANG\(\?(\w+)\) = \?lang(?! \|\| NOT EXISTS)")
VOCABULARY = {"class", "kind", "way", "property", "shape", "part", "finding", "recorded"}
"""What variables stand for that are terms or checks of ours, or who is on record in our own tables, which have a label
in both languages; concepts are known by skos:prefLabel."""


def bare_labels(text: str) -> set[tuple[str, str]]:
    """The things, and their labels, of which a query wants the label in the language asked for or none."""
    pattern = re.sub(r"NOT EXISTS \{ \?\w+ \S+ \?nearer \. FILTER \([^{}]*\) \}", "", text)
    found = set()
    for label in set(BARE.findall(text)):
        for subject in re.findall(
            rf"\?(\w+)(?:(?! \.|[{{}}]|\?{label}\b).)*?\brdfs:label(?:\|skos:prefLabel)? \?{label}\b",
            pattern,
            re.DOTALL,
        ):
            found.add((subject, label))
    return {(subject, label) for subject, label in found if subject not in VOCABULARY}


@pytest.mark.parametrize("name", LIBRARY)
def test_no_thing_is_left_out_for_want_of_a_label(name: str) -> None:
    """See CONTRIBUTING.md, “Add a question”."""
    assert not bare_labels(LIBRARY[name].text)


def test_a_question_that_wants_one_language_is_found() -> None:
    wrong = "SELECT * { VALUES ?lang { 'es' } ?element a cg:Theme ; rdfs:label ?label . FILTER (LANG(?label) = ?lang) }"
    assert bare_labels(wrong) == {("element", "label")}
    right = (
        "?element rdfs:label ?label . FILTER (LANG(?label) = ?lang || NOT EXISTS { ?element rdfs:label ?nearer . "
        "FILTER (LANG(?nearer) = ?lang || LANG(?nearer) < LANG(?label)) })"
    )
    assert not bare_labels(right)
