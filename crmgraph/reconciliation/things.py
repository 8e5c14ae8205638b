"""The things that names are matched with, as the graph has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from crmgraph.http.languages import marked, translations
from crmgraph.linking import Certainty, Entity, Matcher, Value, kinds_of, read_entities
from crmgraph.namespaces import Names
from crmgraph.site.base.labels import PROPERTY_NAMES
from crmgraph.site.base.site import in_language, read_table

__all__ = ["Things", "read_things"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMMON = {
    **PROPERTY_NAMES,
    "http://metadata.un.org/sdg/ontology#Goal": marked("Sustainable Development Goal"),
    "http://metadata.un.org/sdg/ontology#Target": marked("target of the 2030 Agenda"),
}


@dataclass(frozen=True)
class Things:
    """The things by their IRIs, and the labels of everything by language."""

    entities: Mapping[str, Entity]
    labels: Mapping[str, Mapping[str, str]]

    @cached_property
    def matcher(self) -> Matcher:
        """What finds those that a name may stand for."""
        return Matcher(self.entities.values())

    @cached_property
    def certainty(self) -> Certainty:
        """What says which of these is meant for certain."""
        return Certainty(self.entities.values())

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """What they are."""
        return kinds_of(self.entities)

    @cached_property
    def properties(self) -> frozenset[str]:
        """All that is said of any of them."""
        return frozenset(name for entity in self.entities.values() for name in entity.values)

    def spellings(self, value: Value) -> tuple[str, ...]:
        """How a value may be written: as it is, and where it is a thing by its names and codes."""
        if value not in self._spellings:
            self._spellings[value] = tuple(self._spelled(value))
        return self._spellings[value]

    @cached_property
    def _spellings(self) -> dict[Value, tuple[str, ...]]:
        return {}

    def _spelled(self, value: Value) -> Iterator[str]:
        yield value.text
        if not value.is_iri:
            # A day is in its year, and in its month.
            if _DAY.fullmatch(value.text):
                yield from (value.text[:4], value.text[:7])
            return
        yield value.text.rstrip("/").rpartition("/")[2]
        yield from self.labels.get(value.text, {}).values()
        if value.text in self.entities:
            yield from (*self.entities[value.text].names, *self.entities[value.text].codes)

    def label(self, iri: str, language: str) -> str:
        """What a thing, a kind or a property is called in this language; its own IRI where it has no label."""
        if iri in _COMMON:
            return translations(language).gettext(_COMMON[iri])
        return in_language(self.labels.get(iri, {}), language)[0] or iri


def read_things(labels: bytes, entities: bytes, names: Names) -> Things:
    """The things, from what an engine answers to `labels_query` and to `entities_query`."""
    called: dict[str, dict[str, str]] = {}
    for row in read_table(labels).rows:
        called.setdefault(row["thing"].value, {})[row["label"].language] = row["label"].value
    rows = (
        (
            row["entity"].value,
            row["property"].value,
            Value(row["value"].value, row["value"].is_iri, row["value"].language, row["value"].datatype),
        )
        for row in read_table(entities).rows
        if row["entity"].is_iri and row["value"].kind in ("uri", "literal")
    )
    return Things(read_entities(rows, called, names), called)
