"""The page that says what this is, how it was made, and how far it can be trusted, in figures from the graph."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.site.base.citation import catalog
from crmgraph.site.base.labels import SEVERITY_ORDER
from crmgraph.site.base.links import language_of
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import HTML, chosen
from crmgraph.site.base.site import Row, Site, in_language, reference

__all__ = ["Cited", "about_page"]

_COUNTS = """
SELECT ?what (COUNT(DISTINCT ?x) AS ?n) {
  { ?x a cg:LeafPassage ; cg:source %(source)s BIND ("leaves" AS ?what) }
  UNION { ?x a cg:Passage ; cg:source %(source)s BIND ("passages" AS ?what) }
  UNION { ?x a cg:Mention ; cg:inElement/cg:within? %(plan)s BIND ("mentions" AS ?what) }
  UNION { ?x a cg:Translation BIND ("translations" AS ?what) }
  UNION { ?x a cg:Check BIND ("checks" AS ?what) }
  UNION { ?x a cg:Membership BIND ("memberships" AS ?what) }
  UNION { ?x a cg:AbridgedPlan BIND ("abridged" AS ?what) }
  UNION { ?x a cg:Meeting BIND ("meetings" AS ?what) }
  UNION { ?x a cg:Meeting FILTER NOT EXISTS { ?x cg:startDate|cg:endDate ?when } BIND ("undated" AS ?what) }
  UNION { ?x a cg:ConsultativeProcess BIND ("processes" AS ?what) }
  UNION { ?x a cg:ConsultativeProcess FILTER NOT EXISTS { ?x cg:participant/a cg:State } BIND ("stateless" AS ?what) }
} GROUP BY ?what"""
# What is not blank.
_CHARACTERS = r"""
SELECT (SUM(STRLEN(REPLACE(?exact, "\\s", ""))) AS ?n) { ?x a cg:LeafPassage ; cg:source %s ; cg:exact ?exact }"""
_INFERRED = "SELECT (COUNT(*) AS ?n) { GRAPH %s { ?s ?p ?o } }"
_FINDINGS = "SELECT ?severity (COUNT(DISTINCT ?x) AS ?n) { ?x a cg:Finding ; cg:severity ?severity } GROUP BY ?severity"
_SOURCES = """
SELECT ?source (COUNT(DISTINCT ?x) AS ?n) { ?x dcterms:source ?source FILTER ISIRI(?source) } GROUP BY ?source"""
_NAMED = """
SELECT ?x ?label ?page { ?x a dcterms:BibliographicResource ; rdfs:label ?label . OPTIONAL { ?x foaf:page ?page } }"""
_ANNOTATORS = """
SELECT ?x ?label ?text { ?x a cg:Annotator ; rdfs:label ?label .
  OPTIONAL { ?x dcterms:description ?text FILTER (LANG(?text) = LANG(?label)) } }"""


@dataclass(frozen=True)
class Cited:
    """A source that tables of the project cite: its IRI, its name and the language of it, its page (empty where it has
    none), and how many things or statements cite it."""

    iri: str
    label: str
    language: str
    page: str
    times: int


def about_page(request: Request, site: Site) -> Response:
    """What this is, how it was made, how to trust it, what it does not know, and who stands behind it."""
    check_parameters(request, ())
    chosen(request, (HTML,))
    language = language_of(request)
    source, plan = reference(site.names.id("source", "crm")), reference(site.names.id("plan", "crm"))
    counted = site.recall(_COUNTS % {"source": source, "plan": plan})
    counts = Counter({row["what"].value: int(row["n"].value) for row in counted})
    severities = {row["severity"].value.rpartition("#")[2]: int(row["n"].value) for row in site.select(_FINDINGS)}
    cited = {row["source"].value: int(row["n"].value) for row in site.recall(_SOURCES)}
    about = catalog(site, language)
    context = {
        "catalog": about,
        "counts": counts,
        "characters": _number(site.recall(_CHARACTERS % source)),
        "inferred": _number(site.recall(_INFERRED % reference(site.names.graph("inferred")))),
        "findings": [(name, severities.get(name, 0)) for name in SEVERITY_ORDER],
        "named": _named(site.select(_NAMED), cited, language),
        "hosts": _hosts(iri for iri in cited if not iri.startswith(site.names.base)),
        "annotators": _annotators(site.select(_ANNOTATORS), language),
        "questions": len(site.library),
        "document": site.names.id("source", "crm"),
    }
    return render(request, site, "about.html", context=context)


def _number(rows: tuple[Row, ...]) -> int:
    return int(rows[0]["n"].value) if rows and "n" in rows[0] else 0


def _named(rows: Iterable[Row], cited: dict[str, int], language: str) -> list[Cited]:
    labels: dict[str, dict[str, str]] = {}
    pages: dict[str, str] = {}
    for row in rows:
        labels.setdefault(row["x"].value, {})[row["label"].language] = row["label"].value
        pages[row["x"].value] = row["page"].value if "page" in row else ""
    found = [Cited(iri, *in_language(labels[iri], language), pages[iri], cited.get(iri, 0)) for iri in labels]
    return sorted(found, key=lambda source: (-source.times, source.label))


def _hosts(addresses: Iterable[str]) -> list[tuple[str, int]]:
    """The sites that pages were read on, each with how many pages, the most first."""
    hosts = Counter((urlsplit(address).hostname or address).removeprefix("www.") for address in addresses)
    return sorted(hosts.items(), key=lambda each: (-each[1], each[0]))


def _annotators(rows: Iterable[Row], language: str) -> list[tuple[str, str, str]]:
    """The IRI, the name and the description of those who read the plan."""
    said: dict[str, dict[str, tuple[str, str]]] = {}
    for row in rows:
        text = row["text"].value if "text" in row else ""
        said.setdefault(row["x"].value, {})[row["label"].language] = (row["label"].value, text)
    return [(iri, *(texts.get(language) or next(iter(texts.values())))) for iri, texts in sorted(said.items())]
