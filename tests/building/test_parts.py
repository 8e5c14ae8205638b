"""The parts of a dataset: each is built by itself, once, and together they are what all plans at once would give."""

import shutil
from pathlib import Path

import pytest
from rdflib import URIRef

from crmgraph.building.dataset import _asserted_dataset, build, build_share
from crmgraph.building.parts import Parts, accept_and_group
from crmgraph.checks.plans import check_dataset
from crmgraph.namespaces import Names
from tests.bench.plans import write_plans

NAMES = Names()


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    write_plans(3, tmp_path / "plans")
    return tmp_path / "plans"


@pytest.fixture
def folder(build_folder: Path, tmp_path: Path) -> Path:
    """A build folder that has the parts of the dataset without further plans."""
    shutil.copytree(build_folder / "parts", tmp_path / "build" / "parts")
    return tmp_path / "build"


def test_a_part_is_built_once_and_again_when_its_plan_changes(plans: Path, folder: Path) -> None:
    shares: list[list[str]] = [[], []]
    for number, share in enumerate(shares, 1):
        build_share(folder, NAMES, number, len(shares), share.append, plans)
    assert sorted(share for each in shares for share in each) == ["plan-1", "plan-2", "plan-3"]
    assert all(shares)
    steps: list[str] = []
    first = build(folder, NAMES, steps.append, plans=plans)
    [damaged, *_] = [
        place for place in (folder / "parts").iterdir() if "plan-3" in (place / "findings.json").read_text()
    ]
    (damaged / "dataset.nq").write_text("", encoding="utf-8")
    file = plans / "plan-1.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("1.1.1 ", "1.1.1 Hoy: ", 1), encoding="utf-8")
    second = build(folder, NAMES, steps.append, plans=plans)
    assert steps == ["assembling", "storing", "plan-3", "plan-1", "assembling", "storing"]
    assert {graph for graph, size in first.graphs.items() if second.graphs[graph] != size} <= {
        NAMES.graph(*path)
        for path in (("plan", "plan-1"), ("source", "plan-1"), ("inferred",), ("findings",), ("catalog",))
    }
    assert len(list((folder / "parts").iterdir())) == len(Parts(NAMES, plans, folder).places)


@pytest.mark.drill
def test_parts_give_what_all_plans_at_once_give(plans: Path, folder: Path) -> None:
    parts = Parts(NAMES, plans, folder / "parts")
    parts.build()
    dataset = _asserted_dataset(NAMES, plans)
    _, findings = check_dataset(dataset, NAMES, lambda _: None, strict=True)
    assert parts.read_findings() == accept_and_group(findings, parts.documents)
    inferred = set(dataset.graph(URIRef(NAMES.graph("inferred"))))
    stated = {quad[:3] for quad in dataset.quads()} - inferred
    found = {
        quad[:3] for part in parts.places for quad in parts.read_quads(part, NAMES.graph("inferred").__eq__)
    } - stated
    # Labels in place of missing ones are no inferences.
    assert inferred <= found
    assert all("-x-" in triple[2].n3() for triple in found - inferred)
