"""Rows of answers put together by their values, and tables written as CSV."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from crmgraph.site.base.site import Row

__all__ = ["Texts", "distinct_by", "local_name", "name_key", "rows_by", "text_of", "texts_by", "texts_in", "write_csv"]

Texts = Mapping[str, str]
"""Texts by the tag of their language, which is empty for none."""


def text_of(row: Row, name: str) -> str:
    """Return the value of a column, empty where it is unbound."""
    return row[name].value if name in row else ""


def local_name(iri: str) -> str:
    """Return what follows the `#` of an IRI, or all of an IRI without one."""
    return iri.rpartition("#")[2]


def rows_by(rows: Iterable[Row], *names: str) -> dict[tuple[str, ...], list[Row]]:
    """Return the rows by their values of these columns, in the order of the first of each."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(text_of(row, name) for name in names), []).append(row)
    return found


def distinct_by(rows: Iterable[Row], key: str, name: str) -> dict[str, list[str]]:
    """Return the values of one column by those of another, each once; rows that lack either are passed over."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if key in row and name in row:
            found.setdefault(row[key].value, {})[row[name].value] = None
    return {each: list(values) for each, values in found.items()}


def texts_in(rows: Iterable[Row], name: str) -> dict[str, str]:
    """Return the texts of a column by language."""
    return {row[name].language: row[name].value for row in rows if name in row}


def texts_by(rows: Iterable[Row], key: str, name: str) -> dict[str, dict[str, str]]:
    """Return the texts of a column by the values of another and by language."""
    return {value: texts_in(each, name) for (value,), each in rows_by(rows, key).items()}


def name_key(text: str) -> list[tuple[int, str]]:
    """Return a key that sorts names as readers do: without accents and case, and 2 before 10."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    runs = re.findall(r"\d+|\D+", plain.casefold())
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in runs]


def write_csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table in CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
    return out.getvalue()
