"""Where sources disagree, each page says what they say, what is preferred, and why."""

import csv
from io import StringIO

import pytest
from httpx import Client

from crmgraph.resources import resource
from crmgraph.site.site import Site
from crmgraph.site.things.disputes import disputes
from tests.support.pages import read_page

ID = "https://w3id.org/crmgraph/id/"
ROWS = [
    row
    for row in csv.DictReader(StringIO((resource("data") / "reference" / "statements.csv").read_text(encoding="utf-8")))
    if row["rank"]
]
SUBJECTS = sorted({row["subject"] for row in ROWS})


def test_there_are_disputes() -> None:
    assert len(ROWS) >= 60
    assert {"process/sacm", "process/budapest", "process/rcm", "meeting/crm-xvi", "actor/st"} <= set(SUBJECTS)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_conflict_is_on_its_page(client: Client, subject: str, language: str) -> None:
    page = read_page(client.get(f"/{language}/id/{subject}").text)
    section = next(each for each in page.iter("section") if each.get("aria-labelledby") == "disputes")
    text = " ".join("".join(section.itertext()).split())
    for row in ROWS:
        if row["subject"] == subject:
            assert " ".join(row[f"note_{language}"].split()) in text


def test_what_is_preferred_comes_first(site: Site) -> None:
    for subject in SUBJECTS:
        for dispute in disputes(site, ID + subject, "es"):
            standing = [claim.is_preferred for claim in dispute.claims]
            assert standing == sorted(standing, reverse=True)
            assert all(claim.sources for claim in dispute.claims)
    assert disputes(site, f"{ID}country/GTM", "es") == ()


@pytest.mark.parametrize(
    ("state", "of", "about", "is_preferred"),
    [
        ("BFA", "process/midwa", "member", True),
        ("NER", "process/midwa", "member", True),
        ("ISL", "process/rabat", "member", True),
        ("SVK", "process/rabat", "member", True),
        ("SLV", "process/rcm", "member", True),
        ("AFG", "process/add", "member", False),
        ("CHN", "process/add", "member", False),
        ("IRN", "membership/almaty-IRN-observer", "role", True),
    ],
)
def test_a_state_tells_what_sources_disagree_on_that_concerns_it(
    client: Client, site: Site, state: str, of: str, about: str, is_preferred: bool
) -> None:
    [dispute] = disputes(site, f"{ID}country/{state}", "en")
    assert (dispute.of, dispute.about) == (ID + of, f"https://w3id.org/crmgraph/ontology#{about}")
    assert dispute.claims[0].is_preferred is is_preferred
    page = read_page(client.get(f"/en/id/country/{state}").text)
    section = next(each for each in page.iter("section") if each.get("aria-labelledby") == "disputes")
    assert any((each.get("href") or "").endswith(f"/en/id/{of}") for each in section.iter("a"))
    assert dispute.claims[0].note in " ".join("".join(section.itertext()).split())


def test_a_value_that_many_things_have_does_not_tell_of_their_disputes(site: Site) -> None:
    for concept in ("process-level#regional", "membership-role#observer"):
        assert disputes(site, f"https://w3id.org/crmgraph/ontology/{concept}", "en") == ()
