"""The engine's names for the syntaxes, by our short ones."""

from collections.abc import Mapping

from pyoxigraph import QueryResultsFormat, RdfFormat

__all__ = ["RDF_SYNTAXES", "RESULT_SYNTAXES"]

RESULT_SYNTAXES: Mapping[str, QueryResultsFormat] = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
"""For tables and truth values."""

RDF_SYNTAXES: Mapping[str, RdfFormat] = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
"""For graphs."""
