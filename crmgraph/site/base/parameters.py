"""What the pages that ask have in common: the library in its groups, and what a request says beside the query."""

from collections.abc import Collection, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.errors import UsageError
from crmgraph.http.operation import seconds_of
from crmgraph.library import LibraryQuestion
from crmgraph.site.base.labels import QUESTION_GROUPS
from crmgraph.site.base.site import Site
from crmgraph.wording import Bilingual, shortened

__all__ = ["LANGUAGE", "check_choice", "check_parameters", "groups", "seconds_for", "spoken", "text_in"]

LANGUAGE = "lang"
"""The parameter by which a question lets one choose the language of its answer."""


def check_parameters(request: Request, known: Collection[str] | None = None) -> None:
    """Raises HTTPException 400 for a parameter that is there twice, or is none of those `known` if they are given."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if known is not None and name not in known:
            listed = ", ".join(known)
            raise HTTPException(
                400,
                Bilingual(
                    f"There is no parameter {name} here; there {f'are {listed}' if listed else 'is none at all'}.",
                    f"Aquí no existe el parámetro {name}; {f'existen {listed}' if listed else 'no existe ninguno'}.",
                ),
            )
        if name in seen:
            raise HTTPException(
                400,
                Bilingual(f"The parameter {name} is there twice.", f"El parámetro {name} está dos veces."),
            )
        seen.add(name)


def seconds_for(request: Request, site: Site) -> float:
    """The time limit that `timeout` asks for, never above the site's. HTTPException 400 for nonsense."""
    return seconds_of(request.query_params.get("timeout"), site.seconds)


def spoken(question: LibraryQuestion, language: str) -> dict[str, str]:
    """The value that makes a question answer in this language, where it lets one choose."""
    return {each.name: language for each in question.parameters if each.name == LANGUAGE and language in each.choices}


def text_in(question: LibraryQuestion, language: str) -> str:
    """The query that asks the question for answers in this language."""
    return question.with_values(spoken(question, language))


def groups(site: Site) -> dict[str, list[LibraryQuestion]]:
    """The questions of the library in their groups: first those that have a name for people, in their order."""
    found: dict[str, list[LibraryQuestion]] = {name: [] for name in QUESTION_GROUPS}
    for question in site.library.values():
        found.setdefault(question.group, []).append(question)
    return {name: questions for name, questions in found.items() if questions}


_MOST_TOLD = 12
_LONGEST = 60


def check_choice(parameter: str, called: Bilingual, value: str, choices: Mapping[str, str]) -> None:
    """Raises UsageError where a value is none of the `choices`, which have what each is called, or nothing.

    `called` is what people call that of which the parameter has a value.
    """
    if value in choices:
        return
    told = [f"{label} ({name})" if label else name for name, label in choices.items() if name]
    listed, more = ", ".join(told[:_MOST_TOLD]), len(told) - _MOST_TOLD
    shown = shortened(value, _LONGEST)
    if not told:
        raise UsageError(
            Bilingual(
                f"There is no {called} here to be chosen by. Leave {parameter} out of the address.",
                f"Aquí no hay {called.spanish} por elegir. Quite {parameter} de la dirección.",
            )
        )
    raise UsageError(
        Bilingual(
            f"“{shown}” is no {called} here. The parameter {parameter} takes: {listed}"
            + (f" and {more} more." if more > 0 else "."),
            f"«{shown}» no es aquí valor de {called.spanish}. El parámetro {parameter} admite: {listed}"
            + (f" y {more} más." if more > 0 else "."),
        )
    )
