"""The catalogue of checks: each with a code, a severity, its words in both languages, and SHACL for any engine."""

import re
from dataclasses import fields

import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from crmgraph.checking.catalogue import SEVERITIES, Check
from crmgraph.checking.shapes import read_shapes
from crmgraph.describing.vocabulary import CG
from crmgraph.resources import resource
from crmgraph.wording import Bilingual

FOLDER = resource("ontology") / "shapes"
SHAPES = read_shapes(FOLDER)
CHECKS = {check.code: (shape, check) for shape, check in SHAPES.checks.items()}
PLACEHOLDERS = {"number", "number_before", "label", "exact", "name", "name_used", "read_as", "other", "other_number"}
PLACEHOLDERS |= {"cited", "other_key", "other_date", "words", "cited_theme", "statements", "reason"}
each_check = pytest.mark.parametrize("code", CHECKS)


def texts(check: Check) -> dict[str, Bilingual]:
    return {field.name: text for field in fields(check) if isinstance(text := getattr(check, field.name), Bilingual)}


def constraints() -> dict[str, str]:
    """Each SPARQL query of the shapes, by the code of its check."""
    return {
        f"{SHAPES.checks[shape].code}": str(query)
        for shape, constraint in SHAPES.graph.subject_objects(SH.sparql)
        for query in SHAPES.graph.objects(constraint, SH.select)
    }


def test_codes_are_unique_and_each_is_the_name_of_its_shape() -> None:
    assert len(CHECKS) == len(SHAPES.checks) >= 60
    for code, (shape, _) in CHECKS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert str(shape).partition("#")[2] == code


def test_each_shape_is_a_check_or_part_of_one() -> None:
    shapes = {shape for kind in (SH.NodeShape, SH.PropertyShape) for shape in SHAPES.graph.subjects(RDF.type, kind)}
    assert shapes <= set(SHAPES.checks)


@each_check
def test_a_check_has_one_of_each(code: str) -> None:
    shape, check = CHECKS[code]
    assert check.severity in SEVERITIES
    for predicate, most in ((CG.code, 1), (SH.group, 1), (SH.severity, 1), (SH.message, 2), (RDFS.label, 2),
                            (RDFS.comment, 2), (SKOS.example, 2), (CG.remedy, 2)):  # fmt: skip
        assert len(list(SHAPES.graph.objects(shape, predicate))) == most, predicate


@each_check
def test_a_check_says_all_in_both_languages(code: str) -> None:
    for name, text in texts(CHECKS[code][1]).items():
        assert text.spanish.strip() == text.spanish != "", name
        assert str(text).strip() == str(text) != "", name
        assert text.spanish != str(text), name
        if name == "title":
            assert not text.spanish.endswith(".")
            assert not str(text).endswith(".")
        else:
            assert text.spanish[-1] in ".…", name
            assert str(text)[-1] in ".…", name


@each_check
def test_a_message_holds_what_a_finding_can_fill_in_and_the_same_in_both_languages(code: str) -> None:
    _, check = CHECKS[code]
    spanish, english = (re.findall(r"\{(.*?)\}", text) for text in (check.message.spanish, str(check.message)))
    assert set(spanish) == set(english) <= PLACEHOLDERS
    for name, text in texts(check).items():
        assert name == "message" or "{" not in text.spanish + str(text)


@each_check
def test_a_message_speaks_of_a_second_place_only_where_the_shape_gives_one(code: str) -> None:
    query = constraints().get(code, "")
    spoken = set(re.findall(r"\{(.*?)\}", str(CHECKS[code][1].message)))
    if spoken & {"other", "other_number", "other_date"}:
        assert "?value" in query.partition("WHERE")[0]


def test_groups_have_an_order_of_their_own_and_a_title_in_both_languages() -> None:
    groups = {check.group for check in SHAPES.catalogue}
    assert len(groups) == len({group.order for group in groups}) == len({group.title for group in groups})
    assert {group.name for group in groups} == {
        str(group).partition("#")[2] for group in SHAPES.graph.subjects(RDF.type, SH.PropertyGroup)
    }
    assert all(group.title.spanish != str(group.title) for group in groups)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ttl")), ids=lambda file: file.stem)
def test_each_file_holds_one_group(file: object) -> None:
    graph = Graph().parse(str(file))
    used = set(graph.objects(None, SH.group))
    assert used == set(graph.subjects(RDF.type, SH.PropertyGroup))
    assert len(used) == 1


@pytest.mark.parametrize("code", constraints())
def test_a_constraint_is_one_that_every_engine_may_bind_before_it_runs(code: str) -> None:
    """What SHACL asks of such queries, in 5.2.1 and appendix A, and what rdflib and a Rust regex both understand."""
    query = constraints()[code]
    words = re.sub(r'"(\\.|[^"\\])*"|<[^>]*>', "", query)
    assert re.match(r"\s*SELECT (DISTINCT )?\$this( \?value)? WHERE", query)
    assert not re.findall(r"\b(VALUES|MINUS|SERVICE|GRAPH|FROM)\b", words, re.IGNORECASE)
    assert not re.findall(r"\bAS\s+[?$]this\b", words, re.IGNORECASE)
    assert all("$this" in inner for inner in re.findall(r"\{\s*SELECT([^{]*)\{", words, re.IGNORECASE))
    assert not re.findall(r"\\[pP]\{|\(\?[=!<]", query)
    prepareQuery(query, initNs=dict(declared()))


def declared() -> list[tuple[str, str]]:
    """The prefixes that the constraints may use; a check names no others."""
    graph = SHAPES.graph
    return [
        (str(graph.value(each, SH.prefix)), str(graph.value(each, SH.namespace)))
        for each in graph.objects(None, SH.declare)
    ]


def test_each_constraint_declares_its_prefixes() -> None:
    [declaring] = set(SHAPES.graph.subjects(SH.declare))
    asked: set[Node] = set(SHAPES.graph.objects(None, SH.sparql))
    assert asked
    for constraint in asked:
        assert SHAPES.graph.value(constraint, SH.prefixes) == declaring
        assert (constraint, RDF.type, SH.SPARQLConstraint) in SHAPES.graph
