"""The cache of answers: the same question of the same data."""

from dataclasses import replace

from crmgraph.http.caching import Cache
from crmgraph.sparql import Answer, Question

ASK = Question("ASK {}")
YES = Answer(b"yes", "text/csv", "ASK")


def test_only_the_same_question_of_the_same_data_is_answered() -> None:
    cache = Cache(100_000)
    assert cache.get("one", ASK) is None
    cache.put("one", ASK, YES)
    assert cache.get("one", Question("ASK {}")) is YES
    assert cache.get("two", ASK) is None
    for other in (
        Question("ASK { }"),
        replace(ASK, default_graphs=()),
        replace(ASK, named_graphs=("http://e/",)),
        replace(ASK, result_type="text/csv"),
        replace(ASK, graph_type="text/csv"),
        replace(ASK, base_iri="http://e/"),
        replace(ASK, joins_graphs=False),
    ):
        assert cache.get("one", other) is None, other


def test_answers_that_do_not_last_or_are_too_large_are_not_kept() -> None:
    cache = Cache(100_000)
    cache.put("one", ASK, replace(YES, lasting=False))
    cache.put("one", Question("ASK {?s ?p ?o}"), replace(YES, body=b"x" * 50_000))
    assert cache.get("one", ASK) is cache.get("one", Question("ASK {?s ?p ?o}")) is None
