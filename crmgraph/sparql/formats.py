"""The syntaxes that an answer can be written in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_FORMATS = "http://www.w3.org/ns/formats/"


@dataclass(frozen=True)
class Format:
    """A syntax: short name, name for people, media type, file extension, IRI for service descriptions.

    `aliases` are further media types that the very same bytes may rightly be labelled with.
    """

    short: str
    label: str
    media_type: str
    extension: str
    iri: str
    aliases: tuple[str, ...] = ()


# Both in the order of preference where a client has none.
RESULT_FORMATS = (
    Format(
        "json",
        "JSON",
        "application/sparql-results+json",
        "json",
        _FORMATS + "SPARQL_Results_JSON",
        aliases=("application/json",),
    ),
    Format(
        "xml",
        "XML",
        "application/sparql-results+xml",
        "xml",
        _FORMATS + "SPARQL_Results_XML",
        aliases=("application/xml",),
    ),
    Format("csv", "CSV", "text/csv", "csv", _FORMATS + "SPARQL_Results_CSV"),
    Format("tsv", "TSV", "text/tab-separated-values", "tsv", _FORMATS + "SPARQL_Results_TSV"),
)
GRAPH_FORMATS = (
    Format("ttl", "Turtle", "text/turtle", "ttl", _FORMATS + "Turtle"),
    Format("nt", "N-Triples", "application/n-triples", "nt", _FORMATS + "N-Triples", aliases=("text/plain",)),
    Format("nq", "N-Quads", "application/n-quads", "nq", _FORMATS + "N-Quads"),
    Format("trig", "TriG", "application/trig", "trig", _FORMATS + "TriG"),
    Format("rdf", "RDF/XML", "application/rdf+xml", "rdf", _FORMATS + "RDF_XML"),
    Format("jsonld", "JSON-LD", "application/ld+json", "jsonld", _FORMATS + "JSON-LD"),
)

_ALL = RESULT_FORMATS + GRAPH_FORMATS

by_short: Callable[[str], Format | None] = {each.short: each for each in _ALL}.get
"""Returns the format with a short name, such as "csv" or "ttl"; None where there is none."""

by_media_type: Callable[[str], Format | None] = {
    media_type: each for each in _ALL for media_type in (each.media_type, *each.aliases)
}.get
"""Returns the format that a media type (without parameters) names; None where it names none."""


def media_types(formats: Sequence[Format]) -> tuple[str, ...]:
    """Return every media type that these formats may be labelled with, most wanted first, aliases last."""
    return tuple(each.media_type for each in formats) + tuple(alias for each in formats for alias in each.aliases)


def content_type(media_type: str) -> str:
    """Return the value of a Content-Type header: of text types with the charset, which is not UTF-8 by default."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
