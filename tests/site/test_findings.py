"""The consistency report, its checks, and each finding as the graph has it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element

import pytest
from pyoxigraph import Store

from crmgraph.checks.findings import SEVERITIES
from crmgraph.checks.shacl import known_shapes
from crmgraph.errors import UnavailableError, in_language
from crmgraph.files import resource
from crmgraph.site import Site
from crmgraph.site.base.site import Record
from crmgraph.site.findings import Selection, all_findings, findings_about, read_checks, report_as_json
from crmgraph.sparql.engine import new_state, state_as_built, state_when_written
from crmgraph.sparql.pool import Pool
from tests.support.pages import having, links, text
from tests.support.visiting import Visitor, heading, main_text

ID = "https://w3id.org/crmgraph/id/"
PLAN = ID + "plan/crm"


def code_of(group: Element) -> str:
    return group.get("aria-labelledby", "").removeprefix("code-")


def listed(root: Element, name: str = "findings") -> list[Element]:
    return [item for group in having(root, name) for item in group.iter("li")]


def test_the_report_lists_every_finding_once_the_gravest_first(visit: Visitor, site: Site) -> None:
    root = visit.page("/en/findings")
    found = visit.json("/findings.json")
    assert site.report is not None
    assert found == json.loads(site.report.read_text(encoding="utf-8"))
    groups = list(having(root, "finding-group"))
    shown = Counter({code_of(group): len(list(group.iter("li"))) for group in groups})
    assert shown == Counter(row["code"] for row in found)
    told = {check.code: check for check in read_checks(site, "en")}
    codes = [code_of(group) for group in groups]
    order = list(told)
    assert codes == sorted(codes, key=lambda code: (SEVERITIES.index(told[code].severity), order.index(code)))
    assert codes[:3] == ["unresolved-cross-reference", "note-contradicts-schedule", "number-missing"]
    # Every place is shown, those of consequences too.
    entry = next(group for group in groups if code_of(group) == "number-missing")
    assert "12 further places" in text(entry)
    assert all(links(group)[told[code_of(group)].title] == f"/en/findings/{code_of(group)}" for group in groups)
    first = root.find(".//nav[@class='filters']/dl/div")
    assert first is not None
    severities = Counter(row["severity"] for row in found)
    assert [int(text(count)) for count in having(first, "count")] == [severities[severity] for severity in SEVERITIES]


def values(row: dict[str, Any], name: str) -> set[str]:
    """The severity of a finding, or the themes of all its places."""
    found = {row[name] or "none"}
    if name == "theme":
        found |= {row["other"]["theme"] or "none"} if row["other"] else set()
        for each in (*row.get("places", ()), *row.get("consequences", ())):
            found |= values(each, name)
    return found


def test_choices_narrow_the_report_down_and_say_how_far(visit: Visitor) -> None:
    everything = visit.json("/findings.json")
    filters = next(having(visit.page("/en/findings?severity=warning"), "filters"))
    links_of = filters.iter("a")
    choices = [(link.get("href", ""), int(text(count))) for link in links_of for count in having(link, "count")]
    assert len(choices) == len(SEVERITIES) + len(("pgm", "dh", "vmd", "none"))
    for address, count in choices:
        query = address.partition("?")[2]
        asked = parse_qsl(query)
        wanted = [row for row in everything if all(value in values(row, name) for name, value in asked)]
        assert visit.json(f"/findings.json?{query}") == wanted
        page = visit.page(address)
        assert len(listed(page)) == len(wanted) == count < len(everything)
        assert address in [link.get("href") for link in page.iter("a") if link.get("aria-current")]
        assert links(page)["JSON"] == f"/findings.json?{query}"


def test_the_report_as_a_table(visit: Visitor) -> None:
    assert len(visit.csv("/es/findings.csv")) == len(visit.json("/findings.json"))
    rows = visit.csv("/en/findings.csv?severity=violation")
    assert {row["severity"] for row in rows} == {"violation"}
    row = next(row for row in rows if row["code"] == "unresolved-cross-reference")
    assert (row["number"], row["element"], row["exact"]) == ("1.2.1", f"{PLAN}/vmd/1.2.1", "12")
    assert {each["code"] for each in visit.csv("/findings/number-missing.csv")} == {"number-missing"}


def test_a_report_that_is_gone_or_of_another_dataset_is_not_given(site: Site, tmp_path: Path) -> None:
    for gone in (None, tmp_path / "none"):
        with pytest.raises(UnavailableError):
            report_as_json(replace(site, report=gone), Selection())
    for state in (site.digest, state_as_built(site.digest), state_when_written(site.digest)):
        assert (
            json.loads(report_as_json(replace(site, read_state=partial(str, state)), Selection("plan-undated"))) != []
        )
    for state in (state_as_built("abc"), state_when_written("abc"), new_state()):
        with pytest.raises(UnavailableError, match="of another dataset"):
            report_as_json(replace(site, read_state=partial(str, state)), Selection())


def test_the_graph_tells_of_the_findings_as_the_report_does(site: Site) -> None:
    assert site.report is not None
    report = json.loads(site.report.read_text(encoding="utf-8"))

    def spot(place: Record | None) -> tuple[object, ...] | None:
        if place is None:
            return None
        quotation = place.context.quotation if place.context else None
        words = (quotation.iri, quotation.start, quotation.end, quotation.exact) if quotation else (None,) * 4
        return place.iri, place.number or None, *words

    def told(row: dict[str, object]) -> tuple[object, ...]:
        return tuple(row[name] for name in ("element", "number", "passage", "start", "end", "exact"))

    def further(row: dict[str, Any]) -> set[tuple[object, ...]]:
        rows = [row, *row.get("places", []), *row.get("consequences", [])]
        rows += [place for each in row.get("consequences", []) for place in each.get("places", [])]
        rows += [each["other"] for each in rows if each["other"]]
        return {told(each) for each in rows} - {told(row)}

    for language in ("es", "en"):
        found = all_findings(site, language)
        assert {(f.code, f.severity, f.message, spot(f.place), frozenset(map(spot, f.others))) for f in found} == {
            (r["code"], r["severity"], r[f"message_{language}"], told(r), frozenset(further(r))) for r in report
        }
        ranks = [SEVERITIES.index(finding.severity) for finding in found]
        assert ranks == sorted(ranks), "the gravest come first"
        assert len({finding.iri for finding in found}) == len({finding.anchor for finding in found}) == len(found) > 20


def test_the_places_of_findings(site: Site) -> None:
    found = next(each for each in findings_about(site, f"{PLAN}/vmd/1.2.1", "en") if each.severity == "violation")
    assert found.place.context is not None
    assert found.place.label.startswith("See the activities")
    assert findings_about(site, f"{PLAN}/nowhere", "en") == []
    # An element has the findings too of which it is the second place.
    [second] = findings_about(site, f"{PLAN}/pgm/11", "en")
    assert second.iri == found.iri
    assert [(other.iri, other.number) for other in second.others] == [(f"{PLAN}/pgm/11", "11")]
    spanish = all_findings(site, "es")
    # Parts without a number are told apart by their objectives.
    places = {place.iri: place for finding in spanish for place in (finding.place, *finding.others)}
    alike = [places[f"{PLAN}/pgm/{name}"] for name in ("3.1-a", "4.1-a", "5.1-a")]
    assert len({(place.theme, place.number, place.label) for place in alike}) == 1
    assert [place.objective for place in alike] == ["3", "4", "5"]
    assert places[f"{PLAN}/vmd/1.2.1"].objective == ""


@pytest.fixture(scope="module")
def accepting(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("accepted") / "store"
    store = Store(str(place))
    store.update(
        """PREFIX cg: <https://w3id.org/crmgraph/ontology#> PREFIX id: <https://w3id.org/crmgraph/id/>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX severity: <https://w3id.org/crmgraph/ontology/severity#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA { GRAPH id:g {
          <https://w3id.org/crmgraph/id/finding/date-past/plan/crm/pgm/1> a cg:Finding ; cg:code "date-past" ;
            cg:severity severity:warning ; cg:element <https://w3id.org/crmgraph/id/plan/crm/pgm/1> ;
            rdfs:comment "Ya pasó."@es , "It is past."@en ; dcterms:contributor "R. Lector" ;
            dcterms:dateAccepted "2026-11-26"^^xsd:date ;
            skos:editorialNote "Es historia."@es , "It is history."@en } }"""
    )
    store.flush()
    del store
    with Pool(Path(place), memory_bytes=2**30) as pool:
        yield Site(pool, site.names, "d", {})


def test_what_is_accepted_says_by_whom_when_and_why(accepting: Site) -> None:
    [spanish] = all_findings(accepting, "es")
    [english] = findings_about(accepting, f"{PLAN}/pgm/1", "en")
    assert (spanish.by, spanish.on, spanish.because) == ("R. Lector", "2026-11-26", "Es historia.")
    assert (english.by, english.on, english.because) == ("R. Lector", "2026-11-26", "It is history.")
    assert english.place.context is None


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_check_is_told_as_its_shape_tells_it(visit: Visitor, site: Site, language: str) -> None:
    """In the catalogue of checks, and on its own page."""
    shapes = known_shapes().catalogue
    texts = [(each.group.title, each.title, each.explanation, each.example, each.remedy) for each in shapes]
    expected = [
        (each.code, each.severity, each.group.order, *(in_language(said, language) for said in words))
        for each, words in zip(shapes, texts, strict=True)
    ]
    assert len(expected) > 50
    found = read_checks(site, language)
    shown = [(c.code, c.severity, c.order, c.group, c.title, c.explanation, c.example, c.remedy) for c in found]
    assert shown == expected
    page = visit.page(f"/{language}/ontology/shapes")
    assert [article.get("id") for article in having(page, "vocabulary-term")] == [check.code for check in found]
    everything = main_text(page)
    for place, check in enumerate(found):
        own = visit.page(f"/{language}/findings/{check.code}") if place % 20 == 0 else None
        assert own is None or heading(own) == " ".join(check.title.split())
        for told in (check.code, check.explanation, check.example, check.remedy):
            assert own is None or " ".join(told.split()) in main_text(own), check.code
            assert " ".join(told.split()) in everything, check.code


def test_the_shapes_are_to_be_had_as_they_were_written(visit: Visitor, site: Site) -> None:
    turtle = visit.get("/ontology/shapes.ttl").text
    files = sorted((resource("ontology") / "shapes").glob("*.ttl"))
    assert len(files) > 10
    assert all(file.read_text(encoding="utf-8") in turtle for file in files)
    # A finding leads to the check that found it.
    shapes = site.select("SELECT DISTINCT ?shape { ?x a cg:Finding ; sh:sourceShape ?shape . ?shape a cg:Check }")
    assert len(shapes) > 15
    assert site.select("SELECT ?x { ?x a cg:Finding FILTER NOT EXISTS { ?x sh:sourceShape [ cg:code ?c ] } }") == ()
    assert visit.get(shapes[0]["shape"].value.removeprefix("https://w3id.org/crmgraph")).status_code == 200
