"""The indexes of topics and of population groups: what each means, and which objectives of the plan concern it."""

from dataclasses import replace

from crmgraph.http.languages import marked
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.indexes.index import (
    Column,
    Entry,
    Index,
    PlanParts,
    Section,
    Value,
    folded,
    grouped,
    indexed,
    plan_of,
    plan_parts,
)

__all__ = ["population_groups", "topics"]

_CONCEPTS = """
SELECT DISTINCT ?x ?broader ?definition {
  ?x skos:inScheme %(scheme)s .
  OPTIONAL { ?x skos:broader ?broader . ?broader skos:inScheme %(scheme)s
    FILTER NOT EXISTS { ?x skos:broader ?between . ?between skos:broader ?broader } }
  OPTIONAL { ?x skos:definition ?definition }
}"""
_OBJECTIVES = "SELECT DISTINCT ?x ?objective { ?objective a cg:Objective ; cg:within %s ; %s ?x }"
_ELEMENTS = "SELECT DISTINCT ?x ?element { ?element %s ?x }"
_MEANING = Column("definition", marked("What it means"), "texts")
_OF_TOPICS = (
    _MEANING,
    Column("objectives", marked("Objectives that concern it or something narrower"), "parts"),
    Column("parts", marked("Parts that speak of exactly this"), "number"),
)
_OF_GROUPS = (
    _MEANING,
    Column("objectives", marked("Objectives that concern this group or a narrower one"), "parts"),
    Column("parts", marked("Parts that speak of this very group"), "number"),
)


def topics(site: Site, language: str) -> Index:
    """All topics, each below the broader one."""
    return _concepts(site, language, "topic", "cg:topic", "cg:concernsTopic", _OF_TOPICS)


def population_groups(site: Site, language: str) -> Index:
    """All population groups, each below the broader one."""
    return _concepts(site, language, "population-group", "cg:populationGroup", "cg:concernsGroup", _OF_GROUPS)


def _concepts(
    site: Site, language: str, scheme: str, spoken: str, concerned: str, columns: tuple[Column, ...]
) -> Index:
    vocabulary = reference(f"{ONTOLOGY}/{scheme}")
    rows = site.select(_CONCEPTS % {"scheme": vocabulary})
    broader = grouped(rows, "x", "broader")
    plan, parts = plan_of(site), plan_parts(site)
    objectives = grouped(site.select(_OBJECTIVES % (plan, concerned)), "x", "objective")
    elements = parts.only(grouped(site.select(_ELEMENTS % spoken), "x", "element"))
    concepts = {row["x"].value for row in rows}
    labels, texts = site.labels(concepts), _definitions(rows)
    ordered = sorted(concepts, key=lambda iri: folded(in_language(labels.get(iri, {}), language)[0]))

    def below(whole: str, level: int) -> list[Entry]:
        found = []
        for iri in ordered:
            if (whole in broader.get(iri, ())) if whole else (iri not in broader):
                entry = _entry(iri, level, texts, parts, objectives, elements)
                also = tuple(other for other in ordered if other != whole and other in broader.get(iri, ()))
                found += [replace(entry, also_below=also), *below(iri, level + 1)]
        return found

    return indexed(site, columns, [Section("all", "", tuple(below("", 0)))], {})


def _entry(
    iri: str,
    level: int,
    texts: dict[str, dict[str, str]],
    parts: PlanParts,
    objectives: dict[str, list[str]],
    elements: dict[str, list[str]],
) -> Entry:
    values: dict[str, Value] = {
        "definition": texts.get(iri),
        "objectives": parts.listed(objectives.get(iri, ())),
        "parts": len(elements.get(iri, ())),
    }
    return Entry(iri, values, level)


def _definitions(rows: tuple[Row, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if "definition" in row:
            found.setdefault(row["x"].value, {})[row["definition"].language] = row["definition"].value
    return found
