"""Updates that ask several graphs together."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from crmgraph.errors import QueryRefusedError
from crmgraph.storing.cloning import clone
from crmgraph.updating import Change, Writer
from crmgraph.updating.work import carry_out
from crmgraph.wording import in_language
from tests.support.stores import EX, build_store

COUNT = "{ SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }"
INSERT = "PREFIX e: <http://example.org/> INSERT { GRAPH e:own { %s } } USING e:a USING %s WHERE %s"
ANA = Writer("ana", "")


def written(folder: Path, text: str, **given: tuple[str, ...]) -> set[str]:
    clone(build_store(folder / "before"), folder / "after")
    carry_out(Change("update", (text.encode(),), **given), folder / "before", folder / "after", ANA)  # type: ignore[arg-type]
    store = Store.read_only(str(folder / "after"))
    return {str(quad.object) for quad in store.quads_for_pattern(None, None, None, NamedNode(f"{EX}own"))}


@pytest.mark.parametrize(
    "text",
    [
        INSERT % ("e:x e:count ?n", "e:b", COUNT),
        INSERT % ("e:x e:count ?n", f"<{EX}b>", COUNT.replace("COUNT(*)", "SUM(1)")),
        INSERT % ("_:x e:of ?s", "e:b", "{ ?s ?p ?o }"),
        INSERT % ("[] e:of ?s", "e:b", "{ ?s ?p ?o }"),
        INSERT % ("e:x e:of (?s)", "e:b", "{ ?s ?p ?o }"),
        INSERT % ("<< ?s e:of ?o >> e:by e:x", "e:b", "{ ?s ?p ?o }"),
        INSERT % ("?s e:of ?o {| e:by e:x |}", "e:b", "{ ?s ?p ?o }"),
        INSERT % ("e:x e:of ?o", "e:b", "{ SELECT ?o { ?s ?p ?o } LIMIT4 }"),
        f"ADD <{EX}a> TO <{EX}c> ; " + INSERT % ("e:x e:count ?n", "e:c", COUNT),
    ],
)
def test_what_would_be_counted_twice_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(QueryRefusedError, match="have statements in common") as caught:
        written(tmp_path, text)
    assert "tienen afirmaciones en común" in in_language(caught.value, "es")


def test_so_it_is_where_the_graphs_are_named_beside_the_update(tmp_path: Path) -> None:
    text = f"INSERT {{ GRAPH <{EX}own> {{ <{EX}x> <{EX}count> ?n }} }} WHERE {COUNT}"
    with pytest.raises(QueryRefusedError, match="have statements in common"):
        written(tmp_path, text, using=(f"{EX}a", f"{EX}b"))


def test_graphs_that_share_nothing_are_counted_together(tmp_path: Path) -> None:
    (found,) = written(tmp_path, INSERT % ("e:x e:count ?n", "e:many", COUNT))
    assert found.startswith('"404"')


@pytest.mark.parametrize("using", ["e:a", "e:b USING NAMED e:b", "NAMED e:b"])
def test_one_graph_or_nothing_counted_is_no_matter(tmp_path: Path, using: str) -> None:
    where = COUNT if using != "e:b USING NAMED e:b" else "{ ?x ?y ?n }"
    assert written(tmp_path, INSERT % ("e:x e:count ?n", using, where))


def test_a_graph_that_is_named_twice_is_asked_once(tmp_path: Path) -> None:
    (found,) = written(tmp_path, INSERT % ("e:x e:count ?n", "e:a", COUNT))
    assert found.startswith('"4"')


def test_so_it_is_beside_the_update(tmp_path: Path) -> None:
    text = f"INSERT {{ GRAPH <{EX}own> {{ <{EX}x> <{EX}count> ?n }} }} WHERE {COUNT}"
    (found,) = written(tmp_path, text, using=(f"{EX}a", f"{EX}a"))
    assert found.startswith('"4"')


def test_so_it_is_in_other_words(tmp_path: Path) -> None:
    (found,) = written(tmp_path, INSERT % ("e:x e:count ?n", f"<{EX}a>", COUNT))
    assert found.startswith('"4"')


def test_what_counts_is_what_they_share_when_they_are_asked(tmp_path: Path) -> None:
    share = f"INSERT DATA {{ GRAPH <{EX}many> {{ <{EX}s> <{EX}p> 1 }} GRAPH <{EX}few> {{ <{EX}s> <{EX}p> 1 }} }}"
    apart = f"DELETE DATA {{ GRAPH <{EX}few> {{ <{EX}s> <{EX}p> 1 }} }}"
    counted = INSERT.replace("e:a", "e:few") % ("e:x e:count ?n", "e:many", COUNT)
    assert written(tmp_path, f"{counted} ; {share}")
    with pytest.raises(QueryRefusedError, match="have statements in common"):
        carry_out(
            Change("update", (f"{share} ; {counted} ; {apart}".encode(),)), tmp_path / "before", tmp_path / "after", ANA
        )
