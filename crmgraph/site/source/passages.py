"""The page that shows quoted words where they stand in their source, in the row of the document's table."""

import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import render
from crmgraph.site.base.site import Site
from crmgraph.site.source.excerpt import Document, Line, Quotation, document, quotations, words_at
from crmgraph.wording import Bilingual

__all__ = ["PARAMETERS", "passages_page"]

_MOST = 20
_PLACE = re.compile(r"source/([A-Za-z0-9._-]+)/(\d{1,9})-(\d{1,9})")

PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "at",
        "in": "query",
        "required": True,
        "description": f"At most {_MOST} passages, each as its source and its characters, with commas between them",
        "schema": {"type": "string"},
        "example": "source/crm/13011-13115",
    },
    {
        "name": "part",
        "in": "query",
        "description": "The rows alone, for another page to show",
        "schema": {"type": "string", "enum": ["rows"]},
    },
)
"""What the page can be asked, as OpenAPI describes it."""


def passages_page(request: Request, site: Site) -> Response:
    """The rows of the document in which the passages `at` stand, with their words marked.

    HTTPException 400 for a place that is none, 404 where a source has no words there.
    """
    check_parameters(request, ("at", "part"))
    part = request.query_params.get("part", "")
    if part not in ("", "rows"):
        raise HTTPException(
            400, Bilingual(f"There is no part {part} of this page.", f"Esta página no tiene una parte {part}.")
        )
    places = _places(request.query_params.get("at", ""))
    found = [_rows(site, source, at) for source, at in places.items()]
    context = {"found": found, "data_formats": []}
    return render(request, site, "passages_rows.html" if part else "passages.html", context=context)


def _places(written: str) -> dict[str, list[tuple[int, int]]]:
    """The places of each source that are written so."""
    matches = [_PLACE.fullmatch(piece.strip()) for piece in written.split(",")]
    read = [match for match in matches if match]
    if len(read) < len(matches) or len(read) > _MOST:
        raise HTTPException(
            400,
            Bilingual(
                f"at takes from 1 to {_MOST} passages such as source/crm/13011-13115, with commas between them.",
                f"at admite de 1 a {_MOST} pasajes como source/crm/13011-13115, separados por comas.",
            ),
        )
    places: dict[str, list[tuple[int, int]]] = {}
    for match in read:
        places.setdefault(match[1], []).append((int(match[2]), int(match[3])))
    return places


def _rows(site: Site, source: str, places: list[tuple[int, int]]) -> tuple[Document, Line | None, list[Quotation]]:
    """The rows of a source in which these places are, its headings, and the words there."""
    iri = site.names.id("source", source)
    whole = document(site, iri)
    known = quotations(site, (f"{iri}/{start}-{end}" for start, end in places))
    marks = [
        known.get(f"{iri}/{start}-{end}") or (words_at(whole, start, end) if whole else None) for start, end in places
    ]
    quoted = [mark for mark in marks if mark]
    marked = document(site, iri, quoted)
    if marked is None or len(quoted) < len(places):
        raise HTTPException(
            404,
            Bilingual(
                f"source/{source} has no words at one of these places.",
                f"source/{source} no tiene palabras en alguno de estos lugares.",
            ),
        )
    return marked.around(quoted), marked.heading, quoted
