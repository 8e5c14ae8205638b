"""Queries rewritten for the engine: the columns of SELECT *, the dataset, GRAPH with a variable."""

import csv
import io
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from crmgraph.errors import QueryRefusedError, in_language
from crmgraph.sparql import Question, rewriting
from crmgraph.sparql import worker as stored_module
from crmgraph.sparql.rewriting import (
    MOST_GRAPHS,
    Dataset,
    expand_graph_groups,
    expand_select_all,
    graph_name,
    has_graph_groups_to_expand,
    resolve_names,
)
from crmgraph.sparql.worker import ReadOnlyStore, evaluate
from tests.support.stores import EX

COLUMNS = [
    ("SELECT * { ?z ?a ?m . ?z ?b ?a }", "z a m b"),
    ("SELECT*{ $z ?a [] }", "z a"),
    ("select distinct * where { ?z ?y ?x }", "z y x"),
    ("# SELECT *\nPREFIX SELECT: <http://e/> SELECT REDUCED * { ?z SELECT:a '?a' }", "z"),
    ("SELECT * { ?z ?p ?o BIND (STR(?z) AS ?a) }", "z p o a"),
    ("SELECT * { GRAPH ?g { ?z a ?o } }", "g z o"),
    ("SELECT * { VALUES (?z ?a) { (1 2) } }", "z a"),
    ("SELECT * { ?z ?p _:b } ORDER BY ?p LIMIT 1", "z p"),
    ("SELECT * { { SELECT ?z (COUNT(?x) AS ?n) { ?x a ?z } GROUP BY ?z } ?z ?p ?a }", "z n p a"),
    ("SELECT * { { SELECT * { ?z ?y ?x } } ?a ?b ?c }", "z y x a b c"),
    ("SELECT * { ?z ?p ?o FILTER NOT EXISTS { ?q a ?q } MINUS { ?n a ?z } OPTIONAL { ?l ?k ?z } }", "z p o l k"),
    ("SELECT * { ?z <http://e/p>/<http://e/q> ?a }", "z a"),
    ("SELECT * { ?z ?p ?o } VALUES ?a { 1 }", "z p o a"),
    ("SELECT * { ?z ?p ?o FILTER (?o * 2 = 4) }", "z p o"),
]


def test_columns_of_select_all() -> None:
    """The columns are the variables in scope, in the order of their first mention."""
    for text, expected in COLUMNS:
        results = Store().query(expand_select_all(text))
        assert isinstance(results, QuerySolutions)
        assert " ".join(variable.value for variable in results.variables) == expected, text
    for text in (
        "SELECT ?b ?a { ?a ?p ?b }", "SELECT (COUNT(*) AS ?n) { ?a ?p ?b }", "SELECT * {}", "SELECT * { ?b ?p }",
        "SELECT", "SELECT DISTINCT", "ASK { { SELECT * { ?b ?p ?a } } }", "DESCRIBE * { ?b ?p ?a }", "",
        "SELECT * { <z> ?p ?a }",
    ):  # fmt: skip
        assert expand_select_all(text) == text
    assert expand_select_all("SELECT * { <z> ?p ?a }", "http://e/") == "SELECT  ?p ?a  { <z> ?p ?a }"


E_A, E_B, E_C = (NamedNode(f"http://e/{name}") for name in "abc")
DATASETS = [
    ("SELECT * FROM <http://e/a> {}", Dataset((E_A,), ())),
    ("SELECT * from<http://e/a>from named<http://e/b>{ ?s ?p 'FROM <http://e/c>' }", Dataset((E_A,), (E_B,))),
    ("PREFIX e: <http://e/> ASK FROM e:a FROM NAMED e:a FROM <http://e/a> FROM e:b {}", Dataset((E_A, E_B), (E_A,))),
    ("BASE <http://e/x> ASK FROM NAMED <c> FROM NAMED <\\u0063> {}", Dataset((), (E_C,))),
    ("ASK FROM <b> {}", Dataset((E_B,), ())),
    *((text, None) for text in ("ASK { ?s ?p ?o }", "ASK FROM e:a {}", "ASK FROM", "ASK FROM NAMED", "")),
    *((text, None) for text in ("PREFIX FROM <http://e/a>", "ASK FROM ?x {}", "ASK FROM NAMED 5 {}")),
]


