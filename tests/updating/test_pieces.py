"""An update in pieces: declarations before any operation, and LOAD, where nothing is fetched."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.updating.change import DEFAULT_GRAPH, Change
from crmgraph.updating.pieces import Load, pieces_of
from crmgraph.updating.rights import Writer
from crmgraph.updating.work import carry_out

BASE = "http://e/sparql"
WRITER = Writer("ana", "")


def carried_out(folder: Path, text: str) -> Store:
    Store(folder / "before").flush()
    carry_out(Change("update", (text.encode(),), base_iri=BASE), folder / "before", folder / "after", WRITER)
    return Store.read_only(str(folder / "after"))


@pytest.mark.parametrize(
    ("text", "load"),
    [
        ("LOAD <http://e/x>", Load(0, "http://e/x", DEFAULT_GRAPH, False)),
        ("load silent <file:///x> INTO GRAPH <http://e/g>", Load(0, "file:///x", "http://e/g", True)),
        ("PREFIX e: <http://e/> LOAD e:x INTO GRAPH e:y", Load(22, "http://e/x", "http://e/y", False)),
        ("BASE <http://a/b>\nLOAD\n# aloud\n<x>", Load(18, "http://a/x", DEFAULT_GRAPH, False)),
        ("LOAD <x>", Load(0, "http://e/x", DEFAULT_GRAPH, False)),
    ],
)
def test_what_a_load_names(text: str, load: Load) -> None:
    assert pieces_of(text, BASE) == [load]


def test_the_pieces_stand_where_they_stood() -> None:
    text = "PREFIX a: <http://a/> CLEAR ALL ;\n LOAD a:x ; # ;\nDROP ALL ; PREFIX a: <http://b/>\nLOAD a:y ;"
    first, load, second, other = pieces_of(text, BASE)
    assert isinstance(first, str)
    assert isinstance(second, str)
    assert text.startswith(first)
    assert first.split() == ["PREFIX", "a:", "<http://a/>", "CLEAR", "ALL", ";"]
    assert second.split() == ["PREFIX", "a:", "<http://a/>", "DROP", "ALL", ";"]
    assert second.index("DROP") == text.index("DROP")
    assert second.count("\n") == 2
    assert (load, other) == (
        Load(text.index("LOAD"), "http://a/x", DEFAULT_GRAPH, False),
        Load(text.rindex("LOAD"), "http://b/y", DEFAULT_GRAPH, False),
    )


def test_data_that_speak_of_loading_stay() -> None:
    text = "PREFIX load: <http://e/> INSERT DATA { load:x load:y 'LOAD SILENT <a>' ; load:z load:silent }"
    assert pieces_of(text, BASE) == [text]


OPERATIONS = ("CLEAR ALL", "PREFIX a: <a:> CLEAR ALL", "LOAD <x>", "BASE <b:>\n LOAD <x>", "PREFIX a: <a:> LOAD a:x")


@given(st.lists(st.sampled_from(OPERATIONS), min_size=1), st.sampled_from([" ; ", ";\n", "; # ; LOAD <y>\n"]))
def test_all_operations_come_in_their_order(operations: list[str], between: str) -> None:
    text = between.join(operations)
    done: list[str] = []
    for piece in pieces_of(text, BASE):
        if isinstance(piece, str):
            Store().update(piece, base_iri=BASE)
            assert len(piece) <= len(text)
            assert set(re.sub("#.*", "", piece).split("CLEAR")[0].split()) <= {*text.split()}
            done += ["CLEAR"] * re.sub("#.*", "", piece).count("CLEAR")
        else:
            assert text.startswith("LOAD", piece.start)
            done.append("LOAD")
    assert done == [word for each in operations for word in ("CLEAR", "LOAD") if word in each]


def test_declarations_may_stand_before_each_operation(tmp_path: Path) -> None:
    store = carried_out(
        tmp_path,
        "PREFIX a: <http://a/> INSERT DATA { a:s a:p 1 } ;\n"
        "PREFIX o: <http://o/> prefix a: <http://b/>\nINSERT DATA { a:s o:p 2 } ; INSERT DATA { a:s o:p 3 } ;"
        "BASE <http://c/> PREFIX : <d/> INSERT DATA { GRAPH :g { <s> :p 4 } } ; BASE <http://nobody/>",
    )
    found = {quad.object.value: (quad.subject, quad.predicate, quad.graph_name) for quad in store}
    assert found == {
        "1": (NamedNode("http://a/s"), NamedNode("http://a/p"), DefaultGraph()),
        "2": (NamedNode("http://b/s"), NamedNode("http://o/p"), DefaultGraph()),
        "3": (NamedNode("http://b/s"), NamedNode("http://o/p"), DefaultGraph()),
        "4": (NamedNode("http://c/s"), NamedNode("http://c/d/p"), NamedNode("http://c/d/g")),
    }


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("LOAD ;", 1, 1),
        ("CLEAR ALL;;LOAD <http://e/x>", 1, 11),
        ("LOAD <http://e/x> ; CLEAR ALLES", 1, 27),
        ("CLEAR ALL ;\nLOAD SILENT <a> <b>", 2, 1),
        ("LOAD x:y", 1, 1),
        ("DROP GRAPH <http://e/none> ; PREFIX a: <a:>\n CLEAR SOME", 2, 8),
    ],
)
def test_what_is_not_sparql_is_told_so(tmp_path: Path, text: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        carried_out(tmp_path, text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://e/x>",
        "loadsilent<http://e/x>",
        "PREFIX load: <http://e/> LOAD:x",
        "DROP GRAPH <http://e/none> ; LOAD <http://e/x>",
        "LOAD <http://e/x>;loadsilent<http://e/x>",
    ],
)
def test_what_loads_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(QueryRefusedError, match="LOAD"):
        carried_out(tmp_path, text)


def test_what_loads_in_silence_does_nothing(tmp_path: Path) -> None:
    text = "LOAD SILENT <http://e/x> ; INSERT DATA { <http://e/a> <http://e/b> 1 } ; LOAD SILENT <y> INTO GRAPH <g>"
    assert len(carried_out(tmp_path, text)) == 1
