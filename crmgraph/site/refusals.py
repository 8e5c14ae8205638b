"""The pages that say why there is no page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.errors import AnswerError
from crmgraph.http.context import visit_of
from crmgraph.http.errors import problem_of
from crmgraph.http.languages import marked, translations
from crmgraph.site.paths import near_paths
from crmgraph.site.rendering import language_of, path_of, render
from crmgraph.site.representations import HTML
from crmgraph.site.site import Site, in_language
from crmgraph.sparql import Format
from crmgraph.wording import Bilingual

__all__ = ["brief_page", "error_page", "nothing"]

_ADVICE = {
    404: marked("The address may be mistyped, or what you are looking for may never have been part of this dataset."),
    500: marked(
        "The mistake is ours; you did nothing wrong. Try again; if it happens again, tell those who run this service "
        "what you were looking for, and the name of the request."
    ),
    502: marked("Try again in a moment."),
    503: marked("Try again in a moment."),
}
"""What to do about it, by the status."""


def nothing(request: Request, site: Site, form: Format, iri: str, near: Sequence[tuple[str, str]] = ()) -> Response:
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


def error_page(request: Request, site: Site, error: Exception, near: Sequence[tuple[str, str]] = ()) -> Response:
    """The page that tells of this error, in the visitor's language, with the HTTP status that says the same.

    `near` as in `nothing`.
    """
    language = language_of(request)
    problem = replace(problem_of(error, language), request=visit_of(request).id)
    advice = translations(language).gettext(_ADVICE[problem.status]) if problem.status in _ADVICE else ""
    if problem.status == 404 and not near:
        near = _near(request, site, language)
    context = {"problem": problem, "explanation": advice, "near": near}
    return render(request, site, "error.html", problem.status, context, has_data=False)


def brief_page(request: Request, site: Site, error: Exception) -> Response:
    """The page that tells whoever is turned away of this error, made in no time, for there may be many of them."""
    problem = problem_of(error, language_of(request))
    return render(request, site, "refused.html", problem.status, {"problem": problem}, has_data=False)


def _near(request: Request, site: Site, language: str) -> Sequence[tuple[str, str]]:
    """What may have been meant by the address; nothing where nobody can be asked."""
    try:
        paths = near_paths(request, site, path_of(request))
        labels = site.labels(site.names.base + path[1:] for path in paths)
    except AnswerError:
        return ()
    return [(_called(site, path, labels.get(site.names.base + path[1:], {}), language), path) for path in paths]


def _called(site: Site, path: str, labels: Mapping[str, str], language: str) -> str:
    """What a page is called: a question by what it asks, a thing by its label, any other by its path."""
    question = site.library.get(path.removeprefix("/queries/"))
    return question.title[language] if question else in_language(labels, language)[0] or path
