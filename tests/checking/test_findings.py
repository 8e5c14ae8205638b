"""A finding: its place, its address, and what makes it the same finding tomorrow."""

from pathlib import Path

from crmgraph.checking.findings import Finding, Spot, locate
from crmgraph.reading.source import Source
from tests.support.findings import PLAN, SAMPLE, finding, spot


def test_an_element_is_called_by_its_path() -> None:
    names = {
        PLAN + "pgm/7.1": ("pgm/7.1", "crm"),
        PLAN[:-1]: ("", "crm"),
        "https://example.org/id/country/MEX": ("country/MEX", None),
        "https://example.org/x": ("https://example.org/x", None),
    }
    for element, (name, plan) in names.items():
        assert (Spot(element).name, Spot(element).plan) == (name, plan)


def test_the_gravest_come_first_then_by_code_and_place() -> None:
    found = [finding(severity="info"), finding("7.1 Tres"), finding(), finding(severity="violation", code="z")]
    ordered = sorted(found, key=lambda each: each.order)
    assert [(each.severity, each.spot.exact) for each in ordered] == [
        ("violation", "12"), ("warning", "12"), ("warning", "7.1 Tres"), ("info", "12"),
    ]  # fmt: skip


def test_the_address_tells_findings_apart() -> None:
    several = [finding(), finding("7.1 Tres"), finding(other=spot("7.1 Tres")), finding(code="b"), finding(None),
               finding(None, triples=("a",)), finding(None, triples=("b",))]  # fmt: skip
    assert len({each.iri for each in several}) == len(several)
    assert finding().iri == "https://w3id.org/crmgraph/id/finding/some-code/plan/crm/pgm/7/34-36"


def test_a_finding_is_located_in_its_file() -> None:
    source = Source(SAMPLE.replace("\n", "\r\n"), Path("mine.txt"))
    made = finding(None, spot=spot("12", source.text), other=spot("7.1 Tres", source.text))
    [located, nowhere] = locate([made, finding(None)], source)
    assert (located.file, located.line, located.column) == ("mine.txt", 3, 23)
    assert (located.other_line, located.other_column) == (4, 2)
    assert (nowhere.file, nowhere.line, nowhere.column) == ("mine.txt", None, None)
    assert (nowhere.other_line, nowhere.other_column) == (None, None)
    assert isinstance(located, Finding)
