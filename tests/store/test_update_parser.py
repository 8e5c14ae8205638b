"""Updates cut into operations: what is refused before the engine sees it, and where the dataset beside it goes."""

from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.errors import AnswerError, QueryRefusedError, QuerySyntaxError
from crmgraph.sparql.syntax import tokenize
from crmgraph.sparql.workarounds import resolve_names
from crmgraph.store.changes import Change, Writer
from crmgraph.store.changes import carry_out as carry_out_change
from crmgraph.store.updates import LONGEST_UPDATE, operations_of
from tests.support.cases import cases

G, H = "http://e/g", "http://e/h"
BASE = "http://e/sparql"
INSERT = "INSERT { GRAPH <http://e/out> { ?s ?p ?o } } WHERE { ?s ?p ?o }"


def written(text: str, using: tuple[str, ...] = (), using_named: tuple[str, ...] = ()) -> list[str]:
    """The operations of an update, as they are written for the engine."""
    return [operation.text_for_engine(using, using_named) for operation in operations_of(text, BASE)]


def carry_out(store: Store, text: str, using: tuple[str, ...] = (), using_named: tuple[str, ...] = ()) -> None:
    for operation in operations_of(text, BASE):
        update = operation.text_for_engine(using, using_named)
        store.update(update, base_iri=operation.base, prefixes=dict(operation.prefixes))


def asked(text: str, using: tuple[str, ...] = (), using_named: tuple[str, ...] = ()) -> set[str]:
    """The values that an update puts into the graph :out of a store with one statement in each of three graphs."""
    store = Store()
    store.update(
        "INSERT DATA { <a:s> <a:p> 'default'"
        " GRAPH <http://e/g> { <a:s> <a:p> 'g' } GRAPH <http://e/h> { <a:s> <a:p> 'h' } }"
    )
    carry_out(store, text, using, using_named)
    return {row["o"].value for row in store.query("SELECT ?o { GRAPH <http://e/out> { ?s ?p ?o } }")}  # type: ignore[union-attr]


def test_refusals() -> None:
    for text, said in (
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://e/> { ?s ?p ?o } }", "SERVICE"),
        ("DELETE WHERE { SERVICE ?x {} }", "SERVICE"),
        (" " * (LONGEST_UPDATE + 1), "characters"),
        ("INSERT DATA { <a:b> <a:c> " + "(" * 101 + ")" * 101 + " }", "nest deeper"),
    ):
        with pytest.raises(QueryRefusedError, match=said):
            written(text)
    for text in (";", "CLEAR ALL; PREFIX e: <x:> ; CLEAR ALL", "LOAD <x:> ;; LOAD <x:>"):
        with pytest.raises(QuerySyntaxError, match="there is no operation before this semicolon"):
            written(text)


