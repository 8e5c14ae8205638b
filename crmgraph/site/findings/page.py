"""The pages of the consistency report and of the catalogue of checks."""

from collections import Counter
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.site.base.links import language_of
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import (
    CSV,
    EVERY,
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    asked,
    data,
    statements_as,
)
from crmgraph.site.base.site import Site
from crmgraph.site.dataset.graphs import about_findings
from crmgraph.site.findings.checks import SEVERITIES, checks, near_codes
from crmgraph.site.findings.consistency import Wanted, grouped, placed, rows, tabled, themes
from crmgraph.site.findings.findings import all_findings
from crmgraph.site.vocabulary.ontology_files import SHAPES, written_shapes
from crmgraph.sparql import Format

__all__ = ["PARAMETERS", "findings_page", "shapes_page"]

PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "severity",
        "in": "query",
        "description": "Only findings of this severity; leave empty for all",
        "schema": {"type": "string", "enum": [*SEVERITIES, ""]},
    },
    {
        "name": "theme",
        "in": "query",
        "description": "Only findings in the theme with this id",
        "schema": {"type": "string"},
        "example": "pgm",
    },
    {
        "name": "by",
        "in": "query",
        "description": "How the page groups them",
        "schema": {"type": "string", "enum": ["kind", "place", ""]},
    },
)
"""The parameters of the report, as OpenAPI describes them."""


def findings_page(request: Request, site: Site, code: str = "") -> Response:
    """The consistency report, or what one check found, as a page or as data; `severity` and `theme` choose.

    A check that found nothing has its page too.
    """
    code, form = asked(request, code, (*EVERY, CSV))
    language = language_of(request)
    catalogue = checks(site, language)
    check = next((check for check in catalogue if check.code == code), None)
    if code and check is None:
        near = [(near.title, f"/findings/{near.code}") for near in near_codes(code, catalogue)]
        raise NothingKnownError(f"/findings/{code}", near)
    named = themes(site, language)
    wanted = Wanted.read(code, request.query_params, named)
    if form == JSON:
        return data(rows(site, wanted), JSON.media_type)
    found = all_findings(site, language)
    shown = wanted.of(found)
    titles = {each.code: each.title for each in catalogue}
    if form == CSV:
        return data(tabled(shown, titles), CSV.media_type, speaks=True)
    if form != HTML:
        return statements_as(site, about_findings(site, [finding.iri for finding in shown]), form)
    path = f"/findings/{code}" if code else "/findings"
    context = {
        "check": check,
        "groups": grouped(shown, catalogue),
        "spots": placed(site, shown, language) if wanted.by == "place" else [],
        "titles": titles,
        "wanted": wanted,
        "total": len(Wanted(code).of(found)),
        "severities": wanted.severities(found),
        "themes": wanted.themes(found, named),
        **offers(request, site, path, (*GRAPHS, JSON, CSV), wanted.query),
    }
    return render(request, site, "check.html" if check else "findings.html", context=context)


def shapes_page(request: Request, site: Site, form: Format) -> Response:
    """The catalogue of checks, as a page or as the shapes that they are."""
    if form != HTML:
        return data(written_shapes(form), form.media_type)
    language = language_of(request)
    catalogue = checks(site, language)
    groups = [(title, list(members)) for title, members in groupby(catalogue, key=lambda check: check.group)]
    counts = Counter(finding.code for finding in all_findings(site, language))
    context = {"groups": groups, "counts": counts, "iri": SHAPES, **offers(request, site, "/ontology/shapes")}
    return render(request, site, "checks.html", context=context)
