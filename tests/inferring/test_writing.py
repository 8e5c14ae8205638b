"""Terms as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from crmgraph.errors import UsageError
from crmgraph.inferring.rules import Term, iri
from crmgraph.inferring.writing import read_term, short
from crmgraph.namespaces import Names

NAMES = Names()
HONDURAS = NamedNode(NAMES.id("country", "HND"))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("country/HND", HONDURAS),
        ("id:country/HND", HONDURAS),
        (HONDURAS.value, HONDURAS),
        (f"<{HONDURAS.value}>", HONDURAS),
        (" cg:within ", iri("cg:within")),
        ("a", iri("rdf:type")),
        ("urn:isbn:1", NamedNode("urn:isbn:1")),
        ("plan/crm/pgm/7.1.1", NamedNode(NAMES.id("plan", "crm", "pgm", "7.1.1"))),
        ('"Honduras"@es', Literal("Honduras", language="es")),
        ("'x'", Literal("x")),
        ('"1996"^^xsd:gYear', Literal("1996", datatype=iri("xsd:gYear"))),
        ("3", Literal("3", datatype=iri("xsd:integer"))),
        ("-1.5", Literal("-1.5", datatype=iri("xsd:decimal"))),
        ("true", Literal("true", datatype=iri("xsd:boolean"))),
    ],
)
def test_what_can_be_written(text: str, term: Term) -> None:
    assert read_term(text, NAMES) == term


@pytest.mark.parametrize(
    "text",
    ["", "Honduras", "nobody:knows", '"open', '"a" , "b"', '"a" . <b:> <c:> "d"', "3 4", "<no iri>", "cg:a b", "7.1.x"],
)
def test_what_cannot(text: str) -> None:
    with pytest.raises(UsageError, match="is no term") as caught:
        read_term(text, NAMES)
    assert "no es un término" in caught.value.args[0].spanish


def test_another_base_has_its_own_things() -> None:
    assert read_term("country/HND", Names("https://example.org/")) == NamedNode("https://example.org/id/country/HND")


@given(st.text(max_size=30))
def test_any_text_is_a_term_or_an_error(text: str) -> None:
    try:
        term = read_term(text, NAMES)
    except UsageError:
        return
    assert read_term(str(term), NAMES) == term


def test_what_is_short_reads_back() -> None:
    for term in (HONDURAS, iri("cg:within"), Literal("a", language="es"), NamedNode("https://example.org/x")):
        assert read_term(short(term, NAMES.prefixes()), NAMES) == term
    assert short(HONDURAS, NAMES.prefixes()) == "id:country/HND"
