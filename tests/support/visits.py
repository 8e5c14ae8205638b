"""A visit to the site in a browser window."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

__all__ = ["Visit"]


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
        wide: bool = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return wide
