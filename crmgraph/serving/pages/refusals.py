"""The pages that say why there is no page, and the problems that stand in place of an answer."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.answering import Format, in_language
from crmgraph.errors import (
    AnswerError,
    CrmgraphError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    UsageError,
)
from crmgraph.serving.i18n import marked, translations
from crmgraph.serving.pages.rendering import language_of, render
from crmgraph.serving.pages.representations import HTML
from crmgraph.serving.pages.site import Site

__all__ = ["Problem", "error_page", "nothing", "problem_of"]

_TITLES = {
    400: marked("This request cannot be understood"),
    404: marked("There is nothing at this address"),
    405: marked("This address does not take requests of this kind"),
    406: marked("Not to be had in the form asked for"),
    503: marked("The answer took too long"),
}
_EXPLANATIONS = {
    404: marked("The address may be mistyped, or the thing may never have been part of this dataset."),
    406: marked("The content at this address exists, but in none of the forms that were asked for."),
    503: marked("The question was stopped at its time limit. Ask for less, or try again in a moment."),
}
_OTHERWISE = marked("Something went wrong on our side")
_PROBLEMS: dict[type[CrmgraphError], tuple[int, str]] = {
    QuerySyntaxError: (400, marked("This is not a SPARQL query")),
    UsageError: (400, marked("This value does not fit")),
    QueryRefusedError: (403, marked("This is not allowed here")),
    QueryTimeoutError: (503, marked("The query was stopped at its time limit")),
    AnswerError: (500, marked("The query could not be answered")),
}


@dataclass(frozen=True)
class Problem:
    """Why a query got no answer: `title` in the visitor's language, `detail` in `language`; both positions from 1."""

    status: int
    title: str
    detail: str
    language: str
    line: int | None = None
    column: int | None = None


def problem_of(error: CrmgraphError, language: str) -> Problem:
    """What to tell a visitor of an error in answering, and the HTTP status that says the same."""
    status, title = next(
        (told for kind, told in _PROBLEMS.items() if isinstance(error, kind)),
        (500, _OTHERWISE),
    )
    line, column = (error.line, error.column) if isinstance(error, QuerySyntaxError) else (None, None)
    english, detail = in_language(error, "en"), in_language(error, language)
    spoken = language if detail != english else "en"
    return Problem(status, translations(language).gettext(title), detail, spoken, line, column)


def nothing(request: Request, site: Site, form: Format, detail: str) -> HTMLResponse:
    """The answer where nothing is: a page for those who want one, else HTTPException 404 for its problem document."""
    if form != HTML:
        raise HTTPException(404, detail)
    return error_page(request, site, 404)


def error_page(request: Request, site: Site, status: int, detail: str = "") -> HTMLResponse:
    """A page in the visitor's language for an HTTP error status; `detail` is shown as it is, in English."""
    say = translations(language_of(request)).gettext
    context = {
        "status": status,
        "title": say(_TITLES.get(status, _OTHERWISE)),
        "explanation": say(_EXPLANATIONS[status]) if status in _EXPLANATIONS else "",
        "detail": detail,
    }
    return render(request, site, "error.html", status, context)
