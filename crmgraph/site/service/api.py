"""The page of the API: every address that the OpenAPI document tells of, with what it takes and an example."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import translations
from crmgraph.http.openapi import REFUSALS
from crmgraph.library import LibraryQuestion
from crmgraph.site.base.links import language_of
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import HTML, chosen
from crmgraph.site.base.site import Site
from crmgraph.site.service.api_words import ENDINGS, TAGS, WORDS

__all__ = ["Operation", "Parameter", "api_page", "operations"]

_LIBRARY = "library"
_QUESTIONS = "/queries/"
_SAFE = "/:"


@dataclass(frozen=True)
class Parameter:
    """What an address can be told: its name, whether in the path, what it is for and in which language that is said,
    what it may be, and what it is where nothing is said."""

    name: str
    is_in_path: bool
    is_needed: bool
    description: str
    language: str
    choices: tuple[str, ...]
    default: str
    example: str


@dataclass(frozen=True)
class Operation:
    """What can be done at an address: how, what for and in which language that is said, with what, in which media
    types it answers, and an example for a command line (empty where there is none that works as it stands)."""

    method: str
    path: str
    summary: str
    language: str
    parameters: tuple[Parameter, ...]
    media_types: tuple[str, ...]
    example: str

    @property
    def anchor(self) -> str:
        """Its name on the page."""
        return f"{self.method.lower()}{self.path}".replace("/", "-").translate({ord(sign): None for sign in "{}"})


def api_page(request: Request, site: Site) -> Response:
    """Every address of this service, from its OpenAPI document."""
    check_parameters(request, ())
    chosen(request, (HTML,))
    language = language_of(request)
    home = str(request.base_url).rstrip("/")
    groups = operations(request.app.openapi(), site.library, home, language)
    context = {
        "groups": [(TAGS.get(tag, tag), tag, listed) for tag, listed in groups.items()],
        "refusals": [(status, *_spoken(text, language)) for status, text in REFUSALS.items()],
        "home": home,
    }
    return render(request, site, "api.html", context=context)


def operations(
    document: Mapping[str, Any], library: Mapping[str, LibraryQuestion], home: str, language: str
) -> dict[str, list[Operation]]:
    """What an OpenAPI document tells of, by tag, in a language; `home` is the address that examples begin with."""
    found: dict[str, list[Operation]] = {tag: [] for tag in TAGS}
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, described in methods.items():
            if method == "parameters":
                continue
            question = library.get(path.removeprefix(_QUESTIONS)) if path.startswith(_QUESTIONS) else None
            tag = _LIBRARY if question else next(iter(described.get("tags", ())), "site")
            operation = _operation(method, path, {**described, "shared": shared}, question, home, language)
            found.setdefault(tag, []).append(operation)
    return {tag: listed for tag, listed in found.items() if listed}


def _operation(
    method: str,
    path: str,
    described: Mapping[str, Any],
    question: LibraryQuestion | None,
    home: str,
    language: str,
) -> Operation:
    parameters = tuple(
        _parameter(each, question, language) for each in [*described["shared"], *described.get("parameters", [])]
    )
    answers = described["responses"].get("200", {}).get("content", {})
    summary = (question.title[language], language) if question else _spoken(described.get("summary", ""), language)
    media_types = tuple(answers)
    example = _example(method, path, described, parameters, media_types, home)
    return Operation(method.upper(), path, *summary, parameters, media_types, example)


def _parameter(described: Mapping[str, Any], question: LibraryQuestion | None, language: str) -> Parameter:
    schema = described.get("schema", {})
    own = next((each for each in question.parameters if each.name == described["name"]), None) if question else None
    text = (own.description[language], language) if own else _spoken(described.get("description", ""), language)
    examples = [described.get("example"), *described.get("examples", ()), *schema.get("examples", ())]
    example = next((each for each in [*examples, schema.get("example")] if each is not None), "")
    return Parameter(
        described["name"],
        described["in"] == "path",
        bool(described.get("required")),
        *text,
        tuple(str(each) for each in _choices(schema) if each != ""),
        str(schema.get("default", "")),
        str(example),
    )


def _choices(schema: Mapping[str, Any]) -> Sequence[object]:
    listed: Iterable[Mapping[str, Any]] = (schema, *schema.get("anyOf", ()))
    return next((each["enum"] for each in listed if "enum" in each), ())


def _example(
    method: str,
    path: str,
    described: Mapping[str, Any],
    parameters: Sequence[Parameter],
    media_types: Sequence[str],
    home: str,
) -> str:
    """A command that works as it stands; none for what needs a token or a body that nobody gave an example of."""
    address = home + path
    for each in parameters:
        if each.is_in_path:
            value = each.example or next((choice for choice in each.choices if choice != HTML.extension), "")
            if not value:
                return ""
            address = address.replace(f"{{{each.name}}}", quote(value, safe=_SAFE))
    accepted = next((each for each in media_types if each != HTML.media_type), "")
    words = ["curl", "--location"] if "303" in described["responses"] else ["curl"]
    if accepted and "{suffix}" not in path:
        words += ["-H", f"Accept: {accepted}"]
    if method == "post":
        body = described.get("requestBody", {}).get("content", {}).items()
        sent = next(((kind, each["schema"]["example"]) for kind, each in body if "example" in each["schema"]), None)
        if sent is None:
            return ""
        words += ["-H", f"Content-Type: {sent[0]}", "--data", sent[1]]
    elif method != "get":
        return ""
    elif given := _given(parameters):
        address += "?" + urlencode(given)
    return shlex.join([*words, address])


def _given(parameters: Iterable[Parameter]) -> dict[str, str]:
    """What an example asks for: what is needed, or else one thing, for there may be nothing that answers to several."""
    offered = [each for each in parameters if not each.is_in_path and each.example]
    needed = [each for each in offered if each.is_needed]
    return {each.name: each.example for each in needed or offered[:1]}


def _spoken(text: str, language: str) -> tuple[str, str]:
    """A text of the document in a language, or as it is where nobody has translated it, with the language it is in."""
    ending = next((each for each in ENDINGS if text.endswith(each)), "")
    stem = text.removesuffix(ending)
    if stem not in WORDS:
        return text, "en"
    say = translations(language).gettext
    return say(stem) + say(ending), language
