"""What somebody may mean who has begun to type: things, kinds of things and properties (specification, section 6)."""

from collections.abc import Iterable
from typing import Any

from crmgraph.linking import Entity
from crmgraph.linking.spelling import LONGEST
from crmgraph.reading.folding import key
from crmgraph.serving.pages.site import in_language
from crmgraph.serving.reconciliation.data import properties_of
from crmgraph.serving.reconciliation.things import Things
from crmgraph.wording import shortened

__all__ = ["described", "kinds_like", "properties_like", "things_like"]

_MOST = 20
_LONGEST_DESCRIPTION = 200
_DESCRIPTION = "http://purl.org/dc/terms/description"
_PART_OF = "http://purl.org/dc/terms/isPartOf"


def things_like(things: Things, begun: str, language: str, cursor: int = 0) -> list[dict[str, Any]]:
    """Things that have a name, or a word in one, that begins so; then those whose names are much like it."""
    wanted = key(begun[:LONGEST])
    if not wanted:
        return []
    beginning = [each for each in things.entities.values() if any(_begins(name, wanted) for name in each.names)]
    beginning.sort(key=lambda entity: (not key(things.label(entity.iri, language)).startswith(wanted), entity.iri))
    like = [match.entity for match in things.matcher.matches(begun, most=_MOST)]
    found = {entity.iri: entity for entity in (*beginning, *like)}
    return [
        {
            "id": entity.iri,
            "name": things.label(entity.iri, language),
            "description": described(things, entity, language),
            "notable": [{"id": kind, "name": things.label(kind, language)} for kind in entity.kinds],
        }
        for entity in list(found.values())[cursor : cursor + _MOST]
    ]


def _begins(name: str, wanted: str) -> bool:
    folded = key(name)
    return folded.startswith(wanted) or f" {wanted}" in folded


def described(things: Things, entity: Entity, language: str) -> str:
    """A thing in a few words: what it is, of which plan it is a part, and how it is described."""
    kind = things.label(entity.kinds[-1], language) if entity.kinds else ""
    whole = [things.label(value.text, language) for value in entity.values.get(_PART_OF, ())[:1]]
    texts = {value.language: value.text for value in entity.values.get(_DESCRIPTION, ())}
    text = in_language(texts, language)[0]
    said = " · ".join(filter(None, (kind, *whole, text)))
    return shortened(said, _LONGEST_DESCRIPTION)


def kinds_like(things: Things, begun: str, language: str) -> list[dict[str, Any]]:
    """Kinds of things with a word in their name that begins so; all where nothing was typed."""
    return _named(things, things.kinds, begun, language)


def properties_like(things: Things, begun: str, language: str) -> list[dict[str, Any]]:
    """Properties with a word in their name that begins so; all where nothing was typed."""
    return _named(things, properties_of(things, ""), begun, language)


def _named(things: Things, iris: Iterable[str], begun: str, language: str) -> list[dict[str, Any]]:
    named = ({"id": iri, "name": things.label(iri, language)} for iri in iris)
    return [each for each in named if _begins(each["name"], key(begun[:LONGEST]))]
