"""The serialisation formats of query results and of RDF graphs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_FORMATS = "http://www.w3.org/ns/formats/"


@dataclass(frozen=True)
class Format:
    """A serialisation format of query results or of RDF graphs.

    Attributes:
        short: Short name, as in the parameter `format`: "ttl".
        label: Name for people: "Turtle".
        media_type: Preferred media type, without parameters.
        extension: File extension, without the dot.
        iri: IRI of the format in a service description.
        aliases: Further media types that are also correct for the same bytes.
    """

    short: str
    label: str
    media_type: str
    extension: str
    iri: str
    aliases: tuple[str, ...] = ()


# Both are in order of preference, for clients that state none.
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

format_of_short_name: Callable[[str], Format | None] = {each.short: each for each in _ALL}.get
"""Returns the format with a given short name, such as "csv"; None if the name is unknown."""

format_of_media_type: Callable[[str], Format | None] = {
    media_type: each for each in _ALL for media_type in (each.media_type, *each.aliases)
}.get
"""Returns the format of a media type without parameters; None if the media type is unknown."""


def media_types(formats: Sequence[Format]) -> tuple[str, ...]:
    """Return all media types of these formats: the preferred ones in the given order, then the aliases."""
    return tuple(each.media_type for each in formats) + tuple(alias for each in formats for alias in each.aliases)


def content_type(media_type: str) -> str:
    """Return the value of the Content-Type header for a media type.

    Text types get `charset=utf-8`, because UTF-8 is not their default.
    """
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
