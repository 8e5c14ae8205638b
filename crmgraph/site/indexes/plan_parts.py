"""What the indexes ask of the plan: which of its parts, and where these stand in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crmgraph.site.base.site import Row, Site, reference
from crmgraph.site.indexes.index import Part, Texts

__all__ = ["PlanParts", "descriptions", "grouped", "plan_of", "plan_parts", "short_names"]

_PARTS = """
SELECT DISTINCT ?x ?order ?number ?theme {
  ?x cg:within %s . ?x cg:order ?order .
  OPTIONAL { ?x cg:number ?number }
  OPTIONAL { ?x cg:within ?theme . ?theme a cg:Theme }
}"""
_SHORT = """
SELECT ?x ?name {
  { ?x skos:notation ?sign ; skos:altLabel ?name FILTER (STR(?name) = STR(?sign)) FILTER NOT EXISTS { ?x a cg:State } }
  UNION {
    ?x a cg:ConsultativeProcess ; skos:altLabel ?name
    FILTER (STRLEN(STR(?name)) <= 24 || NOT EXISTS { ?x skos:notation ?acronym })
  }
}"""
_DESCRIPTIONS = "SELECT ?x ?text { ?x a %s ; dcterms:description ?text }"


@dataclass(frozen=True)
class PlanParts:
    """The parts of a plan by their IRIs."""

    known: Mapping[str, Part]

    def listed(self, iris: Iterable[str]) -> tuple[Part, ...]:
        """Those of these IRIs that are parts of the plan, each once, in the order of the plan."""
        found = {self.known[iri] for iri in iris if iri in self.known}
        return tuple(sorted(found, key=lambda part: part.place))

    def only(self, elements: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
        """Of the IRIs in each list those of parts of the plan; lists without any are left out."""
        kept = {key: [iri for iri in iris if iri in self.known] for key, iris in elements.items()}
        return {key: iris for key, iris in kept.items() if iris}


def plan_of(site: Site) -> str:
    """The plan that the site is about, as it is written in SPARQL."""
    return reference(site.names.id("plan", "crm"))


def plan_parts(site: Site) -> PlanParts:
    """All parts of the plan that the site is about."""
    known = {}
    for row in site.recall(_PARTS % plan_of(site)):
        number, theme = (row[name].value if name in row else "" for name in ("number", "theme"))
        known[row["x"].value] = Part(theme, int(row["order"].value), number, row["x"].value)
    return PlanParts(known)


def short_names(site: Site) -> dict[str, Texts]:
    """The acronyms that are names too, and other short names of processes, by the IRI of the thing, and by language.

    A longer name of a process is one where it has no acronym, for each language has its own.
    """
    return _texts(site.recall(_SHORT), "name")


def descriptions(site: Site, kind: str) -> dict[str, Texts]:
    """What each thing of this class (as SPARQL has it, `cg:Agent`) is, by its IRI, and by language."""
    return _texts(site.select(_DESCRIPTIONS % kind), "text")


def grouped(rows: Iterable[Row], key: str, name: str) -> dict[str, list[str]]:
    """The values of one column by those of another, each once, in their order; rows without either are passed over."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if key in row and name in row:
            found.setdefault(row[key].value, {})[row[name].value] = None
    return {each: list(values) for each, values in found.items()}


def _texts(rows: Iterable[Row], name: str) -> dict[str, Texts]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        texts = found.setdefault(row["x"].value, {})
        text = row[name]
        # Of several, the shortest.
        if len(text.value) <= len(texts.get(text.language, text.value)):
            texts[text.language] = text.value
    return dict(found)
