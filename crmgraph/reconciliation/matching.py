"""Candidates for names, suggestions, and data of things: what the reconciliation service computes."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from pyoxigraph import NamedNode, QueryResultsFormat, parse_query_results
from rapidfuzz import fuzz, process

from crmgraph.caching import memoize
from crmgraph.errors import shortened
from crmgraph.http.languages import marked, translations
from crmgraph.inference.terms import rows
from crmgraph.linking.entities import Entity, Value, kinds_of, language_of, read_entities, read_labels
from crmgraph.linking.matching import Certainty, Match, Matcher, drop_unofficial_matches
from crmgraph.linking.names import LONGEST, all_words_of
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reading.languages import key
from crmgraph.site.base.labels import PROPERTY_NAMES
from crmgraph.site.base.site import in_language

_XSD = PREFIXES["xsd"]
_SDG = "http://metadata.un.org/sdg/ontology#"
_DESCRIPTION = "http://purl.org/dc/terms/description"
_PART_OF = "http://purl.org/dc/terms/isPartOf"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS = re.compile(r"[^\W\d_][^\d_/:]{4,}")
_CELLS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    _XSD + "date": ("date", lambda text: f"{date.fromisoformat(text)}T00:00:00Z"),
    _XSD + "integer": ("int", int),
    **dict.fromkeys((_XSD + name for name in ("decimal", "double", "float")), ("float", float)),
}
"""How data of a type are written in an answer (specification, section 7.2): under which name, and as what."""

_LABELS = {
    **PROPERTY_NAMES,
    _SDG + "Goal": marked("Sustainable Development Goal"),
    _SDG + "Target": marked("target of the 2030 Agenda"),
}
_TEXTS = frozenset((f"{ONTOLOGY}#PlanElement", f"{_SDG}Goal", f"{_SDG}Target"))
"""Kinds whose names are whole sentences."""

_REMEMBERED = 2**16
_NAME_WEIGHT = 0.6
_UNKNOWN_WEIGHT = 0.2
"""Score of a property of which the graph says nothing for the thing, where it does for other candidates."""

_OTHER_KIND_WEIGHT = 0.8
"""Factor for a thing of another kind than it should be."""

_CONSIDERED = 50
"""Number of matches considered at least: properties may bring one forward, and others may have the same name."""

_MOST_SUGGESTED = 20

MOST_QUERIES = 200
"""Number of queries that a batch may have, and of things whose data may be asked for at once."""

_MOST_PROPERTIES, _MOST_VALUES, _MOST_KINDS = 10, 20, 50
_DEFAULT, _MOST = 10, 50


def at_most(most: int) -> BeforeValidator:
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
    v: Annotated[tuple[str, ...], at_most(_MOST_VALUES), BeforeValidator(_texts_of)] = ()


class Query(BaseModel):
    """A query: a name, the kinds that its thing may have, and its properties (specification, section 4.1).

    `type_strict` tells whether a candidate has to be of `any` of these kinds, of `all`, or only `should` be.
    """

    model_config = ConfigDict(frozen=True)

    query: str = ""
    type: Annotated[
        tuple[str, ...],
        at_most(_MOST_KINDS),
        BeforeValidator(lambda value: [value] if isinstance(value, str) and value else value or ()),
    ] = ()
    limit: Annotated[int, Field(ge=1), AfterValidator(lambda value: min(value, _MOST))] = _DEFAULT
    properties: Annotated[tuple[PropertyQuery, ...], at_most(_MOST_PROPERTIES)] = ()
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

    ids: Annotated[tuple[str, ...], at_most(MOST_QUERIES)]
    properties: Annotated[tuple[Extended, ...], at_most(_MOST_PROPERTIES)]


@dataclass(frozen=True)
class Things:
    """The things of the graph by their IRIs, and the labels of everything by IRI and language."""

    entities: Mapping[str, Entity]
    labels: Mapping[str, Mapping[str, str]]

    @cached_property
    def matcher(self) -> Matcher:
        """The index from names to things."""
        return Matcher(self.entities.values())

    @cached_property
    def certainty(self) -> Certainty:
        """The judge of which match is certain."""
        return Certainty(self.entities.values())

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of these things, wide ones first."""
        return kinds_of(self.entities)

    @cached_property
    def properties(self) -> frozenset[str]:
        """The properties that any of these things has."""
        return frozenset(name for entity in self.entities.values() for name in entity.values)

    @cached_property
    def spellings(self) -> Mapping[Value, tuple[str, ...]]:
        """How each value may be written: as it is, and where it is a thing by its names and codes."""
        values = {value for entity in self.entities.values() for said in entity.values.values() for value in said}
        return {value: tuple(self._spelled(value)) for value in values}

    def _spelled(self, value: Value) -> Iterator[str]:
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
        """Return the label of a thing, a kind or a property in this language, or its IRI where it has none."""
        if iri in _LABELS:
            return translations(language).gettext(_LABELS[iri])
        return in_language(self.labels.get(iri, {}), language)[0] or iri

    def reference(self, iri: str, language: str) -> dict[str, str]:
        """Return the `id` and `name` of a thing, a kind or a property, as the API writes them."""
        return {"id": iri, "name": self.label(iri, language)}


