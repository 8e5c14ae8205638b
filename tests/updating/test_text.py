"""Updates as text: what is refused before the engine sees it, and where the dataset goes that came beside it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.updating.text import LONGEST_UPDATE, Prepared, prepare

G = "http://e/g"
INSERT = "INSERT { GRAPH <http://e/out> { ?s ?p ?o } } WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://e/x>",
        "load silent <file:///etc/passwd> INTO GRAPH <http://e/g>",
        "CLEAR ALL;load<http://e/x>",
        "PREFIX load: <http://e/> LOAD load:x",
        "BASE <http://e/> LOAD <x>",
        "# harmless\nCLEAR ALL ;\n # more\n LOAD <http://e/x>",
        "INSERT DATA { <a:b> <a:c> '};' } ; LOAD <http://e/x>",
    ],
)
def test_nothing_is_fetched(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="LOAD"):
        prepare(text)


@pytest.mark.parametrize(
    "text", ["INSERT { ?s ?p ?o } WHERE { SERVICE <http://e/> { ?s ?p ?o } }", "DELETE WHERE { SERVICE ?x {} }"]
)
def test_no_other_service_is_asked(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        prepare(text)


def test_what_is_too_long_or_too_deep() -> None:
    with pytest.raises(QueryRefusedError, match="characters"):
        prepare(" " * (LONGEST_UPDATE + 1))
    with pytest.raises(QueryRefusedError, match="nest deeper"):
        prepare("INSERT DATA { <a:b> <a:c> " + "(" * 101 + ")" * 101 + " }")


def test_data_that_speak_of_loading_are_data() -> None:
    text = 'PREFIX load: <http://e/load> INSERT DATA { load:x load:y "LOAD <http://e/x>" ; <http://e/load> load: }'
    assert prepare(text) == (text, {})


def test_without_a_dataset_the_text_is_as_it_was() -> None:
    assert prepare(INSERT) == (INSERT, {})


def asked(update: Prepared) -> set[str]:
    """The values that an update puts into the graph :out of a store with one statement in each of three graphs."""
    store = Store()
    store.update(
        "INSERT DATA { <a:s> <a:p> 'default'"
        " GRAPH <http://e/g> { <a:s> <a:p> 'g' } GRAPH <http://e/h> { <a:s> <a:p> 'h' } }"
    )
    store.update(update.text, prefixes=update.prefixes)
    return {row["o"].value for row in store.query("SELECT ?o { GRAPH <http://e/out> { ?s ?p ?o } }")}  # type: ignore[union-attr]


def test_patterns_are_asked_of_the_graphs_beside_the_update() -> None:
    assert asked(prepare(INSERT)) == {"default"}
    assert asked(prepare(INSERT, [G])) == {"g"}
    assert asked(prepare(INSERT, [G, "http://e/h"])) == {"g", "h"}
    named = INSERT.replace("WHERE { ?s ?p ?o }", "WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert asked(prepare(named)) == {"g", "h"}
    assert asked(prepare(named, (), ["http://e/h"])) == {"h"}
    assert asked(prepare(INSERT, (), ["http://e/h"])) == set()


def test_each_operation_is_asked_of_them() -> None:
    several = (
        f"PREFIX a: <a:> CLEAR SILENT GRAPH <http://e/x> ; PREFIX b: <b:> {INSERT} ; {INSERT.replace('out', 'more')} ;"
    )
    prepared = prepare(several, [G])
    assert prepared.text.count(f"USING <{G}>") == 2
    assert asked(prepare(several.replace("CLEAR ALL", "CLEAR SILENT GRAPH <a:x>"), [G])) == {"g"}


def test_prefixes_may_be_declared_before_each_operation() -> None:
    text = (
        "PREFIX a: <http://e/>\nCLEAR SILENT GRAPH a:x ;\nPREFIX o: <http://e/> prefix a: <http://e/>\n"
        "INSERT DATA { GRAPH o:out { a:s o:p 'said' } } ; PREFIX : <http://e/> DELETE DATA { GRAPH a:out { :s :p 1 } }"
    )
    prepared = prepare(text)
    assert asked(prepared) == {"said"}
    assert len(prepared.text) == len(text)
    assert prepared.text.index("INSERT") == text.index("INSERT")


@pytest.mark.parametrize(
    "later",
    ["PREFIX a: <http://other/>", "BASE <http://other/>", "PREFIX b: <relative>", "PREFIX b: <http://e/> BASE <x:>"],
)
def test_what_is_declared_anew_is_left_to_the_engine(later: str) -> None:
    text = f"PREFIX a: <http://e/> CLEAR ALL ; {later} CLEAR ALL"
    assert prepare(text) == (text, {})


def test_a_subquery_is_asked_of_what_is_around_it() -> None:
    nested = "INSERT { GRAPH <http://e/out> { ?s ?p ?o } } WHERE { { SELECT * WHERE { ?s ?p ?o } } }"
    assert prepare(nested, [G]).text.count("USING") == 1
    assert asked(prepare(nested, [G])) == {"g"}


def test_delete_where_is_its_own_template() -> None:
    store = Store()
    store.update("INSERT DATA { <a:s> <a:p> 1 GRAPH <http://e/g> { <a:s> <a:p> 1 , 2 } }")
    store.update(prepare("DELETE WHERE { ?s ?p ?o }", [G]).text)
    assert len(store) == 2
    store.update(prepare("DELETE WHERE { GRAPH <http://e/g> { ?s ?p ?o } }", (), [G]).text)
    assert len(store) == 0


@pytest.mark.parametrize("clause", ["USING <http://e/h>", "USING NAMED <http://e/h>"])
def test_two_datasets_are_one_too_many(clause: str) -> None:
    with pytest.raises(QuerySyntaxError, match="using-graph-uri") as caught:
        prepare(INSERT.replace("WHERE", f"{clause} WHERE"), [G])
    assert (caught.value.line, caught.value.column) == (1, INSERT.index("WHERE") + 1)
    with pytest.raises(QuerySyntaxError):
        prepare(f"WITH <http://e/h> {INSERT}", (), [G])


@given(st.text())
def test_any_text_is_refused_or_left_alone(text: str) -> None:
    with suppress(QueryRefusedError, QuerySyntaxError):
        assert len(prepare(text).text) == len(text)
