"""Parameters of addresses: which there may be, their time limit, and the language of a question of the library."""

from collections.abc import Collection, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.errors import UsageError
from crmgraph.http.operation import seconds_of
from crmgraph.library import LibraryQuestion
from crmgraph.site.base.labels import QUESTION_GROUPS
from crmgraph.site.base.site import Site
from crmgraph.wording import Bilingual, shortened

__all__ = [
    "LANGUAGE",
    "bad_request",
    "check_choice",
    "check_parameters",
    "groups",
    "seconds_for",
    "spoken",
    "text_in",
]

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


def spoken(question: LibraryQuestion, language: str) -> dict[str, str]:
    """Return the value that makes a question answer in this language, where it has a parameter for that."""
    return {each.name: language for each in question.parameters if each.name == LANGUAGE and language in each.choices}


def text_in(question: LibraryQuestion, language: str) -> str:
    """Return the query of a question with answers in this language."""
    return question.with_values(spoken(question, language))


def groups(site: Site) -> dict[str, list[LibraryQuestion]]:
    """Return the questions of the library by their groups: first those that have a label, in their order."""
    found: dict[str, list[LibraryQuestion]] = {name: [] for name in QUESTION_GROUPS}
    for question in site.library.values():
        found.setdefault(question.group, []).append(question)
    return {name: questions for name, questions in found.items() if questions}
