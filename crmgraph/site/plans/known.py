"""What plans are called where several are spoken of, and what was read of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from crmgraph.namespaces import PREFIXES
from crmgraph.site.base.site import Site

__all__ = ["Known", "known", "plan_names", "plan_read_in"]

_LABEL, _SHORT = PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "alternative"
_NOTE, _TYPE = PREFIXES["skos"] + "note", PREFIXES["rdf"] + "type"
_SOURCE = PREFIXES["dcterms"] + "source"
_KNOWN = f"""
SELECT DISTINCT ?plan ?property ?value {{
  {{ ?plan a cg:Plan }} UNION {{ SELECT DISTINCT ?plan {{ ?said cg:comparedWith ?plan }} }}
  ?plan ?property ?value
  FILTER (?property IN (<{_LABEL}>, <{_SHORT}>, <{_NOTE}>, <{_SOURCE}>)
    || ?property = <{_TYPE}> && ?value = cg:AbridgedPlan)
  FILTER NOT EXISTS {{ ?value a cg:Passage }}
}}
ORDER BY ?value"""


@dataclass(frozen=True)
class Known:
    """A plan, or the 2030 Agenda: its short name, its title and notes on what was read of it, each by language."""

    names: Mapping[str, str]
    titles: Mapping[str, str]
    notes: Mapping[str, str]
    is_abridged: bool
    """Whether only the titles of its parts were read."""
    sources: tuple[str, ...] = ()
    """The IRIs of what it was read from: the document that is held here, and pages of others."""


def known(site: Site) -> dict[str, Known]:
    """All plans and whatever else plans were compared with, by IRI."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for row in site.recall(_KNOWN):
        said = found.setdefault(row["plan"].value, {}).setdefault(row["property"].value, {})
        said.setdefault(row["value"].language, []).append(row["value"].value)
    return {iri: _known(said) for iri, said in found.items()}


def plan_names(site: Site) -> dict[str, Mapping[str, str]]:
    """What each of them is called for short, by language: all in the same manner, whatever their sources print."""
    return {iri: each.names for iri, each in known(site).items()}


def plan_read_in(site: Site, source: str) -> Known | None:
    """The plan that was read in the document with this IRI; None where none was."""
    return next((each for each in known(site).values() if source in each.sources), None)


def _known(said: Mapping[str, Mapping[str, list[str]]]) -> Known:
    def texts(name: str) -> dict[str, str]:
        return {language: " ".join(each) for language, each in said.get(name, {}).items()}

    sources = tuple(iri for each in said.get(_SOURCE, {}).values() for iri in each)
    titles = {language: each[0] for language, each in said.get(_LABEL, {}).items()}
    # A plan that somebody imported has no short name.
    return Known(texts(_SHORT) or titles, titles, texts(_NOTE), _TYPE in said, sources)
