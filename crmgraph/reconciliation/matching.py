"""Candidates for names, suggestions while typing, and data extension: the computations of the reconciliation service.

Sections refer to the specification of the Reconciliation Service API 0.2.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from pyoxigraph import NamedNode, QueryResultsFormat, parse_query_results
from rapidfuzz import fuzz, process

from crmgraph.caching import memoize
from crmgraph.errors import shortened
from crmgraph.http.languages import marked, translations
from crmgraph.inference.rules import rows
from crmgraph.linking.entities import (
    LONGEST,
    Entity,
    Value,
    all_words_of,
    kinds_of,
    language_of,
    read_entities,
    read_labels,
)
from crmgraph.linking.matching import Certainty, Match, Matcher, drop_unofficial_matches
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reading.languages import key
from crmgraph.site.base.rendering import PROPERTY_NAMES
from crmgraph.site.base.site import in_language

_XSD = PREFIXES["xsd"]
_SDG = "http://metadata.un.org/sdg/ontology#"
_DCTERMS = PREFIXES["dcterms"]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAY_BE_MISSPELT = re.compile(r"[^\W\d_][^\d_/:]{4,}")
_DATATYPES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    _XSD + "date": ("date", lambda text: f"{date.fromisoformat(text)}T00:00:00Z"),
    _XSD + "integer": ("int", int),
    **dict.fromkeys((_XSD + name for name in ("decimal", "double", "float")), ("float", float)),
}
"""The key in an answer for values of each datatype, and the function that converts the text (section 7.2)."""

_LABELS = {
    **PROPERTY_NAMES,
    _SDG + "Goal": marked("Sustainable Development Goal"),
    _SDG + "Target": marked("target of the 2030 Agenda"),
}
_SENTENCE_KINDS = frozenset((f"{ONTOLOGY}#PlanElement", f"{_SDG}Goal", f"{_SDG}Target"))
"""Kinds whose names are whole sentences."""

_CACHE_SIZE = 2**16
_NAME_WEIGHT = 0.6
_UNKNOWN_WEIGHT = 0.2
"""The similarity of a property without values in the graph, if other candidates have values."""

_OTHER_KIND_WEIGHT = 0.8
"""The factor for the score of a candidate that is of none of the kinds asked for."""

_MIN_CONSIDERED = 50
"""The minimum number of matches that are ranked, because properties may move a match up."""

_MOST_SUGGESTED = 20

MOST_QUERIES = 200
"""The maximum number of queries in a batch, and of things in a data extension request."""

_MOST_PROPERTIES, _MOST_VALUES, _MOST_KINDS = 10, 20, 50
_DEFAULT_CANDIDATES, _MOST_CANDIDATES = 10, 50


def item_limit(most: int) -> BeforeValidator:
    """Return a validator that rejects collections of more than `most` items before the items are validated."""

    def check(value: Any) -> Any:
        if isinstance(value, list | tuple | dict) and len(value) > most:
            raise PydanticCustomError("too_many", "more than {most}", {"most": most})
        return value

    return BeforeValidator(check)


def _to_texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_to_text(each) for each in values if each is not None and each != "")


def _to_text(value: object) -> str:
    """Return a text, number or Boolean as text; a thing that was matched before (an object with an `id`) as its id."""
    value = value.get("id") if isinstance(value, dict) else value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("it is no text, number, truth value or thing with an id")


class PropertyQuery(BaseModel, frozen=True):
    """A property that candidates should have: its IRI (`pid`), and its values (`v`) as texts or ids of things."""

    pid: str
    v: Annotated[tuple[str, ...], item_limit(_MOST_VALUES), BeforeValidator(_to_texts)] = ()


class Query(BaseModel, frozen=True):
    """A reconciliation query (section 4.1).

    Attributes:
        query: The name to be matched; empty for a query by properties alone.
        type: The kinds that candidates should have; empty for any.
        limit: The maximum number of candidates.
        properties: The properties that candidates should have.
        type_strict: Whether a candidate must have `any` of the kinds, must have `all`, or only `should` have one.
    """

    query: str = ""
    type: Annotated[
        tuple[str, ...],
        item_limit(_MOST_KINDS),
        BeforeValidator(lambda value: [value] if isinstance(value, str) and value else value or ()),
    ] = ()
    limit: Annotated[int, Field(ge=1), AfterValidator(lambda value: min(value, _MOST_CANDIDATES))] = _DEFAULT_CANDIDATES
    properties: Annotated[tuple[PropertyQuery, ...], item_limit(_MOST_PROPERTIES)] = ()
    type_strict: Literal["any", "all", "should"] = "any"


class PropertyRequest(BaseModel, frozen=True):
    """A property whose values a data extension request asks for."""

    class Settings(BaseModel):
        """How many values to return (`limit`, 0 for all), and whether things among them come as names or as ids."""

        limit: Annotated[int, Field(ge=0), BeforeValidator(lambda value: value or 0)] = 0
        content: Literal["name", "id"] = "name"

    id: str
    settings: Settings = Settings()


class ExtensionRequest(BaseModel, frozen=True):
    """A data extension request: the ids of things, and the properties whose values are wanted (section 7.1)."""

    ids: Annotated[tuple[str, ...], item_limit(MOST_QUERIES)]
    properties: Annotated[tuple[PropertyRequest, ...], item_limit(_MOST_PROPERTIES)]


@dataclass(frozen=True)
class Things:
    """The things of the graph by IRI, and the labels of all resources by IRI and language."""

    entities: Mapping[str, Entity]
    labels: Mapping[str, Mapping[str, str]]

    @cached_property
    def matcher(self) -> Matcher:
        """The index that finds things by the words of their names."""
        return Matcher(self.entities.values())

    @cached_property
    def certainty(self) -> Certainty:
        """Decides which matches are certain."""
        return Certainty(self.entities.values())

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the things, wide ones first."""
        return kinds_of(self.entities)

    @cached_property
    def properties(self) -> frozenset[str]:
        """The properties that at least one thing has."""
        return frozenset(name for entity in self.entities.values() for name in entity.values)

    @cached_property
    def spellings(self) -> Mapping[Value, tuple[str, ...]]:
        """The texts that match each value.

        They are the value itself; for a thing also its labels, names and codes; for a date also its year and month.
        """
        values = {value for entity in self.entities.values() for said in entity.values.values() for value in said}
        return {value: tuple(self._matching_texts(value)) for value in values}

    def _matching_texts(self, value: Value) -> Iterator[str]:
        yield value.value
        if isinstance(value, NamedNode):
            yield value.value.rstrip("/").rpartition("/")[2]
            yield from self.labels.get(value.value, {}).values()
            if value.value in self.entities:
                yield from (*self.entities[value.value].names, *self.entities[value.value].codes)
        elif _DATE.fullmatch(value.value):
            # A day matches its year, and its month.
            yield from (value.value[:4], value.value[:7])

    def label(self, iri: str, language: str) -> str:
        """Return the label of a thing, kind or property, in this language if possible; the IRI if it has no label."""
        own = translations(language).gettext(_LABELS[iri]) if iri in _LABELS else ""
        return own or in_language(self.labels.get(iri, {}), language)[0] or iri

    def reference(self, iri: str, language: str) -> dict[str, str]:
        """Return the `id` and `name` of a thing, kind or property, as the API represents them."""
        return {"id": iri, "name": self.label(iri, language)}


