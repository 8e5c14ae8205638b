"""Writes that would break a plan are refused with the findings; what has nothing to do with a plan is not looked at."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from crmgraph.errors import QueryTimeoutError, WriteRefusedError, in_language
from crmgraph.namespaces import Names
from crmgraph.sparql.engine import Limit
from crmgraph.sparql.pool import Pool
from crmgraph.sparql.processes import ChildProcess
from crmgraph.store import STORE
from crmgraph.store.changes import Change, Writer, check_plans
from crmgraph.store.generations import Generations
from crmgraph.store.writer import StoreWriter
from tests.support.dataset import built_dataset

PLAN, PART = Names().graph("plan", "crm"), Names().id("plan/crm/pgm")
PREFIXES = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
ANA = Writer("ana", "")


def update(text: str) -> Change:
    return Change("update", (f"{PREFIXES} {text}".encode(),))


def passage(name: str, said: str = "") -> str:
    """What gives the passage of a part another value, or none."""
    new = f"GRAPH ?g {{ ?s cg:{name} {said} }}" if said else ""
    where = f"GRAPH <{PLAN}> {{ <{PART}/1> cg:passage ?s }} GRAPH ?g {{ ?s cg:{name} ?o }}"
    return f"DELETE {{ GRAPH ?g {{ ?s cg:{name} ?o }} }} INSERT {{ {new} }} WHERE {{ {where} }}"


BREAKING = ("part-parent", f"DELETE WHERE {{ GRAPH <{PLAN}> {{ <{PART}/1> dcterms:isPartOf ?theme }} }}")
ALSO_BREAKING = [
    ("contradiction", f"INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:number 99 }} }}"),
    ("number-outside-parent", f'INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:number "2" }} }}'),
    ("part-text", f"INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:text 5 }} }}"),
    ("part-text", f"DELETE WHERE {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:text ?text }} }}"),
    *(("passage-extent", passage("start", said)) for said in ("", "99999999999999999999", "-5")),
    *(("passage-extent", passage(name)) for name in ("end", "exact")),
    ("contradiction", passage("start", "'x'")),
]


@pytest.fixture(scope="module")
def store_writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreWriter]:
    folder, manifest = built_dataset()
    generations = Generations.create(tmp_path_factory.mktemp("consistency") / "kept", manifest.folder(folder) / STORE)
    with (
        Pool(generations.path, 2**30, workers=1) as pool,
        StoreWriter(generations, pool, 2**31, Names()) as store_writer,
    ):
        yield store_writer


@pytest.mark.parametrize(
    ("code", "text"), [BREAKING, *(pytest.param(*each, marks=pytest.mark.drill) for each in ALSO_BREAKING)]
)
def test_a_plan_is_not_broken(store_writer: StoreWriter, code: str, text: str) -> None:
    before = store_writer.digest
    said = rf"would break the plan crm: .*\[{code}\] [^:]+: \S"
    with pytest.raises(WriteRefusedError, match=said) as caught:
        store_writer.write(update(text), ANA, 600)
    assert f"[{code}]" in in_language(caught.value, "es")
    assert store_writer.digest == before


def test_what_breaks_nothing_is_written(store_writer: StoreWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that takes too long is told as such."""
    insert = f"INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> dcterms:subject <http://e/topic> }} }}"
    before = store_writer.digest
    store_writer.write(update(insert), ANA, 600)
    assert store_writer.digest != before
    run = ChildProcess.run

    def late(process: ChildProcess, limit: Limit, task: Callable[..., object], *rest: object, **said: Any) -> Any:
        late = replace(limit, since=limit.since - 10_000) if task is check_plans else limit
        return run(process, late, task, *rest, **said)

    monkeypatch.setattr(ChildProcess, "run", late)
    said = r"600 s and was ended\. It was the check of the plan .* Nothing was changed\.$"
    with pytest.raises(QueryTimeoutError, match=said) as caught:
        store_writer.write(update(insert.replace("INSERT", "DELETE")), ANA, 600)
    assert "--no-check-writes" in in_language(caught.value, "es")


@pytest.mark.drill
def test_a_plan_may_be_removed(store_writer: StoreWriter) -> None:
    before = store_writer.digest
    store_writer.write(update(f"DROP GRAPH <{PLAN}>"), ANA, 600)
    assert store_writer.digest != before
