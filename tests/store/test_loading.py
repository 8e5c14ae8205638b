"""LOAD from addresses that are allowed: what is there is fetched first, then the update is carried out."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.errors import (
    AnswerError,
    DataError,
    LimitError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteError,
    UnavailableError,
    in_language,
)
from crmgraph.federation.fetching import AllowedUrls, Fetcher
from crmgraph.sparql import Pool
from crmgraph.sparql.engine import Limit
from crmgraph.store.access_control import Writer
from crmgraph.store.changes import Change, carry_out, load_operations
from crmgraph.store.generations import Generations
from crmgraph.store.updates import LONGEST_UPDATE, MAX_LOADS, Load, fetch_documents, operations_of
from crmgraph.store.writer import StoreWriter
from tests.support.cases import cases
from tests.support.elsewhere import Asked, Elsewhere, Reply, elsewhere

ANA = Writer("ana", "")
G = "INTO GRAPH <http://e/g>"


DOCUMENTS = {path: document for path, *document in cases("store/documents")}
"""What is served at each path: status, media type, text."""


def document(asked: Asked) -> Reply:
    status, media_type, text = DOCUMENTS.get(asked.path, ["404", "text/plain", "not here"])
    headers = {"Location": text} if status[0] == "3" else {}
    headers |= {"Content-Encoding": "gzip"} if "gzip" in media_type else {}
    return Reply(text.encode(), media_type, int(status), headers)


@pytest.fixture(scope="module")
def served() -> Iterator[Elsewhere]:
    with elsewhere(document) as there:
        yield there


@pytest.fixture
def library(served: Elsewhere) -> Elsewhere:
    """A server of documents."""
    served.asked.clear()
    return served


@pytest.fixture(scope="module")
def fetcher(served: Elsewhere) -> Iterator[Fetcher]:
    with closing(Fetcher(AllowedUrls([f"{served.url}/"]))) as fetcher:
        yield fetcher


def carried_out(fetcher: Fetcher | None, text: str, place: Path, writer: Writer = ANA, seconds: float = 120) -> Store:
    """The store after the update; where there is no fetcher, nothing is fetched."""
    folder = Path(tempfile.mkdtemp(dir=place))
    Store(folder / "before").flush()
    change = Change("update", (text.encode(),), base_iri="http://e/sparql")
    if fetcher is not None:
        change = replace(change, loaded=fetch_documents(load_operations(change, writer), fetcher, Limit(seconds)))
    carry_out(change, folder / "before", folder / "after", writer)
    return Store.read_only(str(folder / "after"))


def names(store: Store, graph: str | None = "http://e/g") -> list[str]:
    where = DefaultGraph() if graph is None else NamedNode(graph)
    return sorted(quad.object.value for quad in store.quads_for_pattern(None, None, None, where))  # type: ignore[union-attr]


def test_what_an_update_loads() -> None:
    base = "http://e/sparql"
    for text, loaded in cases("store/loads"):
        found = load_operations(Change("update", (text.encode(),), base_iri=base), ANA)
        assert [" ".join(map(str, each)) for each in found] == ([loaded] if loaded else []), text
    for text in ("LOAD", "LOAD SILENT <a> <b>", "LOAD e:x", "LOAD <a> INTO <b>", "LOAD 5"):
        with pytest.raises(QuerySyntaxError, match="Line 2, column 1: this is not LOAD <address>"):
            [each.parse_load() for each in operations_of(f"CLEAR ALL ;\n{text}", base)]


LONG = ["CLEAR ALL #".ljust(LONGEST_UPDATE + 1, "x"), "QueryRefusedError", "characters"]


def test_where_nothing_is_fetched(tmp_path: Path) -> None:
    for text, error, said in (*cases("store/unloaded"), LONG):
        with pytest.raises(AnswerError) as caught:
            carried_out(None, text, tmp_path)
        assert (type(caught.value).__name__, said in str(caught.value)) == (error, True), text[:80]
    text = "LOAD SILENT <http://e/x> ; INSERT DATA { <http://e/a> <http://e/b> 1 }"
    assert len(carried_out(None, text, tmp_path)) == 1
    for later in ("PREFIX e: <http://f/>", "BASE <http://f/x>\nPREFIX e: <y/../>"):
        text = (
            f"PREFIX e: <http://e/> INSERT DATA {{ e:a e:b 1 }} ; {later} "
            "DELETE { ?s ?p ?o } INSERT { ?s ?p e:x } WHERE { ?s ?p ?o }"
        )
        assert [str(quad) for quad in carried_out(None, text, tmp_path)] == ["<http://e/a> <http://e/b> <http://f/x>"]


def test_documents(library: Elsewhere, fetcher: Fetcher, tmp_path: Path) -> None:
    for path, found in (
        ("/a.ttl", ["ana", "nobody"]),
        ("/b", ["maté"]),
        ("/plain.nt", ["c"]),
        ("/away", ["ana", "nobody"]),
        ("/data.rdf", ["x"]),
        ("/empty.ttl", []),
    ):
        store = carried_out(fetcher, f"LOAD <{library.url}{path}> {G}", tmp_path)
        assert names(store) == found
        assert store.contains_named_graph(NamedNode("http://e/g"))
    store = carried_out(fetcher, f"LOAD <{library.url}/away>", tmp_path)
    subjects = {quad.subject for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert NamedNode(f"{library.url}/a.ttl") in subjects, "relative to where the document is"


def test_each_operation_sees_what_those_before_it_did(library: Elsewhere, fetcher: Fetcher, tmp_path: Path) -> None:
    text = f"""
        PREFIX lib: <{library.url}/> # it stands; here
        INSERT DATA {{ <x> <p> "; LOAD\u00a0<y>" }} ;
        PREFIX e: <http://e/>
        LOAD lib:b INTO GRAPH e:g ;
        INSERT {{ GRAPH e:g {{ ?s e:seen ?n }} }} WHERE {{ GRAPH ?g {{ ?s e:name ?n }} }} ;
        LOAD SILENT lib:none INTO GRAPH e:none ; LOAD SILENT lib:wrong.ttl INTO GRAPH e:wrong ;
        CLEAR DEFAULT ;
        LOAD lib:plain.nt"""
    store = carried_out(fetcher, text, tmp_path)
    assert [each.path for each in library.asked] == ["/b", "/none", "/wrong.ttl", "/plain.nt"]
    assert names(store) == ["maté", "maté"]
    assert names(store, None) == ["c"]
    assert list(store.named_graphs()) == [NamedNode("http://e/g")]


GRAPHS = ("<http://e/g#>", "<HTTP://e/g>", "<../h>", "<urn:default>", "e:g\\-h", "<http://e/\\u0067>", "r:g")


def test_a_graph_is_the_one_that_data_are_inserted_into(library: Elsewhere, fetcher: Fetcher, tmp_path: Path) -> None:
    declared = "PREFIX e: <http://e/> PREFIX r: <http://r/> BASE <http://base/a/b> PREFIX r: <rel/> "
    for graph in GRAPHS:
        load = f"{declared} LOAD <{library.url}/plain.nt> INTO GRAPH {graph}"
        store = carried_out(fetcher, f"{load} ; INSERT DATA {{ GRAPH {graph} {{ <urn:s> <urn:p> 1 }} }}", tmp_path)
        [found] = store.named_graphs()
        assert len(list(store.quads_for_pattern(None, None, None, found))) == 2
        assert not names(store, None)


def test_what_cannot_be_loaded(library: Elsewhere, fetcher: Fetcher, tmp_path: Path) -> None:
    for update, error, said in cases("store/faults"):
        with pytest.raises(AnswerError, match=said) as caught:
            carried_out(fetcher, update.replace("THERE", library.url), tmp_path)
        assert type(caught.value).__name__ == error, update
    most = f"LOAD <{library.url}/a.ttl> ; " * MAX_LOADS
    with pytest.raises(QueryRefusedError, match=str(MAX_LOADS)):
        carried_out(fetcher, f"{most} LOAD <{library.url}/a.ttl>", tmp_path)
    with pytest.raises(DataError) as wrong:
        carried_out(fetcher, f"LOAD <{library.url}/wrong.ttl>", tmp_path)
    assert wrong.value.line is None, "its place in the document is none in the update"
    assert "wrong.ttl, línea 2: Esto no es Turtle" in in_language(wrong.value, "es")


def test_limits(library: Elsewhere, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = Writer("bob", "", ("http://e/bob",))
    for graph in (G, ""):
        with pytest.raises(QueryRefusedError, match="may not change"):
            carried_out(fetcher, f"LOAD <{library.url}/a.ttl> {graph}", tmp_path, bob)
    with closing(Fetcher(AllowedUrls([f"{library.url}/elsewhere/"]))) as elsewhere:
        assert len(carried_out(elsewhere, f"LOAD SILENT <{library.url}/a.ttl> ; CLEAR ALL", tmp_path)) == 0
    assert library.asked == []
    library.free.clear()
    with pytest.raises(QueryTimeoutError, match=r"/a\.ttl had not answered when the 0\.2 s"):
        carried_out(fetcher, f"LOAD SILENT <{library.url}/a.ttl>", tmp_path, seconds=0.2)
    library.free.set()
    monkeypatch.setattr("crmgraph.store.updates._MAX_LOADED", 50)
    with pytest.raises(LimitError, match="more than 50 bytes"):
        carried_out(fetcher, f"LOAD <{library.url}/plain.nt> ; LOAD <{library.url}/b>", tmp_path)


class Nobody:
    digest = ""

    def move_to(self, store_path: Path, digest: str) -> None:
        pass

    def has_open_store(self, store_path: Path) -> bool:  # noqa: ARG002 - as the protocol has it
        return False


def test_the_record_tells_what_was_loaded(library: Elsewhere, tmp_path: Path) -> None:
    fetcher = Fetcher(AllowedUrls([f"{library.url}/"]))
    update = f"LOAD SILENT <{library.url}/none> ; LOAD SILENT <{library.url}/wrong.ttl> ; LOAD <{library.url}/away>"
    put = Change("put", (b"<http://e/1> <http://e/p> 'LOAD' .",), ("text/turtle",), "http://e/g")
    with StoreWriter(
        Generations.create(tmp_path / "store"), cast(Pool, Nobody()), 2**28, fetcher=fetcher
    ) as store_writer:
        assert not store_writer.write(put, ANA, 120).existed
        store_writer.write(Change("update", (update.encode(),), base_iri="http://e/"), ANA, 120)
        with pytest.raises(RemoteError, match=r"iso-8859-1, .* Nothing was changed\.$"):
            store_writer.write(Change("update", (f"LOAD <{library.url}/latin.ttl>".encode(),)), ANA, 120)
    entry = json.loads((tmp_path / "store" / "audit.jsonl").read_text().splitlines()[-1])
    assert entry["update"] == update
    document = DOCUMENTS["/a.ttl"][2].encode()
    assert entry["loaded"] == [
        {"from": f"{library.url}/a.ttl", "bytes": len(document), "sha256": hashlib.sha256(document).hexdigest()}
    ]
    assert (entry["bytes"], entry["sha256"]) == (len(update), hashlib.sha256(update.encode()).hexdigest())
    with pytest.raises(UnavailableError):
        fetch_documents([Load(f"{library.url}/a.ttl", None, False)], fetcher, Limit(1))