def read_things(labels: bytes, entities: bytes, names: Names) -> Things:
    """Return the things, read from the JSON results of the queries `LABELS` and `ENTITIES`."""
    by_language, said = (rows(parse_query_results(body, QueryResultsFormat.JSON)) for body in (labels, entities))
    known = read_labels(by_language)
    return Things(read_entities(said, known, names), known)


@dataclass(frozen=True)
class Candidate:
    """A candidate for a query.

    Attributes:
        entity: The thing.
        score: The score, from 0 to 100.
        match: The match of its name; None for a query by properties alone.
        has_kind: Whether the thing has the kinds asked for. True if the query asks for none.
        properties: For each property asked for that the thing has, the similarity of its values from 0 to 1.
        is_certain: Whether the match of the name is certain and all properties agree.
    """

    entity: Entity
    score: float
    match: Match | None
    has_kind: bool
    properties: Mapping[str, float]
    is_certain: bool


def find_candidates(things: Things, query: Query, language: str) -> list[Candidate]:
    """Return the candidates for a query in descending order of score (section 4).

    A thing that matches only by an unofficial name in another language is left out, if there is another exact match.
    """
    meant: Match | None = None
    found: list[tuple[Entity, Match | None]]
    if query.query.strip():
        kinds = () if query.type_strict == "should" else query.type
        likeliest = things.matcher.matches(query.query, kinds, max(query.limit, _MIN_CONSIDERED))
        matches = drop_unofficial_matches([match for match in likeliest if _is_allowed(match.entity, query)], language)
        meant = things.certainty.certain_match(query.query, matches, query.type, language)
        found = [(match.entity, match) for match in matches]
    else:
        found = [(entity, None) for entity in things.entities.values() if _is_allowed(entity, query)]
    similar = {entity.iri: _property_similarity(things, query, entity) for entity, _ in found}
    # Properties that no candidate has are not counted.
    compared = len({name for known in similar.values() for name in known})
    candidates = []
    for entity, match in found:
        known, has_kind = similar[entity.iri], _has_kind(entity, query)
        score = _score(match, known, compared) * (1.0 if has_kind else _OTHER_KIND_WEIGHT)
        has_all = all(known.get(asked.pid) == 1 for asked in query.properties if asked.v)
        is_certain = match is not None and match is meant and has_all
        candidates.append(Candidate(entity, round(score, 1), match, has_kind, known, is_certain))
    kept = (candidate for candidate in candidates if candidate.score or query.query.strip())
    return sorted(kept, key=lambda candidate: -candidate.score)[: query.limit]


