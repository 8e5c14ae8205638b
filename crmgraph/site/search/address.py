"""What the address of the search page asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.searching import cleaned
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.search.findable import GROUPS
from crmgraph.wording import Bilingual

__all__ = ["PARAMETERS", "Wanted"]

_LIMIT, _MOST = 20, 100
_FARTHEST = 10**6
_KINDS = ("", *GROUPS)

PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "q",
        "in": "query",
        "description": "The words to look for, a phrase between quotation marks",
        "schema": {"type": "string"},
        "example": "fondo vulnerables",
    },
    {
        "name": "kind",
        "in": "query",
        "description": "Only things of this kind; leave empty for all",
        "schema": {"type": "string", "enum": list(_KINDS)},
    },
    {
        "name": "start",
        "in": "query",
        "description": "How many to leave out from the beginning",
        "schema": {"type": "integer", "minimum": 0, "maximum": _FARTHEST, "default": 0},
    },
    {
        "name": "limit",
        "in": "query",
        "description": "How many to give at most",
        "schema": {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _LIMIT},
    },
)
"""What the page can be asked, as OpenAPI describes it."""


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks for: words, a kind of things (empty for any), and which of those that are found."""

    words: str
    kind: str = ""
    start: int = 0
    limit: int = _LIMIT

    @classmethod
    def read(cls, request: Request) -> "Wanted":
        """What the address asks for. Raises HTTPException 400 for what it cannot ask."""
        check_parameters(request, [each["name"] for each in PARAMETERS])
        given = request.query_params
        kind = given.get("kind", "")
        if kind not in _KINDS:
            listed = ", ".join(GROUPS)
            raise HTTPException(
                400,
                Bilingual(f"There is no such kind; there are {listed}.", f"No existe ese tipo; existen {listed}."),
            )
        start, limit = _number(given, "start", 0, 0, _FARTHEST), _number(given, "limit", _LIMIT, 1, _MOST)
        return cls(cleaned(given.get("q", "")), kind, start, limit)

    def query(self, kind: str | None = None, start: int = 0) -> str:
        """The query of the address that asks for the same, of another kind or from another place on."""
        asked = {"q": self.words, "kind": self.kind if kind is None else kind, "start": start or ""}
        asked["limit"] = self.limit if self.limit != _LIMIT else ""
        return "?" + urlencode({name: value for name, value in asked.items() if value or name == "q"})


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A number that the address brings. Raises HTTPException 400 where it is none, or none that may be."""
    text = given.get(name, "")
    if not text:
        return usual
    # So many digits are more than there may be.
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    raise HTTPException(
        400,
        Bilingual(
            f"{name} is a whole number from {least} to {most}.", f"{name} es un número entero de {least} a {most}."
        ),
    )
