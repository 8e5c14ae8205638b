"""Addresses of pages: links to them, and what the path and the parameters of a request ask for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.errors import UsageError
from crmgraph.http.languages import LANGUAGES, preferred
from crmgraph.http.protocol import seconds_of
from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.site.base.labels import QUESTION_GROUPS
from crmgraph.site.base.site import Site
from crmgraph.wording import Bilingual, shortened

__all__ = [
    "LANGUAGE",
    "Links",
    "address_of",
    "address_to",
    "bad_request",
    "check_choice",
    "check_parameters",
    "language_of",
    "language_value",
    "links_of",
    "origin_of",
    "path_of",
    "query_in",
    "questions_by_group",
    "seconds_for",
    "section_of",
    "without_language",
    "without_tracking",
]

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

_TRACKING = frozenset({"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid"})
_TRACKING_PREFIX = "utm_"


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


def links_of(request: Request, site: Site) -> Links:
    """Return the links of the site as it is mounted for this request."""
    return Links(site.names, request.scope.get("root_path", "").rstrip("/"))


def language_of(request: Request) -> str:
    """Return the language that the path of the request begins with, else the one that the visitor prefers."""
    first = _path(request).lstrip("/").split("/")[0]
    return first if first in LANGUAGES else preferred(request.headers.get("accept-language"))


def path_of(request: Request) -> str:
    """Return the path of the request without the root and the language, such as `/findings`."""
    return without_language(_path(request))


def without_language(path: str) -> str:
    """Return a path without the language that it begins with."""
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    return path


def origin_of(request: Request) -> str:
    """Return the scheme and the host that the request was sent to, such as `https://example.org`."""
    return f"{request.url.scheme}://{request.url.netloc}"


def address_of(request: Request, site: Site, path: str) -> str:
    """Return the whole address of the page at this path, in the language of the request."""
    return origin_of(request) + links_of(request, site).page(language_of(request), path)


def address_to(request: Request, site: Site, iri: str) -> str:
    """Return the whole address of the page about one of our IRIs, in the language of the request."""
    return origin_of(request) + (links_of(request, site).target(iri, language_of(request)) or "")


def without_tracking(request: Request) -> str | None:
    """Return the address of the request without the parameters by which mailers and networks follow visitors.

    It begins at the root of the server. None where there is no such parameter. Pages refuse parameters that they do not
    know, and the visitor did not write these.
    """
    given = request.query_params.multi_items()
    kept = [(name, value) for name, value in given if name not in _TRACKING and not name.startswith(_TRACKING_PREFIX)]
    if len(kept) == len(given):
        return None
    root, path = request.scope.get("root_path", "").rstrip("/"), request.scope["path"]
    whole = path if root and path.startswith(f"{root}/") else root + path
    return quote(whole) + (f"?{urlencode(kept)}" if kept else "")


def _path(request: Request) -> str:
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(root + "/") else path


LANGUAGE = "lang"
"""The parameter of a question that says in which language it answers."""

_MOST_LISTED = 12
_LONGEST_SHOWN = 60


def bad_request(english: str, spanish: str) -> HTTPException:
    """Return the error with status 400 that has these sentences."""
    return HTTPException(400, Bilingual(english, spanish))


def check_parameters(request: Request, known: Collection[str] | None = None) -> None:
    """Raise HTTPException 400 for a parameter that is there twice, or is none of the `known`, if these are given."""
    names = [name for name, _ in request.query_params.multi_items()]
    for place, name in enumerate(names):
        if known is not None and name not in known:
            listed = ", ".join(known)
            raise bad_request(
                f"There is no parameter {name} here; there {f'are {listed}' if listed else 'is none at all'}.",
                f"Aquí no existe el parámetro {name}; {f'existen {listed}' if listed else 'no existe ninguno'}.",
            )
        if name in names[:place]:
            raise bad_request(f"The parameter {name} is there twice.", f"El parámetro {name} está dos veces.")


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


def seconds_for(request: Request, site: Site) -> float:
    """Return the time limit that `timeout` asks for, at most the site's. Raises HTTPException 400 where it is none."""
    return seconds_of(request.query_params.get("timeout"), site.seconds)


def language_value(question: LibraryQuestion, language: str) -> dict[str, str]:
    """Return the value that makes a question answer in this language, where it has a parameter for that."""
    return {each.name: language for each in question.parameters if each.name == LANGUAGE and language in each.choices}


def query_in(question: LibraryQuestion, language: str) -> str:
    """Return the query of a question with answers in this language."""
    return question.with_values(language_value(question, language))


def questions_by_group(site: Site) -> dict[str, list[LibraryQuestion]]:
    """Return the questions of the library by their groups: first those that have a label, in their order."""
    found: dict[str, list[LibraryQuestion]] = {name: [] for name in QUESTION_GROUPS}
    for question in site.library.values():
        found.setdefault(question.group, []).append(question)
    return {name: questions for name, questions in found.items() if questions}