def _is_allowed(entity: Entity, query: Query) -> bool:
    return query.type_strict == "should" or _has_kind(entity, query)


def _has_kind(entity: Entity, query: Query) -> bool:
    if not query.type:
        return True
    kinds = set(entity.kinds)
    return kinds.issuperset(query.type) if query.type_strict == "all" else not kinds.isdisjoint(query.type)


def _property_similarity(things: Things, query: Query, entity: Entity) -> dict[str, float]:
    """Return the similarity of the thing's values to those asked for, by property.

    Properties without values are left out.
    """
    return {
        asked.pid: max(_value_similarity(things, value, asked) for value in entity.values[asked.pid])
        for asked in query.properties
        if asked.v and entity.values.get(asked.pid)
    }


def _score(match: Match | None, known: Mapping[str, float], compared: int) -> float:
    """Return the score, from 0 to 100.

    `known` is the similarity of each property that the thing has, `compared` the number of properties to take into
    account.
    """
    if not compared:
        return 100 * match.similarity if match else 0.0
    unknown = _UNKNOWN_WEIGHT if match else 0.0
    similarity = (sum(known.values()) + unknown * (compared - len(known))) / compared
    return 100 * (_NAME_WEIGHT * match.similarity + (1 - _NAME_WEIGHT) * similarity if match else similarity)


def _value_similarity(things: Things, value: Value, asked: PropertyQuery) -> float:
    spellings = things.spellings[value]
    # Long texts are compared literally and not cached.
    return max(
        _similarity(spellings, wanted) if len(wanted) <= LONGEST else float(wanted in spellings) for wanted in asked.v
    )


@memoize(_CACHE_SIZE)
def _similarity(spellings: tuple[str, ...], wanted: str) -> float:
    """Return the similarity, from 0 to 1, of a text to the most similar of `spellings`."""
    wanted = wanted.removesuffix(".0") if re.fullmatch(r"\d+\.0", wanted) else wanted
    sought = key(wanted)
    if any(key(spelling) == sought for spelling in spellings):
        return 1.0
    # Only words can be misspelt: a different address, date or code is another one.
    if not _MAY_BE_MISSPELT.fullmatch(wanted):
        return 0.0
    words = [key(spelling) for spelling in spellings if _MAY_BE_MISSPELT.fullmatch(spelling)]
    found = process.extractOne(sought, words, scorer=fuzz.ratio, score_cutoff=80)
    return round(found[1] / 100, 3) if found else 0.0


_Words = tuple[Sequence[str], Sequence[str]]
"""The words of a name as they are written, without accents, and in the form in which names are compared."""


def suggest_entities(things: Things, prefix: str, language: str, cursor: int = 0) -> list[dict[str, Any]]:
    """Return suggestions for a prefix: things with a name in which each word of the prefix begins a word (section 6).

    Names that begin with the prefix come first, then shorter names before longer ones, and things named by a sentence
    last. If there is no such name, things with a similar name are returned. `cursor` is the number of suggestions to
    skip.
    """
    begun = _words(prefix)
    if not any(begun):
        return []
    ranks = {entity.iri: rank for entity in things.entities.values() if (rank := _best_name_key(entity, begun))}
    ranked = [things.entities[iri] for iri in sorted(ranks, key=lambda iri: (ranks[iri], iri))]
    found = ranked or [match.entity for match in things.matcher.matches(prefix, most=_MOST_SUGGESTED)]
    return [
        {
            **things.reference(entity.iri, language),
            "description": describe(things, entity, language),
            "notable": [things.reference(kind, language) for kind in entity.kinds],
        }
        for entity in found[cursor : cursor + _MOST_SUGGESTED]
    ]


