"""The page that tells of every check is what the shapes say, and leaves none out."""

import json
import re
from collections import Counter
from pathlib import Path

from rdflib import Graph

from crmgraph.building import FINDINGS, Manifest
from crmgraph.checking import Check, catalogue
from crmgraph.checking.catalogue_graph import describe_checks, shape_of
from crmgraph.checking.shapes import read_shapes
from crmgraph.describing.vocabulary import CG
from crmgraph.resources import resource
from tests.checking.catalogue import PAGE, page, places

SHAPES = resource("ontology") / "shapes"


def written() -> str:
    return PAGE.read_text(encoding="utf-8")


def section(check: Check) -> str:
    return written().partition(f"\n### {check.code}\n")[2].partition("\n##")[0]


def test_the_page_of_checks_is_up_to_date() -> None:
    assert written() == page(), "run `python -m tests.checking.catalogue`"


def test_every_check_is_on_the_page_in_both_languages_with_its_shape() -> None:
    for check in catalogue(SHAPES):
        told = section(check)
        for text in (check.title, check.explanation, check.example, check.remedy):
            assert str(text) in told, check.code
            assert text.spanish in told, check.code
        [(shape, file)] = re.findall(r"\[`shape:([a-z-]+)`\]\(\.\./ontology/shapes/([a-z]+\.ttl)\)", told)
        turtle = (SHAPES / file).read_text(encoding="utf-8")
        assert f"\nshape:{shape}" in turtle
        assert f'cg:code "{check.code}"' in turtle.partition(f"\nshape:{shape}")[2].partition("\n\n")[0]
    assert len(re.findall(r"^### ", written(), re.MULTILINE)) == len(catalogue(SHAPES)) > 50


def test_the_page_says_how_often_the_plan_shows_each(build_folder: Path, manifest: Manifest) -> None:
    report = json.loads((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))
    counts = Counter(row["code"] for row in report)
    told = dict(re.findall(r"^\| \[([a-z-]+)\]\(#\1\) \|.* \| (\d+|–) \|$", written(), re.MULTILINE))
    assert told == {check.code: str(counts[check.code] or "–") for check in catalogue(SHAPES)}


def test_a_shape_is_called_as_its_code_is() -> None:
    """Findings name their shape by the code."""
    assert {code: name for code, (_, name) in places().items()} == {code: code for code in places()}
    for shape, check in read_shapes(SHAPES).checks.items():
        assert shape == shape_of(check.code)


def test_the_graph_of_the_catalogue_says_what_the_shapes_say() -> None:
    whole = Graph()
    for file in SHAPES.glob("*.ttl"):
        whole.parse(file, format="turtle")
    told = describe_checks(catalogue(SHAPES))
    ours = {triple for triple in told if triple[2] != CG.Check}
    assert len(ours) > 500
    assert ours - set(whole) == set()
    assert {str(told.value(shape, CG.code)) for shape in told.subjects(CG.remedy)} == set(places())
