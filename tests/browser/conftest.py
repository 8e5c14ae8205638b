"""A real browser and a real server, with a watch on what the pages say and where they go."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.servers import running_server
from tests.support.visits import Visit

CHROMIUM = os.environ.get("CRMGRAPH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# A busy machine answers later, and no more wrongly for that.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
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


class Window(Protocol):
    """Opens a window of this width; `options` are those of a context of Playwright."""

    def __call__(self, width: int = 1280, height: int = 900, **options: Any) -> Visit: ...


@pytest.fixture(scope="session")
def server(build_folder: Path) -> Iterator[str]:
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


@contextmanager
def visiting(browser: Browser, server: str, width: int, height: int, **options: Any) -> Iterator[Visit]:
    """A visit; a message on the console or a request to another server is an error."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, **({"locale": "en-GB", "reduced_motion": "reduce"} | options)
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(path=Path(__file__).with_name("measures.js"))
    page = context.new_page()
    visit = Visit(page, server)
    ours = urlsplit(server)

    def watch(url: str) -> None:
        asked = urlsplit(url)
        if asked.scheme not in ("data", "blob") and not (
            asked.netloc == ours.netloc and asked.path.startswith(ours.path)
        ):
            visit.complaints.append(url)

    page.on("console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("request", lambda asked: watch(asked.url))
    yield visit
    context.close()
    assert visit.complaints == []


@pytest.fixture
def window(browser: Browser, server: str) -> Iterator[Window]:
    """Opens windows; anything amiss in one fails the test."""
    with ExitStack() as windows:

        def opened(width: int = 1280, height: int = 900, **options: Any) -> Visit:
            return windows.enter_context(visiting(browser, server, width, height, **options))

        yield opened


@pytest.fixture
def wide(window: Window) -> Visit:
    return window()


@pytest.fixture
def narrow(window: Window) -> Visit:
    return window(390)


@pytest.fixture
def scriptless(window: Window) -> Visit:
    return window(390, java_script_enabled=False, locale="es-MX")