def suggest_by_label(things: Things, iris: Iterable[str], prefix: str, language: str) -> list[dict[str, str]]:
    """Return the kinds or properties in whose label each word of the prefix begins a word; all for an empty prefix."""
    begun = _words(prefix)
    references = (things.reference(iri, language) for iri in iris)
    return [each for each in references if _has_words(_words(each["name"]), begun)]


def _best_name_key(entity: Entity, begun: _Words) -> tuple[bool, bool, bool, int] | None:
    """Return the sort key of a thing, from its best matching name; None if no name matches."""
    is_text = not _SENTENCE_KINDS.isdisjoint(entity.kinds)
    return min(
        (
            (is_text, not _begins_with(words, begun), name in entity.foreign_names, len(name))
            for name in entity.names
            if _has_words(words := _words(name), begun)
        ),
        default=None,
    )


def _words(name: str) -> _Words:
    return re.findall(r"[^\W_]+", key(name)), [word.removesuffix(".") for word in all_words_of(name)]


def _has_words(words: _Words, begun: _Words) -> bool:
    return any(all(any(word.startswith(each) for word in chain(*words)) for each in form) for form in begun)


def _begins_with(words: _Words, begun: _Words) -> bool:
    return any(len(own) >= len(form) and all(map(str.startswith, own, form)) for own in words for form in begun)


def describe(things: Things, entity: Entity, language: str) -> str:
    """Return a short description of a thing: its kind, the whole it is part of, and its description in the graph."""
    kind = things.label(entity.kinds[-1], language) if entity.kinds else ""
    whole = [things.label(value.value, language) for value in entity.values.get(_DCTERMS + "isPartOf", ())[:1]]
    texts = {language_of(value): value.value for value in entity.values.get(_DCTERMS + "description", ())}
    said = " · ".join(filter(None, (kind, *whole, in_language(texts, language)[0])))
    return shortened(said, 200)


def frequent_properties(things: Things, kind: str) -> list[str]:
    """Return the properties of the things of a kind (of all things if empty), the most frequent first."""
    counts = Counter(
        name for entity in things.entities.values() if not kind or kind in entity.kinds for name in entity.values
    )
    return sorted(counts, key=lambda name: (-counts[name], name))


def extend_data(things: Things, extension: ExtensionRequest, language: str) -> dict[str, Any]:
    """Return the response to a data extension request (section 7.2)."""
    known = {iri: things.entities.get(iri) for iri in extension.ids}
    return {
        "meta": [_property_meta(things, asked, known.values(), language) for asked in extension.properties],
        "rows": {
            iri: {asked.id: _value_cells(things, entity, asked, language) for asked in extension.properties}
            for iri, entity in known.items()
        },
    }


def _property_meta(
    things: Things, asked: PropertyRequest, entities: Iterable[Entity | None], language: str
) -> dict[str, Any]:
    meta: dict[str, Any] = things.reference(asked.id, language)
    values = [value for entity in entities if entity for value in entity.values.get(asked.id, ())]
    kinds = [set(things.entities[value.value].kinds) if value.value in things.entities else set() for value in values]
    common = set.intersection(*kinds) if kinds else set()
    if common and asked.settings.content == "name":
        # Kinds are sorted from wide to narrow.
        meta["type"] = things.reference([kind for kind in things.kinds if kind in common][-1], language)
    return meta


def _value_cells(things: Things, entity: Entity | None, asked: PropertyRequest, language: str) -> list[dict[str, Any]]:
    values = entity.values.get(asked.id, ()) if entity else ()
    in_this = tuple(value for value in values if language_of(value) in ("", language)) or values
    return [_value_cell(things, value, asked, language) for value in in_this[: asked.settings.limit or None]]


def _value_cell(things: Things, value: Value, asked: PropertyRequest, language: str) -> dict[str, Any]:
    if isinstance(value, NamedNode):
        if asked.settings.content == "id" or value.value not in things.labels:
            return {"str": value.value}
        reference = things.reference(value.value, language)
        return reference if value.value in things.entities else {"str": reference["name"]}
    kind, read = _DATATYPES.get(value.datatype.value, ("str", str))
    with suppress(ValueError):  # the value may not be of its datatype
        content = read(value.value)
        # JSON has no NaN and no infinity.
        if not isinstance(content, float) or math.isfinite(content):
            return {kind: content}
    return {"str": value.value}
