"""Which rows of an answer a page shows, and in which order: by a column that the visitor chose, a part at a time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from crmgraph.reading.folding import key
from crmgraph.site.base.site import Row, Term
from crmgraph.wording import Bilingual

__all__ = ["PARAMETERS", "Arrangement"]

PARAMETERS = ("sort", "order", "page", "columns")
"""The parameters of an address that say how a page shows its rows."""

_ORDERS = ("asc", "desc")
_EVERY = "all"
_NUMERIC = ("integer", "decimal", "double", "float", "gYear", "nonNegativeInteger")
_DIGITS = re.compile(r"(\d+)", re.ASCII)
_MOST_DIGITS = 9

_Rank = tuple[int, Decimal, tuple[tuple[int, int, str], ...], str]


@dataclass(frozen=True)
class Arrangement:
    """The column that the rows are sorted by, none for the order of the answer; and which part of them, from 1.

    A part has `size` rows. `is_whole` is whether all columns are shown, and not those alone that people read.
    """

    column: str = ""
    is_descending: bool = False
    page: int = 1
    size: int = 100
    is_whole: bool = False

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Arrangement":
        """What the parameters of an address ask for. Raises HTTPException 400 for an order or a part that is none."""
        order, page = parameters.get("order", "asc"), parameters.get("page", "1")
        if order not in _ORDERS:
            raise _refusal("order is asc or desc", "order es asc o desc")
        if not re.fullmatch(r"[1-9]\d{0,5}", page, re.ASCII):
            raise _refusal("page is a number from 1", "page es un número a partir de 1")
        if parameters.get("columns", _EVERY) != _EVERY:
            raise _refusal("columns is all", "columns es all")
        is_whole = "columns" in parameters
        return cls(parameters.get("sort", ""), order == "desc", int(page), is_whole=is_whole)

    def shown(self, columns: Sequence[str], rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows of this part. Raises HTTPException 400 where there is no such column, 404 no such part."""
        if self.column and self.column not in columns:
            there = ", ".join(columns)
            raise _refusal(f"sort is one of {there}", f"sort es una de {there}")
        if self.page > self.pages(len(rows)):
            last = self.pages(len(rows))
            raise HTTPException(404, Bilingual(f"The answer has {last} pages.", f"La respuesta tiene {last} páginas."))
        start = (self.page - 1) * self.size
        return tuple(self._sorted(rows)[start : start + self.size])

    def pages(self, total: int) -> int:
        """How many parts so many rows have."""
        return max(1, -(-total // self.size))

    def query(self, values: Mapping[str, str]) -> str:
        """The query string of the page that shows the answer for these values in this way."""
        own = {"sort": self.column, "order": "desc" if self.is_descending else "", "page": str(self.page)}
        own["columns"] = _EVERY if self.is_whole else ""
        kept = {name: value for name, value in own.items() if value and (name, value) != ("page", "1")}
        return "?" + urlencode({**values, **kept})

    def by(self, column: str) -> "Arrangement":
        """The rows by this column from its beginning, or the other way round where they are so already."""
        turned = self.column == column and not self.is_descending
        return replace(self, column=column, is_descending=turned, page=1)

    def at(self, page: int) -> "Arrangement":
        """The same rows, another part of them."""
        return replace(self, page=page)

    def with_columns(self, is_whole: bool) -> "Arrangement":
        """The same rows with all columns, or with those that people read."""
        return replace(self, is_whole=is_whole)

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        """What has no value in the column comes last, either way; what is equal there stays in its order."""
        if not self.column:
            return list(rows)
        valued = [row for row in rows if self.column in row]
        valued.sort(key=lambda row: _rank(row[self.column]), reverse=self.is_descending)
        return [*valued, *(row for row in rows if self.column not in row)]


def _rank(term: Term) -> _Rank:
    """Numbers by their size and before words; in words, numbers count as such (2.10 comes after 2.9)."""
    if term.datatype.rpartition("#")[2] in _NUMERIC:
        try:
            number = Decimal(term.value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return 0, number, (), ""
    parts = _DIGITS.split(key(term.value))
    words = tuple(
        (0, int(part), "") if place % 2 and len(part) <= _MOST_DIGITS else (1, 0, part)
        for place, part in enumerate(parts)
        if part
    )
    return 1, Decimal(0), words, term.value


def _refusal(english: str, spanish: str) -> HTTPException:
    return HTTPException(400, Bilingual(f"The parameter {english}.", f"El parámetro {spanish}."))
