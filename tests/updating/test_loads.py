"""LOAD put out of an update: in silence where that is asked for, and what is no SPARQL is told so all the same."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.updating.change import Change
from crmgraph.updating.loads import Load, cut, may_load, without_loads
from crmgraph.updating.rights import Writer
from crmgraph.updating.text import LONGEST_UPDATE, prepare
from crmgraph.updating.work import carry_out

CLEAR = "CLEAR ALL"
WRITER = Writer("ana", "")


@pytest.mark.parametrize(
    "text",
    [
        "LOAD SILENT <http://e/x>",
        "load silent <file:///etc/passwd> INTO GRAPH <http://e/g>",
        "PREFIX e: <http://e/> LOAD SILENT e:x INTO GRAPH e:y",
        "BASE <http://e/>\nLOAD\n# quietly\nSILENT <x> ;\n CLEAR ALL",
    ],
)
def test_what_loads_in_silence_does_nothing(text: str) -> None:
    rest = without_loads(text)
    assert (len(rest), rest.count("\n")) == (len(text), text.count("\n"))
    store = Store()
    store.update(rest)
    assert len(store) == 0
    assert prepare(rest)


@pytest.mark.parametrize("text", ["LOAD <http://e/x>", "LOAD SILENT <a> <b>"])
def test_what_does_not_is_left_to_be_refused(text: str) -> None:
    assert without_loads(text) == text


def test_all_of_them_can_be_left_out() -> None:
    rest = without_loads(
        f"LOAD <http://e/x> ; {CLEAR} ; LOAD SILENT <http://e/y> INTO GRAPH <http://e/g>", silent_only=False
    )
    assert rest.split() == ["INSERT", "DATA{}", ";", "CLEAR", "ALL", ";", "INSERT", "DATA{}"]


def test_data_that_speak_of_loading_stay() -> None:
    text = "PREFIX load: <http://e/> INSERT DATA { load:x load:y 'LOAD SILENT <a>' ; load:z load:silent }"
    assert without_loads(text, silent_only=False) == text


def carried_out(folder: Path, text: str) -> None:
    Store(folder / "before").flush()
    carry_out(Change("update", (text.encode(),)), folder / "before", folder / "after", WRITER)


@pytest.mark.parametrize("text", ["LOAD ;", f"{CLEAR};;LOAD <http://e/x>", "LOAD <http://e/x> ; CLEAR ALLES"])
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


def test_what_is_cut_at_its_loads() -> None:
    text = (
        "PREFIX a: <http://a/> CLEAR ALL ;\n LOAD a:x ; # ;\nDROP ALL ; PREFIX b: <http://b/>\nCLEAR ALL;"
        "LOAD SILENT b:y INTO GRAPH <g> ;"
    )
    assert cut(text, "http://e/sparql") == [
        "PREFIX a: <http://a/> CLEAR ALL",
        Load("http://a/x", None, False),
        "PREFIX a: <http://a/>\nDROP ALL ; PREFIX b: <http://b/>\nCLEAR ALL",
        Load("http://b/y", "http://e/g", True),
    ]


OPERATIONS = ("CLEAR ALL", "PREFIX a: <a:> CLEAR ALL", "LOAD <x>", "BASE <b:>\n LOAD <c:x>", "PREFIX a: <a:> LOAD a:x")


@given(st.lists(st.sampled_from(OPERATIONS), max_size=10), st.sampled_from([" ; ", ";\n", "; # ; LOAD <y>\n"]))
def test_all_operations_come_in_their_order(operations: list[str], between: str) -> None:
    done: list[str] = []
    for piece in cut(between.join(operations), "http://e/sparql"):
        if isinstance(piece, str):
            prepare(piece)
            done += ["CLEAR"] * re.sub("#.*", "", piece).count("CLEAR")
        else:
            done.append("LOAD")
    assert done == [word for each in operations for word in ("CLEAR", "LOAD") if word in each]


def test_long_updates_take_time_by_their_length() -> None:
    began = time.process_time()
    text = "PREFIX a: <a:> CLEAR ALL ;" * 40_000
    assert may_load(b"# LOAD")
    assert not may_load(text.encode())
    assert without_loads(text) == text
    assert time.process_time() - began < 10


@pytest.mark.parametrize("text", ["CLEAR ALL #", "LOAD SILENT <http://e/x> #"])
def test_an_update_that_is_too_long_is_refused_whatever_it_does(tmp_path: Path, text: str) -> None:
    with pytest.raises(QueryRefusedError, match="characters"):
        carried_out(tmp_path, text.ljust(LONGEST_UPDATE + 1, "x"))
