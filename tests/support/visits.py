"""A visit to the site in a browser window."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page


@dataclass
class Visit:
    """A page in a browser window, and what went wrong in it: messages on the console, requests to other hosts."""

    page: Page
    server: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site and wait until all of it is there."""
        self.page.goto(self.server + path)
        return self.page

    def is_too_wide(self) -> bool:
        """Whether the page has to be scrolled sideways."""
        return is_too_wide(self.page)


def box(place: Locator) -> Any:
    """Return where an element stands in the window."""
    found = place.bounding_box()
    assert found
    return found


def is_too_wide(page: Page) -> bool:
    """Whether a page has to be scrolled sideways, when all of it is laid out."""
    lay_out(page)
    wide: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wide


def lay_out(page: Page) -> None:
    """Have the browser lay out all of a page, as if all of it were near."""
    page.evaluate("document.styleSheets[0].insertRule('* { content-visibility: visible !important }')")