def test_the_dataset_of_a_query() -> None:
    assert [(text, Dataset.from_query(text, "http://e/")) for text, _ in DATASETS] == DATASETS
    assert Dataset.from_query("ASK FROM <b> {}", None) is None


def test_the_dataset_beside_a_query() -> None:
    question = Question("ASK {}", ("http://e/a", "http://e/b", "http://e/a"), ("http://e/b",))
    assert Dataset.from_protocol(question) == Dataset((E_A, E_B), (E_B,))
    assert Dataset.from_protocol(Question("ASK FROM <http://e/a> {}")) is None
    assert Dataset.from_protocol(Question("ASK {}", named_graphs=())) == Dataset((), ())
    assert graph_name("http://e/ñ").value == "http://e/ñ"
    for iri in ("", "relative", "http://e/a b", "http://e/%zz", "http://e/\x00", "<http://e/>"):
        with pytest.raises(QueryRefusedError, match="cannot name a graph") as caught:
            Dataset.from_protocol(Question("ASK {}", named_graphs=(iri,)))
        assert "no puede nombrar un grafo" in in_language(caught.value, "es")


def test_names_mean_what_they_mean_in_the_query() -> None:
    for prologue, names, meant in (
        ("", ["<http://e/a>"], ["http://e/a"]),
        ("PREFIX p: <http://e/>", ["p:a", "p:b\\-c", "p:a"], ["http://e/a", "http://e/b-c", "http://e/a"]),
        ("BASE <http://o/> PREFIX p: <sub/>", ["<a>", "p:a"], ["http://o/a", "http://o/sub/a"]),
        ("", ["<a>", "<\\u0061>"], ["http://base/a", "http://base/a"]),
    ):
        assert resolve_names(names, prologue, "http://base/") == [NamedNode(iri) for iri in meant]
    for prologue, names in (
        ("", ["p:a"]), ("PREFIX p:", ["p:a"]), ("", ["<a b>"]), ("", ["<http://e/a>", "5"]), ("", []),
        ("SELECT", ["<a>"]),
    ):  # fmt: skip
        assert resolve_names(names, prologue, "http://base/") is None


A, B, MANY = (NamedNode(f"{EX}{name}") for name in ("a", "b", "many"))


