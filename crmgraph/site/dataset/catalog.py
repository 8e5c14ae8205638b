"""What the dataset is, as its own catalogue says it."""

from dataclasses import dataclass

from crmgraph.site.site import Row, Site, in_language

__all__ = ["Catalog", "Entry", "catalog"]

_DATASET = """
SELECT ?x ?property ?value {
  GRAPH ?graph { ?x a dcat:Dataset ; ?property ?value }
  VALUES ?property {
    dcterms:title dcterms:description dcterms:license dcterms:publisher dcterms:issued owl:versionInfo dcat:keyword
    void:triples void:distinctSubjects void:sparqlEndpoint
  }
}"""
_PUBLISHER = """
SELECT ?property ?value {
  GRAPH ?graph { ?x a dcat:Dataset ; dcterms:publisher ?publisher . ?publisher foaf:name ?value }
  BIND (foaf:name AS ?property)
}"""
_ENTRIES = """
SELECT ?kind ?x ?property ?value {
  { VALUES ?kind { "graphs" } ?dataset a dcat:Dataset ; void:subset ?x . FILTER NOT EXISTS { ?x a void:Linkset } }
  UNION { VALUES ?kind { "linksets" } ?x a void:Linkset }
  UNION { VALUES ?kind { "distributions" } ?x a dcat:Distribution }
  VALUES ?property {
    rdfs:label dcterms:title dcterms:description void:triples dcat:accessURL dcat:mediaType dcterms:format
  }
  ?x ?property ?value
}"""

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Entry:
    """A graph, a set of links or a form in which the dataset is to be had."""

    iri: str
    title: str
    language: str
    description: str
    triples: int
    address: str
    media_type: str


@dataclass(frozen=True)
class Catalog:
    """The dataset: in words, by whom, since when (a date) and under which licence, and what it consists of."""

    iri: str
    title: str
    description: str
    language: str
    license: str
    publisher: str
    publisher_name: str
    issued: str
    version: str
    keywords: tuple[str, ...]
    triples: int
    things: int
    endpoint: str
    graphs: tuple[Entry, ...]
    linksets: tuple[Entry, ...]
    distributions: tuple[Entry, ...]


def catalog(site: Site, language: str) -> Catalog | None:
    """The catalogue of the dataset in this language; None where the data have none."""
    said = site.recall(_DATASET)
    if not said:
        return None
    title, spoken = _text(said, "title", language)
    rows = site.recall(_ENTRIES)
    return Catalog(
        iri=said[0]["x"].value,
        title=title,
        description=_text(said, "description", language)[0],
        language=spoken,
        license=_first(said, "license"),
        publisher=_first(said, "publisher"),
        publisher_name=_first(site.recall(_PUBLISHER), "name"),
        issued=_first(said, "issued"),
        version=_first(said, "versionInfo"),
        keywords=tuple(sorted(x["value"].value for x in _with(said, "keyword") if x["value"].language == language)),
        triples=int(_first(said, "triples") or 0),
        things=int(_first(said, "distinctSubjects") or 0),
        endpoint=_first(said, "sparqlEndpoint"),
        graphs=_entries(rows, "graphs", language),
        linksets=_entries(rows, "linksets", language),
        distributions=_entries(rows, "distributions", language),
    )


def _entries(rows: tuple[Row, ...], kind: str, language: str) -> tuple[Entry, ...]:
    listed: dict[str, list[Row]] = {}
    for row in rows:
        if row["kind"].value == kind:
            listed.setdefault(row["x"].value, []).append(row)
    return tuple(_entry(iri, tuple(said), language) for iri, said in sorted(listed.items()))


def _entry(iri: str, said: tuple[Row, ...], language: str) -> Entry:
    title, spoken = _text(said, "title", language)
    if not title:
        title, spoken = _text(said, "label", language)
    return Entry(
        iri=iri,
        title=title,
        language=spoken,
        description=_text(said, "description", language)[0],
        triples=int(_first(said, "triples") or 0),
        address=_first(said, "accessURL"),
        media_type=_first(said, "mediaType").removeprefix(_MEDIA_TYPES),
    )


def _with(said: tuple[Row, ...], name: str) -> tuple[Row, ...]:
    """The rows whose property has this name, in whichever vocabulary."""
    return tuple(row for row in said if row["property"].value.replace("#", "/").endswith("/" + name))


def _first(said: tuple[Row, ...], name: str) -> str:
    return next((row["value"].value for row in _with(said, name)), "")


def _text(said: tuple[Row, ...], name: str, language: str) -> tuple[str, str]:
    return in_language({row["value"].language: row["value"].value for row in _with(said, name)}, language)
