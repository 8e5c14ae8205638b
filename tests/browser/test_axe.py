"""Axe finds nothing on any page: wide and on a telephone, in each language, in light and in dark.

Words of another length break lines elsewhere, and what is one below the other on a telephone is not always far enough
apart for a finger: there Spanish, which is longer, is looked at too, and the page of each question. Their colours are
those of the other pages, so one scheme is enough.
"""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.support.questions import LIBRARY
from tests.support.scripts import node_modules
from tests.support.sitemap import PAGES, REFUSED
from tests.support.visits import lay_out

Scheme = Literal["light", "dark"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
options => axe.run(document, {...options, resultTypes: ["violations"]}).then(({violations}) =>
  violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => [id, target.join(" "), failureSummary])))
"""

ALL = (*PAGES, *REFUSED)
QUESTIONS = tuple(path for name in LIBRARY if (path := f"/queries/{name}") not in PAGES)

PALE = """
() => {
  const pale = document.createElement("p");
  pale.textContent = "Pale";
  pale.style.color = "#bbb";
  document.querySelector("main").append(document.createElement("button"), pale);
}
"""


@pytest.fixture(scope="module")
def axe() -> str:
    return (node_modules() / "axe-core" / "axe.min.js").read_text("utf-8")


def _found(page: Page, options: dict[str, Any]) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(RUN, options)
    return found


@pytest.mark.parametrize(
    ("language", "width", "schemes", "paths"),
    [
        ("es", 1280, ("light", "dark"), ALL),
        ("en", 390, ("dark", "light"), ALL),
        ("es", 390, ("light",), ALL),
        ("es", 390, ("light",), QUESTIONS),
    ],
    ids=["es-wide", "en-narrow", "es-narrow", "questions-narrow"],
)
def test_axe_finds_nothing(
    browser: Browser,
    server: str,
    axe: str,
    language: str,
    width: int,
    schemes: tuple[Scheme, ...],
    paths: tuple[str, ...],
) -> None:
    scheme, *others = schemes
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for path in paths:
        page.goto(f"{server}/{language}{path}")
        page.evaluate(axe)
        lay_out(page)
        said = _found(page, {"runOnly": {"type": "tag", "values": RULES}})
        for other in others:
            page.emulate_media(color_scheme=other)
            # Nothing but the colours is different.
            said += _found(page, {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}})
            page.emulate_media(color_scheme=scheme)
        if said:
            found[path] = said
    context.close()
    assert found == {}


def test_axe_would_find_something(browser: Browser, server: str, axe: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}/en/")
    page.evaluate(axe)
    page.evaluate(PALE)
    assert {"button-name", "color-contrast"} <= {rule for rule, *_ in _found(page, {})}
    context.close()
