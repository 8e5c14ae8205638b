"""The pages that say why there is no page."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.answering import Format
from crmgraph.serving.i18n import marked, translations
from crmgraph.serving.pages.rendering import language_of, render
from crmgraph.serving.pages.representations import HTML
from crmgraph.serving.pages.site import Site
from crmgraph.serving.problems import problem_of
from crmgraph.wording import Bilingual

__all__ = ["error_page", "nothing"]

_NOT_FOUND = marked(
    "The address may be mistyped, or what you are looking for may never have been part of this dataset."
)


def nothing(request: Request, site: Site, form: Format, iri: str) -> HTMLResponse:
    """The answer where the graph says nothing of this IRI: a page, or HTTPException 404 for who asked for data."""
    if form != HTML:
        raise HTTPException(404, Bilingual(f"Nothing is known about {iri}.", f"No se sabe nada de {iri}."))
    return error_page(request, site, HTTPException(404))


def error_page(request: Request, site: Site, error: Exception) -> HTMLResponse:
    """The page that tells of this error, in the visitor's language, with the HTTP status that says the same."""
    language = language_of(request)
    problem = problem_of(error, language)
    explanation = translations(language).gettext(_NOT_FOUND) if problem.status == 404 else ""
    context = {"problem": problem, "explanation": explanation}
    return render(request, site, "error.html", problem.status, context)
