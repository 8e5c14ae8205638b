"""What a thing is, what the graph says about it, and on which words that rests."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.site.base.site import Row, Site, Term, in_language, reference
from crmgraph.site.findings.findings import Finding, findings_on
from crmgraph.site.plans.outline import Crumb, trail
from crmgraph.site.source.excerpt import Quotation, quotations
from crmgraph.site.things.groups import TYPE, Group, grouped
from crmgraph.site.things.readings import NO_READINGS, Readings, readings_about, readings_in

__all__ = ["Thing", "thing"]

_CG = ONTOLOGY + "#"
_NOTATION = PREFIXES["skos"] + "notation"
_PART_OF = PREFIXES["dcterms"] + "isPartOf"
_ABOUT = "SELECT ?graph ?property ?value { GRAPH ?graph { %s ?property ?value } }"
_SPOKEN_OF = "SELECT ?x { ?x ?property %s } LIMIT 1"


@dataclass(frozen=True)
class Thing:
    """One thing: what it is, where it stands, and what is said of it (`about`).

    Where it is part of a plan, `readings` are those of its words and of those of its parts; a whole plan has too many.
    """

    iri: str
    label: str
    language: str
    types: tuple[str, ...]
    number: str
    text: Term | None
    status: str
    trail: tuple[Crumb, ...]
    about: tuple[Group, ...]
    quotations: tuple[Quotation, ...]
    findings: tuple[Finding, ...]
    readings: Readings

    def is_a(self, name: str) -> bool:
        """Whether it is of the class of our ontology with this name."""
        return _CG + name in self.types

    @property
    def is_of_plan(self) -> bool:
        """Whether it is a plan, or a part of one."""
        return _is_of_plan(self.types)


def thing(site: Site, iri: str, language: str) -> Thing | None:
    """What the graph says about the thing with this IRI; None where it says nothing."""
    about = site.select(_ABOUT % reference(iri))
    if not about and not site.select(_SPOKEN_OF % reference(iri)):
        return None
    groups = grouped(about, site.names.graph("inferred"), language)
    label, spoken = in_language(site.labels((iri,)).get(iri, {}), language)
    passages = _values(about, _CG + "passage")
    if _CG + "Passage" in _values(about, TYPE):
        passages.append(iri)
    types = tuple(_types(groups))
    return Thing(
        iri=iri,
        label=label,
        language=spoken,
        types=types,
        number=next(
            iter((*_values(about, _CG + "number"), *(_values(about, _NOTATION) if _is_of_plan(types) else ()))), ""
        ),
        text=next((row["value"] for row in about if row["property"].value == _CG + "text"), None),
        status=next(iter(_values(about, _CG + "status")), ""),
        trail=trail(site, iri, language) if _values(about, _PART_OF) else (),
        about=groups,
        quotations=tuple(sorted(quotations(site, passages).values())),
        findings=findings_on(site, iri, language),
        readings=_readings(site, iri, types),
    )


def _is_of_plan(types: Iterable[str]) -> bool:
    return not {_CG + "Plan", _CG + "PlanElement"}.isdisjoint(types)


def _readings(site: Site, iri: str, types: Iterable[str]) -> Readings:
    if _CG + "Plan" in types:
        return NO_READINGS
    return readings_in(site, iri) if _CG + "PlanElement" in types else readings_about(site, iri)


def _types(groups: Iterable[Group]) -> Iterable[str]:
    """The classes, those that are asserted first."""
    return [said.value.value for group in groups if group.predicate == TYPE for said in group.statements]


def _values(rows: Iterable[Row], name: str) -> list[str]:
    return [row["value"].value for row in rows if row["property"].value == name]
