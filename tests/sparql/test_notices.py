"""Notices: the names that a query has, those that the data do not have, what was meant, and mixtures of plans."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.files import resource
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.sparql.engine import Notice, Question
from crmgraph.sparql.notices import address_of, message_of, query_of
from crmgraph.sparql.terms import read_terms
from crmgraph.sparql.vocabulary import Vocabulary, find_notices
from tests.support.cases import cases

PREFIXES = Names().prefixes()
DECLARED = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("cg", "rdfs", "dcterms", "skos", "status"))
PROLOGUE = "PREFIX : <http://e/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
TOKENS = (
    "{ } ( ) [ ] . ; , / | ^ ! ? * + << >> {| |} ^^ < = && a true 1 'x' @es ?x ?plan _:b :p :o <http://e/x> SELECT "
    "CONSTRUCT ASK DESCRIBE WHERE FROM NAMED GRAPH SERVICE OPTIONAL UNION MINUS FILTER EXISTS NOT BIND VALUES AS STR "
    "GROUP BY ORDER HAVING PREFIX BASE IN"
)


@pytest.fixture(scope="module")
def vocabulary(store: Store) -> Vocabulary:
    return Vocabulary(store)


def notices_for(vocabulary: Vocabulary, text: str, **more: tuple[str, ...]) -> list[Notice]:
    return list(find_notices(vocabulary, Question(text, prefixes=PREFIXES, **more)))  # type: ignore[arg-type]


def said(notices: list[Notice]) -> list[str]:
    return ["plans" if each.code == "plans" else str(message_of(each, PREFIXES)) for each in notices]


@pytest.mark.parametrize(("query", "expected"), cases("sparql/terms"))
def test_each_name_has_the_role_of_its_place(query: str, expected: str) -> None:
    rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    found = read_terms(PROLOGUE + query, "http://base/q").terms
    terms = [f"{role} {iri}".replace(" http://e/", " :") for role, iri in found if iri != rdf_type]
    assert terms == expected.replace(" http://e/", " :").split("|")


@given(st.lists(st.sampled_from(TOKENS.split()), max_size=40))
def test_reading_never_fails(tokens: list[str]) -> None:
    text = f"{PROLOGUE}SELECT * {{ {' '.join(tokens)}"
    assert read_terms(text, None).terms is not None


@pytest.mark.parametrize(("query", "expected"), cases("sparql/notices"))
def test_notices(vocabulary: Vocabulary, query: str, expected: str) -> None:
    assert said(notices_for(vocabulary, DECLARED + query)) == [each for each in expected.split("|") if each]


def test_questions_of_the_library_have_no_notices(vocabulary: Vocabulary) -> None:
    texts = {name: question.text for name, question in load_library(resource("queries"), Names()).items()}
    assert {name: found for name, text in texts.items() if (found := said(notices_for(vocabulary, text)))} == {}


def test_graphs_in_parameters_are_names_and_say_which_plan(vocabulary: Vocabulary) -> None:
    query = f"{DECLARED} ASK {{ ?x a cg:Objective }}"
    crm, wrong = (f"https://w3id.org/crmgraph/graph/plan/{name}" for name in ("crm", "cmr"))
    assert notices_for(vocabulary, query, default_graphs=(crm,)) == []
    assert notices_for(vocabulary, query, named_graphs=(wrong,)) == [Notice("unknown", "thing", wrong, crm)]


def test_what_is_added_to_the_data_has_no_notice(small_store: Path) -> None:
    query = "ASK { ?x a <http://e/New> ; <http://e/p> <http://e/o> }"
    assert len(notices_for(Vocabulary(Store.read_only(str(small_store))), query)) == 3
    with_it = Store()
    with_it.update("INSERT DATA { GRAPH <http://e/g> { <http://e/x> a <http://e/New> ; <http://e/p> <http://e/o> } }")
    assert notices_for(Vocabulary(with_it), query) == []


def test_there_are_not_too_many(vocabulary: Vocabulary) -> None:
    many = " ".join(f"?x cg:nope{number} <urn:{'x' * 300}{number}> ." for number in range(100))
    found = notices_for(vocabulary, f"{DECLARED} ASK {{ {many} }}")
    assert len(found) == 8
    assert len(address_of(found, PREFIXES)) < 2000
    long = f"{DECLARED} ASK {{ ?x cg:nope ?y }} # {'x' * 40_000}"
    assert notices_for(vocabulary, long) == []


@given(st.sampled_from(cases("sparql/notices")))
def test_an_address_leads_to_the_same_notices(vocabulary: Vocabulary, case: list[str]) -> None:
    notices = notices_for(vocabulary, DECLARED + case[0])
    address = address_of(notices, PREFIXES)
    asked = query_of(dict(parse_qsl(address.partition("?")[2])), PREFIXES)
    assert set(notices_for(vocabulary, asked)) == set(notices)


def test_names_in_an_address_that_are_no_iris_are_refused() -> None:
    for name in ("nothing", "<urn:x>", "urn:a}b", "cg:a>b"):
        with pytest.raises(ValueError, match="IRI"):
            query_of({"classes": name}, PREFIXES)
