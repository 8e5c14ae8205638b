"""Each question of the library has the answer that was checked against the document by reading."""

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, Store

from crmgraph.files import resource
from crmgraph.library import ANY, read_values, values_query
from crmgraph.namespaces import Names
from tests.support import phrases
from tests.support.questions import ANSWERS, LIBRARY, answer, rows_of

SOURCE = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
PLAN = Names().id("plan", "crm", "")
QUOTING = {"start", "end", "exact"}
Rows = set[tuple[str, ...]]


def said(store: Store, name: str, *columns: str, **values: str) -> Rows:
    """Return the different values in some columns of an answer, without the beginnings of our IRIs."""
    rows = answer(store, LIBRARY[name], **values)
    return {tuple(row[column].removeprefix(PLAN).removeprefix(Names().id()) for column in columns) for row in rows}


def with_parameter(name: str) -> list[str]:
    return [each for each in LIBRARY if any(parameter.name == name for parameter in LIBRARY[each].parameters)]


def offered(store: Store, name: str, parameter: str) -> set[str]:
    asked = next(each for each in LIBRARY[name].parameters if each.name == parameter)
    query = values_query(asked, Names())
    assert query is not None
    body = store.query(query, use_default_graph_as_union=True).serialize(format=QueryResultsFormat.JSON)  # type: ignore[arg-type]
    assert body is not None
    return {value.text for value in read_values(asked, body, Names())}


@pytest.fixture(scope="module")
def answers(store: Store) -> dict[str, list[dict[str, str]]]:
    return {name: answer(store, question) for name, question in LIBRARY.items()}


def test_answers_are_the_pinned_ones(answers: dict[str, list[dict[str, str]]]) -> None:
    assert {file.stem for file in ANSWERS.glob("*.csv")} == set(LIBRARY)
    assert len(LIBRARY) >= 30
    different = {}
    for name, question in LIBRARY.items():
        text = (ANSWERS / f"{name}.csv").read_text(encoding="utf-8")
        pinned, found = rows_of(text), answers[name]
        assert bool(pinned) is (name != "statements-without-provenance"), name
        assert text.split("\n")[0].split(",") == list(question.columns), name
        if found != pinned:
            different[name] = [row for row in found if row not in pinned][:2], len(found), len(pinned)
    assert different == {}, "python -m tests.questions.pin NAME, then read the diff"


def test_rows_quote_the_source_and_come_once(store: Store, answers: dict[str, list[dict[str, str]]]) -> None:
    for name, question in LIBRARY.items():
        opened = {each.name: ANY for each in question.parameters if each.open and each.default != ANY}
        for rows in (answers[name], answer(store, question, **opened) if opened else []):
            assert len({tuple(row.values()) for row in rows}) == len(rows), name
        if set(question.columns) >= QUOTING:
            quoting = [row for row in answers[name] if any(row[column] for column in QUOTING)]
            assert quoting, name
            for row in quoting:
                assert SOURCE[int(row["start"]) : int(row["end"])] == row["exact"], name


def test_english_answers_have_as_many_rows(store: Store, answers: dict[str, list[dict[str, str]]]) -> None:
    for name in with_parameter("lang"):
        spanish, english = answers[name], answer(store, LIBRARY[name], lang="en")
        assert spanish != english, name
        assert len(spanish) == len(english) or name == "text-search", name


def test_plan_that_does_not_exist_has_no_answer(store: Store) -> None:
    assert [name for name in with_parameter("plan") if answer(store, LIBRARY[name], plan="plan/none")] == []


def test_words_for_values_cover_all_values(store: Store) -> None:
    worded = [(name, each) for name, asked in LIBRARY.items() for each in asked.parameters if each.words]
    assert worded
    for name, each in worded:
        assert set(each.words) | {ANY} == offered(store, name, each.name) | {ANY}


def test_answers_to_other_values(store: Store) -> None:
    for name, values, columns, expected in phrases.rows_of("other_values", "questions"):
        given = dict(each.split("=") for each in values.split("; "))
        rows = {tuple(row.split("|")) for row in filter(None, expected.split("; "))}
        assert said(store, name, *columns.split(), **given) == rows, (name, values)
    assert ("pgm/7.3.1",) in said(store, "text-search", "element", words="airlines", lang="en")
    assert said(store, "agent-roles", "agent", agent="any") > said(store, "body-duties", "agent")
    past, planned = (said(store, "events", "event", kind=kind) for kind in ("past", "planned"))
    assert ("event/crm/informe-tarifas-2005",) in past - planned
    assert ("event/crm/seminario-ddhh",) in planned - past


