"""Each question of the library as an operation with typed parameters in the OpenAPI document."""

from typing import Any

import pytest
from fastapi import FastAPI

from crmgraph.library import LibraryQuestion, Parameter
from crmgraph.namespaces import Names
from crmgraph.site import Site, pages_router
from crmgraph.site.questions.schema import operation

LANGUAGE = Parameter("lang", "string", "es", {"es": "Idioma.", "en": "Language."}, {"es": {}, "en": {}})
THING = Parameter("thing", "iri", "any", {"es": "Cosa.", "en": "Thing."})
YEAR = Parameter("year", "integer", "2003", {"es": "Año.", "en": "Year."})
QUESTION = LibraryQuestion(
    "what",
    {"es": "¿Qué?", "en": "What?"},
    {"es": "Todo.", "en": "All."},
    "gaps",
    (LANGUAGE, THING, YEAR),
    {"x": {"es": "La cosa", "en": "The thing"}},
    "",
    Names(),
)


@pytest.fixture(scope="module")
def paths(site: Site) -> dict[str, Any]:
    app = FastAPI()
    app.include_router(pages_router(site))
    found: dict[str, Any] = app.openapi()["paths"]
    return found


def test_parameters_have_their_types_and_defaults() -> None:
    described = {each["name"]: each for each in operation(QUESTION)["parameters"]}
    assert described["lang"]["schema"] == {"type": "string", "enum": ["es", "en"]}
    assert "Accept-Language" in described["lang"]["description"]
    assert described["year"]["schema"] == {"type": "integer", "format": "int64", "default": 2003}
    assert described["thing"]["schema"]["type"] == "string"
    assert described["thing"]["description"] == "Thing."
    assert "csv" in described["format"]["schema"]["enum"]
    assert all(each["in"] == "query" and each["required"] is False for each in described.values())


def test_it_says_in_words_what_it_answers() -> None:
    described = operation(QUESTION)
    assert described["summary"] == "What?"
    assert described["description"] == "Todo.\n\nAll."
    assert described["responses"]["200"]["description"] == "The answer: x: The thing"
    assert "text/csv" in described["responses"]["200"]["content"]


def test_every_question_has_a_path_of_its_own(site: Site, paths: dict[str, Any]) -> None:
    for name, question in site.library.items():
        described = paths[f"/queries/{name}"]["get"]
        assert described["operationId"] == name
        assert described["summary"] == question.title["en"]
        named = [each["name"] for each in described["parameters"]]
        assert named == [*(each.name for each in question.parameters), "format", "timeout"]


def test_the_paths_are_no_others_than_the_questions(site: Site, paths: dict[str, Any]) -> None:
    under = {path.removeprefix("/queries/") for path in paths if path.startswith("/queries/")}
    assert under == {*site.library, "{name}"}