def test_graphs_that_share_statements_are_joined(
    stored: ReadOnlyStore, small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, setting = stored.store_and_graphs(Dataset((A, B), (B,)), joins_graphs=True)
    assert len(store) == 6 + 3
    assert setting == {"default_graph": DefaultGraph(), "named_graphs": (B,)}
    assert stored.store_and_graphs(Dataset((A, B), (B,)), joins_graphs=True)[0] is store, "joined once"
    for graphs in ((A, MANY), (A,), ()):
        asked = stored.store_and_graphs(Dataset(graphs, ()), joins_graphs=True)
        assert asked == (stored.store, {"default_graph": graphs, "named_graphs": ()})
    plain, union = Store(), Store()
    assert ReadOnlyStore(plain, union).store_and_graphs(None, joins_graphs=True) == (union, {})
    assert ReadOnlyStore(plain, union).store_and_graphs(None, joins_graphs=False)[0] is plain
    assert ReadOnlyStore(plain).store_and_graphs(None, joins_graphs=True) == (
        plain,
        {"use_default_graph_as_union": True},
    )
    monkeypatch.setattr(stored_module, "_LARGEST_CACHED_UNION", 5)
    fresh = ReadOnlyStore.open(small_store)
    first, second = (fresh.store_and_graphs(Dataset((A, B), ()), joins_graphs=True)[0] for _ in range(2))
    assert first is not second, "a large union is not kept"
    assert len(first) == len(second) == 6


PREFIX = f"PREFIX : <{EX}> "
COUNT = "GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }"
APART: list[tuple[str, list[tuple[str, ...]]]] = [
    (f"SELECT ?g ?n {{ {COUNT} }}", [("a", "2"), ("b", "1"), ("empty", "0")]),
    (f"SELECT * {{ {COUNT} }}", [("a", "2"), ("b", "1"), ("empty", "0")]),
    (f"SELECT ?n {{ BIND(:b AS ?g) {COUNT} }}", [("1",)]),
    (f"SELECT ?g ?n FROM NAMED :b FROM NAMED <{EX}none> {{ {COUNT} }}", [("b", "1"), ("none", "0")]),
    (f"SELECT ?g ?n FROM :a {{ {COUNT} }}", []),
    ("SELECT ?g ?s { GRAPH ?g { { SELECT DISTINCT ?s { ?s :p ?o } ORDER BY ?s LIMIT 1 } } }", [("a", "s"), ("b", "s")]),
    ("SELECT ?g ?x { GRAPH ?g { SELECT ?x { ?x :p ?g } } }", [("a", "s"), ("a", "t"), ("b", "s")]),
    ("SELECT ?g { GRAPH ?g { ?s :p 2 MINUS { ?x :p 1 } } }", [("a",)]),
    ("SELECT ?g { GRAPH ?g { ?s :p ?v MINUS { ?s :p 1 } } }", [("a",)]),
    ("SELECT ?g ?v { GRAPH ?g { VALUES ?v { 1 } } }", [("a", "1"), ("b", "1"), ("empty", "1")]),
    ("SELECT ?g { GRAPH ?g { { SELECT (1 AS ?n) { _:x :p 1 . _:x :p ?v } } _:y :p 2 } }", [("a",)]),
    (
        "SELECT ?g ?h { GRAPH ?g { { SELECT ?s { ?s :p 2 } } GRAPH ?h { SELECT (COUNT(*) AS ?n) { ?x :p ?o } } }"
        " FILTER(?n > 0) }",
        [("a", "a"), ("a", "b")],
    ),
    ("SELECT * { GRAPH ?g { FILTER(BOUND(?g)) } }", []),
    ("SELECT ?g { GRAPH ?g { ?s :p 2 } FILTER(TRUE && !False) }", [("a",)]),
    ("SELECT ?g { GRAPH ?g { ?s :p 2 FILTER(!BOUND(?g)) } }", [("a",)]),
    ("SELECT ?g { GRAPH ?g { :s :p 1 BIND(?g AS ?h) } FILTER(!BOUND(?h)) }", [("a",), ("b",)]),
    ("SELECT ?g { GRAPH ?g { :t :p 2 OPTIONAL { :s :p ?g } } }", []),
    (
        "SELECT ?g ?v { GRAPH ?g { { VALUES ?v { 1 } } UNION { :t :p ?v } } }",
        [("a", "1"), ("a", "2"), ("b", "1"), ("empty", "1")],
    ),
    ("SELECT ?g { GRAPH ?g { VALUES ?v { 1 } VALUES ?w { 2 } } }", [("a",), ("b",), ("empty",)]),
    ("SELECT ?s { ?s :p ?o FILTER EXISTS { GRAPH ?g { SELECT ?s { ?s :p 2 } } } }", [("t",)]),
]


def rows(store: Store, text: str, **given: object) -> list[tuple[str, ...]]:
    question = Question(PREFIX + text, result_type="text/csv", **given)  # type: ignore[arg-type]
    table = csv.reader(io.StringIO(evaluate(ReadOnlyStore(store), question).body.decode(), newline=""))
    return sorted(tuple(cell.removeprefix(EX) for cell in row) for row in list(table)[1:])


def test_graph_with_a_variable_asks_each_graph_by_itself() -> None:
    store = Store()
    store.update(
        f"{PREFIX} CREATE GRAPH :empty ; INSERT DATA {{"
        " GRAPH :a { :s :p 1 . :t :p 2 } GRAPH :b { :s :p 1 } :nowhere :p 3 }"
    )
    assert [(text, rows(store, text)) for text, _ in APART] == APART
    text = f"SELECT ?g ?n {{ {COUNT} }}"
    assert rows(store, text, named_graphs=(f"{EX}b", f"{EX}b")) == [("b", "1")]
    assert rows(store, text, default_graphs=(f"{EX}a",)) == []


def test_what_is_not_rewritten() -> None:
    for text in (
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { VALUES ?s { <a:b> } ?s ?p ?o } }",
        "SELECT * { GRAPH <a:b> { SELECT ?s { ?s ?p ?o } } }",
        "SELECT * { { SELECT ?g { GRAPH ?g { ?s ?p 'MINUS' } } } MINUS { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { GRAPH <a:b> { ?s ?p ?o MINUS { ?s ?p 1 } } } }",
        "SELECT * { GRAPH ?g { SELECT ?s { ?s ?p ?o }",
        "",
    ):
        assert not has_graph_groups_to_expand(text), text
    text = "ASK { # MINUS\n GRAPH <a:b> { ?x ?y 1 } GRAPH ?g { { SELECT * {} } } # end\n ?s ?p ?o }"
    assert has_graph_groups_to_expand(text)
    group = "GRAPH ?g { { SELECT * {} } }"
    assert expand_graph_groups(text, ["<a:g>"]) == text.replace(
        group, "{ { GRAPH <a:g> { { SELECT * {} } } VALUES ?g { <a:g> } } }"
    )


