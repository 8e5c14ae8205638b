"""A page of the site in a browser."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page


@dataclass
class Visit:
    """A browser page, and the errors recorded in it: console messages and requests to other hosts."""

    page: Page
    server: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site and wait until it has loaded completely."""
        self.page.goto(self.server + path)
        return self.page

    def is_too_wide(self) -> bool:
        """Return whether the page scrolls horizontally."""
        return is_too_wide(self.page)


def box(place: Locator) -> Any:
    """Return the bounding box of an element in the window."""
    found = place.bounding_box()
    assert found
    return found


def is_too_wide(page: Page) -> bool:
    """Return whether a page scrolls horizontally once all of it is laid out."""
    lay_out(page)
    wide: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wide


def lay_out(page: Page) -> None:
    """Make the browser lay out the whole page, including parts outside the viewport."""
    page.evaluate("document.styleSheets[0].insertRule('* { content-visibility: visible !important }')")
