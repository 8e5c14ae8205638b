"""What the service is asked and what it says, from the things as they are."""

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

from crmgraph.http.operation import MOST_PARAMETERS
from crmgraph.linking import KINDS
from crmgraph.namespaces import Names
from crmgraph.reconciliation.candidates import Candidate, candidates
from crmgraph.reconciliation.data import extended, properties_of
from crmgraph.reconciliation.manifest import manifest
from crmgraph.reconciliation.queries import read_extension, read_queries
from crmgraph.reconciliation.suggestions import described, kinds_like, properties_like, things_like
from crmgraph.reconciliation.things import Things
from crmgraph.wording import Bilingual, shortened

__all__ = ["Asked", "Glance", "Work", "work_on"]

_MOST_PROPOSED = 100
_LONGEST_NAME = 100
_MOST_CANDIDATES = 2000
"""How many candidates a batch gets in all: as many as are usual for each of the most queries that it may have."""

_Parameters = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """A request: which operation, in which language, at which address of the service, and what it brings.

    That is the part of its address behind the question mark, and its form, None where it has none.
    """

    operation: str
    language: str
    address: str
    query: bytes
    form: bytes | None = None


class Glance(NamedTuple):
    """A thing at a glance, by its IRI; without a label where nothing is known about it."""

    iri: str
    label: str = ""
    description: str = ""
    names: tuple[str, ...] = ()


Work = Generator[None, None, bytes | Glance]
"""Work on a request, which yields after each piece of it. It returns JSON or a thing, or raises HTTPException."""


def work_on(asked: Asked, things: Things, names: Names) -> Work:
    """Work on a request to the service over these things, whose names stand below `names`."""
    parameters = _parameters(asked)
    if asked.operation == "thing":
        return _glance(things, parameters.get("id", ""), asked.language)
    if asked.operation in _OPERATIONS:
        return _json(_OPERATIONS[asked.operation](things, parameters, asked.language))
    if "queries" in parameters:
        return (yield from _results(things, parameters["queries"], asked.language))
    if "extend" in parameters:
        wanted = read_extension(parameters["extend"])
        _check_properties(things, (each.id for each in wanted.properties))
        return _json(extended(things, wanted, asked.language))
    if asked.form is not None:
        raise _bad("The form has neither queries nor extend.", "El formulario no trae ni queries ni extend.")
    return _json(manifest(names, things, asked.address, asked.language))


def _parameters(asked: Asked) -> _Parameters:
    """What the request brings in its address and its form. Raises HTTPException 400."""
    given: dict[str, str] = {}
    for encoded in (asked.query, asked.form or b""):
        try:
            given |= parse_qsl(encoded.decode(), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError:
            raise _bad("The request is no form in UTF-8.", "La petición no es un formulario en UTF-8.") from None
    return given


def _results(things: Things, batch: str, language: str) -> Generator[None, None, bytes]:
    results = []
    queries = read_queries(batch)
    _check_kinds(kind for query in queries.values() for kind in query.type)
    _check_properties(things, (each.pid for query in queries.values() for each in query.properties))
    most = _MOST_CANDIDATES // max(len(queries), 1)
    for name, query in queries.items():
        told = [_told(things, each, language) for each in candidates(things, query, language)[:most]]
        # As text it takes less memory until the others are there.
        results.append(f"{json.dumps(name)}: {json.dumps({'result': told}, ensure_ascii=False)}")
        yield
    return f"{{{', '.join(results)}}}".encode(errors="backslashreplace")


def _check_kinds(asked: Iterable[str]) -> None:
    """Raises HTTPException 400 where one is no kind of things at all: no candidates would say nothing of that."""
    unknown = next((name for name in asked if name not in KINDS), None)
    if unknown is not None:
        told = shortened(unknown, _LONGEST_NAME)
        raise _bad(
            f"There is no kind “{told}”. /reconcile/suggest/type lists those of which there are things.",
            f"No hay ninguna clase «{told}». /reconcile/suggest/type enumera aquellas de las que hay cosas.",
        )


def _check_properties(things: Things, asked: Iterable[str]) -> None:
    """Raises HTTPException 400 where one is no property of anything: a column left empty would say nothing of that."""
    unknown = next((name for name in asked if name not in things.properties), None)
    if unknown is not None:
        told = shortened(unknown, _LONGEST_NAME)
        raise _bad(
            f"No thing has the property “{told}”. /reconcile/properties lists those there are.",
            f"Ninguna cosa tiene la propiedad «{told}». /reconcile/properties enumera las que hay.",
        )


def _told(things: Things, candidate: Candidate, language: str) -> dict[str, Any]:
    entity, match = candidate.entity, candidate.match
    features: list[dict[str, Any]] = []
    if match:
        features += (
            {"id": "name", "value": round(100 * match.likeness, 1)},
            {"id": "exact-name", "value": match.is_exact},
        )
    if not candidate.has_kind:
        features.append({"id": "kind", "value": False})
    features += ({"id": name, "value": round(100 * value, 1)} for name, value in candidate.properties.items())
    return {
        "id": entity.iri,
        "name": things.label(entity.iri, language),
        "description": described(things, entity, language),
        "type": [{"id": kind, "name": things.label(kind, language)} for kind in entity.kinds],
        "score": candidate.score,
        "match": candidate.is_certain,
        "features": features,
    }


def _properties(things: Things, parameters: _Parameters, language: str) -> dict[str, Any]:
    kind = parameters.get("type", "")
    _check_kinds([kind] if kind else [])
    most = _number(parameters, "limit", _MOST_PROPOSED)
    found = properties_of(things, kind)[: min(most, _MOST_PROPOSED)]
    proposed = {"properties": [{"id": name, "name": things.label(name, language)} for name in found], "limit": most}
    return {**proposed, "type": kind} if kind else proposed


def _entities_like(things: Things, parameters: _Parameters, language: str) -> dict[str, Any]:
    start = _number(parameters, "cursor", 0)
    return {"result": things_like(things, parameters.get("prefix", ""), language, start)}


def _kinds_like(things: Things, parameters: _Parameters, language: str) -> dict[str, Any]:
    return {"result": kinds_like(things, parameters.get("prefix", ""), language)}


def _properties_like(things: Things, parameters: _Parameters, language: str) -> dict[str, Any]:
    return {"result": properties_like(things, parameters.get("prefix", ""), language)}


_OPERATIONS: Mapping[str, Callable[[Things, _Parameters, str], dict[str, Any]]] = {
    "properties": _properties,
    "suggest/entity": _entities_like,
    "suggest/type": _kinds_like,
    "suggest/property": _properties_like,
}


def _glance(things: Things, iri: str, language: str) -> Glance:
    entity = things.entities.get(iri)
    if entity is None:
        return Glance(iri)
    label = things.label(iri, language)
    names = tuple(name for name in entity.names if name != label)[:8]
    return Glance(iri, label, described(things, entity, language), names)


def _number(parameters: _Parameters, name: str, usual: int) -> int:
    given = parameters.get(name, "")
    # So many digits are more than there are things.
    return int(given[:9]) if given.isdecimal() and given.isascii() else usual


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode(errors="backslashreplace")


def _bad(english: str, spanish: str) -> HTTPException:
    return HTTPException(400, Bilingual(english, spanish))