def test_patterns_are_asked_of_the_graphs_beside_the_update() -> None:
    assert asked(INSERT) == {"default"}
    assert asked(INSERT, (G,)) == {"g"}
    assert asked(INSERT, (G, H)) == {"g", "h"}
    named = INSERT.replace("WHERE { ?s ?p ?o }", "WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert asked(named) == {"g", "h"}
    assert asked(named, (), (H,)) == {"h"}
    assert asked(INSERT, (), (H,)) == set()
    several = (
        f"PREFIX a: <a:> CLEAR SILENT GRAPH <http://e/x> ; PREFIX b: <b:> {INSERT} ; {INSERT.replace('out', 'more')} ;"
    )
    nested = "INSERT { GRAPH <http://e/out> { ?s ?p ?o } } WHERE { { SELECT * WHERE { ?s ?p ?o } } }"
    for text, times in ((several, 2), (nested, 1)):
        assert "".join(written(text, (G,))).count(f"USING <{G}>") == times
        assert asked(text, (G,)) == {"g"}
    store = Store()
    store.update("INSERT DATA { <a:s> <a:p> 1 GRAPH <http://e/g> { <a:s> <a:p> 1 , 2 } }")
    carry_out(store, "DELETE WHERE { ?s ?p ?o }", (G,))
    assert len(store) == 2
    carry_out(store, "DELETE WHERE { GRAPH <http://e/g> { ?s ?p ?o } }", (), (G,))
    assert len(store) == 0


def test_two_datasets_are_one_too_many() -> None:
    for clause in ("USING <http://e/h>", "USING NAMED <http://e/h>"):
        with pytest.raises(QuerySyntaxError, match="using-graph-uri") as caught:
            written(INSERT.replace("WHERE", f"{clause} WHERE"), (G,))
        assert (caught.value.line, caught.value.column) == (1, INSERT.index("WHERE") + 1)
    with pytest.raises(QuerySyntaxError):
        written(f"WITH <http://e/h> {INSERT}", (), (G,))


def test_a_graph_that_is_named_twice_is_asked_once() -> None:
    twice = f"PREFIX e: <http://e/> {INSERT.replace('WHERE', f'USING <{G}> USING e:h USING NAMED e:g USING e:g WHERE')}"
    assert "".join(written(twice)).count("USING") == 3
    assert asked(twice) == {"g", "h"}
    store = Store()
    store.update("INSERT DATA { GRAPH <http://e/g> { <a:s> <a:p> 1 } }")
    carry_out(
        store,
        "PREFIX e: <http://e/> INSERT { GRAPH e:out { ?g <a:n> ?n } } USING NAMED e:g USING NAMED <g> USING NAMED e:g "
        "WHERE { SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g }",
    )
    counted = store.query("SELECT ?n { GRAPH <http://e/out> { ?g ?p ?n } }")
    assert [row["n"].value for row in counted] == ["1"]  # type: ignore[union-attr]


def test_data_have_no_variables_and_their_own_blank_nodes() -> None:
    for text, said in (
        (
            "CLEAR ALL;\nINSERT DATA { GRAPH <a:g> { ?x <a:y> 'á' } }",
            r"Line 2, column 29: \?x is a variable, and INSERT DATA has none",
        ),
        ("DELETE DATA { <a:x> <a:y> $z }", "DELETE DATA has none"),
        (
            "INSERT DATA { _:a <a:p> 1 } ; PREFIX a: <a:>\nINSERT DATA { _:a <a:p> 2 }",
            "Line 2, column 15: _:a stands in an earlier INSERT DATA too",
        ),
        (
            "INSERT { <a:s> <a:p> 1 } WHERE { _:a <a:p> 1 } ; DELETE { <a:s> <a:p> 1 } WHERE { _:a <a:p> 1 }",
            "_:a stands in an earlier WHERE too",
        ),
    ):
        with pytest.raises(QuerySyntaxError, match=said):
            written(text)
    written("INSERT DATA { <a:x> <a:y> '?z' }; DELETE WHERE { <a:data> <a:y> ?z }")
    written("INSERT DATA { _:a <a:p> 1 GRAPH <g:> { _:a <a:p> 2 } } ; INSERT { _:a <a:p> 1 } WHERE { ?x <a:p> _:a }")


LONG = ["CLEAR ALL #".ljust(LONGEST_UPDATE + 1, "x"), "QueryRefusedError", "characters"]


def test_nothing_is_loaded(tmp_path: Path) -> None:
    def carried_out(text: str) -> list[str]:
        folder = Path(mkdtemp(dir=tmp_path))
        Store(folder / "before").flush()
        change = Change("update", (text.encode(),), base_iri=BASE)
        assert carry_out_change(change, folder / "before", folder / "after", Writer("ana", ""))
        return [str(quad) for quad in Store.read_only(str(folder / "after"))]

    for text, error, said in (*cases("store/unloaded"), LONG):
        with pytest.raises(AnswerError) as caught:
            carried_out(text)
        assert (type(caught.value).__name__, said in str(caught.value)) == (error, True), text[:80]
    silent = "PREFIX e: <http://e/> LOAD SILENT <file:///etc/passwd> INTO GRAPH e:g ; LOAD SILENT e:x"
    assert carried_out(f"{silent} ; INSERT DATA {{ e:a e:b e:c }}") == ["<http://e/a> <http://e/b> <http://e/c>"]
    for later in ("PREFIX e: <http://f/>", "BASE <http://f/x>\nPREFIX e: <y/../>"):
        text = (
            f"PREFIX e: <http://e/> INSERT DATA {{ e:a e:b 1 }} ; {later} "
            "DELETE { ?s ?p ?o } INSERT { ?s ?p e:x } WHERE { ?s ?p ?o }"
        )
        assert carried_out(text) == ["<http://e/a> <http://e/b> <http://f/x>"]


PREFIXES = ("a", "b", "")
DECLARATIONS = st.builds("PREFIX {}: <{}>".format, st.sampled_from(PREFIXES), st.sampled_from(("x:1", "x:2", "rel/")))
BASES = st.builds("BASE <{}>".format, st.sampled_from(("http://b/1/", "http://b/2/", "down/")))
PROLOGUES = st.lists(DECLARATIONS | BASES, max_size=3)


@given(st.lists(st.tuples(PROLOGUES, st.sampled_from(("<s>", *(f"{prefix}:s" for prefix in PREFIXES)))), max_size=6))
def test_each_operation_stands_behind_all_declarations_before_it(operations: list[tuple[list[str], str]]) -> None:
    update, prologue = "", ""
    expected: set[object] = set()
    for declarations, name in operations:
        prologue += " ".join(declarations) + "\n"
        update += f"{' '.join(declarations)} INSERT DATA {{ {name} <x:p> 1 }} ;\n"
        if (iris := resolve_names([name], prologue, BASE)) is None:
            expected = set()
            break
        expected |= set(iris)
    store = Store()
    try:
        carry_out(store, update)
    except SyntaxError:
        assert not expected
    else:
        assert {quad.subject for quad in store} == expected


OPERATIONS = (
    "CLEAR ALL", "PREFIX a: <a:> CLEAR ALL", "LOAD <x>", "BASE <b:>\n LOAD <c:x>", "PREFIX a: <a:>", "", INSERT,
)  # fmt: skip


@given(st.text() | st.lists(st.sampled_from(OPERATIONS), max_size=10).map(" ;\n# ; LOAD <y>\n".join))
def test_all_of_any_text_is_in_an_operation_in_its_order(text: str) -> None:
    with suppress(QueryRefusedError, QuerySyntaxError):
        parts = [
            part for operation in operations_of(text, BASE) for part in (*operation.prologue_tokens, *operation.tokens)
        ]
        assert [part for part in tokenize(text) if part.text != ";"] == [part for part in parts if part.text != ";"]
