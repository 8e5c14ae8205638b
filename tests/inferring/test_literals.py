"""The values of literals: which are the same, which differ, what they are instances of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, RDFS, XSD, Literal, URIRef

from crmgraph.inferring.literals import DATATYPES, belongs, differ, value_of


def literal(words: str, datatype: URIRef) -> Literal:
    return Literal(words, datatype=datatype, normalize=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (literal("1", XSD.integer), literal("01", XSD.byte)),
        (literal("1.0", XSD.decimal), literal("1", XSD.integer)),
        (literal("true", XSD.boolean), literal("1", XSD.boolean)),
        (literal("1.5E1", XSD.double), literal("15", XSD.double)),
        (Literal("a"), literal("a", XSD.string)),
        (Literal("a", lang="EN"), Literal("a", lang="en")),
        (literal("a@en", RDF.PlainLiteral), Literal("a", lang="en")),
        (literal("2009-07-01T12:00:00Z", XSD.dateTime), literal("2009-07-01T14:00:00+02:00", XSD.dateTimeStamp)),
        (literal("2009-07-01T24:00:00", XSD.dateTime), literal("2009-07-02T00:00:00.000", XSD.dateTime)),
        (literal("0F", XSD.hexBinary), literal("0f", XSD.hexBinary)),
        (literal("1996", XSD.gYear), literal("1996", XSD.gYear)),
    ],
)
def test_one_value_in_other_words(one: Literal, other: Literal) -> None:
    assert value_of(one) == value_of(other)
    assert not differ(value_of(one), value_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (literal("1", XSD.integer), literal("2", XSD.integer)),
        (literal("1", XSD.integer), literal("1", XSD.double)),
        (literal("1", XSD.float), literal("1", XSD.double)),
        (literal("1", XSD.integer), Literal("1")),
        (Literal("a", lang="en"), Literal("a", lang="es")),
        (Literal("a", lang="en"), Literal("a")),
        (literal("0F", XSD.hexBinary), literal("Dw==", XSD.base64Binary)),
        (literal("1996", XSD.gYear), literal("1997", XSD.gYear)),
        (literal("2009-07-01T12:00:00", XSD.dateTime), literal("2009-07-01T12:00:00Z", XSD.dateTime)),
    ],
)
def test_different_values(one: Literal, other: Literal) -> None:
    assert differ(value_of(one), value_of(other))


def test_nothing_is_known_of_the_values_of_an_unknown_datatype() -> None:
    metres, feet = (literal("1", URIRef(f"https://example.org/{unit}")) for unit in ("metre", "foot"))
    assert value_of(metres) != value_of(feet)
    assert not differ(value_of(metres), value_of(feet))
    assert not belongs(value_of(metres), XSD.integer)


@pytest.mark.parametrize(
    ("words", "datatype"),
    [
        ("128", XSD.byte), ("-1", XSD.nonNegativeInteger), ("0", XSD.positiveInteger), ("1.0", XSD.integer),
        ("1e3", XSD.decimal), ("one", XSD.double), ("yes", XSD.boolean), ("2009-13-01T00:00:00", XSD.dateTime),
        ("2009-07-01", XSD.dateTime), ("2009-07-01T24:30:00", XSD.dateTime), ("2009-07-01T25:00:00", XSD.dateTime),
        ("2009-07-01T12:00:00", XSD.dateTimeStamp), ("0", XSD.hexBinary), ("=", XSD.base64Binary),
        ("no tag", RDF.PlainLiteral), ("a b", XSD.NCName), ("1a", XSD.Name), ("español largo", XSD.language),
    ],
)  # fmt: skip
def test_words_that_are_no_value_of_their_datatype(
    words: str, datatype: URIRef, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of what is wrong on purpose
    value = value_of(literal(words, datatype))
    assert value[0] == "ill-typed"
    assert not any(belongs(value, kind) for kind in DATATYPES)


@pytest.mark.parametrize(
    ("given_literal", "datatypes"),
    [
        (literal("5", XSD.byte), {XSD.integer, XSD.decimal, XSD.unsignedByte, XSD.positiveInteger, RDFS.Literal}),
        (literal("5.0", XSD.decimal), {XSD.integer, XSD.byte}),
        (Literal("word"), {XSD.string, XSD.token, XSD.NCName, XSD.language, RDF.PlainLiteral}),
        (literal("2009-07-01T12:00:00Z", XSD.dateTime), {XSD.dateTimeStamp, XSD.dateTime}),
    ],
)
def test_a_value_belongs_to_every_datatype_that_has_it(given_literal: Literal, datatypes: set[URIRef]) -> None:
    assert datatypes <= {kind for kind in DATATYPES if belongs(value_of(given_literal), kind)}


@pytest.mark.parametrize(
    ("given_literal", "datatype"),
    [
        (literal("300", XSD.integer), XSD.byte), (literal("5.5", XSD.decimal), XSD.integer),
        (Literal("a", lang="es"), XSD.string), (Literal("two words"), XSD.NCName),
        (literal("2009-07-01T12:00:00", XSD.dateTime), XSD.dateTimeStamp), (Literal("1"), XSD.integer),
        (literal("1996", XSD.gYear), XSD.dateTime),
    ],
)  # fmt: skip
def test_a_value_belongs_to_no_other(given_literal: Literal, datatype: URIRef) -> None:
    assert not belongs(value_of(given_literal), datatype)


@given(st.integers() | st.text() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False))
def test_a_literal_that_python_writes_is_of_its_own_datatype(value: object) -> None:
    written = Literal(value)
    assert written.datatype is None or belongs(value_of(written), written.datatype)
    assert not differ(value_of(written), value_of(written))


@given(st.text(max_size=20), st.sampled_from(sorted(DATATYPES)))
def test_no_words_break_it(words: str, datatype: URIRef) -> None:
    value = value_of(literal(words, datatype))
    assert value == value_of(literal(words, datatype))
