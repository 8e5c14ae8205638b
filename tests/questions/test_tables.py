"""Every row of the tables that were brought together is in the graph, no more and no fewer, each with its source."""

import csv
from io import StringIO

import pytest
from pyoxigraph import QuerySolutions, Store

from crmgraph.namespaces import Names
from crmgraph.resources import resource

NAMES = Names()
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes().items())
THINGS = {
    "states": ("country/{iso3}", "State"),
    "processes": ("process/{id}", "ConsultativeProcess"),
    "actors": ("actor/{id}", "Agent"),
    "organisations": ("actor/{id}", "Agent"),
    "networks": ("network/{id}", "Network"),
    "instruments": ("instrument/{id}", "Instrument"),
    "meetings": ("meeting/{id}", "Meeting"),
    "places": ("place/{id}", "Place"),
}
PLANS = {
    "crm": 0, "gcm": 23, "csm": 8, "ocam": 3, "colombo": 9, "prague": 6, "bali": 6, "niamey": 8, "los-angeles": 7,
    "marrakesh": 10,
}  # fmt: skip
"""How many rows each plan has in the tables that it was taken from; that of the document itself is in none."""


def rows(name: str) -> list[dict[str, str]]:
    text = (resource("data") / "reference" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text)))


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return [tuple("" if term is None else str(term.value) for term in row) for row in solutions]


@pytest.mark.parametrize("table", THINGS)
def test_each_row_is_a_thing_with_its_source(store: Store, table: str) -> None:
    pattern, kind = THINGS[table]
    expected = {NAMES.id(pattern.format(**row)) for row in rows(table)}
    assert len(expected) == len(rows(table))
    found = {iri for (iri,) in ask(store, f"SELECT DISTINCT ?x {{ ?x a cg:{kind} ; dcterms:source ?source }}")}
    assert expected <= found


def test_there_are_no_others(store: Store) -> None:
    for kind, tables in {
        "State": ("states",),
        "ConsultativeProcess": ("processes",),
        "Meeting": ("meetings",),
        "Network": ("networks",),
        "Instrument": ("instruments",),
    }.items():
        count = f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a cg:{kind} FILTER NOT EXISTS {{ ?x cg:within ?plan }} }}"
        [(told,)] = ask(store, count)
        assert int(told) == sum(len(rows(table)) for table in tables), kind


def test_each_membership_has_its_source(store: Store) -> None:
    [(told,)] = ask(store, "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m a cg:Membership ; dcterms:source ?source }")
    # A presidency is a membership for a year.
    assert int(told) == len(rows("memberships")) + len(rows("presidencies")) > 700


@pytest.mark.parametrize("plan", PLANS)
def test_each_part_of_a_plan_is_there(store: Store, plan: str) -> None:
    iri = NAMES.id("plan", plan)
    parts = ask(
        store,
        f"""SELECT DISTINCT ?part {{ ?part cg:within <{iri}> ; cg:passage ?passage .
            {{ ?part a cg:Objective }} UNION
            {{ ?part a cg:Theme FILTER NOT EXISTS {{ ?part dcterms:hasPart ?o . ?o a cg:Objective }} }} }}""",
    )
    assert len(parts) == (PLANS[plan] or 20)


def test_goals_and_targets(store: Store) -> None:
    [(told,)] = ask(
        store, "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x skos:inScheme <http://metadata.un.org/sdg> ; dcterms:source ?s }"
    )
    assert int(told) == len(rows("sdg"))
