"""The operations of the reconciliation service over the things of the graph (Reconciliation Service API 0.2)."""

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

from crmgraph import __version__
from crmgraph.http.protocol import MOST_PARAMETERS
from crmgraph.linking import KINDS
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reconciliation.matching import (
    Candidate,
    Things,
    described,
    extended,
    find_candidates,
    properties_of,
    suggest_entities,
    suggest_properties,
    suggest_types,
)
from crmgraph.reconciliation.queries import read_extension, read_queries
from crmgraph.wording import Bilingual, shortened

__all__ = ["Call", "Preview", "run"]

_MOST_PROPERTIES = 100
_LONGEST_NAME = 100
_MOST_CANDIDATES = 2000
"""Number of candidates of a whole batch: the usual number for each of the most queries that it may have."""

_PREVIEW_SIZE = {"width": 480, "height": 320}
_SERVICE_NAMES = {
    "es": "crmgraph: la migración en los procesos consultivos regionales",
    "en": "crmgraph: migration in regional consultative processes",
}
_DEFAULT_KINDS = (
    *(PREFIXES["cg"] + kind for kind in ("Agent", "State", "Organisation", "ConsultativeProcess", "Instrument")),
    PREFIXES["cg"] + "PlanElement",
    f"{ONTOLOGY}/topic",
)
_SETTINGS = {
    "es": ("Cuántos valores (0: todos)", "Valores como", "nombre", "IRI"),
    "en": ("How many values (0: all)", "Values as", "name", "IRI"),
}


@dataclass(frozen=True)
class Call:
    """A request to the service: the operation, the language, the address of the service, the query and the form.

    `query` is the part of the address behind the question mark; `form` is None where the request has no body.
    """

    operation: str
    language: str
    address: str
    query: bytes
    form: bytes | None = None


class Preview(NamedTuple):
    """A thing in a few words; `label` is empty where the graph does not know the IRI."""

    iri: str
    label: str = ""
    description: str = ""
    names: tuple[str, ...] = ()


def run(call: Call, things: Things, names: Names) -> Generator[None, None, bytes | Preview]:
    """Carry out a call; yield after each query of a batch, and return JSON or a preview.

    Raises HTTPException 400 for a call that is not understood.
    """
    given, language = _parameters(call), call.language
    prefix = given.get("prefix", "")
    body: Mapping[str, Any]
    if call.operation == "thing":
        return _preview(things, given.get("id", ""), language)
    if call.operation == "properties":
        body = _properties(things, given, language)
    elif call.operation == "suggest/entity":
        body = {"result": suggest_entities(things, prefix, language, _number(given, "cursor", 0))}
    elif call.operation == "suggest/type":
        body = {"result": suggest_types(things, prefix, language)}
    elif call.operation == "suggest/property":
        body = {"result": suggest_properties(things, prefix, language)}
    elif "queries" in given:
        return (yield from _answer_batch(things, given["queries"], language))
    elif "extend" in given:
        extension = read_extension(given["extend"])
        _check_properties(things, (each.id for each in extension.properties))
        body = extended(things, extension, language)
    elif call.form is not None:
        raise _bad("The form has neither queries nor extend.", "El formulario no trae ni queries ni extend.")
    else:
        body = _manifest(names, things, call.address, language)
    return json.dumps(body, ensure_ascii=False).encode(errors="backslashreplace")


def _parameters(call: Call) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for encoded in (call.query, call.form or b""):
        try:
            given |= parse_qsl(encoded.decode(), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError:
            raise _bad("The request is no form in UTF-8.", "La petición no es un formulario en UTF-8.") from None
    return given


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "")
    # Nine digits are more than there are things.
    return int(text[:9]) if text.isdecimal() and text.isascii() else default


def _answer_batch(things: Things, batch: str, language: str) -> Generator[None, None, bytes]:
    results = []
    queries = read_queries(batch)
    _check_kinds(kind for query in queries.values() for kind in query.type)
    _check_properties(things, (each.pid for query in queries.values() for each in query.properties))
    most = _MOST_CANDIDATES // max(len(queries), 1)
    for name, query in queries.items():
        candidates = find_candidates(things, query, language)[:most]
        result = [_candidate_fields(things, candidate, language) for candidate in candidates]
        # Text takes less memory than objects until the batch is done.
        results.append(f"{json.dumps(name)}: {json.dumps({'result': result}, ensure_ascii=False)}")
        yield
    return f"{{{', '.join(results)}}}".encode(errors="backslashreplace")


