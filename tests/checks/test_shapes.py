"""The catalogue of checks: each with a code, a severity, its words in both languages, and SHACL for any engine."""

import re
import socket
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph
from rdflib.plugins.sparql import prepareQuery

from crmgraph.building.manifest import FINDINGS, Manifest
from crmgraph.checks.findings import SEVERITIES, Check, from_json
from crmgraph.checks.shacl import read_shapes, run_pyshifty, shape_of
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import Bilingual
from crmgraph.files import resource
from tests.checks.catalogue import PAGE, page, places

FOLDER = resource("ontology") / "shapes"
SHAPES = read_shapes(FOLDER)
CHECKS = {check.code: (shape, check) for shape, check in SHAPES.checks.items()}
PLACEHOLDERS = {"number", "number_before", "label", "exact", "name", "name_used", "read_as", "other", "other_number"}
PLACEHOLDERS |= {"cited", "other_place", "other_date", "words", "cited_theme", "statements", "reason"}
PLACEHOLDERS |= {"cited_words", "official_words"}


def texts(check: Check) -> dict[str, Bilingual]:
    return {field.name: text for field in fields(check) if isinstance(text := getattr(check, field.name), Bilingual)}


def test_codes_are_the_names_of_shapes() -> None:
    assert len(CHECKS) == len(SHAPES.checks) >= 60
    for code, (shape, check) in CHECKS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert str(shape).partition("#")[2] == code
        assert str(shape) == shape_of(code)
        assert check.severity in SEVERITIES
        for predicate, most in ((CG.code, 1), (SH.group, 1), (SH.severity, 1), (SH.message, 2), (RDFS.label, 2),
                                (RDFS.comment, 2), (SKOS.example, 2), (CG.remedy, 2)):  # fmt: skip
            assert len(list(SHAPES.graph.objects(shape, predicate))) == most, (code, predicate)
    shapes = {shape for kind in (SH.NodeShape, SH.PropertyShape) for shape in SHAPES.graph.subjects(RDF.type, kind)}
    assert shapes <= set(SHAPES.checks), "each shape is a check or part of one"


def test_words_in_both_languages() -> None:
    for code, (_, check) in CHECKS.items():
        for name, text in texts(check).items():
            spanish, english = text.spanish, str(text)
            assert spanish.strip() == spanish != "", (code, name)
            assert english.strip() == english != "", (code, name)
            assert spanish != english, (code, name)
            assert [each[-1] in ".…" for each in (spanish, english)] == [name != "title"] * 2, (code, name)
            assert name == "message" or "{" not in spanish + english
        spanish_names, english_names = (
            re.findall(r"\{(.*?)\}", each) for each in (check.message.spanish, str(check.message))
        )
        assert set(spanish_names) == set(english_names) <= PLACEHOLDERS, code


def test_causes() -> None:
    """A cause is at least as grave as what it explains, and nothing explains itself."""

    def above(code: str) -> list[str]:
        return [each for cause in CHECKS[code][1].causes for each in (cause, *above(cause))]

    assert any(check.causes for _, check in CHECKS.values())
    for code, (_, check) in CHECKS.items():
        assert code not in above(code)
        for cause in check.causes:
            assert SEVERITIES.index(CHECKS[cause][1].severity) <= SEVERITIES.index(check.severity), (code, cause)


def test_groups() -> None:
    groups = {check.group for check in SHAPES.catalogue}
    assert len(groups) == len({group.order for group in groups}) == len({group.title for group in groups})
    assert {group.name for group in groups} == {
        str(group).partition("#")[2] for group in SHAPES.graph.subjects(RDF.type, SH.PropertyGroup)
    }
    assert all(group.title.spanish != str(group.title) for group in groups)
    for file in FOLDER.glob("*.ttl"):
        graph = Graph().parse(str(file))
        [used] = set(graph.objects(None, SH.group))
        assert {used} == set(graph.subjects(RDF.type, SH.PropertyGroup)), file


def test_constraints_that_every_engine_may_bind_before_it_runs() -> None:
    """The queries meet SHACL 5.2.1 and appendix A, and their regular expressions work in both rdflib and Rust."""
    graph = SHAPES.graph
    prefixes = {
        str(graph.value(each, SH.prefix)): str(graph.value(each, SH.namespace))
        for each in graph.objects(None, SH.declare)
    }
    [declaring] = set(graph.subjects(SH.declare))
    constraints = list(graph.subject_objects(SH.sparql))
    assert constraints
    for shape, constraint in constraints:
        assert graph.value(constraint, SH.prefixes) == declaring
        assert (constraint, RDF.type, SH.SPARQLConstraint) in graph
        query, check = str(graph.value(constraint, SH.select)), SHAPES.checks[shape]
        words = re.sub(r'"(\\.|[^"\\])*"|<[^>]*>', "", query)
        assert re.match(r"\s*SELECT (DISTINCT )?\$this( \?value)? WHERE", query), check.code
        assert not re.findall(r"\b(VALUES|MINUS|SERVICE|GRAPH|FROM)\b", words, re.IGNORECASE), check.code
        assert not re.findall(r"\bAS\s+[?$]this\b", words, re.IGNORECASE), check.code
        assert all("$this" in inner for inner in re.findall(r"\{\s*SELECT([^{]*)\{", words, re.IGNORECASE)), check.code
        assert not re.findall(r"\\[pP]\{|\(\?[=!<]", query), check.code
        prepareQuery(query, initNs=prefixes)
        # A message speaks of a second place only where the shape gives one.
        spoken = set(re.findall(r"\{(.*?)\}", str(check.message)))
        if spoken & {"other", "other_number", "other_place", "other_date"}:
            assert "?value" in query.partition("WHERE")[0], check.code


def test_the_engine_takes_no_text_for_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    for text in (b"http://example.org/data.ttl", b"data.ttl"):
        with pytest.raises(ValueError, match=r"[Pp]ars"):
            run_pyshifty(text, b"")


def test_the_page_of_checks(build_folder: Path, manifest: Manifest) -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(), "run `python -m tests.checks.catalogue`"
    assert {code: name for code, (_, name) in places().items()} == {code: code for code in CHECKS}
    assert set(re.findall(r"^### (\S+)$", written, re.MULTILINE)) == set(CHECKS)
    findings = from_json((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))
    counts = Counter(single.code for finding in findings for single in finding.singles)
    told = dict(re.findall(r"^\| \[([a-z-]+)\]\(#\1\) \|.* \| (\d+|–) \|$", written, re.MULTILINE))
    assert told == {code: str(counts[code] or "–") for code in CHECKS}
