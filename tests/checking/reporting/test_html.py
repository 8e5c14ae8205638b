"""The report as a page of its own: whole, safe, and with the words and the findings linked both ways."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmgraph.checking.reporting.html import as_html
from tests.support.findings import ACCEPTED, PLAN, SAMPLE, finding, report, spot
from tests.support.pages import read_page

FINDINGS = [
    finding(other=spot("7.1 Tres", element=PLAN + "pgm/7.1")),
    finding("7. Uno dos, véase el 12", code="b", severity="violation", accepted=ACCEPTED),
    finding(None, code="c", severity="info", triples=("<a:> <b:> <c:> .",)),
]


def source_of(page: str) -> str:
    """The text as the page shows it, without the numbers of the findings."""
    [shown] = re.findall(r'<div class="source" lang="es">(.*?)</div>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<sup.*?</sup>", "", shown)))


def test_the_whole_text_is_there_and_the_words_are_marked_in_it() -> None:
    page = as_html(report(FINDINGS))
    assert source_of(page) == SAMPLE
    assert re.search(r'<sup class="words" id="w2"><a href="#f2"[^>]*>2</a></sup><mark class="warning">12</mark>', page)
    assert '<mark class="violation">7. Uno dos, véase el </mark>' in page


def test_every_link_leads_to_a_place_on_the_page_and_nothing_elsewhere() -> None:
    page = as_html(report(FINDINGS))
    places = re.findall(r'id="([^"]*)"', page)
    assert len(places) == len(set(places))
    links = re.findall(r'href="([^"]*)"', page)
    assert {link.removeprefix("#") for link in links} <= set(places)
    assert {"#w2", "#o2", "#f2", "#f1", "#w1"} <= set(links)
    assert not re.search(r"<script|<link|<img|<iframe|src=|url\(|@import|https?://", page)


@pytest.mark.parametrize(("language", "words"), [
    ("es", ("Informe de coherencia", "error", "Cómo corregirlo", "some-code título", "Algo pasa.",
            "Aceptado por Ana el 2026-11-26: Se sabe.")),
    ("en", ("Consistency report", "violation", "How to correct it", "some-code title", "Something is wrong.",
            "Accepted by Ana on 2026-11-26: It is known.")),
])  # fmt: skip
def test_in_one_language(language: str, words: tuple[str, ...]) -> None:
    page = as_html(report(FINDINGS, language))
    assert page.startswith(f'<!doctype html>\n<html lang="{language}">')
    assert all(each in page for each in words)


def test_it_is_html_as_the_standard_has_it() -> None:
    for findings in (FINDINGS, [], [finding(code="untranslated", severity="info")]):
        page = read_page(as_html(report(findings)))
        assert page.tag == "html"


def test_it_suits_the_dark_and_paper() -> None:
    page = as_html(report(FINDINGS))
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
@settings(max_examples=30)
def test_no_words_of_a_plan_are_taken_for_markup(words: str) -> None:
    hostile = f"<script>alert(1)</script>{words}&amp;"
    page = as_html(report([finding(None, spot=spot(hostile, hostile), message_en=hostile)], text=hostile))
    assert "<script" not in page
    assert source_of(page) == hostile
