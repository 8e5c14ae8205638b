"""A translation memory: what a text of the plan says in English, by whom."""

from pathlib import Path

from crmgraph.describing.tables import Column, read_table
from crmgraph.reading.folding import tidy

__all__ = ["Translations", "read_translations"]

Translations = dict[str, str]
"""English by Spanish text, both with blank space folded."""

_COLUMNS = (Column("es", required=True), Column("en", required=True), Column("translator", required=True))


def read_translations(file: Path) -> Translations:
    """The translations in a CSV table of columns es, en, translator; none where there is no such file.

    Raises TableError where a row lacks a text or its translator, or a text is there twice.
    """
    if not file.exists():
        return {}
    return {tidy(row["es"]): tidy(row["en"]) for row in read_table(file, _COLUMNS, key=("es",))}
