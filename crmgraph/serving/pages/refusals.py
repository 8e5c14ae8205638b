"""The pages that say why there is no page."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.answering import Bilingual, Format
from crmgraph.serving.i18n import marked, translations
from crmgraph.serving.pages.rendering import language_of, render
from crmgraph.serving.pages.representations import HTML
from crmgraph.serving.pages.site import Site
from crmgraph.serving.problems import problem_of

__all__ = ["error_page", "nothing"]

_EXPLANATIONS = {
    404: marked("The address may be mistyped, or the thing may never have been part of this dataset."),
    406: marked("The content at this address exists, but in none of the forms that were asked for."),
    503: marked("The question was stopped at its time limit. Ask for less, or try again in a moment."),
}


def nothing(request: Request, site: Site, form: Format, iri: str) -> HTMLResponse:
    """The answer where the graph says nothing of this IRI: a page, or HTTPException 404 for who asked for data."""
    if form != HTML:
        raise HTTPException(404, Bilingual(f"Nothing is known of {iri}.", f"Nada se sabe de {iri}."))
    return error_page(request, site, HTTPException(404))


def error_page(request: Request, site: Site, error: Exception) -> HTMLResponse:
    """The page that tells of this error, in the visitor's language, with the HTTP status that says the same."""
    language = language_of(request)
    problem = problem_of(error, language)
    explanation = _EXPLANATIONS.get(problem.status, "")
    context = {
        "problem": problem,
        "explanation": explanation and translations(language).gettext(explanation),
    }
    page = render(request, site, "error.html", problem.status, context)
    page.headers.update(error.headers or {} if isinstance(error, HTTPException) else {})
    return page
