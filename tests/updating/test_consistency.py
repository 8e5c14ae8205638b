"""Writes that would break a plan are refused with the findings; what has nothing to do with a plan is not looked at."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from crmgraph.building import Manifest
from crmgraph.errors import QueryTimeoutError, WriteRefusedError
from crmgraph.namespaces import Names
from crmgraph.sparql import Pool
from crmgraph.sparql.process import Child
from crmgraph.storing import STORE
from crmgraph.storing.generations import Generations
from crmgraph.updating import Change, Keeper, Writer
from crmgraph.wording import in_language

PLAN, PART = Names().graph("plan", "crm"), Names().id("plan/crm/pgm")
PREFIXES = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
ANA = Writer("ana", "")


def otherwise(name: str, said: str = "") -> str:
    """What gives the passage of a part another value, or none."""
    new = f"GRAPH ?g {{ ?s cg:{name} {said} }}" if said else ""
    where = f"GRAPH <{PLAN}> {{ <{PART}/1> cg:passage ?s }} GRAPH ?g {{ ?s cg:{name} ?o }}"
    return f"DELETE {{ GRAPH ?g {{ ?s cg:{name} ?o }} }} INSERT {{ {new} }} WHERE {{ {where} }}"


@pytest.fixture(scope="module")
def keeper(build_folder: Path, manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    seed = manifest.folder(build_folder) / STORE
    generations = Generations.create(tmp_path_factory.mktemp("consistency") / "kept", seed)
    with Pool(generations.path, 2**30) as pool, Keeper(generations, pool, 2**31, Names()) as keeper:
        yield keeper


def update(text: str) -> Change:
    return Change("update", (f"{PREFIXES} {text}".encode(),))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"DELETE WHERE {{ GRAPH <{PLAN}> {{ <{PART}/1> dcterms:isPartOf ?theme }} }}", "part-parent"),
        (f'INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:number "2" }} }}', "number-outside-parent"),
        (f"INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:number 99 }} }}", "contradiction"),
        (f"INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:text 5 }} }}", "part-text"),
        (f"DELETE WHERE {{ GRAPH <{PLAN}> {{ <{PART}/1> cg:text ?text }} }}", "part-text"),
        *((otherwise("start", said), "passage-extent") for said in ("", "99999999999999999999", "-5")),
        *((otherwise(name), "passage-extent") for name in ("end", "exact")),
        (otherwise("start", "'x'"), "contradiction"),
    ],
)
def test_a_plan_is_not_broken(keeper: Keeper, text: str, code: str) -> None:
    before = keeper.digest
    with pytest.raises(
        WriteRefusedError, match=rf"would break the plan crm: .*\[{code}\] [a-z]+/[^ ]+: [A-Z“\"]"
    ) as caught:
        keeper.write(update(text), ANA, 120)
    assert f"[{code}]" in caught.value.args[0].spanish
    assert keeper.digest == before


def test_a_check_that_takes_too_long_is_told_as_such(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper.write(update("CLEAR SILENT GRAPH <http://e/none>"), ANA, 120)
    child = keeper._child
    assert child is not None
    assert "Write less at a time" in str(child.too_late(30))
    keeper.write(update(f"INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> dcterms:subject <http://e/slow> }} }}"), ANA, 120)
    said = child.too_late(30)
    assert "It was the check of the plan that took the time" in str(said)
    assert "--no-check-writes" in in_language(said, "es")
    wait = Child.wait

    def late(child: Child, seconds: float, deadline: float, gone: Event | None) -> None:
        wait(child, seconds, deadline, gone)
        if "check" in child.advice:
            child.end_for("time")
            raise child.too_late(seconds)

    monkeypatch.setattr(Child, "wait", late)
    with pytest.raises(QueryTimeoutError, match=r"30 s and was ended\. It was the check .* Nothing was changed\.$"):
        keeper.write(
            update(f"DELETE DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> dcterms:subject <http://e/slow> }} }}"), ANA, 30
        )


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH <{PLAN}> {{ <{PART}/1> dcterms:subject <http://e/topic> }} }}",
        f"INSERT DATA {{ GRAPH <http://e/other> {{ <{PART}/1> dcterms:isPartOf <http://e/x> }} }}",
        f"DROP GRAPH <{PLAN}>",
    ],
)
def test_what_breaks_nothing_is_written(keeper: Keeper, text: str) -> None:
    before = keeper.digest
    keeper.write(update(text), ANA, 120)
    assert keeper.digest != before
