"""Updates that ask several graphs together: what they share must not be counted twice."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from crmgraph.errors import QueryRefusedError, in_language
from crmgraph.store.changes import Change, Writer, carry_out
from crmgraph.store.dataset import copy_store
from tests.support.stores import EX

COUNT = "{ SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }"
INSERT = "PREFIX e: <http://example.org/> INSERT { GRAPH e:own { %s } } USING e:a USING %s WHERE %s"
EACH = f"INSERT {{ GRAPH <{EX}own> {{ ?g <{EX}n> ?n }} }} USING NAMED <{EX}b> WHERE {{ GRAPH ?g {COUNT} }}"
COUNTED = f"INSERT {{ GRAPH <{EX}own> {{ <{EX}x> <{EX}count> ?n }} }} WHERE {COUNT}"
ANA = Writer("ana", "")
TWICE = [
    INSERT % ("e:x e:count ?n", "e:b", COUNT),
    INSERT % ("[] e:of ?s", "e:b", "{ ?s ?p ?o }"),
    INSERT % ("e:x e:of (?s)", "e:b", "{ ?s ?p ?o }"),
    INSERT % ("?s e:of ?o {| e:by e:x |}", "e:b", "{ ?s ?p ?o }"),
    INSERT % ("e:x e:of ?o", "e:b", "{ SELECT ?o { ?s ?p ?o } LIMIT4 }"),
    f"ADD <{EX}a> TO <{EX}c> ; " + INSERT % ("e:x e:count ?n", "e:c", COUNT),
]


def written(before: Path, after: Path, text: str, **given: tuple[str, ...]) -> set[str]:
    copy_store(before, after)
    carry_out(Change("update", (text.encode(),), **given), before, after, ANA)  # type: ignore[arg-type]
    store = Store.read_only(str(after))
    return {str(quad.object) for quad in store.quads_for_pattern(None, None, None, NamedNode(f"{EX}own"))}


def test_what_would_be_counted_twice_is_refused(small_store: Path, tmp_path: Path) -> None:
    for number, (text, using) in enumerate([*((text, ()) for text in TWICE), (COUNTED, (f"{EX}a", f"{EX}b"))]):
        with pytest.raises(QueryRefusedError, match="have statements in common") as caught:
            written(small_store, tmp_path / str(number), text, using=using)
        assert "tienen afirmaciones en común" in in_language(caught.value, "es")


def test_what_is_counted_once(small_store: Path, tmp_path: Path) -> None:
    count = "e:x e:count ?n"
    for number, (text, using, expected) in enumerate(
        (
            (INSERT % (count, "e:many", COUNT), (), "404"),
            (INSERT % (count, "e:a", COUNT), (), "4"),
            (COUNTED, (f"{EX}a", f"{EX}a"), "4"),
            (INSERT % (count, "NAMED e:b", COUNT), (), "4"),
            (EACH, (), "3"),
        )
    ):
        (found,) = written(small_store, tmp_path / str(number), text, using=using)
        assert found.startswith(f'"{expected}"')
    assert written(small_store, tmp_path / "named", INSERT % (count, "e:b USING NAMED e:b", "{ ?x ?y ?n }"))


def test_what_counts_is_what_they_share_when_they_are_asked(small_store: Path, tmp_path: Path) -> None:
    share = f"INSERT DATA {{ GRAPH <{EX}many> {{ <{EX}s> <{EX}p> 1 }} GRAPH <{EX}few> {{ <{EX}s> <{EX}p> 1 }} }}"
    apart = f"DELETE DATA {{ GRAPH <{EX}few> {{ <{EX}s> <{EX}p> 1 }} }}"
    counted = INSERT.replace("e:a", "e:few") % ("e:x e:count ?n", "e:many", COUNT)
    assert written(small_store, tmp_path / "after", f"{counted} ; {share}")
    with pytest.raises(QueryRefusedError, match="have statements in common"):
        written(small_store, tmp_path / "again", f"{share} ; {counted} ; {apart}")