def _candidate_fields(things: Things, candidate: Candidate, language: str) -> dict[str, Any]:
    entity, match = candidate.entity, candidate.match
    features: list[dict[str, Any]] = []
    if match:
        features.append({"id": "name", "value": round(100 * match.similarity, 1)})
        features.append({"id": "exact-name", "value": match.is_exact})
    if not candidate.has_kind:
        features.append({"id": "kind", "value": False})
    features += ({"id": name, "value": round(100 * value, 1)} for name, value in candidate.properties.items())
    return {
        **things.reference(entity.iri, language),
        "description": described(things, entity, language),
        "type": [things.reference(kind, language) for kind in entity.kinds],
        "score": candidate.score,
        "match": candidate.is_certain,
        "features": features,
    }


def _properties(things: Things, given: Mapping[str, str], language: str) -> dict[str, Any]:
    kind = given.get("type", "")
    _check_kinds([kind] if kind else [])
    most = _number(given, "limit", _MOST_PROPERTIES)
    found = properties_of(things, kind)[: min(most, _MOST_PROPERTIES)]
    answer: dict[str, Any] = {"properties": [things.reference(name, language) for name in found], "limit": most}
    return {**answer, "type": kind} if kind else answer


def _preview(things: Things, iri: str, language: str) -> Preview:
    entity = things.entities.get(iri)
    if entity is None:
        return Preview(iri)
    label = things.label(iri, language)
    names = tuple(name for name in entity.names if name != label)[:8]
    return Preview(iri, label, described(things, entity, language), names)


def _manifest(names: Names, things: Things, address: str, language: str) -> dict[str, Any]:
    """Return the service manifest (specification, section 3.1)."""
    limit, content, name, iri = _SETTINGS[language]
    return {
        "versions": ["0.2"],
        "name": _SERVICE_NAMES[language],
        "identifierSpace": names.base,
        "schemaSpace": PREFIXES["cg"],
        "serviceVersion": __version__,
        "defaultTypes": [things.reference(kind, language) for kind in _DEFAULT_KINDS if kind in things.kinds],
        "view": {"url": f"{address}/view?id={{{{id}}}}"},
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", **_PREVIEW_SIZE},
        "suggest": {
            each: {"service_url": address, "service_path": f"/suggest/{each}"}
            for each in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/properties"},
            "property_settings": [
                {"name": "limit", "label": limit, "type": "number", "default": 0},
                {
                    "name": "content",
                    "label": content,
                    "type": "select",
                    "default": "name",
                    "choices": [{"value": "name", "name": name}, {"value": "id", "name": iri}],
                },
            ],
        },
    }


def _check_kinds(asked: Iterable[str]) -> None:
    """Raise HTTPException 400 for an unknown kind: an answer without candidates would not tell that it is one."""
    unknown = next((name for name in asked if name not in KINDS), None)
    if unknown is not None:
        shown = shortened(unknown, _LONGEST_NAME)
        raise _bad(
            f"There is no kind “{shown}”. /reconcile/suggest/type lists those of which there are things.",
            f"No hay ninguna clase «{shown}». /reconcile/suggest/type enumera aquellas de las que hay cosas.",
        )


def _check_properties(things: Things, asked: Iterable[str]) -> None:
    """Raise HTTPException 400 for an unknown property: an empty column would not tell that it is one."""
    unknown = next((name for name in asked if name not in things.properties), None)
    if unknown is not None:
        shown = shortened(unknown, _LONGEST_NAME)
        raise _bad(
            f"No thing has the property “{shown}”. /reconcile/properties lists those there are.",
            f"Ninguna cosa tiene la propiedad «{shown}». /reconcile/properties enumera las que hay.",
        )


def _bad(english: str, spanish: str) -> HTTPException:
    return HTTPException(400, Bilingual(english, spanish))
