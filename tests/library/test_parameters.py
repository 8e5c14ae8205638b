"""Parameters: how each type of value becomes a term, and what fits none."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import UsageError
from crmgraph.library import TYPES, Parameter
from crmgraph.namespaces import Names
from crmgraph.wording import in_language

NAMES = Names()
OPEN = {"es": "cualquiera", "en": "any"}
THING = Parameter("thing", "iri", "any", {}, values="?value a cg:State", open=OPEN)
STATUS = Parameter("status", "concept", "any", {}, scheme="status", open=OPEN)


@pytest.mark.parametrize(
    ("parameter", "value", "term"),
    [
        (THING, "country/MEX", "<https://w3id.org/crmgraph/id/country/MEX>"),
        (THING, "http://example.org/x", "<http://example.org/x>"),
        (THING, "any", "UNDEF"),
        (STATUS, "in-progress", "<https://w3id.org/crmgraph/ontology/status#in-progress>"),
        (STATUS, "any", "UNDEF"),
        (Parameter("w", "string", "any", {}), "any", '"any"'),
        (Parameter("n", "integer", "0", {}), "+07", "7"),
    ],
)
def test_values_as_terms(parameter: Parameter, value: str, term: str) -> None:
    assert parameter.term(value, NAMES) == term


def test_only_what_is_open_can_be_left_open() -> None:
    closed = Parameter("thing", "iri", "country/MEX", {})
    assert closed.term("any", NAMES) == "<https://w3id.org/crmgraph/id/any>"
    opened = Parameter("thing", "iri", "country/MEX", {}, open=OPEN)
    assert opened.term("any", NAMES) == "UNDEF"
    assert opened.term("country/MEX", NAMES) == closed.term("country/MEX", NAMES)


@pytest.mark.parametrize("value", ["", "In progress", "a#b", "https://w3id.org/x#y", "a> . ?s ?p ?o", "-a"])
def test_a_concept_is_named_as_in_its_scheme(value: str) -> None:
    with pytest.raises(UsageError, match="parameter status is a name in the scheme status, not"):
        STATUS.term(value, NAMES)


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
def test_words_are_not_left_out(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        Parameter("words", "string", "x", {}).term(value, NAMES)
    assert str(caught.value) == "parameter words must not be empty"
    assert in_language(caught.value.message, "es") == "el parámetro words no puede estar vacío"


def test_what_a_caller_writes_for_an_iri() -> None:
    assert THING.short("https://w3id.org/crmgraph/id/country/MEX", NAMES) == "country/MEX"
    assert THING.short("http://example.org/x", NAMES) == "http://example.org/x"
    assert STATUS.short("https://w3id.org/crmgraph/ontology/status#done", NAMES) == "done"


@given(value=st.text(max_size=30), type=st.sampled_from(TYPES))
def test_any_value_is_one_term_or_refused(value: str, type: str) -> None:
    parameter = Parameter("x", type, "any", {}, scheme="status")
    try:
        term = parameter.term(f"a/{value}" if type == "iri" else value, NAMES)
    except UsageError:
        return
    solutions = pyoxigraph.Store().query(f"SELECT ?x ?y WHERE {{ VALUES ?x {{ {term} }} VALUES ?y {{ 1 }} }}")
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    assert [str(row["y"].value) for row in solutions] == ["1"]


@pytest.mark.parametrize("value", [".*", '"', "…", "()", " - ", "\\"])
def test_words_have_a_letter_or_a_digit(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        Parameter("words", "string", "x", {}).term(value, NAMES)
    assert "parameter words has to have a letter or a digit" in str(caught.value)
    assert "tiene que tener alguna letra o cifra" in in_language(caught.value.message, "es")
    for other in ("ñ", "7", "да"):
        assert Parameter("words", "string", "x", {}).term(other, NAMES) == f'"{other}"'
