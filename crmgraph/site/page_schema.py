"""How each page is described in the OpenAPI document: its forms, what it may be asked, and why it may not be had."""

from collections.abc import Sequence
from typing import Any

from crmgraph.http.openapi import ALWAYS, Responses, content, refusals
from crmgraph.site.findings.checks import SEVERITIES
from crmgraph.site.plans.facets import FACETS
from crmgraph.sparql import Format
from crmgraph.sparql.formats import media_types

__all__ = ["FACET_PARAMETERS", "REPORT_PARAMETERS", "responses", "suffix"]

REPORT_PARAMETERS: tuple[dict[str, Any], ...] = (
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
"""What the report of findings can be asked."""

FACET_PARAMETERS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name,
        "in": "query",
        "description": f"Only parts that say this {name}; leave empty for all",
        "schema": {"type": "string"},
        "example": example,
    }
    for name, example in zip(
        FACETS,
        ("pending", "actor/oim", "network/red-trata", "unaccompanied-minors", "return", "activity-without-schedule"),
        strict=True,
    )
)
"""What a plan can be looked through by."""


def responses(forms: Sequence[Format]) -> Responses:
    """What a page answers that is to be had in these forms; a parameter may be wrong, and what it is about may be
    nothing, or nothing any more where the data are written to.
    """
    return {
        "200": {"description": "The page, or what it shows as data.", "content": content(media_types(forms))},
        **refusals(400, 404, 406, *ALWAYS),
    }


def suffix(forms: Sequence[Format]) -> dict[str, Any]:
    """The parameter by which an address asks for one of these forms."""
    return {
        "name": "suffix",
        "in": "path",
        "required": True,
        "description": "The format",
        "schema": {"type": "string", "enum": [form.extension for form in forms]},
    }
