"""The batches that a client sends: queries, and things with the properties whose values are wanted."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
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


def _texts_of(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_text_of(each) for each in values if each is not None and each != "")


def _text_of(value: object) -> str:
    """Return a text, number or truth value as a text; of a thing that was matched before, its id."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("it is no text, number, truth value or thing with an id")


class PropertyQuery(BaseModel):
    """A property that candidates should have, and its values (`v`): texts, numbers, or the ids of things."""

    model_config = ConfigDict(frozen=True)

    pid: str
    v: Annotated[tuple[str, ...], _at_most(_MOST_VALUES), BeforeValidator(_texts_of)] = ()


class Query(BaseModel):
    """A query: a name, the kinds that its thing may have, and its properties (specification, section 4.1).

    `type_strict` tells whether a candidate has to be of `any` of these kinds, of `all`, or only `should` be.
    """

    model_config = ConfigDict(frozen=True)

    query: str = ""
    type: Annotated[
        tuple[str, ...],
        _at_most(_MOST_KINDS),
        BeforeValidator(lambda value: [value] if isinstance(value, str) and value else value or ()),
    ] = ()
    limit: Annotated[int, Field(ge=1), AfterValidator(lambda value: min(value, _MOST))] = _DEFAULT
    properties: Annotated[tuple[PropertyQuery, ...], _at_most(_MOST_PROPERTIES)] = ()
    type_strict: Literal["any", "all", "should"] = "any"


class Extended(BaseModel):
    """A property whose values are wanted: at most `limit` of them (0 for all), as names or as ids."""

    model_config = ConfigDict(frozen=True)

    class Settings(BaseModel):
        """The number and the form of the values."""

        limit: Annotated[int, Field(ge=0), BeforeValidator(lambda value: value or 0)] = 0
        content: Literal["name", "id"] = "name"

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
        english, spanish = _FAULTS.get(first["type"], _OTHER_FAULT)
        most = first.get("ctx", {}).get("most")
        fault = Bilingual(english.format(where, most), spanish.format(where, most))
    except json.JSONDecodeError as error:
        fault = Bilingual(
            f"it is not JSON, at line {error.lineno}, column {error.colno}",
            f"no es JSON, en la línea {error.lineno}, columna {error.colno}",
        )
    except (ValueError, RecursionError):
        fault = Bilingual("it is not JSON that can be read", "no es JSON que se pueda leer")
    raise HTTPException(
        400,
        Bilingual(
            f"The parameter {name} is not such a batch as the Reconciliation Service API 0.2 describes ({fault}).",
            f"El parámetro {name} no es un lote como los que describe la Reconciliation Service API 0.2 "
            f"({fault.spanish}).",
        ),
    )


_OTHER_FAULT = ("{} is not as described there", "{} no es como se describe allí")
_FAULTS = {
    "too_many": ("{} has more than {}", "{} tiene más de {}"),
    "missing": ("{} is missing", "falta {}"),
}
