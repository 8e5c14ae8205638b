"""Trying an engine elsewhere out: whether it gives the answers that ours gives."""

from collections.abc import Iterator, Mapping

from crmgraph.errors import AnswerError
from crmgraph.sparql import Engine, Question
from crmgraph.sparql.elsewhere import Publication, RemoteEngine
from crmgraph.sparql.elsewhere.comparing import are_alike
from crmgraph.sparql.limit import Limit
from crmgraph.wording import in_language

__all__ = ["PROBES", "differences"]

_SECONDS = 10.0
_ALL_SECONDS = 90.0
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"

PROBES: Mapping[str, str] = {
    "truth values": "SELECT (BOUND(?x) AS ?a) (1 = 1 AS ?b) (true AS ?c) {}",
    "errors": "SELECT (1/0 AS ?a) (COALESCE(1/0, 2) AS ?b) {}",
    "numbers": "SELECT (1.5 AS ?a) (1e0 AS ?b) (10-3+1 AS ?c) (7/2 AS ?d) {}",
    "strings": 'SELECT ("—ñ→" AS ?a) (STRLANG("á", "es") AS ?b) (UCASE("ñ") AS ?c) (STRLEN("añb") AS ?d) {}',
    "unbound values": 'SELECT ?x ?y { VALUES (?x ?y) { (UNDEF "a") ("b" UNDEF) } }',
    "groups": "SELECT (COUNT(*) AS ?n) (SUM(?x) AS ?sum) (AVG(?x) AS ?mean) { VALUES ?x { 1 2 2 } }",
    "texts joined": 'SELECT (GROUP_CONCAT(?x; SEPARATOR=" ") AS ?all) { VALUES ?x { "a" } }',
    "alternatives": "SELECT ?x ?y { { BIND (1 AS ?x) } UNION { BIND (2 AS ?y) } }",
    "options": "SELECT ?x ?y { VALUES ?x { 1 2 } OPTIONAL { VALUES (?x ?y) { (1 3) } } }",
    "what is missing": "SELECT ?x { VALUES ?x { 1 2 } MINUS { VALUES ?x { 2 } } }",
    "many rows": f"SELECT ?s ?l {{ ?s {_LABEL} ?l }}",
    "all rows": "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20000",
    "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "a graph": f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s a ?c ; ?p ?o . ?s {_LABEL} ?l }} LIMIT 100000",
    "yes or no": f"ASK {{ ?s {_LABEL} ?l }}",
}
"""Queries that engines are known to answer in ways of their own."""


def differences(
    engine: RemoteEngine, ours: Engine, known: Publication, queries: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The names of the queries to which `engine` gives another answer than `ours`, or none, and what is wrong.

    It is tried for a minute and a half at most; what it was not asked by then it has not answered.
    """
    limit = Limit(_ALL_SECONDS)
    for name, query in queries.items():
        question = Question(query)
        # On a busy machine ours may take long too, which says nothing of the other.
        expected = ours.answer(question, _ALL_SECONDS)
        try:
            given = engine.ask_there(question, known, Limit(min(_SECONDS, limit.left())))
        except AnswerError as error:
            yield name, in_language(error, "en")
            continue
        if not are_alike(given, expected):
            yield name, "another answer"
