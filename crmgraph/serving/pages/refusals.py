"""The pages that say why there is no page."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.answering import Bilingual, Format
from crmgraph.serving.i18n import marked, translations
from crmgraph.serving.pages.rendering import language_of, render
from crmgraph.serving.pages.representations import HTML
from crmgraph.serving.pages.site import Site

__all__ = ["error_page", "nothing"]

_TITLES = {
    400: marked("This request cannot be understood"),
    403: marked("This is not allowed here"),
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


def nothing(request: Request, site: Site, form: Format, iri: str) -> HTMLResponse:
    """The answer where the graph says nothing of this IRI: a page, or HTTPException 404 for who asked for data."""
    if form != HTML:
        raise HTTPException(404, Bilingual(f"Nothing is known of {iri}.", f"Nada se sabe de {iri}."))
    return error_page(request, site, 404)


def error_page(request: Request, site: Site, status: int, detail: str = "") -> HTMLResponse:
    """A page in the visitor's language for an HTTP error status; `detail` is shown as it is."""
    say = translations(language_of(request)).gettext
    context = {
        "status": status,
        "title": say(_TITLES.get(status, _OTHERWISE)),
        "explanation": say(_EXPLANATIONS[status]) if status in _EXPLANATIONS else "",
        "detail": detail,
    }
    return render(request, site, "error.html", status, context)
