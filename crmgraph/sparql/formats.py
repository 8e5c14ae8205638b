"""The formats of query results and of RDF graphs, and the serialisation of answers, in one piece or in parts."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from crmgraph.errors import Bilingual, LimitError, NotAcceptableError
from crmgraph.sparql.engine import FIRST_PART, FURTHER_PART, LARGEST_ANSWER

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

    Term = NamedNode | BlankNode | Literal | Triple


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


_PREFIX_LINE = re.compile(rb"@prefix ([^:]*:) <[^>]*> \.\n")
# What the engine writes although XML does not allow it: reserved prefixes, control characters (not even as references),
# and elements without a name, for a predicate IRI that does not end in a name.
_RESERVED_IN_XML = re.compile("$|xml", re.IGNORECASE)
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_CONTINUATION = bytes(range(0x80, 0xC0))
"""The bytes of a code point in UTF-8 behind its first."""
_NAMELESS_ELEMENT = re.compile(rb"<(?:[^<>\s/!?]*:[\s/>]|[\s>])")
_NO_ELEMENT = Bilingual(
    "The answer has a predicate that does not end in a name, which RDF/XML cannot write. Ask for another syntax, such "
    "as Turtle.",
    "La respuesta tiene un predicado que no termina en un nombre, y eso no se puede escribir en RDF/XML. Pida otra "
    "sintaxis, como Turtle.",
)
_QUOTED_CELL = re.compile(rb'"(?<![^,\n]")[^"]*+(?:""[^"]*+)*+(?:"|\Z)')
"""A quoted cell of CSV, or its beginning at the end of a part."""


Send = Callable[[bytes], None]
"""A function that sends one part of an answer, not the last."""


class _AnswerWriter(BytesIO):
    """A binary file to which the engine writes an answer of at most `largest` bytes.

    If `send` is given, complete parts are passed to it as they are written. `short` is the short name of the format.
    `columns` is the number of columns if the answer is a table, and otherwise 0.
    """

    columns = _quotes = _commas = 0

    def __init__(self, media_type: str, largest: int, send: Send | None) -> None:
        super().__init__()
        known = format_of_media_type(media_type)
        self.short = known.short if known else ""
        self._largest = largest
        self._send = send
        self._size = self._sent = 0

    def write(self, data: "Buffer") -> int:
        """Write some bytes. Raises LimitError if the answer exceeds the limit."""
        size = memoryview(data).nbytes
        self._size += size
        if self._size > self._largest:
            raise LimitError(
                Bilingual(
                    f"The answer is larger than {self._largest} bytes, the most that is sent. Ask for less, for "
                    "example with LIMIT, or take the dump.",
                    f"La respuesta supera los {self._largest} bytes, lo máximo que se envía. Pida menos, por ejemplo "
                    "con LIMIT, o descargue el volcado.",
                )
            )
        super().write(data)
        if self._send is not None and self.tell() >= (FURTHER_PART if self._sent else FIRST_PART):
            self._send_part(self._send)
        return size

    def remaining(self) -> bytes:
        """Return the bytes that were not sent as parts."""
        return self._checked_part(self.getvalue(), is_all=not self._sent)

    def _send_part(self, send: Send) -> None:
        kept = self.getvalue()
        end = _cut_offset(kept) if self.short in ("xml", "rdf") else len(kept)
        if end:
            self.seek(0)
            self.truncate()
            super().write(kept[end:])
            finished = self._checked_part(kept[:end], is_all=False)
            for start in range(0, len(finished), FIRST_PART):
                send(finished[start : start + FIRST_PART])

    def _check_cells(self, part: bytes) -> None:
        """Raise NotAcceptableError if a row of CSV has too many cells: the engine does not quote IRIs with a comma."""
        bare = _QUOTED_CELL.sub(b"", b'"' * (self._quotes % 2) + part)
        self._quotes += part.count(b'"')
        # The commas in the last row, which may not be complete.
        self._commas += bare.count(b",") - (self.columns - 1) * bare.count(b"\n")
        is_whole = not (self._commas and bare.endswith(b"\n"))
        if not (is_whole and 0 <= self._commas < self.columns and b'"' not in bare):
            raise NotAcceptableError(
                Bilingual(
                    "The answer has an IRI with a comma, or a statement about a statement, which cannot be written in "
                    "CSV here. Ask for TSV or JSON.",
                    "La respuesta tiene un IRI con una coma, o una afirmación sobre otra, y eso no se puede escribir "
                    "aquí en CSV. Pida TSV o JSON.",
                )
            )

    def _checked_part(self, part: bytes, is_all: bool) -> bytes:
        if self.columns and self.short == "csv":
            self._check_cells(part)
        if self.short == "rdf" and _NAMELESS_ELEMENT.search(part):
            raise NotAcceptableError(_NO_ELEMENT)
        if self.short in ("xml", "rdf"):
            if _NOT_IN_XML.search(part):
                raise NotAcceptableError(
                    Bilingual(
                        "The answer contains a control character, which XML does not allow. Ask for another syntax.",
                        "La respuesta contiene un carácter de control, que XML no admite. Pida otra sintaxis.",
                    )
                )
            # An XML parser would normalise a bare carriage return to a line feed.
            part = part.replace(b"\r", b"&#13;")
        elif self.short in ("ttl", "trig") and not self._sent:
            part = _with_sorted_prefixes(part, is_all)
        self._sent += len(part)
        return part


def write_results(
    results: QuerySolutions | QueryBoolean, media_type: str, largest: int = LARGEST_ANSWER, send: Send | None = None
) -> bytes:
    """Return the result of a SELECT or ASK query, serialised in the format of a media type.

    The standard defines CSV and TSV for SELECT only; for ASK they contain the word `true` or `false`. If `send` is
    given, a large result is passed to it part by part, and only the last part is returned. Raises NotAcceptableError if
    the format cannot represent the result, LimitError if it has more than `largest` bytes.
    """
    sink = _AnswerWriter(media_type, largest, send)
    sink.columns = len(results.variables) if isinstance(results, QuerySolutions) else 0
    results.serialize(sink, QueryResultsFormat.from_media_type(media_type))
    return sink.remaining()


def write_graph(
    triples: Iterable[Triple],
    media_type: str,
    prefixes: Mapping[str, str],
    largest: int = LARGEST_ANSWER,
    send: Send | None = None,
) -> bytes:
    """Return triples, serialised in the format of a media type.

    `prefixes` abbreviate IRIs; those that are not needed are left out. If `send` is given, a large result is passed to
    it part by part, and only the last part is returned. Raises NotAcceptableError if the format cannot represent the
    triples, LimitError if the result has more than `largest` bytes.
    """
    sink = _AnswerWriter(media_type, largest, send)
    if sink.short == "rdf":
        prefixes = {name: iri for name, iri in prefixes.items() if not _RESERVED_IN_XML.match(name)}
    if sink.short == "jsonld":
        triples = _reject_nested(triples)
    try:
        serialize(triples, sink, RdfFormat.from_media_type(media_type), prefixes=dict(prefixes))
    except OSError:
        if sink.short != "rdf":
            raise
        # For example rdf:li and rdf:about are no names of elements.
        raise NotAcceptableError(_NO_ELEMENT) from None
    return sink.remaining()


def _cut_offset(xml: bytes) -> int:
    """Return the offset at which XML can be cut without cutting a tag: after the last tag.

    If a very long text follows that tag, it is cut before its last code point, which may not be complete.
    """
    end = xml.rfind(b">") + 1
    is_long = len(xml) - end > FIRST_PART and xml.find(b"<", end) < 0
    return len(xml.rstrip(_CONTINUATION)) - 1 if is_long else end


def _with_sorted_prefixes(turtle: bytes, is_all: bool) -> bytes:
    """Return Turtle or TriG with its prefix declarations sorted by name; the engine writes them in any order.

    If `turtle` is the whole document (`is_all`), unused declarations are dropped.
    """
    lines = []
    end = 0
    while match := _PREFIX_LINE.match(turtle, end):
        lines.append(match)
        end = match.end()
    body = turtle[end:]
    used = [match.group() for match in lines if not is_all or match[1] in body]
    return b"".join((*sorted(used), b"\n" if used and body else b"", body))


def _reject_nested(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        if isinstance(triple.object, Triple):
            raise NotAcceptableError(
                Bilingual(
                    "The answer has a statement about a statement, which JSON-LD cannot write. Ask for another "
                    "syntax, such as Turtle.",
                    "La respuesta tiene una afirmación sobre otra, y eso no se puede escribir en JSON-LD. Pida otra "
                    "sintaxis, como Turtle.",
                )
            )
        yield triple


RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
"""Namespace of the W3C's vocabulary for result sets as RDF graphs."""

