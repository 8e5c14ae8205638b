"""A real browser and a real server, with a watch on what the pages say and where they go."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from crmgraph.building import Manifest
from tests.support.servers import running_server
from tests.support.visits import Visit

CHROMIUM = os.environ.get("CRMGRAPH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# A busy machine answers later, and no more wrongly for that.
expect.set_options(timeout=20_000)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def server(build_folder: Path, manifest: Manifest) -> Iterator[str]:
    assert manifest.graphs
    with running_server(build_folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that is gone after the module, for its event loop would be in the way of other tests' own."""
    if not CHROMIUM:
        pytest.skip("no Chromium here: install one, or name it in CRMGRAPH_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def _visits(browser: Browser, server: str, width: int) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
    page = context.new_page()
    visit = Visit(page, server)
    host = urlsplit(server).netloc
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            visit.complaints.append(asked.url)
            if urlsplit(asked.url).scheme != "data" and urlsplit(asked.url).netloc != host
            else None
        ),
    )
    yield visit
    context.close()
    assert visit.complaints == []


@pytest.fixture
def wide(browser: Browser, server: str) -> Iterator[Visit]:
    """A visit with a wide window; anything amiss in it fails the test."""
    yield from _visits(browser, server, 1280)


@pytest.fixture
def narrow(browser: Browser, server: str) -> Iterator[Visit]:
    """A visit with a telephone's window; anything amiss in it fails the test."""
    yield from _visits(browser, server, 390)


@pytest.fixture(params=[1280, 390], ids=["wide", "narrow"])
def visit(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit with either window; anything amiss in it fails the test."""
    yield from _visits(browser, server, request.param)
