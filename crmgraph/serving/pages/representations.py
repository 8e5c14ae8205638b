"""The forms in which a page's content is also to be had as data, and the choice among them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.answering import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.answering.formats import content_type
from crmgraph.errors import NotAcceptableError
from crmgraph.serving.cors import DATA_HEADERS
from crmgraph.serving.negotiation import accepted, choose
from crmgraph.serving.validators import FRESH
from crmgraph.wording import Bilingual

__all__ = ["GRAPHS", "HTML", "JSON", "QUERY", "TABLES", "by_suffix", "chosen", "data"]

GRAPHS = GRAPH_FORMATS
TABLES = RESULT_FORMATS
HTML = Format("html", "HTML", "text/html", "html", "")
JSON = Format("json", "JSON", "application/json", "json", "")
QUERY = Format("rq", "SPARQL", "application/sparql-query", "rq", "")


def by_suffix(path: str, forms: Iterable[Format]) -> tuple[str, Format | None]:
    """The path without the extension of one of these forms, and that form; the path itself and None without one."""
    for form in forms:
        if path.endswith("." + form.extension):
            return path.removesuffix("." + form.extension), form
    return path, None


def chosen(request: Request, forms: Sequence[Format]) -> Format:
    """The form that the Accept header likes best (RFC 9110, section 12.5.1), the earlier of two that it likes equally.

    A form that goes by an alias comes back with that as its media type. Raises NotAcceptableError where it takes none.
    """
    known = {media_type: form for form in forms for media_type in (form.media_type, *form.aliases)}
    best = choose(accepted(request), tuple(known))
    if best is None:
        offered = ", ".join(form.media_type for form in forms)
        raise NotAcceptableError(
            Bilingual(
                f"None of the available formats matches the Accept header. Available: {offered}.",
                f"Ninguno de los formatos disponibles corresponde al encabezado Accept. Disponibles: {offered}.",
            )
        )
    return replace(known[best], media_type=best)


def data(body: bytes | str, media_type: str) -> Response:
    """The content of a page as data that any page on the web may read."""
    return Response(body, headers={**DATA_HEADERS, **FRESH, "Content-Type": content_type(media_type), "Vary": "Accept"})
