"""How each question of the library is described in the OpenAPI document: its parameters and the forms of its answer."""

from typing import Any

from crmgraph.http.openapi import ALWAYS, content, refusals
from crmgraph.library import ANY, LibraryQuestion, Parameter
from crmgraph.site.base.parameters import LANGUAGE
from crmgraph.site.base.representations import HTML
from crmgraph.site.questions.files import ANSWERS
from crmgraph.sparql.formats import media_types

__all__ = ["operation"]

_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer", "format": "int64"},
}
_TEXT: dict[str, Any] = {"type": "string"}
_BY_ADDRESS = "Without it, that of the address (`/es/…`, `/en/…`) or else the one that Accept-Language likes best."
_LETTER_OR_DIGIT = r"[^\W_]"


def operation(question: LibraryQuestion) -> dict[str, Any]:
    """The parts of an OpenAPI operation that asks this question (OpenAPI 3.1, section 4.8.10)."""
    return {
        "summary": question.title["en"],
        "description": "\n\n".join(question.explanation.values()),
        "parameters": [
            *(_described(each.name, _schema(each), _meaning(each)) for each in question.parameters),
            _described(
                "format",
                {**_TEXT, "enum": [each.short for each in ANSWERS]},
                "The syntax of the answer, in place of the Accept header.",
            ),
            _described(
                "timeout",
                {"type": "number", "exclusiveMinimum": 0},
                "The longest that the answer may take, in seconds; never more than the server’s own limit.",
            ),
        ],
        "responses": {
            "200": {
                "description": "The answer: " + "; ".join(f"{name}: {x['en']}" for name, x in question.columns.items()),
                "content": content([HTML.media_type, *media_types(ANSWERS)]),
            },
            **refusals(400, 406, *ALWAYS),
        },
    }


def _described(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _meaning(parameter: Parameter) -> str:
    said = parameter.description["en"] + (f" `{ANY}` stands for {parameter.open['en']}." if parameter.open else "")
    return f"{said} {_BY_ADDRESS}" if parameter.name == LANGUAGE else said


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_TYPES.get(parameter.type, _TEXT))
    if parameter.type == "iri" and not parameter.open:
        schema["minLength"] = 1
    if parameter.type == "string" and not parameter.choices:
        schema["pattern"] = _LETTER_OR_DIGIT
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.name == LANGUAGE:
        return schema
    return {**schema, "default": int(parameter.default) if parameter.type == "integer" else parameter.default}
