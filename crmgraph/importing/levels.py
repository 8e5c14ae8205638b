"""The levels of a plan that no column of a file was found for, though one of them may well hold them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.columns import COLUMNS, SPANISH, is_number, meaning
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.mapping import Mapping
from crmgraph.importing.pages import whole
from crmgraph.importing.rows import plan_banners
from crmgraph.reading.folding import tidy
from crmgraph.wording import Bilingual

__all__ = ["check_levels", "no_themes"]

# Neither a mark, nor a number, nor a day.
_TEXT = re.compile(r"[^\W\d_]{4}|[^\W\d_]+\W+[^\W\d_]+")


def check_levels(grids: Sequence[Grid], guessed: Mapping, file: Path) -> None:
    """Raises SourceError where a level has no column in a guess, while columns of text are left over.

    A whole level would be missing in silence. A person who writes a mapping has looked.
    """
    grid = whole(grids, guessed.table, guessed.header)
    lacking = [name for name, wanted in zip(COLUMNS[:-1], guessed.headings(), strict=False) if not wanted]
    if plan_banners(grid, guessed):
        lacking.remove("themes")
    over = list(_left_over(grid, guessed))
    if not lacking or not over:
        return
    taken = [
        (" + ".join(f"“{tidy(each)}”" for each in wanted), name)
        for name, wanted in zip(COLUMNS, guessed.headings(), strict=True)
        if wanted
    ]
    raise SourceError(
        Bilingual(
            f"no heading plainly says {' or '.join(lacking)}, and the text below {_quoted(over)} would be in no plan. "
            f"Taken were {', '.join(f'{said} ({name})' for said, name in taken)}. Say in a mapping which column is "
            "which, and leave out what is no part of the plan: --guess writes a first one, --mapping takes it",
            f"ningún encabezado dice claramente {' o '.join(SPANISH[name] for name in lacking)}, y el texto bajo "
            f"{_quoted(over)} no estaría en ningún plan. Se tomaron "
            f"{', '.join(f'{said} ({SPANISH[name]})' for said, name in taken)}. Indique en una correspondencia qué "
            "columna es cuál, y omita lo que no es parte del plan: --guess escribe una primera, --mapping la usa",
        ),
        Place(file),
    )


def no_themes(grid: Grid, mapping: Mapping, row: int, file: Path) -> SourceError:
    """The error for a plan whose first row, a row of the table counted from 0, names no theme."""
    wanted = mapping.headings()[0]
    names = [name for name in headings(grid, mapping.header).names if name]
    if wanted:
        called = grid.called(row)
        return SourceError(
            Bilingual(
                f"{called}, the first of the plan, has nothing below {_quoted(wanted)} (themes), and "
                "what stands in it belongs to no theme; write it there",
                f"{called.spanish}, la primera del plan, no tiene nada bajo {_quoted(wanted)} (temas), y lo "
                "que contiene no pertenece a ningún tema; escríbalo ahí",
            ),
            Place(file),
        )
    return SourceError(
        Bilingual(
            f"no column has the themes of the plan, which everything else belongs to: the headings are "
            f"{_quoted(names)}. Say in a mapping which column it is (--guess writes a first one, --mapping takes it), "
            "or give the file such a column",
            f"ninguna columna tiene los temas del plan, a los que pertenece todo lo demás: los encabezados son "
            f"{_quoted(names)}. Indique en una correspondencia qué columna es (--guess escribe una primera, --mapping "
            "la usa), o añada al archivo esa columna",
        ),
        Place(file),
    )


def _left_over(grid: Grid, mapping: Mapping) -> Iterator[str]:
    """The columns with text that are in no plan, though their headings do not say that they are something else."""
    found = headings(grid, mapping.header)
    taken = {tidy(heading) for wanted in mapping.headings() for heading in wanted}
    for place, name in enumerate(found.names):
        said = meaning(name)
        is_beside = is_number(found.texts[place]) or (said is not None and not said.columns)
        has_text = any(_TEXT.search(row[place]) for row in grid.rows[mapping.header :])
        if has_text and not is_beside and name not in taken:
            yield name


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
