"""Addresses of pages, the parameters in them, and the errors for values that a parameter does not accept."""

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

_UNQUOTED = "/:@!$&'()*+,;=-._~"
_ACTORS_PATH = "/actors"
_MENU_PATHS = {
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
    **dict.fromkeys(
        ("/networks", "/instruments", "/meetings", "/states", "/topics", "/population-groups"), _ACTORS_PATH
    ),
    **dict.fromkeys(("/id/actor/", "/id/country/", "/id/network/", "/id/instrument/", "/id/meeting/"), _ACTORS_PATH),
}
"""Maps the beginning of a path to the path of its entry in the main menu. The first entry that matches applies."""


@dataclass(frozen=True)
class Links:
    """Converts IRIs and paths to addresses of this site.

    Attributes:
        names: the namespaces of the dataset.
        root: the path that the site is mounted under, or its whole base address; without a slash at its end.
    """

    names: Names
    root: str = ""

    def page_address(self, language: str, path: str) -> str:
        """Return the address of a page in a language: `page_address("es", "/findings")` is `/es/findings`."""
        return f"{self.root}/{language}{path}"

    def data_address(self, path: str) -> str:
        """Return the address of a file that is the same in all languages, such as a dump or a style sheet."""
        return self.root + path

    def path(self, iri: str) -> str | None:
        """Return the path of the page about an IRI of ours, without language and root; None for any other IRI."""
        for space, folder in ((self.names.id(), "/id/"), (self.names.graph(), "/graph/")):
            if iri.startswith(space):
                return folder + quote(unquote(iri.removeprefix(space)), safe=_UNQUOTED)
        is_ours = iri == ONTOLOGY or iri.startswith((ONTOLOGY + "#", ONTOLOGY + "/"))
        return "/ontology" + iri.removeprefix(ONTOLOGY) if is_ours else None

    def target(self, iri: str, language: str) -> str | None:
        """Return the address that a link to this IRI leads to: a page of this site for an IRI of ours.

        Any other IRI is its own address. Return None if that is no web address.
        """
        path = self.path(iri)
        if path is not None:
            return self.page_address(language, path)
        if iri.startswith(self.names.base):
            return self.data_address("/" + iri.removeprefix(self.names.base))
        return iri if iri.startswith(("http://", "https://")) else None

    def prefixed_name(self, iri: str) -> str:
        """Return the IRI as a prefixed name, such as `cg:Plan`; the IRI itself if no prefix matches.

        Of several namespaces that match, the longest is used.
        """
        fitting = (each for each in _namespaces(self.names) if iri.startswith(each[1]))
        return next((f"{prefix}:{iri.removeprefix(space)}" for prefix, space in fitting), iri)

    def vocabulary_iri(self, name: str) -> str:
        """Return the IRI of a concept scheme of the ontology by its name, such as `…/ontology/status`.

        For the number of a version of the ontology, return the IRI of this version.
        """
        return f"{ONTOLOGY}/{quote(name, safe='')}"

    def thing_iri(self, path: str) -> str:
        """Return the IRI of the thing whose page is at `/id/` followed by `path`. The path is percent-decoded."""
        return self.names.id(quote(path, safe=_UNQUOTED))


@cache
def _namespaces(names: Names) -> list[tuple[str, str]]:
    return sorted(names.prefixes().items(), key=lambda each: -len(each[1]))


def menu_path_of(path: str) -> str:
    """Return the path of the entry of the main menu that a page belongs to.

    For most pages this is the first segment of their own path: `/findings` for `/findings/some-code`.
    """
    return next((section for begin, section in _MENU_PATHS.items() if path.startswith(begin)), "/" + path.split("/")[1])


def without_language(path: str) -> str:
    """Return a path without its language: `/findings` for `/es/findings`, `/` for `/es`."""
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    return path


def query_string(values: Mapping[str, str]) -> str:
    """Return these parameters as a query string that begins with a question mark; "" if there are none."""
    return f"?{urlencode(values)}" if values else ""


LANGUAGE_PARAMETER = "lang"
"""The name of the parameter for the language of an answer, in questions of the library."""

_MAX_LISTED = 12
_MAX_SHOWN_LENGTH = 60


def bad_request(english: str, spanish: str) -> HTTPException:
    """Return an error with status 400 and this message in English and Spanish."""
    return HTTPException(400, Bilingual(english, spanish))


def check_choice(parameter: str, noun: Bilingual, value: str, choices: Mapping[str, str]) -> None:
    """Raise UsageError if the value of a parameter is not among its choices.

    Arguments:
        parameter: the name of the parameter.
        noun: what the parameter chooses, as the message names it, such as "theme".
        value: the value to check.
        choices: the values that the parameter accepts, each with its label, or "" if it has none.
    """
    if value in choices:
        return
    options = [f"{label} ({name})" if label else name for name, label in choices.items() if name]
    if not options:
        raise UsageError(
            Bilingual(
                f"There is no {noun} here to be chosen by. Leave {parameter} out of the address.",
                f"Aquí no hay {noun.spanish} por elegir. Quite {parameter} de la dirección.",
            )
        )
    shown, listed, more = (
        shortened(value, _MAX_SHOWN_LENGTH),
        ", ".join(options[:_MAX_LISTED]),
        len(options) - _MAX_LISTED,
    )
    raise UsageError(
        Bilingual(
            f"“{shown}” is no {noun} here. The parameter {parameter} takes: {listed}"
            + (f" and {more} more." if more > 0 else "."),
            f"«{shown}» no es aquí valor de {noun.spanish}. El parámetro {parameter} admite: {listed}"
            + (f" y {more} más." if more > 0 else "."),
        )
    )


def language_value(question: LibraryQuestion, language: str) -> dict[str, str]:
    """Return the value of a question's language parameter that selects this language, such as `{"lang": "es"}`.

    Return an empty dictionary if the question has no such parameter or does not offer the language.
    """
    return {
        each.name: language
        for each in question.parameters
        if each.name == LANGUAGE_PARAMETER and language in each.choices
    }


def query_in_language(question: LibraryQuestion, language: str) -> str:
    """Return the SPARQL query of a question with its language parameter set to this language."""
    return question.with_values(language_value(question, language))


def questions_by_group(site: Site) -> dict[str, list[LibraryQuestion]]:
    """Return the questions of the library by group: first the groups of QUESTION_GROUPS, in that order."""
    every = site.library.values()
    groups = dict.fromkeys((*QUESTION_GROUPS, *(question.group for question in every)))
    found = {group: [question for question in every if question.group == group] for group in groups}
    return {group: questions for group, questions in found.items() if questions}
