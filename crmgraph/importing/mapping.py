"""Which columns of a file are which of a plan, as a person says it in a small file (TOML)."""

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crmgraph.errors import Place, UsageError
from crmgraph.importing.headings import COLUMNS, PlanColumns
from crmgraph.reading.folding import tidy
from crmgraph.texts import read_text
from crmgraph.wording import Bilingual

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["Mapping", "as_toml", "read_mapping"]

_Headings = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
_TEXTS = Bilingual(
    'a text in quotation marks, or several in brackets: ["No.", "Objective"]',
    'un texto entre comillas, o varios entre corchetes: ["N.º", "Objetivo"]',
)
_NUMBER = Bilingual("a whole number, counted from 1", "un número entero, contado desde 1")
_KINDS = {
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "greater_than_equal": _NUMBER,
    "model_type": Bilingual(
        "a section [columns], with a heading of the file for each column of a plan",
        "una sección [columns], con un encabezado del archivo para cada columna del plan",
    ),
}
"""What a value should be, by the type of the mistake that pydantic finds."""


class Mapping(BaseModel):
    """How a file becomes a plan.

    `table` is which of its tables holds the plan and `header` which row of it has the headings, both counted from 1.
    `title` are the lines above the plan; those that stand before the table in the file, where none are given. `columns`
    names for each column of a plan the headings of the file that it is made from (`No.#2` is the second of those that
    are called `No.`); several are joined by a space, such as a number and a text. `numbers` says whether those in the
    file are kept, or are added where an item has none; `language` is that of the plan, where its words do not tell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    class Columns(BaseModel):
        """The headings for each column of a plan."""

        model_config = ConfigDict(frozen=True, extra="forbid")

        themes: _Headings = ()
        objectives: _Headings = ()
        actions: _Headings = ()
        activities: _Headings = ()
        schedule: _Headings = ()

    table: int = Field(1, ge=1)
    header: int = Field(1, ge=1)
    title: _Headings = ()
    numbers: Literal["keep", "add"] = "keep"
    language: Literal["es", "en", "fr", "pt"] | None = None
    columns: Columns = Columns()

    def wanted(self) -> PlanColumns:
        """Return the names of the columns of the file for each column of a plan that has any."""
        return {name: tuple(map(tidy, getattr(self.columns, name))) for name in COLUMNS if getattr(self.columns, name)}


def read_mapping(file: Path) -> Mapping:
    """Return the mapping in a TOML file. Raises UsageError where it is none."""
    try:
        read = Mapping.model_validate(tomllib.loads(read_text(file, UsageError)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(Bilingual(f"this is not TOML: {error}", f"esto no es TOML: {error}"), Place(file)) from None
    except ValidationError as error:
        raise UsageError(_mistake(error.errors(include_url=False)[0]), Place(file)) from None
    named: dict[str, str] = {}
    for column, wanted in read.wanted().items():
        for name in wanted:
            first = named.setdefault(name, column)
            if first != column:
                said = Bilingual(
                    f"“{name}” is named for {first} and for {column}, and a column of the file is one of a plan; name "
                    "it for one of them",
                    f"«{name}» figura en {first} y en {column}, y una columna del archivo es una sola del plan; "
                    "indíquela en una de ellas",
                )
                raise UsageError(said, Place(file))
    return read


def _mistake(problem: "ErrorDetails") -> Bilingual:
    """Return what pydantic found in plain words: a key that there is not, or a value of another kind."""
    name = ".".join(each for each in map(str, problem["loc"]) if not each.isdecimal())
    if problem["type"] == "literal_error":
        expected = str(problem["ctx"]["expected"]).replace("'", '"')
        kind = Bilingual(expected, expected.replace(" or ", " o "))
    else:
        kind = _KINDS.get(problem["type"], _TEXTS)
    if problem["type"] != "extra_forbidden":
        return Bilingual(f"“{name}” should be {kind}", f"«{name}» debería ser {kind.spanish}")
    section, _, own = name.rpartition(".")
    there, elsewhere = (COLUMNS, Mapping.model_fields) if section else (tuple(Mapping.model_fields), COLUMNS)
    above, above_in_spanish = ("above", "encima") if section else ("below", "debajo")
    hint = near_in_spanish = ""
    if near := get_close_matches(own, there, n=1):
        hint, near_in_spanish = f"did you mean “{near[0]}”? ", f"¿quería decir «{near[0]}»? "
    elif own in elsewhere:
        hint, near_in_spanish = f"it stands {above} [columns]. ", f"va {above_in_spanish} de [columns]. "
    place, place_in_spanish = (f" below [{section}]", f" debajo de [{section}]") if section else ("", "")
    return Bilingual(
        f"there is no key “{own}”{place}; {hint}There are {', '.join(there)}",
        f"no existe la clave «{own}»{place_in_spanish}; {near_in_spanish}Existen {', '.join(there)}",
    )


def as_toml(mapping: Mapping, unplaced: Sequence[str] = ()) -> str:
    """Return a mapping as the file that `read_mapping` reads, with what each line is for.

    `unplaced` are the headings of the file that it has no place for.
    """

    def written(texts: Sequence[str]) -> str:
        quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]
        return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"

    wanted = mapping.wanted()
    lines = [
        "# Which table of the file holds the plan, and which of its rows the headings (from 1).",
        f"table = {mapping.table}",
        f"header = {mapping.header}",
        "# Lines above the plan; without any, those that stand before the table.",
        f"title = {written(mapping.title)}" if mapping.title else '# title = ["Plan de Acción"]',
        '# "keep" the numbers that the file prints, or "add" one to each item that has none.',
        f'numbers = "{mapping.numbers}"',
        '# The language, where its words do not tell: "es", "en", "fr" or "pt".',
        f'language = "{mapping.language}"' if mapping.language else '# language = "es"',
        "",
        "# For each column of a plan the heading in the file; several are joined, such as a number and a text.",
        "[columns]",
        *(f"{name} = {written(wanted[name])}" if name in wanted else f'# {name} = ""' for name in COLUMNS),
        *([f"# not in the plan: {', '.join(written([name]) for name in unplaced)}"] if unplaced else []),
    ]
    return "\n".join(lines) + "\n"
