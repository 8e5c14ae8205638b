"""Each question of the library gives the answer that was checked against the document by reading."""

import time

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, Store

from crmgraph.library import read_values, values_query
from crmgraph.library.parameters import ANY
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from tests.support.questions import ANSWERS, LIBRARY, answer, rows_of

SOURCE = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
PLAN = Names().id("plan", "crm", "")
HOLDS_NOTHING = {"statements-without-provenance"}
ONE_LANGUAGE = {"text-search"}
MOST_SECONDS = 0.5
"""Of processor time, far above what any takes: ratios are measured in tests/bench, and this finds what runs away."""


def said(store: Store, name: str, *columns: str, **values: str) -> set[tuple[str, ...]]:
    """The different values in some columns of an answer, those below …/plan/crm/ without it."""
    rows = answer(store, LIBRARY[name], **values)
    return {tuple(row[column].removeprefix(PLAN).removeprefix(Names().id()) for column in columns) for row in rows}


def offered(store: Store, name: str, parameter: str) -> set[str]:
    """The values that a parameter of a question may have."""
    asked = next(each for each in LIBRARY[name].parameters if each.name == parameter)
    query = values_query(asked, Names())
    assert query is not None
    body = store.query(query, use_default_graph_as_union=True).serialize(format=QueryResultsFormat.JSON)  # type: ignore[arg-type]
    assert body is not None
    return {value.text for value in read_values(asked, body, Names())}


def test_every_question_has_a_pinned_answer_and_every_pin_a_question() -> None:
    assert {file.stem for file in ANSWERS.glob("*.csv")} == set(LIBRARY)
    assert len(LIBRARY) >= 30


@pytest.mark.parametrize("name", LIBRARY)
def test_the_answer_is_the_one_that_was_checked(name: str, store: Store) -> None:
    pinned = rows_of((ANSWERS / f"{name}.csv").read_text(encoding="utf-8"))
    assert bool(pinned) is (name not in HOLDS_NOTHING)
    assert answer(store, LIBRARY[name]) == pinned


@pytest.mark.parametrize("name", LIBRARY)
def test_its_columns_are_the_ones_that_it_explains(name: str) -> None:
    heading = (ANSWERS / f"{name}.csv").read_text(encoding="utf-8").split("\n")[0]
    assert heading.split(",") == list(LIBRARY[name].columns)


@pytest.mark.parametrize("name", [name for name in LIBRARY if {"start", "end", "exact"} <= set(LIBRARY[name].columns)])
def test_its_rows_quote_the_source_exactly(name: str, store: Store) -> None:
    quoting = [row for row in answer(store, LIBRARY[name]) if any(row[column] for column in ("start", "end", "exact"))]
    assert quoting
    for row in quoting:
        assert SOURCE[int(row["start"]) : int(row["end"])] == row["exact"]


@pytest.mark.parametrize("name", [n for n in LIBRARY if any(p.name == "lang" for p in LIBRARY[n].parameters)])
def test_it_answers_as_much_in_english(name: str, store: Store) -> None:
    spanish, english = (answer(store, LIBRARY[name], lang=lang) for lang in ("es", "en"))
    assert spanish != english
    assert len(spanish) == len(english) or name in ONE_LANGUAGE


@pytest.mark.parametrize("name", LIBRARY)
def test_no_row_comes_twice(name: str, store: Store) -> None:
    opened = {parameter.name: ANY for parameter in LIBRARY[name].parameters if parameter.open}
    for given in ({}, opened):
        rows = [tuple(row.values()) for row in answer(store, LIBRARY[name], **given)]
        assert len(rows) == len(set(rows))


@pytest.mark.parametrize("name", [n for n in LIBRARY if any(p.name == "plan" for p in LIBRARY[n].parameters)])
def test_a_plan_that_does_not_exist_has_no_answer(name: str, store: Store) -> None:
    assert answer(store, LIBRARY[name], plan="plan/none") == []


@pytest.mark.parametrize("name", LIBRARY)
def test_it_is_answered_at_once(name: str, store: Store) -> None:
    taken = []
    for _ in range(5):
        began = time.process_time()
        answer(store, LIBRARY[name])
        taken.append(time.process_time() - began)
    assert min(taken) < MOST_SECONDS


