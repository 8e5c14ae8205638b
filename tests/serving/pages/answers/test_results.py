"""Answers to visitors' queries."""

import pytest

from crmgraph.errors import QueryRefusedError, QuerySyntaxError, QueryTimeoutError
from crmgraph.site.answers.arranging import Arrangement
from crmgraph.site.answers.results import Result, evaluate
from crmgraph.site.site import Site
from crmgraph.sparql import Question

CG = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> "


THEMES = "?x a cg:Theme ; cg:within <https://w3id.org/crmgraph/id/plan/crm>"


def _ask(site: Site, text: str, seconds: float = 20) -> Result:
    return evaluate(site, Question(CG + text), seconds)


def test_a_table(site: Site) -> None:
    result = _ask(site, f"SELECT ?x ?y {{ {THEMES} }} ORDER BY ?x")
    assert (result.form, result.columns, result.total, result.truth) == ("SELECT", ("x", "y"), 3, None)
    assert not result.is_cut
    assert not result.adds_words
    assert result.seconds > 0


@pytest.mark.parametrize(("pattern", "truth"), [("?x a cg:Theme", True), ("?x a cg:Nothing", False)])
def test_a_truth_value(site: Site, pattern: str, truth: bool) -> None:
    result = _ask(site, f"ASK {{ {pattern} }}")
    assert (result.form, result.truth, result.rows) == ("ASK", truth, ())


def test_triples_are_sorted(site: Site) -> None:
    result = _ask(
        site,
        f"CONSTRUCT {{ ?x a cg:Theme ; cg:has [ cg:n 1 ] }} {{ {THEMES} }}",
    )
    assert result.form == "CONSTRUCT"
    assert result.columns == ("subject", "predicate", "object")
    assert result.total == 9
    subjects = [row["subject"].value for row in result.rows]
    assert subjects == sorted(subjects)
    assert {row["object"].kind for row in result.rows} == {"uri", "bnode", "literal"}


def test_description_is_triples_too(site: Site) -> None:
    result = _ask(site, "DESCRIBE <https://w3id.org/crmgraph/id/country/MEX>")
    assert result.form == "DESCRIBE"
    assert result.total > 5


def test_a_passage_in_a_row_brings_its_words(site: Site) -> None:
    result = _ask(site, "SELECT ?p { <https://w3id.org/crmgraph/id/plan/crm/vmd/1.2.1> cg:passage ?p }")
    assert result.adds_words
    assert [quotation.exact[:9] for quotation in result.words[0]] == ["1.2.1 Ver"]


def test_offsets_in_a_row_bring_the_words_between(site: Site) -> None:
    result = _ask(site, "SELECT ?start ?end { VALUES (?start ?end) { (13046 13048) (0 0) (13000 99999) } }")
    assert [[quotation.exact for quotation in words] for words in result.words] == [["12"], [], []]


def test_offsets_that_are_no_numbers_bring_nothing(site: Site) -> None:
    result = _ask(site, 'SELECT ?start ?end { VALUES (?start ?end) { ("a" "b") (UNDEF 3) } }')
    assert not any(result.words)


def test_a_column_that_holds_the_words_already_gets_no_second(site: Site) -> None:
    result = _ask(
        site,
        "SELECT ?p ?exact { <https://w3id.org/crmgraph/id/plan/crm/vmd/1.2.1> cg:passage ?p . ?p cg:exact ?exact }",
    )
    assert (result.words_column, result.adds_words) == ("exact", False)
    assert len(result.words[0]) == 1


def test_what_is_not_shown_is_counted(site: Site) -> None:
    question = Question(CG + "SELECT ?x { ?x a cg:Activity }")
    result = evaluate(site, question, 20, Arrangement(size=5))
    assert (len(result.rows), len(result.words), result.total, result.is_cut) == (5, 5, 41, True)


def test_a_dataset_beside_the_query_counts(site: Site) -> None:
    asked = Question(CG + "ASK { ?x a cg:Theme }", default_graphs=(site.names.graph("source", "crm"),))
    assert evaluate(site, asked, 20).truth is False


def test_errors_are_the_pools(site: Site) -> None:
    with pytest.raises(QuerySyntaxError):
        _ask(site, "SELECT {")
    with pytest.raises(QueryRefusedError):
        _ask(site, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(QueryTimeoutError):
        _ask(site, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 0.3)
