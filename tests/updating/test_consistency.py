"""Writes that would break a plan are refused with the findings; what has nothing to do with a plan is not looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.answering import Pool
from crmgraph.building import Manifest
from crmgraph.errors import WriteRefusedError
from crmgraph.namespaces import Names
from crmgraph.storing import STORE
from crmgraph.storing.generations import Generations
from crmgraph.updating import Change, Keeper, Writer

PLAN, PART = Names().graph("plan", "crm"), Names().id("plan/crm/pgm")
PREFIXES = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
ANA = Writer("ana", "")


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
    ],
)
def test_a_plan_is_not_broken(keeper: Keeper, text: str, code: str) -> None:
    before = keeper.digest
    with pytest.raises(
        WriteRefusedError, match=rf"would break the plan crm: .*\[{code}\] [a-z]+/[^ ]+: [A-Z“]"
    ) as caught:
        keeper.write(update(text), ANA, 120)
    assert f"[{code}]" in caught.value.args[0].spanish
    assert keeper.digest == before


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