def read_things(labels: bytes, entities: bytes, names: Names) -> Things:
    """Read the things from the answers to `LABELS` and `ENTITIES`, in SPARQL 1.1 JSON."""
    by_language, said = (rows(parse_query_results(body, QueryResultsFormat.JSON)) for body in (labels, entities))
    known = read_labels(by_language)
    return Things(read_entities(said, known, names), known)


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant, with its score from 0 to 100.

    `has_kind` is true where it is of a kind asked for, or none was. `properties` has for each property asked for the
    similarity of the thing's value, from 0 to 1. `is_certain` is true where the name is exactly one of its own and of
    nothing else, and all properties asked for are its own too.
    """

    entity: Entity
    score: float
    match: Match | None
    has_kind: bool
    properties: Mapping[str, float]
    is_certain: bool


def find_candidates(things: Things, query: Query, language: str) -> list[Candidate]:
    """Return the candidates for a query, best first (specification, section 4).

    A thing that has the name in another language only is left out where another has it in this one.
    """
    meant: Match | None = None
    found: list[tuple[Entity, Match | None]]
    if query.query.strip():
        kinds = () if query.type_strict == "should" else query.type
        likeliest = things.matcher.matches(query.query, kinds, max(query.limit, _CONSIDERED))
        matches = drop_unofficial_matches([match for match in likeliest if _is_allowed(match.entity, query)], language)
        meant = things.certainty.certain_match(query.query, matches, query.type, language)
        found = [(match.entity, match) for match in matches]
    else:
        found = [(entity, None) for entity in things.entities.values() if _is_allowed(entity, query)]
    similar = {entity.iri: _property_similarity(things, query, entity) for entity, _ in found}
    # A property that no candidate has tells nothing.
    compared = len({name for known in similar.values() for name in known})
    candidates = []
    for entity, match in found:
        known, has_kind = similar[entity.iri], _has_kind(entity, query)
        score = _score(match, known, compared) * (1.0 if has_kind else _OTHER_KIND_WEIGHT)
        has_all = all(known.get(asked.pid) == 1 for asked in query.properties if asked.v)
        is_certain = match is not None and match is meant and has_all
        candidates.append(Candidate(entity, round(score, 1), match, has_kind, known, is_certain))
    if not query.query.strip():
        candidates = [candidate for candidate in candidates if candidate.score]
    return sorted(candidates, key=lambda candidate: -candidate.score)[: query.limit]


def _is_allowed(entity: Entity, query: Query) -> bool:
    return query.type_strict == "should" or _has_kind(entity, query)


def _has_kind(entity: Entity, query: Query) -> bool:
    if not query.type:
        return True
    kinds = set(entity.kinds)
    return kinds.issuperset(query.type) if query.type_strict == "all" else not kinds.isdisjoint(query.type)


def _property_similarity(things: Things, query: Query, entity: Entity) -> dict[str, float]:
    """Return the similarity of the thing's values to those asked for, by property; only properties that it has."""
    return {
        asked.pid: max(_value_similarity(things, value, asked) for value in entity.values[asked.pid])
        for asked in query.properties
        if asked.v and entity.values.get(asked.pid)
    }


def _score(match: Match | None, known: Mapping[str, float], compared: int) -> float:
    """Return a score from 0 to 100 for a match by name and for the similarity of properties."""
    if not compared:
        return 100 * match.similarity if match else 0.0
    unknown = _UNKNOWN_WEIGHT if match else 0.0
    similarity = (sum(known.values()) + unknown * (compared - len(known))) / compared
    return 100 * (_NAME_WEIGHT * match.similarity + (1 - _NAME_WEIGHT) * similarity if match else similarity)


def _value_similarity(things: Things, value: Value, asked: PropertyQuery) -> float:
    spellings = things.spellings[value]
    # A long text is no misspelling of anything, and not worth remembering.
    return max(
        _similarity(spellings, wanted) if len(wanted) <= LONGEST else float(wanted in spellings) for wanted in asked.v
    )


@memoize(_REMEMBERED)
def _similarity(spellings: tuple[str, ...], wanted: str) -> float:
    """Return the similarity of the most similar spelling, from 0 to 1."""
    wanted = wanted.removesuffix(".0") if re.fullmatch(r"\d+\.0", wanted) else wanted
    sought = key(wanted)
    if any(key(spelling) == sought for spelling in spellings):
        return 1.0
    # Only words may be misspelled: an address, a date or a code that differs is another one.
    if not _WORDS.fullmatch(wanted):
        return 0.0
    words = [key(spelling) for spelling in spellings if _WORDS.fullmatch(spelling)]
    found = process.extractOne(sought, words, scorer=fuzz.ratio, score_cutoff=80)
    return round(found[1] / 100, 3) if found else 0.0


