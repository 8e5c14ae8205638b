"""The operations of the reconciliation service (Reconciliation Service API 0.2).

The functions `load_things`, `begin_call` and `find_query_candidates` run in the worker process of the service, which
keeps the things in memory.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from crmgraph import __version__
from crmgraph.errors import Bilingual, in_language, shortened
from crmgraph.http.messages import bad_request
from crmgraph.http.protocol import MOST_PARAMETERS
from crmgraph.linking.entities import KINDS
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reconciliation.matching import (
    MOST_QUERIES,
    Candidate,
    ExtensionRequest,
    Query,
    Things,
    describe,
    extend_data,
    find_candidates,
    frequent_properties,
    item_limit,
    read_things,
    suggest_by_label,
    suggest_entities,
)

_MOST_PROPERTIES = 100
_LONGEST_PLACE = 80
_Batch = TypeVar("_Batch")
_LONGEST_NAME = 100
_MOST_BATCH_CANDIDATES = 2000
"""The maximum number of candidates of a whole batch: the default number for each query of the largest batch."""

_SERVICE_NAMES = {
    "es": "crmgraph: la migración en los procesos consultivos regionales",
    "en": "crmgraph: migration in regional consultative processes",
}
_DEFAULT_KINDS = (
    *(PREFIXES["cg"] + kind for kind in ("Agent", "State", "Organisation", "ConsultativeProcess", "Instrument")),
    PREFIXES["cg"] + "PlanElement",
    f"{ONTOLOGY}/topic",
)
_NO_KIND = (
    "There is no kind “{}”. /reconcile/suggest/type lists those of which there are things.",
    "No hay ninguna clase «{}». /reconcile/suggest/type enumera aquellas de las que hay cosas.",
)
_NO_PROPERTY = (
    "No thing has the property “{}”. /reconcile/properties lists those there are.",
    "Ninguna cosa tiene la propiedad «{}». /reconcile/properties enumera las que hay.",
)
_SETTING_LABELS = {
    "es": ("Cuántos valores (0: todos)", "Valores como", "nombre", "IRI"),
    "en": ("How many values (0: all)", "Values as", "name", "IRI"),
}


@dataclass(frozen=True)
class Call:
    """A request to the service.

    Attributes:
        operation: The name of the operation, such as `batch` or `suggest/entity`.
        language: The language of the answer.
        address: The URL of the service, without a query.
        query: The query string of the request.
        form: The body of the request; None for a request without one.
    """

    operation: str
    language: str
    address: str
    query: bytes
    form: bytes | None = None


_known: dict[str, Things] = {}
"""The things that were loaded last, by the base of their IRIs."""


def load_things(base: str, labels: bytes, entities: bytes) -> None:
    """Load the things from the results of the queries `LABELS` and `ENTITIES`."""
    _known[base] = things = read_things(labels, entities, Names(base))
    # Built now, so that the first call does not have to wait.
    _ = things.matcher, things.certainty


def begin_call(base: str, call: Call) -> dict[str, Any]:
    """Carry out a call, except for the queries of a batch, which are separate tasks.

    Return one of three mappings: `answer` with the response as JSON; for a batch, `queries` with each query as JSON and
    `most`, the maximum number of candidates per query; `refused` with the message for a bad request in English and
    Spanish.
    """
    things = _known[base]
    try:
        given = _parameters(call)
        if call.operation == "batch" and "queries" in given:
            queries = read_queries(given["queries"])
            _check_names((kind for query in queries.values() for kind in query.type), KINDS, *_NO_KIND)
            asked = (each.pid for query in queries.values() for each in query.properties)
            _check_names(asked, things.properties, *_NO_PROPERTY)
            most = _MOST_BATCH_CANDIDATES // max(len(queries), 1)
            return {"queries": {name: query.model_dump_json() for name, query in queries.items()}, "most": most}
        return {"answer": json.dumps(_answer(base, things, call, given), ensure_ascii=False)}
    except HTTPException as error:
        return {"refused": (error.detail, in_language(error.detail, "es"))}


def find_query_candidates(base: str, query: str, most: int, language: str) -> str:
    """Return the candidates for a query of a batch, as JSON."""
    things = _known[base]
    found = find_candidates(things, Query.model_validate_json(query), language)[:most]
    return json.dumps({"result": [_candidate_fields(things, each, language) for each in found]}, ensure_ascii=False)


def _answer(base: str, things: Things, call: Call, given: Mapping[str, str]) -> Mapping[str, Any]:
    language, prefix = call.language, given.get("prefix", "")
    match call.operation:
        case "thing":
            return _preview(things, given.get("id", ""), language)
        case "properties":
            return _list_properties(things, given, language)
        case "suggest/entity":
            return {"result": suggest_entities(things, prefix, language, _integer_parameter(given, "cursor", 0))}
        case "suggest/type":
            return {"result": suggest_by_label(things, things.kinds, prefix, language)}
        case "suggest/property":
            return {"result": suggest_by_label(things, frequent_properties(things, ""), prefix, language)}
    if "extend" in given:
        extension = read_extension(given["extend"])
        _check_names((each.id for each in extension.properties), things.properties, *_NO_PROPERTY)
        return extend_data(things, extension, language)
    if call.form is not None:
        raise bad_request("The form has neither queries nor extend.", "El formulario no trae ni queries ni extend.")
    return _manifest(base, things, call.address, language)


def _parse_batch(name: str, adapter: TypeAdapter[_Batch], text: str) -> _Batch:
    try:
        # A half of a surrogate pair, as of a cell cut within an emoji, cannot be written again.
        whole = json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace")
        return adapter.validate_python(json.loads(whole))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = shortened("/".join(map(str, first["loc"])) or name, _LONGEST_PLACE)
        english, spanish = _FAULTS.get(first["type"], _DEFAULT_FAULT)
        most = first.get("ctx", {}).get("most")
        fault = Bilingual(english.format(where, most), spanish.format(where, most))
    except json.JSONDecodeError as error:
        fault = Bilingual(
            f"it is not JSON, at line {error.lineno}, column {error.colno}",
            f"no es JSON, en la línea {error.lineno}, columna {error.colno}",
        )
    except (ValueError, RecursionError):
        fault = Bilingual("it is not JSON that can be read", "no es JSON que se pueda leer")
    raise bad_request(
        f"The parameter {name} is not such a batch as the Reconciliation Service API 0.2 describes ({fault}).",
        f"El parámetro {name} no es un lote como los que describe la Reconciliation Service API 0.2 ({fault.spanish}).",
    )


read_queries = partial(_parse_batch, "queries", TypeAdapter(Annotated[dict[str, Query], item_limit(MOST_QUERIES)]))
"""Return the queries of a batch by key. Raises HTTPException 400 for invalid text."""

read_extension = partial(_parse_batch, "extend", TypeAdapter(ExtensionRequest))
"""Return a data extension request. Raises HTTPException 400 for invalid text."""

_DEFAULT_FAULT = ("{} is not as described there", "{} no es como se describe allí")
_FAULTS = {
    "too_many": ("{} has more than {}", "{} tiene más de {}"),
    "missing": ("{} is missing", "falta {}"),
}


def _parameters(call: Call) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for encoded in (call.query, call.form or b""):
        try:
            given |= parse_qsl(encoded.decode(), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError:
            raise bad_request("The request is no form in UTF-8.", "La petición no es un formulario en UTF-8.") from None
    return given


def _integer_parameter(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "")
    # Nine digits are more than there are things.
    return int(text[:9]) if text.isdecimal() and text.isascii() else default


def _candidate_fields(things: Things, candidate: Candidate, language: str) -> dict[str, Any]:
    entity, match = candidate.entity, candidate.match
    features: dict[str, Any] = {
        **({"name": round(100 * match.similarity, 1), "exact-name": match.is_exact} if match else {}),
        **({} if candidate.has_kind else {"kind": False}),
        **{name: round(100 * value, 1) for name, value in candidate.properties.items()},
    }
    return {
        **things.reference(entity.iri, language),
        "description": describe(things, entity, language),
        "type": [things.reference(kind, language) for kind in entity.kinds],
        "score": candidate.score,
        "match": candidate.is_certain,
        "features": [{"id": name, "value": value} for name, value in features.items()],
    }


def _list_properties(things: Things, given: Mapping[str, str], language: str) -> dict[str, Any]:
    kind = given.get("type", "")
    _check_names(filter(None, [kind]), KINDS, *_NO_KIND)
    most = _integer_parameter(given, "limit", _MOST_PROPERTIES)
    found = frequent_properties(things, kind)[: min(most, _MOST_PROPERTIES)]
    references = [things.reference(name, language) for name in found]
    return {"properties": references, "limit": most, **({"type": kind} if kind else {})}


def _preview(things: Things, iri: str, language: str) -> dict[str, Any]:
    """Return the data for the preview of a thing; `label` is empty if the IRI is unknown."""
    entity = things.entities.get(iri)
    if entity is None:
        return {"iri": iri, "label": ""}
    label = things.label(iri, language)
    names = [name for name in entity.names if name != label][:8]
    return {"iri": iri, "label": label, "description": describe(things, entity, language), "names": names}


def _manifest(base: str, things: Things, address: str, language: str) -> dict[str, Any]:
    """Return the service manifest (section 3.1)."""
    limit, content, name, iri = _SETTING_LABELS[language]
    return {
        "versions": ["0.2"],
        "name": _SERVICE_NAMES[language],
        "identifierSpace": base,
        "schemaSpace": PREFIXES["cg"],
        "serviceVersion": __version__,
        "defaultTypes": [things.reference(kind, language) for kind in _DEFAULT_KINDS if kind in things.kinds],
        "view": {"url": f"{address}/view?id={{{{id}}}}"},
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": 480, "height": 320},
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


def _check_names(asked: Iterable[str], known: Collection[str], english: str, spanish: str) -> None:
    """Raise HTTPException 400 for an unknown name, because an empty answer would not show the mistake."""
    if (unknown := next((name for name in asked if name not in known), None)) is not None:
        shown = shortened(unknown, _LONGEST_NAME)
        raise bad_request(english.format(shown), spanish.format(shown))
