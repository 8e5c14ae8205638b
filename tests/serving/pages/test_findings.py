"""The consistency report."""

from crmgraph.serving.pages.excerpt import Quotation
from crmgraph.serving.pages.findings import SEVERITIES, Finding, all_findings, by_code, findings_on, report
from crmgraph.serving.pages.site import Site

PLAN = "https://w3id.org/crmgraph/id/plan/crm"


def _finding(code: str, element: str = PLAN + "/dh/4.1", quotation: Quotation | None = None) -> Finding:
    return Finding("f", code, "info", "m", {"es": "mensaje", "en": "message"}, element, "4.1", "label", quotation)


def test_the_gravest_come_first(site: Site) -> None:
    found = all_findings(site, "en")
    ranks = [SEVERITIES.index(finding.severity) for finding in found]
    assert ranks == sorted(ranks)
    assert len({finding.iri for finding in found}) == len(found) > 5


def test_messages_come_in_the_language(site: Site) -> None:
    spanish, english = (all_findings(site, language) for language in ("es", "en"))
    assert [finding.iri for finding in spanish] == [finding.iri for finding in english]
    assert all(
        a.message == a.messages["es"] and b.message == b.messages["en"] for a, b in zip(spanish, english, strict=True)
    )


def test_findings_on_one_element(site: Site) -> None:
    (found,) = findings_on(site, PLAN + "/vmd/1.2.1", "en")
    assert found.quotation is not None
    assert (found.code, found.quotation.exact, found.element_number) == ("unresolved-cross-reference", "12", "1.2.1")
    assert findings_on(site, PLAN + "/nowhere", "en") == ()


def test_codes_keep_their_order() -> None:
    groups = by_code([_finding("b"), _finding("a"), _finding("b")])
    assert {code: len(found) for code, found in groups.items()} == {"b": 2, "a": 1}
    assert list(groups) == ["b", "a"]


def test_the_report_has_the_keys_of_the_command_line() -> None:
    (told,) = report([_finding("x", quotation=Quotation("s", 3, 5, "ab", "s/3-5"))], PLAN)
    assert told == {
        "code": "x",
        "severity": "info",
        "element": PLAN + "/dh/4.1",
        "number": "4.1",
        "theme": "dh",
        "passage": "s/3-5",
        "start": 3,
        "end": 5,
        "exact": "ab",
        "message_es": "mensaje",
        "message_en": "message",
    }


def test_a_finding_without_words_or_outside_the_plan_says_so() -> None:
    (told,) = report([_finding("x", element="https://example.org/")], PLAN)
    assert {told[key] for key in ("theme", "passage", "start", "end", "exact")} == {None}