def test_counts_by_theme_as_in_the_document(store: Store) -> None:
    columns = ("theme", "objectives", "actions", "activities", "unnumbered", "schedule_entries")
    assert said(store, "theme-counts", *columns) == {
        ("pgm", "11", "17", "22", "4", "18"), ("dh", "5", "11", "14", "2", "14"), ("vmd", "4", "5", "5", "0", "5"),
    }  # fmt: skip


def test_where_a_sentence_has_words_for_values_it_has_them_for_all(store: Store) -> None:
    worded = [(name, each) for name, asked in LIBRARY.items() for each in asked.parameters if each.words]
    assert worded
    for name, each in worded:
        assert set(each.words) | {ANY} == offered(store, name, each.name) | {ANY}


def test_other_values_for_parameters(store: Store) -> None:
    assert said(store, "schedule-status", "number", status="pending") == {("2.4.3.1",)}
    assert said(store, "schedule-status", "number", status="done") == {("7.3.1.1",)}
    assert said(store, "schedule-status", "entry", status="not-carried-out") == {("vmd/4-a",)}
    under = answer(store, LIBRARY["objective-contents"], objective="plan/crm/vmd/4")
    assert [row["element"].removeprefix(PLAN) for row in under] == ["vmd/4-a", "vmd/4.1", "vmd/4.1.1", "vmd/4.1.1.1"]


def test_members_that_are_no_party(store: Store) -> None:
    rows = answer(store, LIBRARY["instrument-parties"])
    assert {row["state"][-3:] for row in rows if row["party"] == "true"} == {"MEX", "SLV", "GTM", "HND", "NIC"}
    assert {row["state"][-3:] for row in rows if row["party"] == "false"} == {"BLZ", "CAN", "CRI", "DOM", "PAN", "USA"}
    assert all("crmsv.org" in row["member_sources"] for row in rows)
    assert not any("doc4pdf.com" in row["member_sources"] for row in rows)
    assert all(("doc4pdf.com" in row["party_sources"]) == (row["party"] == "true") for row in rows)
    named = {row["state"][-3:]: row["exact"] for row in rows if row["number"] == "7.1.1"}
    assert set(named) == {"MEX", "SLV", "GTM", "HND", "NIC"}
    assert named["MEX"].endswith("Gobiernos de los Estados Unidos Mexicanos")
    assert named["HND"].endswith("de la República de Honduras")


def test_who_does_what_in_a_sentence(store: Store) -> None:
    assert said(store, "element-agents", "agent", "role", element="plan/crm/dh/2.4.1.1") == {
        ("country/HND", "https://w3id.org/crmgraph/ontology/participation-role#proposes"),
        ("network/rrocm", "https://w3id.org/crmgraph/ontology/participation-role#proposes"),
    }
    everywhere = answer(store, LIBRARY["agent-roles"], agent="any")
    assert {row["agent"] for row in everywhere} > {row["agent"] for row in answer(store, LIBRARY["body-duties"])}
    trained = said(store, "agent-roles", "element", agent="any", role="is-trained")
    assert trained == {("pgm/1.3.1",), ("pgm/9",), ("pgm/9.1",), ("dh/2.1.2",), ("dh/2.3.1",), ("dh/3.2",)}


@pytest.mark.parametrize("sought", ["trafico", "TRÁFICO ILÍCITO", "tráfico"])
def test_words_are_found_whatever_their_case_and_accents(store: Store, sought: str) -> None:
    found = said(store, "text-search", "element", words=sought)
    assert found == {("pgm/3",), ("pgm/4",), ("pgm/4.1",), ("pgm/5",), ("pgm/5.1",)}


def test_words_are_found_in_the_translation(store: Store) -> None:
    assert ("pgm/7.3.1",) in said(store, "text-search", "element", words="airlines", lang="en")
    assert said(store, "text-search", "element", words="Aerolinea") == {("pgm/7.3",)}


def test_words_are_found_whole_or_by_their_beginning(store: Store) -> None:
    found = said(store, "text-search", "element", words="niños")
    assert found == {("dh/2",), ("dh/2.1",), ("pgm/7.1.2",)}, "not dañinos"


def test_trafficking_and_smuggling_are_two_topics_of_the_same_objectives(store: Store) -> None:
    expected = {("pgm/3",), ("pgm/4",), ("pgm/5",)}
    for topic in ("trafficking", "smuggling"):
        assert said(store, "topic-objectives", "objective", topic=topic) == expected
    assert {row["exact"] for row in answer(store, LIBRARY["topic-objectives"], topic="trafficking")} == {
        "trata de personas",
        "Combate a la Trata",
    }


