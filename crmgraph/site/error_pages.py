"""The pages that tell of errors."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.errors import AnswerError
from crmgraph.http.context import context_of
from crmgraph.http.errors import problem_of
from crmgraph.http.languages import marked, translations
from crmgraph.site.base import NothingKnownError, Site, Visit, in_language
from crmgraph.site.sitemap import near_paths

__all__ = ["brief_page", "error_page"]

_ADVICE = {
    404: marked("The address may be mistyped, or what you are looking for may never have been part of this dataset."),
    500: marked(
        "The mistake is ours; you did nothing wrong. Try again; if it happens again, tell those who run this service "
        "what you were looking for, and the name of the request."
    ),
    502: marked("Try again in a moment."),
    503: marked("Try again in a moment."),
}
"""What to do about an error, by its status."""


def error_page(request: Request, site: Site, error: Exception) -> Response:
    """Return the page that tells of an error in the visitor's language, with its HTTP status."""
    visit = Visit(request, site)
    language = visit.language
    problem = replace(problem_of(error, language), request=context_of(request).id)
    advice = translations(language).gettext(_ADVICE[problem.status]) if problem.status in _ADVICE else ""
    near: Sequence[tuple[str, str]] = ()
    if isinstance(error, NothingKnownError):
        problem, near = replace(problem, detail=""), error.near
    if problem.status == 404 and not near:
        near = _near(visit)
    context = {"problem": problem, "explanation": advice, "near": near}
    return visit.render("error.html", context, problem.status, has_data=False)


def brief_page(request: Request, site: Site, error: Exception) -> Response:
    """Return the page that tells a visitor who is turned away of the error, made in no time, for they may be many."""
    visit = Visit(request, site)
    problem = problem_of(error, visit.language)
    return visit.render("refused.html", {"problem": problem}, problem.status, has_data=False)


def _near(visit: Visit) -> list[tuple[str, str]]:
    """Return the titles and paths of pages that may be meant by the address; none where the data cannot be had."""
    site, language = visit.site, visit.language
    try:
        paths = near_paths(visit)
        labels = site.labels(site.names.base + path[1:] for path in paths)
    except AnswerError:
        return []
    titles = {f"/queries/{name}": question.title[language] for name, question in site.library.items()}
    named = ((in_language(labels.get(site.names.base + path[1:], {}), language)[0], path) for path in paths)
    return [(titles.get(path) or label or path, path) for label, path in named]
