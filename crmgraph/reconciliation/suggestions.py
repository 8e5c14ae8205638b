"""What somebody may mean who has begun to type: things, kinds of things and properties (specification, section 6)."""

from collections.abc import Iterable, Sequence
from typing import Any

from crmgraph.linking import Entity
from crmgraph.linking.spelling import all_words_of
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reconciliation.data import properties_of
from crmgraph.reconciliation.things import Things
from crmgraph.site.base.site import in_language
from crmgraph.wording import shortened

__all__ = ["described", "kinds_like", "properties_like", "things_like"]

_MOST = 20
_LONGEST_DESCRIPTION = 200
_SDG = "http://metadata.un.org/sdg/ontology#"
_TEXTS = frozenset((f"{ONTOLOGY}#PlanElement", f"{_SDG}Goal", f"{_SDG}Target"))
"""What is called by all of its words."""

_DESCRIPTION = "http://purl.org/dc/terms/description"
_PART_OF = "http://purl.org/dc/terms/isPartOf"


def things_like(things: Things, begun: str, language: str, cursor: int = 0) -> list[dict[str, Any]]:
    """Things with a name that has a word for each that was begun, or where there are none, a name that is like it.

    Texts come last, which have words of all sorts; before them what has a name that begins so, the shortest first.
    """
    wanted = _words(begun)
    if not wanted:
        return []
    ranks = {entity.iri: rank for entity in things.entities.values() if (rank := _rank(entity, wanted))}
    beginning = [things.entities[iri] for iri in sorted(ranks, key=lambda iri: (ranks[iri], iri))]
    found = beginning or [match.entity for match in things.matcher.matches(begun, most=_MOST)]
    return [
        {
            "id": entity.iri,
            "name": things.label(entity.iri, language),
            "description": described(things, entity, language),
            "notable": [{"id": kind, "name": things.label(kind, language)} for kind in entity.kinds],
        }
        for entity in found[cursor : cursor + _MOST]
    ]


def _rank(entity: Entity, wanted: Sequence[str]) -> tuple[bool, bool, bool, int] | None:
    """How soon a thing comes by the best of its names; None where none has a word for each."""
    is_text = not _TEXTS.isdisjoint(entity.kinds)
    return min(
        (
            (is_text, not _begin(words[: len(wanted)], wanted), name in entity.foreign, len(name))
            for name in entity.names
            if _has(words := _words(name), wanted)
        ),
        default=None,
    )


def _words(name: str) -> list[str]:
    return [word.removesuffix(".") for word in all_words_of(name)]


def _has(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether each that is wanted begins a word."""
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _begin(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the words are those wanted, in their order, as far as these go."""
    return len(words) == len(wanted) and all(map(str.startswith, words, wanted))


def described(things: Things, entity: Entity, language: str) -> str:
    """A thing in a few words: what it is, of which plan it is a part, and how it is described."""
    kind = things.label(entity.kinds[-1], language) if entity.kinds else ""
    whole = [things.label(value.text, language) for value in entity.values.get(_PART_OF, ())[:1]]
    texts = {value.language: value.text for value in entity.values.get(_DESCRIPTION, ())}
    text = in_language(texts, language)[0]
    said = " · ".join(filter(None, (kind, *whole, text)))
    return shortened(said, _LONGEST_DESCRIPTION)


def kinds_like(things: Things, begun: str, language: str) -> list[dict[str, Any]]:
    """Kinds of things with a word in their name for each that was begun; all where nothing was typed."""
    return _named(things, things.kinds, begun, language)


def properties_like(things: Things, begun: str, language: str) -> list[dict[str, Any]]:
    """Properties with a word in their name for each that was begun; all where nothing was typed."""
    return _named(things, properties_of(things, ""), begun, language)


def _named(things: Things, iris: Iterable[str], begun: str, language: str) -> list[dict[str, Any]]:
    named = ({"id": iri, "name": things.label(iri, language)} for iri in iris)
    return [each for each in named if _has(_words(each["name"]), _words(begun))]
