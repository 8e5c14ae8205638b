"""The forms in which a page's content is also to be had as data, and the choice among them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import mimeparse
from starlette.requests import Request

from crmgraph.errors import NotAcceptableError

__all__ = ["GRAPHS", "HTML", "JSON", "RESULTS", "Form", "by_suffix", "chosen"]


class Form(NamedTuple):
    """A form of data: its name for people, the suffix that asks for it, and its media type."""

    name: str
    suffix: str
    media_type: str


HTML = Form("HTML", "html", "text/html")
JSON = Form("JSON", "json", "application/json")
GRAPHS = (
    Form("Turtle", "ttl", "text/turtle"),
    Form("JSON-LD", "jsonld", "application/ld+json"),
    Form("RDF/XML", "rdf", "application/rdf+xml"),
    Form("N-Triples", "nt", "application/n-triples"),
    Form("N-Quads", "nq", "application/n-quads"),
    Form("TriG", "trig", "application/trig"),
)
RESULTS = (
    Form("JSON", "json", "application/sparql-results+json"),
    Form("XML", "xml", "application/sparql-results+xml"),
    Form("CSV", "csv", "text/csv"),
    Form("TSV", "tsv", "text/tab-separated-values"),
)


def by_suffix(path: str, forms: Iterable[Form]) -> tuple[str, Form | None]:
    """The path without the suffix of one of these forms, and that form; the path itself and None without one."""
    for form in forms:
        if path.endswith("." + form.suffix):
            return path.removesuffix("." + form.suffix), form
    return path, None


def chosen(request: Request, forms: Sequence[Form]) -> Form:
    """The form that the Accept header likes best (RFC 9110, section 12.5.1), the earlier of two that it likes equally.

    Raises NotAcceptableError where it takes none of them.
    """
    accept = request.headers.get("accept", "*/*").strip() or "*/*"
    try:
        best = mimeparse.best_match([form.media_type for form in reversed(forms)], accept)
    except mimeparse.MimeTypeParseException:
        best = ""
    if not best:
        offered = ", ".join(form.media_type for form in forms)
        raise NotAcceptableError(f"None of the forms on offer fits the Accept header. On offer: {offered}.")
    return next(form for form in forms if form.media_type == best)
