"""What the pages that ask have in common: the library in its groups, and what a request says beside the query."""

from collections.abc import Collection, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.http.operation import seconds_of
from crmgraph.library import LibraryQuestion
from crmgraph.site.answers.results import Result
from crmgraph.site.rendering import GROUPS
from crmgraph.site.representations import GRAPHS, TABLES
from crmgraph.site.site import Site
from crmgraph.sparql import Format
from crmgraph.wording import Bilingual

__all__ = ["LANGUAGE", "check_parameters", "forms_of", "groups", "seconds_for", "spoken", "text_in"]

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


def forms_of(result: Result | None) -> Sequence[Format]:
    """The forms that an answer can be downloaded in."""
    if result and result.form == "ASK":
        return [form for form in TABLES if form.short in ("json", "xml")]
    return GRAPHS if result and result.form in ("CONSTRUCT", "DESCRIBE") else TABLES


def spoken(question: LibraryQuestion, language: str) -> dict[str, str]:
    """The value that makes a question answer in this language, where it lets one choose."""
    return {each.name: language for each in question.parameters if each.name == LANGUAGE and language in each.choices}


def text_in(question: LibraryQuestion, language: str) -> str:
    """The query that asks the question for answers in this language."""
    return question.with_values(spoken(question, language))


def groups(site: Site) -> dict[str, list[LibraryQuestion]]:
    """The questions of the library in their groups: first those that have a name for people, in their order."""
    found: dict[str, list[LibraryQuestion]] = {name: [] for name in GROUPS}
    for question in site.library.values():
        found.setdefault(question.group, []).append(question)
    return {name: questions for name, questions in found.items() if questions}
