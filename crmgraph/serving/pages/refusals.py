"""The pages that say why there is no page."""

from collections.abc import Sequence

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


def nothing(request: Request, site: Site, form: Format, iri: str, near: Sequence[tuple[str, str]] = ()) -> HTMLResponse:
    """The answer where the graph says nothing of this IRI: a page, or HTTPException 404 for who asked for data.

    `near` are the names and paths of pages that may have been meant.
    """
    if form != HTML:
        meant = ", ".join(path for _, path in near)
        english, spanish = (f" Did you mean {meant}?", f" ¿Quería decir {meant}?") if near else ("", "")
        raise HTTPException(
            404, Bilingual(f"Nothing is known about {iri}.{english}", f"No se sabe nada de {iri}.{spanish}")
        )
    return error_page(request, site, HTTPException(404), near)


def error_page(request: Request, site: Site, error: Exception, near: Sequence[tuple[str, str]] = ()) -> HTMLResponse:
    """The page that tells of this error, in the visitor's language, with the HTTP status that says the same.

    `near` as in `nothing`.
    """
    language = language_of(request)
    problem = problem_of(error, language)
    explanation = translations(language).gettext(_NOT_FOUND) if problem.status == 404 else ""
    context = {"problem": problem, "explanation": explanation, "near": near}
    return render(request, site, "error.html", problem.status, context)
