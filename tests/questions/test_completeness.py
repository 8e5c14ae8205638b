"""Answers to other values hold what the graph says, and the graph what the tables say; test_answers has the rest."""

import csv

import pytest
from pyoxigraph import QuerySolutions, Store

from crmgraph.files import resource
from crmgraph.namespaces import Names
from tests.support.questions import LIBRARY, answer

NAMES = Names()
PLAN = NAMES.id("plan", "crm", "")
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes().items())


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return sorted(tuple("" if term is None else str(term.value) for term in row) for row in solutions)


def rows_of(name: str) -> list[dict[str, str]]:
    text = (resource("data") / "reference" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def short(iri: str) -> str:
    return iri.removeprefix(PLAN).removeprefix(NAMES.id())


def test_every_statement_about_a_thing_has_its_source(store: Store) -> None:
    for thing in ("actor/st", "instrument/mou-2006", "process/sacm", "plan/crm/pgm/7.3.1.1"):
        rows = answer(store, LIBRARY["statement-sources"], thing=thing)
        stated = ask(store, f"SELECT ?s WHERE {{ ?s a cg:Statement ; rdf:subject <{NAMES.id(thing)}> }}")
        assert stated
        assert sorted((row["statement"],) for row in rows if row["statement"]) == stated
        assert all(row["sources"] or row["exact"] for row in rows)
        keys = {(row["property"], row["value"], row["statement"], row["value_label"]) for row in rows}
        assert len(keys) == len(rows), thing
    rows = answer(store, LIBRARY["statement-sources"], thing="meeting/crm-i")
    [place] = [row for row in rows if row["value"].endswith("place/puebla")]
    source = "http://migracioninternacional.com/docum/confregI_e.html"
    assert (place["statement"], place["sources"]) == ("", source), "that of the thing"


def test_every_statement_about_an_element_is_shown(store: Store) -> None:
    for element in ("pgm/7.3.1", "vmd/4-a"):
        iri = f"<{PLAN}{element}>"
        said = ask(store, f'SELECT DISTINCT ?p ?o {{ {iri} ?p ?o FILTER (!ISLITERAL(?o) || LANG(?o) != "en") }}')
        rows = answer(store, LIBRARY["element-statements"], element=f"plan/crm/{element}")
        assert {(row["property"], row["value"]) for row in rows} == set(said)


def test_what_the_schedule_says_holds_of_the_activity(store: Store) -> None:
    for name in ("status", "date", "place"):
        entries = ask(store, f"SELECT DISTINCT ?x ?value {{ ?x a cg:Activity ; dcterms:hasPart/cg:{name} ?value }}")
        activities = ask(store, f"SELECT DISTINCT ?x ?value {{ ?x a cg:Activity ; cg:{name} ?value }}")
        assert entries, name
        assert set(entries) <= set(activities), name
    status = NAMES.prefixes()["cg"].replace("#", "/status#")
    assert ask(store, f"SELECT ?status {{ <{PLAN}pgm/7.3.1> cg:status ?status }}") == [(f"{status}done",)]


def test_roles_are_those_of_the_words_that_give_them(store: Store) -> None:
    american = answer(store, LIBRARY["states-named"], state="country/USA", lang="en")
    assert {(row["role_label"], row["exact"][:23]) for row in american if row["role_label"]} == {
        ("cooperating", "Con la cooperación de E"), ("country of departure", "los repatriados de Esta"),
    }  # fmt: skip


def test_meetings_with_part_of_a_date_or_none(store: Store) -> None:
    def meetings(first: int, last: int) -> dict[str, dict[str, str]]:
        rows = answer(store, LIBRARY["meetings-during-plan"], **{"from": str(first), "to": str(last)})
        return {short(row["meeting"]): row for row in rows}

    during = meetings(2003, 2010)
    assert during["meeting/crm-ix"]["ended"] == "2004-05-21"
    assert during["meeting/crm-xi"]["began"] == "2006"
    tenth = during["meeting/crm-x"]
    assert (tenth["began"], tenth["ended"], tenth["after"], tenth["before"]) == ("", "", "2004", "2006")
    assert not {"meeting/crm-ii", "meeting/crm-iii"} & set(during)
    assert "meeting/crm-x" not in meetings(2005, 2010)
    everything = ask(store, "SELECT ?m WHERE { ?m a cg:Meeting ; cg:process <" + NAMES.id("process/rcm") + "> }")
    assert set(meetings(1990, 2030)) == {short(meeting) for (meeting,) in everything}


def test_shared_participants_are_those_of_the_table(store: Store) -> None:
    in_each: dict[str, set[str]] = {}
    for row in rows_of("memberships"):
        if row["role"] != "secretariat":
            in_each.setdefault(f"process/{row['process']}", set()).add(row["agent"])
    for process in ("process/rcm", "process/la-declaration", "process/igc", "process/gfmd"):
        own = in_each.get(process, set())
        expected = {
            (other, len(own & theirs), len(theirs))
            for other, theirs in in_each.items()
            if other != process and own & theirs
        }
        rows = answer(store, LIBRARY["shared-participants"], process=process)
        assert {(short(row["other"]), int(row["shared"]), int(row["others"])) for row in rows} == expected
        for row in rows:
            assert float(row["share"]) == pytest.approx(int(row["shared"]) / len(own), abs=0.001)
            assert len(row["names"].split(", ")) >= int(row["shared"])