_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def write_result_set(answer: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return the result of a SELECT or ASK query as an RDF graph, serialised in the format of a media type.

    `answer` is the result in JSON (SPARQL 1.1 Query Results JSON Format). The graph uses the W3C's vocabulary for
    result sets: each row is an rs:solution, with an rs:index that starts at 1. Raises NotAcceptableError if the format
    cannot represent the result, LimitError if it has too many bytes.
    """
    results = parse_query_results(answer, format=QueryResultsFormat.JSON)
    whole = BlankNode("answer")
    triples = [Triple(whole, _RDF_TYPE, NamedNode(RESULT_SET + "ResultSet"))]

    def add(subject: BlankNode, name: str, *values: "Term") -> None:
        triples.extend(Triple(subject, NamedNode(RESULT_SET + name), value) for value in values)

    if isinstance(results, QueryBoolean):
        add(whole, "boolean", Literal(bool(results)))
    else:
        rows = {BlankNode(f"row{index}"): row for index, row in enumerate(results, start=1)}
        add(whole, "size", Literal(len(rows)))
        add(whole, "resultVariable", *(Literal(variable.value) for variable in results.variables))
        add(whole, "solution", *rows)
        for index, (node, row) in enumerate(rows.items(), start=1):
            bound = [variable for variable in results.variables if row[variable] is not None]
            bindings = {BlankNode(f"row{index}value{place}"): variable for place, variable in enumerate(bound)}
            add(node, "index", Literal(index))
            add(node, "binding", *bindings)
            for binding, variable in bindings.items():
                add(binding, "variable", Literal(variable.value))
                add(binding, "value", row[variable])
    return write_graph(triples, media_type, {**prefixes, "rs": RESULT_SET})
