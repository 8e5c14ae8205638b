"""Answers written out in one of the syntaxes: whole and well-formed or not at all, or part by part."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from crmgraph.sparql.engine import LARGEST, PART, WHOLE
from crmgraph.sparql.formats import by_media_type

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

    Term = NamedNode | BlankNode | Literal | Triple

_PREFIX_LINE = re.compile(rb"@prefix ([^:]*:) <[^>]*> \.\n")
# None of these can be written in XML, and the engine writes them all the same: prefixes that XML keeps for itself, the
# characters that it has not even as an escape, and an element for a predicate that does not end in a name.
_NOT_FOR_XML = re.compile("$|xml", re.IGNORECASE)
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_LONGEST_LOOKED_AT = 3
"""Number of bytes of a text that belong together."""
_NAMELESS_ELEMENT = re.compile(rb"<(?:[^<>\s/!?]*:[\s/>]|[\s>])")


Send = Callable[[bytes], None]
"""Takes a part of an answer, of which there is more."""


class _Sink(BytesIO):
    """Takes what the engine writes, up to a limit, and where somebody takes parts, sends it in parts.

    `short` names the syntax of the media type.
    """

    def __init__(self, media_type: str, largest: int, send: Send | None) -> None:
        super().__init__()
        known = by_media_type(media_type)
        self.short = known.short if known else ""
        self._largest = largest
        self._send = send
        self._size = self._sent = 0

    def write(self, data: "Buffer") -> int:
        """Take some bytes (as a binary file does)."""
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
        if self._send is not None and self.tell() >= (PART if self._sent else WHOLE):
            self._send_part(self._send)
        return size

    def rest(self) -> bytes:
        """Return what was not sent."""
        return self._finished(self.getvalue(), is_all=not self._sent)

    def _send_part(self, send: Send) -> None:
        kept = self.getvalue()
        end = _end_of_part(kept) if self.short in ("xml", "rdf") else len(kept)
        if end:
            self.seek(0)
            self.truncate()
            super().write(kept[end:])
            finished = self._finished(kept[:end], is_all=False)
            for start in range(0, len(finished), WHOLE):
                send(finished[start : start + WHOLE])

    def _finished(self, part: bytes, is_all: bool) -> bytes:
        if self.short == "rdf" and _NAMELESS_ELEMENT.search(part):
            raise NotAcceptableError(
                Bilingual(
                    "The answer has a predicate that does not end in a name, which RDF/XML cannot write. Ask for "
                    "another syntax, such as Turtle.",
                    "La respuesta tiene un predicado que no termina en un nombre, y eso no se puede escribir en "
                    "RDF/XML. Pida otra sintaxis, como Turtle.",
                )
            )
        if self.short in ("xml", "rdf"):
            if _NOT_IN_XML.search(part):
                raise NotAcceptableError(
                    Bilingual(
                        "The answer contains a control character, which XML does not allow. Ask for another syntax.",
                        "La respuesta contiene un carácter de control, que XML no admite. Pida otra sintaxis.",
                    )
                )
            # A reader of XML takes a bare carriage return for a line end, and one before a line feed for nothing.
            part = part.replace(b"\r", b"&#13;")
        elif self.short in ("ttl", "trig") and not self._sent:
            part = _tidied(part, is_all)
        self._sent += len(part)
        return part


def write_results(
    results: QuerySolutions | QueryBoolean, media_type: str, largest: int = LARGEST, send: Send | None = None
) -> bytes:
    """Write the table of a SELECT query or the truth value of an ASK query in the syntax of a media type.

    CSV and TSV, which the standard defines for tables only, hold the one word `true` or `false` for a truth value.
    Where `send` takes parts of it, what is returned is the last of them. Raises NotAcceptableError where this syntax
    cannot hold the answer, LimitError where it has too many bytes.
    """
    sink = _Sink(media_type, largest, send)
    results.serialize(sink, QueryResultsFormat.from_media_type(media_type))
    return sink.rest()


def write_graph(
    triples: Iterable[Triple],
    media_type: str,
    prefixes: Mapping[str, str],
    largest: int = LARGEST,
    send: Send | None = None,
) -> bytes:
    """Write triples in the syntax of a media type, abbreviated by those of the prefixes that are of use.

    Where `send` takes parts of it, what is returned is the last of them. Raises NotAcceptableError where this syntax
    cannot hold the triples, LimitError where they take too many bytes.
    """
    sink = _Sink(media_type, largest, send)
    if sink.short == "rdf":
        prefixes = {name: iri for name, iri in prefixes.items() if not _NOT_FOR_XML.match(name)}
    if sink.short == "jsonld":
        triples = _without_nested(triples)
    serialize(triples, sink, RdfFormat.from_media_type(media_type), prefixes=dict(prefixes))
    return sink.rest()


def _end_of_part(xml: bytes) -> int:
    """Return where XML can be cut so that no tag and no character is: behind a tag, or in a very long text."""
    end = xml.rfind(b">") + 1
    is_long = len(xml) - end > WHOLE and xml.find(b"<", end) < 0
    return len(xml) - _LONGEST_LOOKED_AT if is_long else end


def _tidied(turtle: bytes, is_all: bool) -> bytes:
    """Return Turtle with its prefixes in the order of their names, only those that it uses where this is all of it.

    The engine writes all, in any order.
    """
    lines = []
    end = 0
    while match := _PREFIX_LINE.match(turtle, end):
        lines.append(match)
        end = match.end()
    body = turtle[end:]
    used = [match.group() for match in lines if not is_all or match[1] in body]
    return b"".join((*sorted(used), b"\n" if used and body else b"", body))


def _without_nested(triples: Iterable[Triple]) -> Iterator[Triple]:
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
"""The namespace of the vocabulary."""

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def write_result_set(answer: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Write an answer (SPARQL 1.1 Query Results JSON Format) as a graph in the syntax of a media type.

    Every row is an rs:solution with its rs:index from 1. Raises NotAcceptableError where this syntax cannot hold the
    answer, LimitError where it has too many bytes.
    """
    results = parse_query_results(answer, format=QueryResultsFormat.JSON)
    whole = BlankNode("answer")
    triples = [Triple(whole, _TYPE, NamedNode(RESULT_SET + "ResultSet"))]

    def state(subject: BlankNode, name: str, *values: "Term") -> None:
        triples.extend(Triple(subject, NamedNode(RESULT_SET + name), value) for value in values)

    if isinstance(results, QueryBoolean):
        state(whole, "boolean", Literal(bool(results)))
    else:
        rows = {BlankNode(f"row{index}"): row for index, row in enumerate(results, start=1)}
        state(whole, "size", Literal(len(rows)))
        state(whole, "resultVariable", *(Literal(variable.value) for variable in results.variables))
        state(whole, "solution", *rows)
        for index, (node, row) in enumerate(rows.items(), start=1):
            bound = [variable for variable in results.variables if row[variable] is not None]
            bindings = {BlankNode(f"row{index}value{place}"): variable for place, variable in enumerate(bound)}
            state(node, "index", Literal(index))
            state(node, "binding", *bindings)
            for binding, variable in bindings.items():
                state(binding, "variable", Literal(variable.value))
                state(binding, "value", row[variable])
    return write_graph(triples, media_type, {**prefixes, "rs": RESULT_SET})
