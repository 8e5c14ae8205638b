"""What is wrong in the file of a mapping, as a person is told it."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from crmgraph.wording import Bilingual

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["mistake", "twice"]

_TEXTS = Bilingual(
    'a text in quotation marks, or several in brackets: ["No.", "Objective"]',
    'un texto entre comillas, o varios entre corchetes: ["N.º", "Objetivo"]',
)


def mistake(problem: "ErrorDetails", keys: Sequence[str], columns: Sequence[str]) -> Bilingual:
    """What pydantic found, in our words: a key that there is not, or a value of another kind.

    `keys` are those that a mapping may have, and `columns` those below its section of columns.
    """
    name = ".".join(each for each in map(str, problem["loc"]) if not each.isdecimal())
    if problem["type"] == "extra_forbidden":
        return _no_key(name, keys, columns)
    kind = _kind(problem)
    return Bilingual(f"“{name}” should be {kind}", f"«{name}» debería ser {kind.spanish}")


def twice(heading: str, first: str, second: str) -> Bilingual:
    """A column of the file may not be two of a plan."""
    return Bilingual(
        f"“{heading}” is named for {first} and for {second}, and a column of the file is one of a plan; name it for "
        "one of them",
        f"«{heading}» figura en {first} y en {second}, y una columna del archivo es una sola del plan; indíquela en "
        "una de ellas",
    )


def _no_key(name: str, keys: Sequence[str], columns: Sequence[str]) -> Bilingual:
    section, _, own = name.rpartition(".")
    there = columns if section else keys
    near = get_close_matches(own, there, n=1)
    if near:
        english, spanish = f"did you mean “{near[0]}”? ", f"¿quería decir «{near[0]}»? "
    elif own in (keys if section else columns):
        english, spanish = (
            ("it stands above [columns]. ", "va encima de [columns]. ")
            if section
            else ("it stands below [columns]. ", "va debajo de [columns]. ")
        )
    else:
        english = spanish = ""
    place = (f" below [{section}]", f" debajo de [{section}]") if section else ("", "")
    return Bilingual(
        f"there is no key “{own}”{place[0]}; {english}There are {', '.join(there)}",
        f"no existe la clave «{own}»{place[1]}; {spanish}Existen {', '.join(there)}",
    )


def _kind(problem: "ErrorDetails") -> Bilingual:
    """What kind of value there should be."""
    if problem["type"].startswith(("int_", "greater_than")):
        return Bilingual("a whole number, counted from 1", "un número entero, contado desde 1")
    if problem["type"] == "literal_error":
        expected = str(problem["ctx"]["expected"]).replace("'", '"')
        return Bilingual(expected, expected.replace(" or ", " o "))
    if problem["type"] == "model_type":
        return Bilingual(
            "a section [columns], with a heading of the file for each column of a plan",
            "una sección [columns], con un encabezado del archivo para cada columna del plan",
        )
    return _TEXTS