def test_too_many_graphs() -> None:
    store = Store()
    store.extend(
        Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(number), NamedNode(f"a:{number}"))
        for number in range(MOST_GRAPHS + 1)
    )
    with pytest.raises(QueryRefusedError, match="too many") as caught:
        rows(store, f"SELECT * {{ {COUNT} }}")
    assert "demasiados" in in_language(caught.value, "es")
    assert rows(store, f"SELECT ?n FROM NAMED <a:7> {{ {COUNT} }}") == [("1",)]
    nested = COUNT
    for _ in range(5):
        nested = f"GRAPH ?g {{ {{ SELECT * {{ {nested} }} }} }}"
    with pytest.raises(QueryRefusedError, match="too many"):
        expand_graph_groups(f"SELECT * {{ {nested} }}", [f"<a:{number}>" for number in range(100)])


def random_group(random: Random, depth: int = 2) -> str:
    """Return a random group of patterns for `GRAPH ?g { … }`, which may use `?g` itself."""
    variables = ("?x", "?y", "?g")
    nested = {
        "optional": "OPTIONAL {{ {} }}",
        "group": "{{ {} }}",
        "exists": "FILTER EXISTS {{ {} }}",
        "not": "FILTER NOT EXISTS {{ {} }}",
    }
    simple = {
        "triple": f"{random.choice(variables)} {random.choice((':p', ':q'))} {random.choice((*variables, ':a', '1'))}",
        "filter": f"FILTER({random.choice(('', '!'))}BOUND({random.choice(variables)}))",
        "bind": f"BIND({random.choice((':a', *variables))} AS ?new)",
        "values": f"VALUES {random.choice(variables)} {{ {random.choice((':a', '1'))} }}",
    }
    found = []
    for _ in range(random.choice((1, 1, 2))):
        kind = random.choice(("triple", "triple", *simple, *(("union", *nested) if depth else ())))
        if kind == "union":
            found.append(f"{{ {random_group(random, depth - 1)} }} UNION {{ {random_group(random, depth - 1)} }}")
        else:
            pattern = nested[kind].format(random_group(random, depth - 1)) if kind in nested else simple[kind]
            found.append(pattern.replace("?new", f"?n{random.randrange(10**9)}"))
    return " . ".join(found)


@pytest.mark.drill
def test_random_groups_are_answered_graph_by_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    store.update(
        f"{PREFIX} CREATE GRAPH :empty ; INSERT DATA {{ GRAPH :a {{ :s :p 1 . :t :p 2 . :a :p :b . :s :q :a }}"
        " GRAPH :b { :s :p 1 . :b :q :a . :u :q 3 } :n :p 3 }"
    )
    random = Random(5)
    asked = [f"SELECT * {{ GRAPH ?g {{ {random_group(random)} }} }}" for _ in range(4000)]
    answers = [rows(store, text) for text in asked]
    monkeypatch.setattr(stored_module, "_prepare", stored_module._prepare.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setattr(rewriting, "_is_to_be_expanded", lambda found, graph, _: found[graph + 1].text == "?g")
    monkeypatch.setattr(stored_module, "has_graph_groups_to_expand", lambda _: True)
    assert [text for text, answer in zip(asked, answers, strict=True) if rows(store, text) != answer] == []
