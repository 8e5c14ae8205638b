"""What a plan is looked through by: the status, actors, networks, groups, topics and findings of its parts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from crmgraph.reading.folding import key
from crmgraph.site.base.parameters import check_choice
from crmgraph.site.base.site import Site, in_language, reference
from crmgraph.site.plans.outline import Node
from crmgraph.wording import Bilingual

__all__ = ["FACETS", "PARAMETERS", "Facets", "Option", "Selection", "read_facets"]

_CALLED = {
    "status": Bilingual("status", "estado"),
    "actor": Bilingual("actor", "actor"),
    "network": Bilingual("network", "red"),
    "group": Bilingual("population group", "grupo de población"),
    "topic": Bilingual("topic", "materia"),
    "finding": Bilingual("finding", "hallazgo"),
}
FACETS = tuple(_CALLED)
PARAMETERS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name,
        "in": "query",
        "description": f"Only parts that say this {name}; leave empty for all",
        "schema": {"type": "string"},
        "example": example,
    }
    for name, example in zip(
        FACETS,
        ("pending", "actor/oim", "network/red-trata", "unaccompanied-minors", "return", "activity-without-schedule"),
        strict=True,
    )
)
"""The parameters of the page of a plan, as OpenAPI describes them."""


_SAID = """
SELECT DISTINCT ?x ?facet ?value {
  ?x cg:within %s
  { ?x cg:status ?value . VALUES ?facet { "status" } }
  UNION { { ?x cg:participation/cg:agent ?value } UNION { ?x cg:mentions ?value . ?value a cg:Agent }
    OPTIONAL { ?value a ?network . VALUES ?network { cg:Network } }
    BIND (IF(BOUND(?network), "network", "actor") AS ?facet) }
  UNION { ?x cg:deferredTo ?value . VALUES ?facet { "network" } }
  UNION { ?x cg:populationGroup/skos:broader* ?value . VALUES ?facet { "group" } }
  UNION { ?x cg:topic/skos:broader* ?value . VALUES ?facet { "topic" } }
  UNION { ?finding cg:element ?x ; cg:code ?value . VALUES ?facet { "finding" } }
}"""

_NOTHING: frozenset[str] = frozenset()
_Said = Mapping[str, frozenset[str]]
"""The values of each facet."""


@dataclass(frozen=True)
class Option:
    """A value that a facet may have: its name in the address, what it is called, and how many parts it would show."""

    name: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facets:
    """What the words of each part of a plan say themselves: `said` has, by part and by facet, the names of the values.

    Who speaks of a narrower topic or group speaks of the broader one. `labels` has the name of each value of each
    facet, and what it is called.
    """

    said: Mapping[str, _Said]
    labels: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Selection:
    """The values that a visitor chose, by facet; those of several facets are all to hold."""

    chosen: Mapping[str, str]

    @classmethod
    def read(cls, query: Mapping[str, str], facets: Facets) -> "Selection":
        """What the address asks for; nothing for an empty value. Raises UsageError for a value that no part has."""
        chosen = {name: query[name] for name in FACETS if query.get(name)}
        for name, value in chosen.items():
            check_choice(name, _CALLED[name], value, facets.labels[name])
        return cls(chosen)

    @property
    def query(self) -> str:
        """The query of the address that asks for it, with its question mark; empty where nothing is chosen."""
        return "?" + urlencode(self.chosen) if self.chosen else ""

    def with_value(self, facet: str, value: str) -> "Selection":
        """The same with another value of one facet; an empty one for any."""
        rest = {name: kept for name, kept in self.chosen.items() if name != facet}
        return Selection({**rest, facet: value} if value else rest)

    def hits(self, nodes: Iterable[Node], facets: Facets) -> frozenset[str]:
        """The IRIs of the parts that say all of it.

        A part does whose own words say all; and one which says all together with what is below it, where nothing below
        does so by itself. Only a theme has to say all in its own words: too much is below it.
        """
        facet, value = next(iter(self.chosen.items()), ("", ""))
        return frozenset(iri for iri, values in self._hits(facet, nodes, facets) if value in values)

    def _hits(self, facet: str, nodes: Iterable[Node], facets: Facets) -> Iterator[tuple[str, frozenset[str]]]:
        """Each part, and the values of one facet that would hit it, beside what is chosen of the others."""
        for node in nodes:
            yield from self._reached(facet, node, facets)[0]

    def _reached(self, facet: str, node: Node, facets: Facets) -> tuple[list[tuple[str, frozenset[str]]], _Said]:
        """The hits of a part and of all below it, and what these say together."""
        below = [self._reached(facet, child, facets) for child in node.children]
        hits = [hit for found, _ in below for hit in found]
        own = facets.said.get(node.iri, {})
        together = {
            name: own.get(name, _NOTHING).union(*(said[name] for _, said in below)) for name in (*self.chosen, facet)
        }
        values = own.get(facet, _NOTHING) if self._holds(own, facet) else _NOTHING
        if node.kind != "Theme" and self._holds(together, facet):
            values |= together[facet].difference(*(found for _, found in hits))
        return [*hits, (node.iri, values)], together

    def _holds(self, said: _Said, facet: str) -> bool:
        """Whether what is said has all that is chosen, whatever it has of one facet."""
        return all(value in said.get(name, ()) for name, value in self.chosen.items() if name != facet)

    def options(self, facet: str, nodes: Iterable[Node], facets: Facets) -> tuple[Option, ...]:
        """What may be chosen of a facet beside the rest, by what it is called; without what would show nothing."""
        kept = self.chosen.get(facet, "")
        counts = Counter(value for _, values in self._hits(facet, nodes, facets) for value in values)
        return tuple(
            Option(name, label, counts[name], name == kept)
            for name, label in sorted(facets.labels[facet].items(), key=lambda each: (key(each[1]), each[0]))
            if counts[name] or name == kept
        )


def read_facets(site: Site, plan: str, language: str, checks: Mapping[str, str]) -> Facets:
    """What each part of the plan with this IRI says; `checks` has the title of each check by its code."""
    said: dict[str, dict[str, set[str]]] = {}
    iris: dict[str, dict[str, str]] = {name: {} for name in FACETS}
    for row in site.recall(_SAID % reference(plan)):
        facet, value = row["facet"].value, row["value"].value
        name = _name(site, value)
        iris[facet][name] = value
        said.setdefault(row["x"].value, {}).setdefault(facet, set()).add(name)
    labels = site.labels(iri for facet, values in iris.items() if facet != "finding" for iri in values.values())

    def label(facet: str, iri: str) -> str:
        return checks.get(iri, iri) if facet == "finding" else in_language(labels.get(iri, {}), language)[0] or iri

    return Facets(
        {x: {facet: frozenset(names) for facet, names in found.items()} for x, found in said.items()},
        {facet: {name: label(facet, iri) for name, iri in values.items()} for facet, values in iris.items()},
    )


def _name(site: Site, value: str) -> str:
    """A value as addresses have it: what is unlike in a scheme or below `/id/`."""
    return value.rpartition("#")[2].removeprefix(site.names.id())
