"""What there is to choose from for a question is looked for once for each state of the data."""

from dataclasses import replace

import pytest

from crmgraph.site.questions.allowed import allowed_in
from crmgraph.site.site import Site
from crmgraph.sparql import Answer, Question


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that sites put from now on."""
    queries: list[str] = []
    ask = Site.ask

    def told(self: Site, question: Question, seconds: float) -> Answer:
        queries.append(question.text)
        return ask(self, question, seconds)

    monkeypatch.setattr(Site, "ask", told)
    return queries


def test_choices_are_kept_for_as_long_as_the_data_are_the_same(site: Site, asked: list[str]) -> None:
    question = site.library["correspondences"]
    once, again = (replace(site, digest="kept-once") for _ in range(2))
    found = allowed_in(once, question, 30)
    times = len(asked)
    assert {"objective", "other"} <= found.keys()
    assert times > 0
    assert allowed_in(again, question, 1) == found
    assert len(asked) == times
    assert allowed_in(replace(site, digest="kept-anew"), question, 30) == found
    assert len(asked) == 2 * times


def test_choices_are_looked_for_each_time_where_others_can_change_the_data(
    site: Site, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Site, "may_keep", False)
    question = site.library["correspondences"]
    found = allowed_in(site, question, 30)
    times = len(asked)
    assert allowed_in(site, question, 30) == found
    assert len(asked) == 2 * times > 0