def test_what_happened_is_not_what_is_planned(store: Store) -> None:
    past, planned = (said(store, "events", "event", kind=kind) for kind in ("past", "planned"))
    assert not past & planned
    assert ("event/crm/informe-tarifas-2005",) in past
    assert ("event/crm/seminario-ddhh",) in planned


def test_dates_of_one_kind(store: Store) -> None:
    assert said(store, "dates-and-places", "number", "value", kind="recurrence") == {
        ("1.2.1", "P6M"), ("2.4.2", "P3Y"), ("2.4.2.1", "P3Y"),
    }  # fmt: skip
    assert said(store, "dates-and-places", "value", kind="date") == {("2005-03",), ("2010",)}
    assert said(store, "dates-and-places", "value", kind="since") == {("2003-06",)}


def test_meetings_of_other_years(store: Store) -> None:
    first = answer(store, LIBRARY["meetings-during-plan"], **{"from": "1996", "to": "1996"})
    assert [(row["began"], row["place_label"], row["state_label"]) for row in first] == [
        ("1996-03-13", "Puebla", "México")
    ]


def test_processes_that_two_states_share(store: Store) -> None:
    assert ("process/rcm",) in said(store, "common-processes", "process", state="country/SLV", other="country/HND")
    assert said(store, "common-processes", "process") == said(
        store, "common-processes", "process", state="country/USA", other="country/MEX"
    )
    two = {"state": "country/GTM", "other": "country/ECU"}
    of = {
        name: {process for (process,) in said(store, "state-processes", "process", state=f"country/{name}")}
        for name in ("COL", "MEX")
    }
    shared = {process for (process,) in said(store, "common-processes", "process", **two)}
    three = {process for (process,) in said(store, "common-processes", "process", **two, third="country/COL")}
    four = said(store, "common-processes", "process", **two, third="country/COL", fourth="country/MEX")
    assert three
    assert three == shared & of["COL"]
    assert {process for (process,) in four} == three & of["MEX"]


def test_each_state_has_its_capacity_in_what_several_share(store: Store) -> None:
    columns = ("process", "role_label", "other_role_label", "third_role_label", "fourth_role_label")
    shared = said(store, "common-processes", *columns, third="country/COL", fourth="country/HND", lang="en")
    assert ("process/rcm", "member", "member", "observer", "member") in shared
    two = said(store, "common-processes", *columns, lang="en")
    assert ("process/rcm", "member", "member", "", "") in two


def test_a_state_that_takes_part_in_nothing_is_no_mistake(store: Store) -> None:
    assert {"country/BRN", "country/VAT", "actor/oim"} <= offered(store, "state-processes", "state")
    assert answer(store, LIBRARY["state-processes"], state="country/BRN") == []


def test_how_alike_processes_are_is_not_known_where_no_member_is(store: Store) -> None:
    rows = {row["other"].rpartition("/")[2]: row for row in answer(store, LIBRARY["shared-members"])}
    assert (rows["igc"]["members"], rows["igc"]["stated"]) == ("0", "19")
    assert (rows["igc"]["share"], rows["igc"]["jaccard"]) == ("", "")
    for name in ("cmc", "sacm"):
        assert (float(rows[name]["share"]), float(rows[name]["jaccard"])) == (0, 0)


def without(store: Store, *lost: tuple[str, str]) -> Store:
    """The same but for what is said of a thing in a property, both as they are written in Turtle."""
    poorer = Store()
    gone = {(Names().id(thing), Names().prefixes()["cg"] + name) for thing, name in lost}
    poorer.extend(quad for quad in store if (quad.subject.value, quad.predicate.value) not in gone)
    return poorer


def test_a_statement_that_lost_its_words_is_found(store: Store) -> None:
    [row] = [
        row
        for row in answer(store, LIBRARY["statement-sources"], thing="plan/crm/pgm/1.2.1")
        if row["property"].endswith("#recurrence")
    ]
    poorer = without(store, (row["statement"].removeprefix(Names().id()), "subject"))
    [found] = answer(poorer, LIBRARY["statements-without-provenance"])
    assert (found["thing"].removeprefix(PLAN), found["value"]) == ("pgm/1.2.1", "P6M")


def test_a_mention_that_lost_its_words_is_found(store: Store) -> None:
    poorer = without(store, *((f"plan/crm/pgm/2.1.2/mention-{number}", "passage") for number in range(1, 9)))
    found = {
        row["value"].removeprefix(Names().id())
        for row in answer(poorer, LIBRARY["statements-without-provenance"])
        if row["thing"] == f"{PLAN}pgm/2.1.2"
    }
    assert "instrument/manual-docs-fraudulentos" in found