def suggest_entities(things: Things, prefix: str, language: str, cursor: int = 0) -> list[dict[str, Any]]:
    """Return things with a name that has a word for each one begun, or else a similar name (specification, 6).

    Names that begin with the prefix come first, the shortest before the others, and whole texts last.
    """
    begun = _words(prefix)
    if not begun:
        return []
    ranks = {entity.iri: rank for entity in things.entities.values() if (rank := _rank(entity, begun))}
    ranked = [things.entities[iri] for iri in sorted(ranks, key=lambda iri: (ranks[iri], iri))]
    found = ranked or [match.entity for match in things.matcher.matches(prefix, most=_MOST_SUGGESTED)]
    return [
        {
            **things.reference(entity.iri, language),
            "description": described(things, entity, language),
            "notable": [things.reference(kind, language) for kind in entity.kinds],
        }
        for entity in found[cursor : cursor + _MOST_SUGGESTED]
    ]


def named_so(things: Things, iris: Iterable[str], prefix: str, language: str) -> list[dict[str, str]]:
    """Return those of the kinds or properties whose label has a word for each one begun; all for an empty prefix."""
    begun = _words(prefix)
    references = (things.reference(iri, language) for iri in iris)
    return [each for each in references if _has_words(_words(each["name"]), begun)]


def _rank(entity: Entity, begun: Sequence[str]) -> tuple[bool, bool, bool, int] | None:
    """Return the sort key of a thing by the best of its names; None where none has a word for each one begun."""
    is_text = not _TEXTS.isdisjoint(entity.kinds)
    return min(
        (
            (is_text, not _begins_with(words, begun), name in entity.foreign_names, len(name))
            for name in entity.names
            if _has_words(words := _words(name), begun)
        ),
        default=None,
    )


def _words(name: str) -> list[str]:
    return [word.removesuffix(".") for word in all_words_of(name)]


def _has_words(words: Sequence[str], begun: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in begun)


def _begins_with(words: Sequence[str], begun: Sequence[str]) -> bool:
    return len(words) >= len(begun) and all(map(str.startswith, words, begun))


def described(things: Things, entity: Entity, language: str) -> str:
    """Return a short description of a thing: its kind, what it is part of, and its description in the graph."""
    kind = things.label(entity.kinds[-1], language) if entity.kinds else ""
    whole = [things.label(value.value, language) for value in entity.values.get(_PART_OF, ())[:1]]
    texts = {language_of(value): value.value for value in entity.values.get(_DESCRIPTION, ())}
    said = " · ".join(filter(None, (kind, *whole, in_language(texts, language)[0])))
    return shortened(said, 200)


def properties_of(things: Things, kind: str) -> list[str]:
    """Return the properties of the things of a kind, or of all things for an empty one; the most frequent first."""
    counts = Counter(
        name for entity in things.entities.values() if not kind or kind in entity.kinds for name in entity.values
    )
    return sorted(counts, key=lambda name: (-counts[name], name))


def extended(things: Things, extension: Extension, language: str) -> dict[str, Any]:
    """Return the values of properties of things, as the data extension service answers (specification, section 7)."""
    known = {iri: things.entities.get(iri) for iri in extension.ids}
    return {
        "meta": [_property_meta(things, asked, known.values(), language) for asked in extension.properties],
        "rows": {
            iri: {asked.id: _cells(things, entity, asked, language) for asked in extension.properties}
            for iri, entity in known.items()
        },
    }


def _property_meta(things: Things, asked: Extended, entities: Iterable[Entity | None], language: str) -> dict[str, Any]:
    meta: dict[str, Any] = things.reference(asked.id, language)
    values = [value for entity in entities if entity for value in entity.values.get(asked.id, ())]
    kinds = [set(things.entities[value.value].kinds) if value.value in things.entities else set() for value in values]
    common = set.intersection(*kinds) if kinds else set()
    if common and asked.settings.content == "name":
        # The narrowest kind comes last.
        meta["type"] = things.reference([kind for kind in things.kinds if kind in common][-1], language)
    return meta


def _cells(things: Things, entity: Entity | None, asked: Extended, language: str) -> list[dict[str, Any]]:
    values = entity.values.get(asked.id, ()) if entity else ()
    in_this = tuple(value for value in values if language_of(value) in ("", language)) or values
    return [_cell(things, value, asked, language) for value in in_this[: asked.settings.limit or None]]


def _cell(things: Things, value: Value, asked: Extended, language: str) -> dict[str, Any]:
    if isinstance(value, NamedNode):
        if asked.settings.content == "id" or value.value not in things.labels:
            return {"str": value.value}
        reference = things.reference(value.value, language)
        return reference if value.value in things.entities else {"str": reference["name"]}
    kind, read = _CELLS.get(value.datatype.value, ("str", str))
    with suppress(ValueError):  # the value may not be of its datatype
        content = read(value.value)
        # JSON has no NaN and no infinity.
        if not isinstance(content, float) or math.isfinite(content):
            return {kind: content}
    return {"str": value.value}
