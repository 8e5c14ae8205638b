"""What inference adds to the real graph: each answer that it gives, and that without it there is none."""

from dataclasses import dataclass

import pytest
from pyoxigraph import NamedNode, Store

from crmgraph.namespaces import PREFIXES, Names

NAMES = Names()


@dataclass(frozen=True)
class Addition:
    """A question about one thing that only inferred statements answer, and some of the things in the answer."""

    subject: str
    predicate: str
    some: tuple[str, ...]


ADDITIONS = (
    Addition("id:country/HND", "cg:memberOf", ("id:process/rcm",)),
    Addition("id:country/HND", "org:memberOf", ("id:process/rcm",)),
    Addition("id:process/rcm", "cg:member", ("id:country/HND", "id:country/MEX", "id:country/CAN")),
    Addition("id:actor/acnur", "cg:observerOf", ("id:process/rcm",)),
    Addition("id:process/rcm", "cg:observer", ("id:actor/acnur", "id:country/ARG")),
    Addition("id:country/HND", "cg:takesPartIn", ("id:process/rcm", "id:process/fibemyd")),
    Addition("id:process/fibemyd", "cg:participant", ("id:country/HND", "id:country/ESP")),
    Addition("id:plan/crm/pgm/7", "cg:contains", ("id:plan/crm/pgm/7.1", "id:plan/crm/pgm/7.1.1.1")),
    Addition("id:plan/crm/pgm/7", "cg:reliesOn", ("id:instrument/mou-2006",)),
    Addition("id:plan/crm/pgm", "cg:reliesOn", ("id:instrument/mou-2006",)),
    Addition("id:instrument/mou-2006", "cg:reliedOnBy", ("id:plan/crm/pgm/7", "id:plan/crm")),
    Addition("id:country/HND", "cg:partyTo", ("id:instrument/mou-2006",)),
    Addition("id:plan/crm/pgm/1", "cg:involvesAgent", ("id:actor/oim",)),
    Addition("id:plan/crm", "cg:involvesAgent", ("id:actor/oim",)),
    Addition("id:actor/oim", "cg:involvedIn", ("id:plan/crm/pgm/1", "id:plan/crm")),
    Addition("id:plan/crm", "cg:involvesNetwork", ("id:network/red-trata", "id:network/red-proteccion-consular")),
    Addition("id:network/red-trata", "cg:hasDeferral", ()),
    Addition("id:plan/crm/dh", "cg:concernsTopic", ()),
    Addition("id:plan/crm/dh", "cg:concernsGroup", ()),
    Addition("id:actor/oim", "cg:mentionedIn", ()),
)  # fmt: skip


def answer(store: Store, subject: str, predicate: str, with_inferred: bool) -> set[str]:
    """The values, asked of all graphs or, by FROM, of all but that of what was inferred."""
    inferred = NAMES.graph("inferred")
    names = [graph.value for graph in store.named_graphs() if with_inferred or graph.value != inferred]
    query = (
        "".join(f"PREFIX {prefix}: <{space}> " for prefix, space in NAMES.prefixes().items())
        + f"SELECT ?value {' '.join(f'FROM <{name}>' for name in names)} {{ {iri(subject)} {predicate} ?value }}"
    )
    rows = store.query(query)
    return {row["value"].value for row in rows}  # type: ignore[union-attr]


def iri(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda each: f"{each.subject} {each.predicate}")
def test_an_answer_that_only_inference_gives(addition: Addition, store: Store) -> None:
    found = answer(store, addition.subject, addition.predicate, True)
    assert found
    assert {iri(name).value for name in addition.some} <= found
    assert answer(store, addition.subject, addition.predicate, False) == set()


def test_deferral_reaches_the_objective(store: Store) -> None:
    network = iri("id:network/red-trata").value
    reached = answer(store, "id:network/red-trata", "^cg:involvesNetwork", True)
    stated = answer(store, "id:network/red-trata", "^cg:deferredTo", False)
    assert stated < reached
    objectives = {name for name in reached if name.rpartition("/")[2].isdigit()}
    assert objectives
    assert not objectives & stated
    assert network not in reached


def test_an_element_is_within_all_that_contains_it(store: Store) -> None:
    assert len(answer(store, "id:plan/crm/pgm/7.1.1.1", "cg:within", False)) == 1
    assert answer(store, "id:plan/crm/pgm/7.1.1.1", "cg:within", True) == {
        iri(f"id:plan/crm{part}").value for part in ("", "/pgm", "/pgm/7", "/pgm/7.1", "/pgm/7.1.1")
    }


def test_a_theme_gathers_the_topics_of_its_parts_and_what_is_wider(store: Store) -> None:
    gathered = answer(store, "id:plan/crm/dh", "cg:concernsTopic", True)
    stated = answer(store, "id:plan/crm/dh", "cg:contains/cg:topic", True)
    wider = answer(store, "id:plan/crm/dh", "cg:contains/cg:topic/skos:broader+", True)
    assert stated
    assert wider - stated
    assert gathered == stated | wider


def test_an_objective_gathers_exactly_the_agents_of_its_parts(store: Store) -> None:
    for objective in ("id:plan/crm/pgm/1", "id:plan/crm/dh/4", "id:plan/crm/vmd/1"):
        gathered = answer(store, objective, "cg:involvesAgent", True)
        assert gathered == answer(store, objective, "cg:contains?/cg:participation/cg:agent", True)
