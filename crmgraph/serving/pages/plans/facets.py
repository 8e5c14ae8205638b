"""What a plan is looked through by: the status, actors, networks, groups, topics and findings of its parts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from crmgraph.reading.folding import key
from crmgraph.serving.pages.choices import check_choice
from crmgraph.serving.pages.plans.outline import Node
from crmgraph.serving.pages.site import Site, in_language, reference
from crmgraph.wording import Bilingual

__all__ = ["FACETS", "Facets", "Option", "Selection", "read_facets"]

_CALLED = {
    "status": Bilingual("status", "estado"),
    "actor": Bilingual("actor", "actor"),
    "network": Bilingual("network", "red"),
    "group": Bilingual("population group", "grupo de población"),
    "topic": Bilingual("topic", "materia"),
    "finding": Bilingual("finding", "hallazgo"),
}
FACETS = tuple(_CALLED)
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

    said: Mapping[str, Mapping[str, frozenset[str]]]
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
        if not self.chosen:
            return frozenset()
        return frozenset(hit for node in nodes for hit in self._hits(node, facets))

    def _hits(self, node: Node, facets: Facets) -> Iterator[str]:
        below = [hit for child in node.children for hit in self._hits(child, facets)]
        yield from below
        own = self._says(facets, [node])
        if own or (not below and node.kind != "Theme" and self._says(facets, [node, *node.below()])):
            yield node.iri

    def _says(self, facets: Facets, nodes: Iterable[Node]) -> bool:
        said = [facets.said.get(node.iri, {}) for node in nodes]
        return all(any(value in each.get(name, ()) for each in said) for name, value in self.chosen.items())

    def options(self, facet: str, nodes: Iterable[Node], facets: Facets) -> tuple[Option, ...]:
        """What may be chosen of a facet beside the rest, by what it is called; without what would show nothing."""
        plan = tuple(nodes)
        kept = self.chosen.get(facet, "")
        counted = (
            (name, label, len(self.with_value(facet, name).hits(plan, facets)))
            for name, label in facets.labels[facet].items()
        )
        return tuple(
            Option(name, label, count, name == kept)
            for name, label, count in sorted(counted, key=lambda each: (key(each[1]), each[0]))
            if count or name == kept
        )


def read_facets(site: Site, plan: str, language: str, checks: Mapping[str, str]) -> Facets:
    """What each part of the plan with this IRI says; `checks` has the title of each check by its code."""
    said: dict[str, dict[str, set[str]]] = {}
    iris: dict[str, dict[str, str]] = {name: {} for name in FACETS}
    for row in site.select(_SAID % reference(plan)):
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
