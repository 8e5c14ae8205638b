"""Addresses of pages, and the values of the parameters in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote, urlencode

from starlette.exceptions import HTTPException

from crmgraph.errors import Bilingual, UsageError, shortened
from crmgraph.http.languages import LANGUAGES
from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.site.base.labels import QUESTION_GROUPS
from crmgraph.site.base.site import Site

_SAFE = "/:@!$&'()*+,;=-._~"
_DIRECTORY = "/actors"
_SECTIONS = {
    "/plan/crm": "/plan",
    "/plan/": "/crosswalk",
    "/versions/": "/crosswalk",
    "/passages": "/id/source/crm",
    "/ontology/shapes": "/findings",
    "/id/plan/crm": "/plan",
    "/id/plan/": "/crosswalk",
    "/id/source/crm": "/id/source/crm",
    "/id/finding/": "/findings",
    **dict.fromkeys(("/id/process/", "/id/membership/", "/id/presidency/"), "/processes"),
    **dict.fromkeys(("/networks", "/instruments", "/meetings", "/states", "/topics", "/population-groups"), _DIRECTORY),
    **dict.fromkeys(("/id/actor/", "/id/country/", "/id/network/", "/id/instrument/", "/id/meeting/"), _DIRECTORY),
}
"""The beginnings of paths, the longer ones first, and the entries of the main menu by their paths."""


@dataclass(frozen=True)
class Links:
    """Links from IRIs to pages of this site, which is mounted under the path `root`, without a slash at its end."""

    names: Names
    root: str = ""

    def page(self, language: str, path: str) -> str:
        """Return the address of a page in a language: `page("es", "/findings")` is `/es/findings`."""
        return f"{self.root}/{language}{path}"

    def data(self, path: str) -> str:
        """Return the address of something that has no language, such as a dump or a style sheet."""
        return self.root + path

    def path(self, iri: str) -> str | None:
        """Return the path of the page about one of our IRIs, without language or root; None for anything else."""
        for space, folder in ((self.names.id(), "/id/"), (self.names.graph(), "/graph/")):
            if iri.startswith(space):
                return folder + quote(unquote(iri.removeprefix(space)), safe=_SAFE)
        is_ours = iri == ONTOLOGY or iri.startswith((ONTOLOGY + "#", ONTOLOGY + "/"))
        return "/ontology" + iri.removeprefix(ONTOLOGY) if is_ours else None

    def target(self, iri: str, language: str) -> str | None:
        """Return the address that a link to this IRI leads to; None where it is no web address."""
        path = self.path(iri)
        if path is not None:
            return self.page(language, path)
        if iri.startswith(self.names.base):
            return self.data("/" + iri.removeprefix(self.names.base))
        return iri if iri.startswith(("http://", "https://")) else None

    def short(self, iri: str) -> str:
        """Return the IRI with a prefix in place of its namespace, the longest that fits; else the IRI as it is."""
        fitting = (each for each in _namespaces(self.names) if iri.startswith(each[1]))
        return next((f"{prefix}:{iri.removeprefix(space)}" for prefix, space in fitting), iri)

    def vocabulary(self, name: str) -> str:
        """Return the IRI of the concept scheme, or the version of the ontology, with this name."""
        return f"{ONTOLOGY}/{quote(name, safe='')}"

    def thing(self, path: str) -> str:
        """Return the IRI of the thing whose page is at `/id/` and this path, as the server decoded it."""
        return self.names.id(quote(path, safe=_SAFE))


@cache
def _namespaces(names: Names) -> list[tuple[str, str]]:
    return sorted(names.prefixes().items(), key=lambda each: -len(each[1]))


def section_of(path: str) -> str:
    """Return the path of the menu's entry that a page stands under: for most pages the first part of their own path."""
    return next((section for begin, section in _SECTIONS.items() if path.startswith(begin)), "/" + path.split("/")[1])


def without_language(path: str) -> str:
    """Return a path without the language that it begins with."""
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    return path


def query_string(values: Mapping[str, str]) -> str:
    """Return the query string with these parameters, with its question mark; empty without any."""
    return f"?{urlencode(values)}" if values else ""


LANGUAGE_PARAMETER = "lang"
"""The parameter of a question that says in which language it answers."""

_MOST_LISTED = 12
_LONGEST_SHOWN = 60


def bad_request(english: str, spanish: str) -> HTTPException:
    """Return the error with status 400 that has these sentences."""
    return HTTPException(400, Bilingual(english, spanish))


def check_choice(parameter: str, called: Bilingual, value: str, choices: Mapping[str, str]) -> None:
    """Raise UsageError where a value is none of the `choices`, which have their labels or nothing.

    `called` is the name that people have for what the parameter chooses.
    """
    if value in choices:
        return
    options = [f"{label} ({name})" if label else name for name, label in choices.items() if name]
    if not options:
        raise UsageError(
            Bilingual(
                f"There is no {called} here to be chosen by. Leave {parameter} out of the address.",
                f"Aquí no hay {called.spanish} por elegir. Quite {parameter} de la dirección.",
            )
        )
    shown, listed, more = (
        shortened(value, _LONGEST_SHOWN),
        ", ".join(options[:_MOST_LISTED]),
        len(options) - _MOST_LISTED,
    )
    raise UsageError(
        Bilingual(
            f"“{shown}” is no {called} here. The parameter {parameter} takes: {listed}"
            + (f" and {more} more." if more > 0 else "."),
            f"«{shown}» no es aquí valor de {called.spanish}. El parámetro {parameter} admite: {listed}"
            + (f" y {more} más." if more > 0 else "."),
        )
    )


def language_value(question: LibraryQuestion, language: str) -> dict[str, str]:
    """Return the value that makes a question answer in this language, where it has a parameter for that."""
    return {
        each.name: language
        for each in question.parameters
        if each.name == LANGUAGE_PARAMETER and language in each.choices
    }


def query_in_language(question: LibraryQuestion, language: str) -> str:
    """Return the query of a question with answers in this language."""
    return question.with_values(language_value(question, language))


def questions_by_group(site: Site) -> dict[str, list[LibraryQuestion]]:
    """Return the questions of the library by their groups: first those that have a label, in their order."""
    every = site.library.values()
    groups = dict.fromkeys((*QUESTION_GROUPS, *(question.group for question in every)))
    found = {group: [question for question in every if question.group == group] for group in groups}
    return {group: questions for group, questions in found.items() if questions}
