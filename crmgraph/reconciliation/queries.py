"""The batches that a client sends: queries, and things with the properties whose values are wanted."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException

from crmgraph.wording import Bilingual, shortened

__all__ = ["MOST_QUERIES", "Extended", "Extension", "PropertyQuery", "Query", "read_extension", "read_queries"]

MOST_QUERIES = 200
"""Number of queries that a batch may have, and of things whose data may be asked for at once."""

_MOST_PROPERTIES, _MOST_VALUES, _MOST_KINDS = 10, 20, 50
_DEFAULT, _MOST = 10, 50
_LONGEST_PLACE = 80
_Batch = TypeVar("_Batch")


def _at_most(most: int) -> BeforeValidator:
    """Return a validator that checks the number of items first, since each of them is work."""

    def look(value: Any) -> Any:
        if isinstance(value, list | tuple | dict) and len(value) > most:
            raise PydanticCustomError("too_many", "more than {most}", {"most": most})
        return value

    return BeforeValidator(look)


class _Named(BaseModel):
    """A thing that was matched before, as the value of a property."""

    id: str
    name: str = ""


class PropertyQuery(BaseModel):
    """A property that candidates should have, and its values (`v`): texts, numbers, or the ids of things."""

    model_config = ConfigDict(frozen=True)

    pid: str
    v: Annotated[tuple[str, ...], _at_most(_MOST_VALUES)] = ()

    @field_validator("v", mode="before")
    @classmethod
    def _as_texts(cls, value: Any) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        return tuple(_text_of(each) for each in values if each is not None and each != "")


class Query(BaseModel):
    """A query: a name, the kinds that its thing may have, and its properties (specification, section 4.1).

    `type_strict` tells whether a candidate has to be of `any` of these kinds, of `all`, or only `should` be.
    """

    model_config = ConfigDict(frozen=True)

    query: str = ""
    type: Annotated[tuple[str, ...], _at_most(_MOST_KINDS)] = ()
    limit: Annotated[int, Field(ge=1)] = _DEFAULT
    properties: Annotated[tuple[PropertyQuery, ...], _at_most(_MOST_PROPERTIES)] = ()
    type_strict: Literal["any", "all", "should"] = "any"

    @field_validator("type", mode="before")
    @classmethod
    def _as_list(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) and value else value or ()

    @field_validator("limit")
    @classmethod
    def _in_bounds(cls, value: int) -> int:
        return min(value, _MOST)


class Extended(BaseModel):
    """A property whose values are wanted: at most `limit` of them (0 for all), as names or as ids."""

    model_config = ConfigDict(frozen=True)

    class Settings(BaseModel):
        """The number and the form of the values."""

        limit: Annotated[int, Field(ge=0)] = 0
        content: Literal["name", "id"] = "name"

        @field_validator("limit", mode="before")
        @classmethod
        def _empty_is_none(cls, value: Any) -> Any:
            return value or 0

    id: str
    settings: Settings = Settings()


class Extension(BaseModel):
    """Things, by their ids, and the properties whose values are wanted (specification, section 7.1)."""

    model_config = ConfigDict(frozen=True)

    ids: Annotated[tuple[str, ...], _at_most(MOST_QUERIES)]
    properties: Annotated[tuple[Extended, ...], _at_most(_MOST_PROPERTIES)]


_BATCH = TypeAdapter(Annotated[dict[str, Query], _at_most(MOST_QUERIES)])
_EXTENSION = TypeAdapter(Extension)


def read_queries(text: str) -> Mapping[str, Query]:
    """Return the queries of a batch by their keys. Raises HTTPException 400 where the text is no batch."""
    return _read("queries", text, _BATCH)


def read_extension(text: str) -> Extension:
    """Return the things and properties asked for. Raises HTTPException 400 where the text asks for none."""
    return _read("extend", text, _EXTENSION)


def _read(name: str, text: str, adapter: TypeAdapter[_Batch]) -> _Batch:
    try:
        return adapter.validate_python(json.loads(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = shortened("/".join(map(str, first["loc"])) or name, _LONGEST_PLACE)
        most = first.get("ctx", {}).get("most")
        if most is not None:
            raise _bad(name, f"{where} has more than {most}", f"{where} tiene más de {most}") from None
        if first["type"] == "missing":
            raise _bad(name, f"{where} is missing", f"falta {where}") from None
        raise _bad(name, f"{where} is not as described there", f"{where} no es como se describe allí") from None
    except json.JSONDecodeError as error:
        place = (error.lineno, error.colno)
        english = "it is not JSON, at line {}, column {}".format(*place)
        raise _bad(name, english, "no es JSON, en la línea {}, columna {}".format(*place)) from None
    except (ValueError, RecursionError):
        raise _bad(name, "it is not JSON that can be read", "no es JSON que se pueda leer") from None


def _bad(name: str, english: str, spanish: str) -> HTTPException:
    return HTTPException(
        400,
        Bilingual(
            f"The parameter {name} is not such a batch as the Reconciliation Service API 0.2 describes ({english}).",
            f"El parámetro {name} no es un lote como los que describe la Reconciliation Service API 0.2 ({spanish}).",
        ),
    )


def _text_of(value: object) -> str:
    if isinstance(value, dict):
        return _Named.model_validate(value).id
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("it is no text, number, truth value or thing with an id")
