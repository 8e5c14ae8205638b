"""What a plan is looked through by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import UsageError
from crmgraph.site.plans.facets import FACETS, Facets, Selection, read_facets
from crmgraph.site.plans.outline import Node, outline
from crmgraph.site.site import Site


def _node(iri: str, *children: Node, kind: str = "Activity") -> Node:
    return Node(iri, kind, 1, "", iri, "en", "", "", (), children)


def _facets(said: dict[str, dict[str, set[str]]]) -> Facets:
    labels: dict[str, dict[str, str]] = {facet: {} for facet in FACETS}
    for facets in said.values():
        for facet, values in facets.items():
            labels[facet].update({value: value.upper() for value in values})
    return Facets({x: {facet: frozenset(v) for facet, v in found.items()} for x, found in said.items()}, labels)


ENTRY, OTHER = _node("entry", kind="ScheduleEntry"), _node("other", kind="ScheduleEntry")
ACTIVITY = _node("activity", ENTRY)
OBJECTIVE = _node("objective", ACTIVITY, OTHER, kind="Objective")
THEME = _node("theme", OBJECTIVE, kind="Theme")


def test_a_part_is_found_by_its_own_words() -> None:
    facets = _facets({"entry": {"status": {"pending"}}, "theme": {"topic": {"return"}}})
    assert Selection({"status": "pending"}).hits([THEME], facets) == {"entry"}
    assert Selection({"topic": "return"}).hits([THEME], facets) == {"theme"}


def test_a_part_is_found_that_says_all_with_what_is_below_it() -> None:
    facets = _facets({"entry": {"status": {"pending"}}, "activity": {"actor": {"oim"}}})
    assert Selection({"status": "pending", "actor": "oim"}).hits([THEME], facets) == {"activity"}


def test_what_is_above_is_not_found_where_something_below_says_all() -> None:
    facets = _facets({"entry": {"status": {"pending"}, "actor": {"oim"}}, "activity": {"actor": {"oim"}}})
    assert Selection({"status": "pending", "actor": "oim"}).hits([THEME], facets) == {"entry"}


def test_a_part_that_says_all_itself_is_found_beside_those_below() -> None:
    facets = _facets({"entry": {"topic": {"return"}}, "objective": {"topic": {"return"}}})
    assert Selection({"topic": "return"}).hits([THEME], facets) == {"entry", "objective"}


def test_what_a_theme_holds_here_and_there_is_not_said_together() -> None:
    apart = _node("theme", _node("a"), _node("b"), kind="Theme")
    facets = _facets({"a": {"topic": {"return"}}, "b": {"status": {"pending"}}})
    assert Selection({"topic": "return", "status": "pending"}).hits([apart], facets) == set()


def test_an_option_counts_what_it_would_show_beside_the_rest() -> None:
    facets = _facets({"entry": {"status": {"pending"}}, "other": {"status": {"done"}}, "activity": {"actor": {"oim"}}})
    statuses = Selection({"actor": "oim"}).options("status", [THEME], facets)
    assert [(option.name, option.label, option.count) for option in statuses] == [
        ("done", "DONE", 1),
        ("pending", "PENDING", 1),
    ]
    (chosen,) = [
        option for option in Selection({"status": "done"}).options("status", [THEME], facets) if option.is_chosen
    ]
    assert chosen.name == "done"


@given(st.dictionaries(st.sampled_from(FACETS), st.text(max_size=20)))
def test_whatever_is_asked_is_understood_or_refused(query: dict[str, str]) -> None:
    facets = _facets({"entry": {"status": {"pending"}, "actor": {"oim"}}})
    wanted = {name: value for name, value in query.items() if value}
    known = all(value in facets.labels[name] for name, value in wanted.items())
    if known:
        assert Selection.read(query, facets).chosen == wanted
    else:
        with pytest.raises(UsageError):
            Selection.read(query, facets)


def test_a_value_that_no_part_has_is_told_with_those_that_there_are() -> None:
    facets = _facets({"entry": {"status": {"pending"}}})
    with pytest.raises(UsageError, match=r"^“late” is no status here\. .*\bpending\b"):
        Selection.read({"status": "late"}, facets)
    with pytest.raises(UsageError, match="Leave topic out of the address"):
        Selection.read({"topic": "return"}, facets)


@pytest.mark.parametrize(
    ("facet", "value", "query"),
    [
        ("status", "pending", "?x cg:status <https://w3id.org/crmgraph/ontology/status#pending>"),
        ("topic", "return", "?x cg:topic/skos:broader* <https://w3id.org/crmgraph/ontology/topic#return>"),
        ("actor", "actor/oim", "?x cg:participation/cg:agent|cg:mentions id:actor\\/oim"),
        (
            "network",
            "network/red-trata",
            "?x cg:participation/cg:agent|cg:mentions|cg:deferredTo id:network\\/red-trata",
        ),
        ("finding", "number-gap", '?f cg:element ?x ; cg:code "number-gap"'),
    ],
)
def test_the_real_plan_is_looked_through_as_by_a_query(site: Site, facet: str, value: str, query: str) -> None:
    plan = site.names.id("plan", "crm")
    tree = outline(site, plan, "en")
    facets = read_facets(site, plan, "en", {})
    kinds = "VALUES ?k { cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note } ?x a ?k"
    rows = site.select(f"SELECT DISTINCT ?x {{ {query} . ?x cg:within <{plan}> . {kinds} }}")
    assert Selection({facet: value}).hits(tree, facets) == {row["x"].value for row in rows}


def test_values_are_called_what_the_graph_calls_them(site: Site) -> None:
    facets = read_facets(site, site.names.id("plan", "crm"), "es", {"number-gap": "Salto"})
    assert facets.labels["actor"]["actor/oim"] == "Organización Internacional para las Migraciones"
    assert facets.labels["status"]["pending"] == "pendiente"
    assert set(facets.labels["network"]) >= {
        "network/red-trata",
        "network/red-proteccion-consular",
        "network/redes-enlace",
    }
