"""RDF that somebody sent: read into one graph, or refused with its place."""

from codecs import BOM_UTF8
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from crmgraph.errors import DataError
from crmgraph.sparql.formats import GRAPH_FORMATS
from crmgraph.store.updates import read_rdf
from tests.support.cases import cases

G = NamedNode("http://e/g")
TRIPLE = Triple(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("ñ", language="es"))
QUAD = Quad(TRIPLE.subject, TRIPLE.predicate, TRIPLE.object, G)
TYPES = [each.media_type for each in GRAPH_FORMATS]
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


def read(body: bytes | str, media_type: str = "text/turtle", base: str | None = None) -> list[Quad]:
    return list(read_rdf(body.encode() if isinstance(body, str) else body, media_type, base, G))


@pytest.mark.parametrize("media_type", TYPES)
def test_every_syntax_that_is_written_is_read(media_type: str) -> None:
    body = serialize([TRIPLE], format=RdfFormat.from_media_type(media_type))
    assert body is not None
    assert read(body, media_type) == read(BOM_UTF8 + body, media_type) == [QUAD]
    assert [quad.graph_name for quad in read_rdf(body, media_type, None, DefaultGraph())] == [DefaultGraph()]


def test_names() -> None:
    assert read("<s> <p> <o> .", base="http://e/x/")[0].subject == NamedNode("http://e/x/s")
    body = "_:a <http://e/p> _:a ."
    first, second = read(body)[0], read(body)[0]
    assert isinstance(first.subject, BlankNode)
    assert first.subject == first.object != second.subject
    for quote in ('"', "'"):
        [quad] = read(
            f'<!DOCTYPE rdf:RDF [<!ENTITY e {quote}http://e/{quote} >]><rdf:RDF xmlns="&e;" {RDF}>'
            '<a rdf:about="&e;x"/></rdf:RDF>',
            "application/rdf+xml",
        )
        assert (str(quad.subject), str(quad.object)) == ("<http://e/x>", "<http://e/a>")


def test_what_cannot_be_read() -> None:
    for body, media_type, line, said in cases("store/unread"):
        with pytest.raises(DataError, match=said) as caught:
            read(body, media_type)
        assert str(caught.value.line or "") == line
        assert "Parser error" not in str(caught.value)
    with pytest.raises(DataError, match="UTF-8"):
        read(b"\xff\xfe")
    with pytest.raises(DataError, match="This is not Turtle: ") as caught:
        read(b"<a:s> <a:p> " + b"x" * 5000 + b" .")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "declared", ['<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', "<!doctype x SYSTEM 'file:///etc/passwd'>"]
)
def test_entities_are_not_read(declared: str) -> None:
    with pytest.raises(DataError, match="entities"):
        read(f'<?xml version="1.0"?>{declared}<rdf:RDF {RDF}>&b;</rdf:RDF>', "application/rdf+xml")


@given(st.binary(max_size=200), st.sampled_from(TYPES))
def test_any_bytes_are_read_or_refused(body: bytes, media_type: str) -> None:
    with suppress(DataError):
        assert all(quad.graph_name == G for quad in read(body, media_type, "http://e/"))