def test_processes_that_several_states_share(store: Store) -> None:
    assert ("process/rcm",) in said(store, "common-processes", "process", state="country/SLV", other="country/HND")
    of = {name: said(store, "state-processes", "process", state=f"country/{name}") for name in ("COL", "MEX")}
    two = {"state": "country/GTM", "other": "country/ECU"}
    three = two | {"third": "country/COL"}
    shared = said(store, "common-processes", "process", **three)
    assert shared
    assert shared == said(store, "common-processes", "process", **two) & of["COL"]
    assert said(store, "common-processes", "process", **three, fourth="country/MEX") == shared & of["MEX"]
    columns = ("process", "role_label", "other_role_label", "third_role_label", "fourth_role_label")
    capacities = said(store, "common-processes", *columns, third="country/COL", fourth="country/HND", lang="en")
    assert ("process/rcm", "member", "member", "observer", "member") in capacities
    assert ("process/rcm", "member", "member", "", "") in said(store, "common-processes", *columns, lang="en")
    assert {"country/BRN", "country/VAT", "actor/oim"} <= offered(store, "state-processes", "state")


def without(store: Store, *lost: tuple[str, str]) -> Store:
    """Return a copy of the dataset without what is said of a thing in a property, both as they are in Turtle."""
    prefixes = Names().prefixes()
    gone = {(Names().id(thing), prefixes[name.partition(":")[0]] + name.partition(":")[2]) for thing, name in lost}
    poorer = Store()
    poorer.extend(quad for quad in store if (quad.subject.value, quad.predicate.value) not in gone)
    return poorer


def test_statements_mentions_and_things_without_source_are_found(store: Store) -> None:
    [row] = [
        row
        for row in answer(store, LIBRARY["statement-sources"], thing="plan/crm/pgm/1.2.1")
        if row["property"].endswith("#recurrence")
    ]
    lost = [(row["statement"].removeprefix(Names().id()), "rdf:subject"), ("instrument/mou-2006", "dcterms:source")]
    lost += [(f"plan/crm/pgm/2.1.2/mention-{number}", "cg:passage") for number in range(1, 9)]
    found = said(without(store, *lost), "statements-without-provenance", "thing", "value")
    assert ("pgm/1.2.1", "P6M") in found
    assert ("pgm/2.1.2", "instrument/manual-docs-fraudulentos") in found
    assert {thing for thing, _ in found} == {"pgm/1.2.1", "pgm/2.1.2", "instrument/mou-2006"}


def test_every_inferred_statement_is_explained(store: Store) -> None:
    for thing in ("plan/crm/pgm/7.1.1", "plan/crm/pgm", "country/MEX", "process/rcm", "source/crm/140-170"):
        of = NamedNode(Names().id(thing))
        inferred = store.quads_for_pattern(of, None, None, NamedNode(Names().graph("inferred")))
        known = {(quad.predicate.value, quad.object.value) for quad in inferred}  # type: ignore[union-attr]
        rows = answer(store, LIBRARY["inferred-statements"], thing=thing)
        assert known
        assert {(row["predicate"], row["value"]) for row in rows} == known, thing


def test_correspondences_are_the_same_from_either_plan(store: Store) -> None:
    counts = ("answered", "compared", "reached", "parts")
    for other in ("gcm", "csm", "colombo"):
        [here] = {row[1:] for row in said(store, "correspondence-coverage", "other", *counts) if row[0].endswith(other)}
        [there] = said(store, "correspondence-coverage", *counts, plan=f"plan/{other}")
        assert there == (here[2], here[3], here[0], here[1])
        unanswered = said(store, "parts-not-reached", "part", plan=f"plan/{other}", other="plan/crm")
        assert len(unanswered) == int(here[1]) - int(here[0])


def test_no_correspondence_is_a_row_with_reason_and_author(store: Store) -> None:
    objectives = {element for kind, element in said(store, "plan-outline", "kind", "element") if kind == "Objetivo"}
    rows = [
        row
        for each in objectives
        for row in answer(store, LIBRARY["correspondences"], objective=f"plan/crm/{each}", lang="en")
    ]
    nothing = [row for row in rows if not row["match"]]
    assert (len(rows) - len(nothing), len(nothing)) == (149, 94)
    assert {row["relation_label"] for row in nothing} == {"no match"}
    assert all(row["why"] and row["author_label"] and row["exact"] and not row["relation"] for row in nothing)


def test_plans_to_compare_with_are_offered_where_there_is_a_choice(store: Store) -> None:
    def others(found: Store) -> set[str]:
        return {value.removeprefix("plan/") for value in offered(found, "correspondences", "other")}

    here = others(store)
    assert {"any", "gcm", "csm", "http://metadata.un.org/sdg"} <= here
    assert "crm" not in here

    def compared(*pairs: tuple[str, str]) -> Store:
        made = Store()
        for one, other in pairs:
            made.update(
                f"""PREFIX cg: <https://w3id.org/crmgraph/ontology#> PREFIX : <https://w3id.org/crmgraph/id/plan/>
                INSERT DATA {{ :{one} a cg:Plan . :{other} a cg:Plan . :{one}-part cg:within :{one} .
                  [] rdf:subject :{one}-part ; cg:comparedWith :{other} }}"""
            )
        return made

    assert others(compared(("crm", "gcm"))) == {"any", "gcm"}
    assert others(compared(("crm", "gcm"), ("own", "gcm"))) == {"any", "gcm", "crm", "own"}
    assert others(compared(("crm", "gcm"), ("own", "crm"))) == {"any", "gcm", "crm", "own"}
