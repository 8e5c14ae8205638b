"""LOAD in an update: what it names, and what becomes of it where nothing is fetched."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.updating.change import Change
from crmgraph.updating.loads import Load, is_load, load_of, may_load
from crmgraph.updating.pieces import LONGEST_UPDATE, pieces_of
from crmgraph.updating.rights import Writer
from crmgraph.updating.work import carry_out

WRITER = Writer("ana", "")


def loads(text: str) -> list[Load]:
    change = Change("update", base_iri="http://e/sparql")
    return [load_of(piece) for piece in pieces_of(text, change) if is_load(piece)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LOAD <http://e/x>", Load("http://e/x", None, False)),
        ("load silent <file:///etc/passwd> INTO GRAPH <g>", Load("file:///etc/passwd", "http://e/g", True)),
        ("PREFIX e: <http://e/> LOAD SILENT e:x INTO GRAPH e:y", Load("http://e/x", "http://e/y", True)),
        ("BASE <http://b/>\nLOAD\n# aloud\n<x> ;\n CLEAR ALL", Load("http://b/x", None, False)),
        ("CLEAR ALL;load<http://e/x>", Load("http://e/x", None, False)),
        ("PREFIX load: <http://e/> LOAD load:x", Load("http://e/x", None, False)),
        ("INSERT DATA { <a:b> <a:c> '};' } ; LOAD <http://e/x>", Load("http://e/x", None, False)),
        ("PREFIX e: <http://e/> CLEAR ALL ; PREFIX e: <http://f/> LOAD e:x", Load("http://f/x", None, False)),
    ],
)
def test_what_is_loaded(text: str, expected: Load) -> None:
    assert loads(text) == [expected]


@pytest.mark.parametrize("text", ["LOAD", "LOAD SILENT <a> <b>", "LOAD e:x", "LOAD <a> INTO <b>", "LOAD 5"])
def test_what_is_no_load(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="Line 2, column 1: this is not LOAD <address>"):
        loads(f"CLEAR ALL ;\n{text}")


def test_data_that_speak_of_loading_load_nothing() -> None:
    assert loads("PREFIX load: <http://e/> INSERT DATA { load:x load:y 'LOAD SILENT <a>' ; load:z load:silent }") == []
    assert may_load(b"# LOAD")
    assert not may_load(b"CLEAR ALL")


def carried_out(folder: Path, text: str) -> None:
    Store(folder / "before").flush()
    carry_out(Change("update", (text.encode(),)), folder / "before", folder / "after", WRITER)


@pytest.mark.parametrize("text", ["LOAD ;", "CLEAR ALL;;LOAD <http://e/x>", "LOAD <http://e/x> ; CLEAR ALLES"])
def test_what_is_not_sparql_is_told_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        carried_out(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://e/x>",
        "DROP GRAPH <http://e/none> ; LOAD <http://e/x>",
        "LOAD <http://e/x>;load silent <http://e/x>",
    ],
)
def test_what_is_sparql_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(QueryRefusedError, match="LOAD"):
        carried_out(tmp_path, text)


def test_the_rest_of_an_update_is_carried_out(tmp_path: Path) -> None:
    carried_out(tmp_path, "LOAD SILENT <http://e/x> ; INSERT DATA { <http://e/a> <http://e/b> 1 }")
    assert len(Store.read_only(str(tmp_path / "after"))) == 1


@pytest.mark.parametrize("later", ["PREFIX e: <http://f/>", "BASE <http://f/x>\nPREFIX e: <y/../>"])
def test_what_is_declared_anew_has_its_new_meaning(tmp_path: Path, later: str) -> None:
    carried_out(
        tmp_path,
        f"PREFIX e: <http://e/> INSERT DATA {{ e:a e:b 1 }} ; {later} "
        "DELETE { ?s ?p ?o } INSERT { ?s ?p e:x } WHERE { ?s ?p ?o }",
    )
    (found,) = Store.read_only(str(tmp_path / "after"))
    assert str(found) == "<http://e/a> <http://e/b> <http://f/x>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("INSERT DATA { e:a e:b 1 } ;\nPREFIX e: <http://e/> CLEAR ALL", "Line 1, column 15: the prefix e:"),
        ("CREATE GRAPH <a:> ; PREFIX e: <http://e/>\nCREATE GRAPH <a:> ; BASE <x:>\nCLEAR ALLES", "Line 3, column 7"),
        ("PREFIX e: <http://e/> CLEAR ;\nPREFIX e: <http://f/> CLEAR ALL", "Line 1, column 29: ;"),
        ("CLEAR ALL ; PREFIX e: <http://f/>\n; CLEAR ALL", "Line 2, column 1: there is no"),
        ("CLEAR ALL ;\nPREFIX e: CLEAR ALL", "Line 2, column 11: CLEAR"),
        ("CLEAR ALL ;\r\r  CLEAR ALLES", "Line 3, column 9"),
        ("PREFIX e: <x:> CLEAR ALL ; INSERT DATA { e:a e:b 1 } e:c", "Line 1, column 54: e:c is not expected here"),
        ("CLEAR ALL ;\nPREFIX", "ends before it is complete"),
    ],
)
def test_where_an_update_in_pieces_is_none(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        carried_out(tmp_path, text)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["CLEAR ALL #", "LOAD SILENT <http://e/x> #"])
def test_an_update_that_is_too_long_is_refused_whatever_it_does(tmp_path: Path, text: str) -> None:
    with pytest.raises(QueryRefusedError, match="characters"):
        carried_out(tmp_path, text.ljust(LONGEST_UPDATE + 1, "x"))
