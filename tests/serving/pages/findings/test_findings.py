"""The findings as the pages show them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from crmgraph.site import Site
from crmgraph.site.findings.checks import SEVERITIES
from crmgraph.site.findings.findings import Acceptance, Finding, Place, all_findings, by_code, findings_on
from crmgraph.sparql import Pool

ID = "https://w3id.org/crmgraph/id/"
PLAN = ID + "plan/crm"


def _finding(code: str) -> Finding:
    return Finding(f"{ID}finding/{code}", code, "info", "m", Place(PLAN, "", "", "", "", "", None), None, "", None)


def test_the_gravest_come_first(site: Site) -> None:
    found = all_findings(site, "en")
    ranks = [SEVERITIES.index(finding.severity) for finding in found]
    assert ranks == sorted(ranks)
    assert len({finding.iri for finding in found}) == len(found) > 50
    assert len({finding.anchor for finding in found}) == len(found)


def test_the_graph_tells_of_the_findings_as_the_report_does(site: Site) -> None:
    assert site.report is not None
    report = json.loads(site.report.read_text(encoding="utf-8"))

    def spot(place: Place | None) -> tuple[object, ...] | None:
        if place is None:
            return None
        quotation = place.context.quotation if place.context else None
        words = (quotation.iri, quotation.start, quotation.end, quotation.exact) if quotation else (None,) * 4
        return place.element, place.number or None, *words

    def told(row: dict[str, object]) -> tuple[object, ...]:
        return tuple(row[name] for name in ("element", "number", "passage", "start", "end", "exact"))

    for language in ("es", "en"):
        shown = {
            (f.code, f.severity, f.message, f.theme or None, spot(f.place), spot(f.other))
            for f in all_findings(site, language)
        }
        listed = {
            (r["code"], r["severity"], r[f"message_{language}"], r["theme"], told(r), r["other"] and told(r["other"]))
            for r in report
        }
        assert shown == listed


def test_messages_and_names_come_in_the_language(site: Site) -> None:
    spanish, english = (findings_on(site, PLAN + "/vmd/1.2.1", language)[0] for language in ("es", "en"))
    assert spanish.message.startswith("Remite al número 12") or "12" in spanish.message
    assert spanish.message != english.message
    assert spanish.place.label.startswith("Ver actividades")
    assert english.place.label.startswith("See the activities")


def test_findings_on_one_element(site: Site) -> None:
    (found,) = findings_on(site, PLAN + "/vmd/1.2.1", "en")
    assert found.place.context is not None
    assert (found.code, found.place.context.quotation.exact, found.place.number, found.theme) == (
        "unresolved-cross-reference",
        "12",
        "1.2.1",
        "vmd",
    )
    assert findings_on(site, PLAN + "/nowhere", "en") == ()


def test_an_element_has_the_findings_too_of_which_it_is_the_second_place(site: Site) -> None:
    (found,) = findings_on(site, PLAN + "/pgm/11", "en")
    assert found.place.element == PLAN + "/vmd/1.2.1"
    assert found.other is not None
    assert (found.other.element, found.other.number) == (PLAN + "/pgm/11", "11")


def test_codes_keep_their_order() -> None:
    groups = by_code([_finding("b"), _finding("a"), _finding("b")])
    assert {code: len(found) for code, found in groups.items()} == {"b": 2, "a": 1}
    assert list(groups) == ["b", "a"]


def test_words_that_are_the_name_of_the_element_need_not_be_said_twice(site: Site) -> None:
    spanish, english = (
        next(f for f in all_findings(site, language) if f.code == "number-missing") for language in ("es", "en")
    )
    assert spanish.place.is_quoted
    assert not english.place.is_quoted
    assert not _finding("x").place.is_quoted


def test_a_place_says_in_which_theme_it_is(site: Site) -> None:
    places = {finding.place.element: finding.place for finding in all_findings(site, "en")}
    inside, whole = places[f"{PLAN}/vmd/1.2.1"], places[PLAN]
    assert (inside.theme, inside.theme_language) == ("Link between Migration and Development", "en")
    assert (whole.theme, whole.theme_language) == ("", "")


def test_parts_without_a_number_are_told_apart_by_their_objectives(site: Site) -> None:
    places = {finding.place.element: finding.place for finding in all_findings(site, "es")}
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
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX severity: <https://w3id.org/crmgraph/ontology/severity#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA { GRAPH id:g {
          <https://w3id.org/crmgraph/id/finding/date-past/plan/crm/pgm/1> a cg:Finding ; cg:code "date-past" ;
            cg:severity severity:warning ; cg:element <https://w3id.org/crmgraph/id/plan/crm/pgm/1> ;
            rdfs:comment "Ya pasó."@es , "It is past."@en ; cg:acceptedBy "R. Lector" ;
            cg:acceptedOn "2026-11-26"^^xsd:date ; cg:acceptedBecause "Es historia."@es , "It is history."@en } }"""
    )
    store.flush()
    del store
    with Pool(Path(place), memory_bytes=2**30) as pool:
        yield Site(pool, site.names, "d", {})


def test_what_is_accepted_says_by_whom_when_and_why(accepting: Site) -> None:
    [spanish] = all_findings(accepting, "es")
    [english] = findings_on(accepting, PLAN + "/pgm/1", "en")
    assert spanish.acceptance == Acceptance("R. Lector", "2026-11-26", "Es historia.")
    assert english.acceptance == Acceptance("R. Lector", "2026-11-26", "It is history.")
    assert english.place.context is None
