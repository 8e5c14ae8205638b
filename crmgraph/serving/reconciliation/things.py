"""The things that names are matched with, as the graph has them now."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from crmgraph.linking import Entity, Matcher, Value, entities_query, kinds_of, labels_query, read_entities
from crmgraph.serving.i18n import marked, translations
from crmgraph.serving.pages.property_names import PROPERTY_NAMES
from crmgraph.serving.pages.site import Site, in_language

__all__ = ["Things", "ThingsNow"]

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
    def kinds(self) -> tuple[str, ...]:
        """What they are."""
        return kinds_of(self.entities)

    def label(self, iri: str, language: str) -> str:
        """What a thing, a kind or a property is called in this language; its own IRI where it has no label."""
        if iri in _COMMON:
            return translations(language).gettext(_COMMON[iri])
        return in_language(self.labels.get(iri, {}), language)[0] or iri


class ThingsNow:
    """The things of a site, read again when its data were written to."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = Lock()
        self._state = ""
        self._things = Things({}, {})

    def get(self) -> Things:
        """The things as they are. May take half a second. Raises AnswerError where the engine does not answer."""
        with self._lock:
            state = self._site.state
            if state != self._state:
                self._things = _read(self._site)
                self._state = state
            return self._things


def _read(site: Site) -> Things:
    labels: dict[str, dict[str, str]] = {}
    for row in site.select(labels_query()):
        labels.setdefault(row["thing"].value, {})[row["label"].language] = row["label"].value
    rows = (
        (
            row["entity"].value,
            row["property"].value,
            Value(row["value"].value, row["value"].is_iri, row["value"].language, row["value"].datatype),
        )
        for row in site.select(entities_query())
        if row["value"].kind in ("uri", "literal")
    )
    return Things(read_entities(rows, labels, site.names), labels)