def test_a_thing_that_lost_its_source_is_found(store: Store) -> None:
    poorer = Store()
    source = NamedNode("http://purl.org/dc/terms/source")
    thing = NamedNode(Names().id("instrument", "mou-2006"))
    poorer.extend(quad for quad in store if (quad.subject, quad.predicate) != (thing, source))
    rows = answer(poorer, LIBRARY["statements-without-provenance"])
    assert {row["thing"] for row in rows} == {thing.value}
    assert len(rows) > 5


@pytest.mark.parametrize(
    "thing",
    [
        "plan/crm/pgm/7.1.1", "plan/crm/pgm/7", "plan/crm/pgm", "country/MEX", "process/rcm", "network/red-trata",
        "source/crm/140-170", "instrument/mou-2006",
    ],
)  # fmt: skip
def test_every_inferred_statement_is_explained(thing: str, store: Store) -> None:
    inferred = store.quads_for_pattern(NamedNode(Names().id(thing)), None, None, NamedNode(Names().graph("inferred")))
    known = {(quad.predicate.value, quad.object.value) for quad in inferred}  # type: ignore[union-attr]
    explained = {(row["predicate"], row["value"]) for row in answer(store, LIBRARY["inferred-statements"], thing=thing)}
    assert known
    assert explained == known


def test_words_in_another_alphabet_are_not_everywhere(store: Store) -> None:
    assert said(store, "text-search", "element", words="миграция") == set()


@pytest.mark.parametrize("other", ["gcm", "csm", "colombo"])
def test_what_corresponds_is_the_same_from_either_plan(store: Store, other: str) -> None:
    counts = ("answered", "compared", "reached", "parts")
    [here] = {row[1:] for row in said(store, "correspondence-coverage", "other", *counts) if row[0].endswith(other)}
    [there] = said(store, "correspondence-coverage", *counts, plan=f"plan/{other}")
    assert there == (here[2], here[3], here[0], here[1])
    unanswered = said(store, "parts-not-reached", "part", plan=f"plan/{other}", other="plan/crm")
    assert len(unanswered) == int(here[1]) - int(here[0])
    for (part,) in unanswered:
        [row] = answer(
            store, LIBRARY["correspondences"], objective=f"plan/crm/{part}", other=f"plan/{other}", lang="en"
        )
        assert (row["match"], row["relation_label"]) == ("", "no match")


def test_that_nothing_corresponds_is_a_row_with_its_reason_and_author(store: Store) -> None:
    objectives = {element for kind, element in said(store, "plan-outline", "kind", "element") if kind == "Objetivo"}
    rows = [
        row
        for each in objectives
        for row in answer(store, LIBRARY["correspondences"], objective=f"plan/crm/{each}", lang="en")
    ]
    nothing = [row for row in rows if not row["match"]]
    assert (len(rows) - len(nothing), len(nothing)) == (145, 95)
    assert {row["relation_label"] for row in nothing} == {"no match"}
    assert all(row["why"] and row["author_label"] and row["exact"] and not row["relation"] for row in nothing)


def test_another_plan_is_offered_where_it_is_a_choice(store: Store) -> None:
    def others(found: Store) -> set[str]:
        return {value.removeprefix("plan/") for value in offered(found, "correspondences", "other")}

    here = others(store)
    assert {"any", "gcm", "csm", "http://metadata.un.org/sdg"} <= here
    assert "crm" not in here

    compared = Store()
    prologue = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> PREFIX : <https://w3id.org/crmgraph/id/plan/>"

    def compare(one: str, with_other: str) -> None:
        compared.update(
            f"""{prologue} INSERT DATA {{
              :{one} a cg:Plan . :{with_other} a cg:Plan . :{one}-part cg:within :{one} .
              [] cg:subject :{one}-part ; cg:comparedWith :{with_other} }}"""
        )

    compare("crm", "gcm")
    assert others(compared) == {"any", "gcm"}
    compare("own", "gcm")
    assert others(compared) == {"any", "gcm", "crm", "own"}, "an objective of gcm has two other plans"
    compared.clear()
    compare("crm", "gcm")
    compare("own", "crm")
    assert others(compared) == {"any", "gcm", "crm", "own"}, "an objective of crm has two other plans"
