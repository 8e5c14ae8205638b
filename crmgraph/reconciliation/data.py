"""The data of things for a table: which properties they have, and their values (specification, section 7)."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crmgraph.linking import Entity, Value
from crmgraph.namespaces import PREFIXES
from crmgraph.reconciliation.queries import Extension, Wanted
from crmgraph.reconciliation.things import Things

__all__ = ["extended", "properties_of"]

_XSD = PREFIXES["xsd"]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERS = {_XSD + name for name in ("decimal", "double", "float")}


def properties_of(things: Things, kind: str) -> list[str]:
    """The properties that things of this kind have, or of any where it is none; those of the most things first."""
    counts: dict[str, int] = {}
    for entity in things.entities.values():
        if not kind or kind in entity.kinds:
            for name in entity.values:
                counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))


def extended(things: Things, asked: Extension, language: str) -> dict[str, Any]:
    """The answer to a query for data: what the properties are, and the values of each thing."""
    known = {iri: things.entities.get(iri) for iri in asked.ids}
    return {
        "meta": [_described(things, wanted, known, language) for wanted in asked.properties],
        "rows": {
            iri: {wanted.id: _cells(things, entity, wanted, language) for wanted in asked.properties}
            for iri, entity in known.items()
        },
    }


def _described(things: Things, wanted: Wanted, known: Mapping[str, Entity | None], language: str) -> dict[str, Any]:
    described: dict[str, Any] = {"id": wanted.id, "name": things.label(wanted.id, language)}
    values = [value for entity in known.values() if entity for value in entity.values.get(wanted.id, ())]
    kinds = [set(things.entities[value.text].kinds) if value.text in things.entities else set() for value in values]
    common = set.intersection(*kinds) if kinds else set()
    if common and wanted.settings.content == "name":
        # The narrowest kind comes last.
        kind = [each for each in things.kinds if each in common][-1]
        described["type"] = {"id": kind, "name": things.label(kind, language)}
    return described


def _cells(things: Things, entity: Entity | None, wanted: Wanted, language: str) -> list[dict[str, Any]]:
    values = entity.values.get(wanted.id, ()) if entity else ()
    said = _in_language(values, language)
    if wanted.settings.limit:
        said = said[: wanted.settings.limit]
    return [_cell(things, value, wanted, language) for value in said]


def _in_language(values: Sequence[Value], language: str) -> Sequence[Value]:
    """The values without a language and those in this one; those in the others where there is none in it."""
    fitting = [value for value in values if value.language in ("", language)]
    return fitting or values


def _cell(things: Things, value: Value, wanted: Wanted, language: str) -> dict[str, Any]:
    if value.is_iri:
        if wanted.settings.content == "id" or value.text not in things.labels:
            return {"str": value.text}
        label = things.label(value.text, language)
        return {"id": value.text, "name": label} if value.text in things.entities else {"str": label}
    if value.datatype == _XSD + "date" and _DATE.fullmatch(value.text):
        return {"date": f"{value.text}T00:00:00Z"} if _is_day(value.text) else {"str": value.text}
    number = _number(value)
    return {"str": value.text} if number is None else {"int" if isinstance(number, int) else "float": number}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number(value: Value) -> float | None:
    """The number that JSON can hold; None where the value is none, whatever its datatype says."""
    try:
        if value.datatype == _XSD + "integer":
            return int(value.text)
        number = float(value.text) if value.datatype in _NUMBERS else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
